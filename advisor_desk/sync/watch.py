"""Listens for signs of the bridge while the line is called live: when there are none, that is said within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from advisor_desk.api.errors import ApiError
from advisor_desk.sync.link import Link

EVERY: Final = 0.2
"""Seconds between looks."""
QUIET: Final = 1.6
"""Seconds without a byte after which the bridge is asked whether it is there; its stream speaks more often."""


class Asked(Protocol):
    """The client as far as it is listened to."""

    heard: float

    def probe(self) -> None:
        """Ask the bridge whether it is there, for a second at most; raises ApiError when nothing of it comes."""
        ...


class Watch:
    """Says that the bridge does not answer, and that it does again; a slow one that gives signs is left in peace."""

    def __init__(self, line: Link, client: Asked, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._client = client
        self._monotonic = monotonic

    def look(self) -> None:
        """One look."""
        if not self._line.says_there:
            return
        if self._hears():
            self._line.heard()
            return
        try:
            self._client.probe()
        except ApiError:
            if not self._hears():
                self._line.silent()
        else:
            self._line.heard()

    def _hears(self) -> bool:
        return self._monotonic() - self._client.heard < QUIET
