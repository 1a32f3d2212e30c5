"""What the parts of the engine share: how they announce, and how they stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Announce = Callable[[dict[str, Any]], None]
"""Takes one event for the screen."""


class Stopped(Exception):
    """The engine was told to stop; what is unfinished goes on at the next start."""
