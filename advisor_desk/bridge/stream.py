"""The live stream: a nudge to every connected desk of a store after each commit that moved its head."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from advisor_desk.bridge.head import Head

HEARTBEAT: Final = 1.25
"""Seconds between signs of life: few enough that a desk need not ask whether the bridge is there."""
_REST: Final = 0.05
"""Seconds a desk is left alone after a nudge: in a burst it would only pull what it has half of, time and again."""


class Nudges:
    """Passes word of commits, from whatever thread made them, to the streams of the event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._heads: dict[str, Head] = {}
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

    def stores(self) -> list[str]:
        """The stores whose desks listen here; may be called from any thread."""
        return [store_id for store_id, events in list(self._waiting.items()) if events]

    def moved(self, store_id: str, head: Head) -> None:
        """Say where a store's head is now; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, store_id, head)

    def _wake(self, store_id: str, head: Head) -> None:
        self._take(store_id, head)
        for event in self._waiting.get(store_id, ()):
            event.set()

    def _take(self, store_id: str, head: Head) -> None:
        """Two writers' words may come in either order: of one epoch the later place counts."""
        known = self._heads.get(store_id)
        if known is None or known.epoch != head.epoch or known.seq < head.seq:
            self._heads[store_id] = head

    async def of_store(self, store_id: str, head: Head) -> AsyncIterator[bytes]:
        """The stream of one desk: the head at once, then at each move; only the newest of a burst."""
        event = asyncio.Event()
        self._waiting.setdefault(store_id, set()).add(event)
        self._take(store_id, head)
        try:
            said = None
            while not self._closed:
                event.clear()
                head = self._heads[store_id]
                if head != said:
                    data = json.dumps({"epoch": head.epoch, "seq": head.seq})
                    yield f"event: head\ndata: {data}\n\n".encode()
                    said = head
                    await asyncio.sleep(_REST)
                    continue
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": alive\n\n"
        finally:
            self._waiting[store_id].discard(event)
