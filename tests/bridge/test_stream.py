"""The live stream: the head at once and at each move, signs of life between, and an end when the server ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from advisor_desk.bridge import stream
from advisor_desk.bridge.head import Head
from advisor_desk.bridge.stream import Nudges

STORE = "harbor-store"


async def next_of(events: AsyncIterator[bytes]) -> Any:
    """The next event's data, or the comment it is."""
    text = (await asyncio.wait_for(anext(events), 20)).decode()
    if text.startswith(":"):
        return text.strip()
    name, data = text.strip().split("\n")
    assert name == "event: head"
    return json.loads(data.removeprefix("data: "))


def started() -> Nudges:
    nudges = Nudges()
    nudges.start()
    return nudges


def test_a_desk_hears_the_head_at_once_and_each_move_after() -> None:
    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("e", 4))
        assert await next_of(events) == {"epoch": "e", "seq": 4}
        nudges.moved(STORE, Head("e", 5))
        assert await next_of(events) == {"epoch": "e", "seq": 5}

    asyncio.run(run())


def test_of_a_burst_it_hears_the_newest() -> None:
    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("e", 1))
        await next_of(events)
        for seq in (2, 3, 9, 7):
            nudges.moved(STORE, Head("e", seq))
        await asyncio.sleep(0)
        assert await next_of(events) == {"epoch": "e", "seq": 9}

    asyncio.run(run())


def test_word_from_another_thread_arrives() -> None:
    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("e", 1))
        await next_of(events)
        await asyncio.to_thread(nudges.moved, STORE, Head("e", 2))
        assert await next_of(events) == {"epoch": "e", "seq": 2}

    asyncio.run(run())


def test_another_stores_move_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)

    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("e", 1))
        await next_of(events)
        nudges.moved("lake-store", Head("e", 99))
        assert await next_of(events) == ": alive"

    asyncio.run(run())


def test_a_quiet_store_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)

    async def run() -> None:
        events = started().of_store(STORE, Head("e", 1))
        await next_of(events)
        assert [await next_of(events) for _ in range(3)] == [": alive"] * 3

    asyncio.run(run())


def test_a_bridge_put_back_is_heard_though_its_number_is_smaller() -> None:
    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("old", 900))
        await next_of(events)
        nudges.moved(STORE, Head("new", 7))
        assert await next_of(events) == {"epoch": "new", "seq": 7}

    asyncio.run(run())


def test_closing_ends_every_stream() -> None:
    async def run() -> None:
        nudges = started()
        events = [nudges.of_store(STORE, Head("e", 1)) for _ in range(3)]
        for one in events:
            await next_of(one)
        nudges.close()
        for one in events:
            with pytest.raises(StopAsyncIteration):
                await next_of(one)

    asyncio.run(run())


def test_a_desk_that_hung_up_is_forgotten() -> None:
    async def run() -> None:
        nudges = started()
        events = nudges.of_store(STORE, Head("e", 1))
        await next_of(events)
        assert nudges.stores() == [STORE]
        await events.aclose()  # type: ignore[attr-defined]
        assert nudges.stores() == []

    asyncio.run(run())
