"""One desk service a profile: a lock that the system takes back when the process is gone, however it went."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from advisor_desk.domain.errors import Refused


class AlreadyRunning(Refused):
    """Another desk service holds this profile."""

    def __init__(self) -> None:
        super().__init__(
            "already_running", "Advisor Desk is open already on this profile. Go to its window, or close it."
        )


class InstanceLock:
    """Held from ``with`` to its end; raises AlreadyRunning."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> InstanceLock:
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError:
            os.close(self._handle)
            raise AlreadyRunning from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
