"""One limit of time for a whole request: look-up, handshake, headers and body, however slowly they drip."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final, Self


class Deadline:
    """Ends one request by hanging up its connection when the time is up, or when told to.

    A socket's own timeout starts anew with every byte; only hanging up ends a read that drips.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._twins: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True
        self.over = False
        """True once it has ended the request."""

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            twins, self._twins = self._twins, []
        for twin in twins:
            twin.close()

    @contextmanager
    def applies(self) -> Iterator[None]:
        """While inside, connections this thread opens or uses again keep to this deadline."""
        token = CURRENT.set(self)
        try:
            yield
        finally:
            CURRENT.reset(token)

    def left(self) -> float:
        """Seconds that are left, never below nought."""
        return 0.0 if self.over else max(0.0, self._ends - time.monotonic())

    def hold(self, sock: socket.socket) -> None:
        """Hang this connection up too; a second handle reaches it whoever wraps or owns the first."""
        with self._lock:
            if not self.over:
                self._twins.append(socket.fromfd(sock.fileno(), sock.family, sock.type))
                return
        _hang_up(sock)

    def lift(self) -> None:
        """There is no limit of time any more; it can still be told to end."""
        self._timer.cancel()
        self._ends = float("inf")

    def end(self) -> None:
        """Hang up now."""
        with self._lock:
            self.over = True
            for twin in self._twins:
                _hang_up(twin)


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        sock.shutdown(socket.SHUT_RDWR)


CURRENT: Final[ContextVar[Deadline | None]] = ContextVar("deadline", default=None)
"""The deadline of the request this thread is making; connections look here, for nothing else reaches them."""
