"""The live stream: a nudge to every connected desk of a store after each commit that moved its head."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

HEARTBEAT: Final = 15.0
"""Seconds between signs of life; a desk takes a longer silence for a dead line."""


class Nudges:
    """Passes word of commits, from whatever thread made them, to the streams of the event loop."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._heads: dict[str, int] = {}
        self._closed = False

    def start(self) -> None:
        """Take the running event loop as the one the streams live on."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        self._closed = True
        for events in self._waiting.values():
            for event in events:
                event.set()

    def moved(self, store_id: str, seq: int) -> None:
        """Say that a store's head is now ``seq``; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, store_id, seq)

    def _wake(self, store_id: str, seq: int) -> None:
        self._heads[store_id] = max(seq, self._heads.get(store_id, 0))
        for event in self._waiting.get(store_id, ()):
            event.set()

    async def of_store(self, store_id: str, seq: int) -> AsyncIterator[bytes]:
        """The stream of one desk: the head at once, then at each move; only the newest of a burst."""
        event = asyncio.Event()
        self._waiting.setdefault(store_id, set()).add(event)
        self._heads[store_id] = max(seq, self._heads.get(store_id, 0))
        try:
            said = -1
            while not self._closed:
                event.clear()
                seq = self._heads[store_id]
                if seq != said:
                    yield f"event: head\ndata: {json.dumps({'epoch': self._epoch, 'seq': seq})}\n\n".encode()
                    said = seq
                    continue
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": alive\n\n"
        finally:
            self._waiting[store_id].discard(event)
