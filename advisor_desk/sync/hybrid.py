"""Hybrid-logical time: the bridge's clock as far as it is known, and never behind what this desk has stamped before."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from advisor_desk.host.clock import Clock

_TICK = timedelta(milliseconds=1)


class HybridClock:
    """Stamps edits; corrected by the offset to the bridge, and always forward."""

    def __init__(self, clock: Clock, last: str = "") -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._last = datetime.fromisoformat(last) if last else datetime.min.replace(tzinfo=UTC)
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """This moment by the bridge's clock."""
        return self._clock.now() + self.offset

    def stamp(self) -> str:
        """A moment later than every stamp before, RFC 3339 with milliseconds."""
        with self._lock:
            self._last = max(self.now(), self._last + _TICK)
            moment = self._last.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
