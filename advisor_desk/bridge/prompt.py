"""The protocol of one connection: a request arrives whole within its time, however it drips, or the line is cut."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_ARRIVING = (h11.IDLE, h11.SEND_BODY)


class Prompt(H11Protocol):
    """Uvicorn's own lets every byte begin its patience anew, and none of it reaches an application's middleware."""

    within: ClassVar[float] = 40.0
    """Seconds from a connection's start, or a request's first byte, to the request's last."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection that says nothing has no more time than one that does."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """The first byte of a request begins its time, the last ends it."""
        if self._due is None:
            self._expect()
        super().data_received(data)
        if self.conn.their_state not in _ARRIVING:
            self._has_come()

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nothing to wait for."""
        self._has_come()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._due = self.loop.call_later(self.within, self._cut)

    def _has_come(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _cut(self) -> None:
        self._due = None
        self.transport.abort()
