"""Waiting for something to become true, with a deadline in place of a fixed sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE = 30.0
"""Seconds; generous, because it is only ever used up by a test that fails."""


def until(ask: Callable[[], Found], seconds: float = PATIENCE, what: str = "it to become true") -> Found:
    """The first true answer of ``ask``; AssertionError when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        found = ask()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}; last answer: {found!r}"
        time.sleep(0.02)
