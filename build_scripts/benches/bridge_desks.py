"""Many desks in one process, each with a live stream, pushing edits and pulling on nudges as a real desk does."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import uuid
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from benches.desk_line import Busy, Line

_CAUGHT_UP = 60.0
"""Seconds after the last edit until every stream has told of it."""


class Desk:
    """One desk: it pushes one edit at a time; while it follows, it pulls whenever its stream tells of more."""

    def __init__(self, url: str, person: dict[str, str], orders: list[dict[str, str]], seed: int) -> None:
        self._stream, self._line = Line(url, person["token"]), Line(url, person["token"])
        self._actor = person["id"]
        self._id = str(uuid.uuid4())
        self._luck = random.Random(seed)
        self._orders = orders
        self._n = 0
        self._news = asyncio.Event()
        self._cursor = ""
        self._nudged: dict[int, float] = {}
        self.head = 0
        self.held = False
        self.busy = 0
        self.took: list[float] = []
        self.seen: list[float] = []

    async def open(self, cursor: str) -> None:
        """Both lines, and the stream's first word."""
        self._cursor = cursor
        await self._line.open()
        await self._stream.open()
        await self._stream.follow("/v1/stream")
        self.head = (await self._stream.event())["seq"]
        self.held = True

    async def listen(self) -> None:
        """Note every nudge, until the stream ends."""
        try:
            while True:
                self.head = (await self._stream.event())["seq"]
                self._nudged[self.head] = time.perf_counter()
                self._news.set()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.held = False

    async def push(self) -> None:
        """One edit, and how long its answer took; while the bridge is too busy, the same is asked again."""
        body = {"desk": self._id, "mutations": [self._edit()]}
        started = time.perf_counter()
        while True:
            try:
                said = json.loads(await self._line.ask("POST", "/v1/mutations", body))
                break
            except Busy as busy:
                self.busy += 1
                await asyncio.sleep(busy.seconds)
        self.took.append(time.perf_counter() - started)
        outcome = said["results"][0]["outcome"]
        if outcome not in {"applied", "merged", "duplicate"}:
            raise RuntimeError(f"an edit was {outcome}: {said['results'][0]['problem']}")

    async def flat_out(self, until: float) -> None:
        """Edit upon edit."""
        while time.perf_counter() < until:
            await self.push()

    async def at_work(self, until: float, every: float) -> None:
        """An edit now and then, and what others do as soon as the stream tells of it."""
        due = time.perf_counter() + self._luck.uniform(0, 2 * every)
        while (now := time.perf_counter()) < until:
            if now >= due:
                await self.push()
                due += self._luck.uniform(0, 2 * every)
            await self._pull()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, min(due, until) - time.perf_counter()))
            except TimeoutError:
                continue

    async def _pull(self) -> None:
        self._news.clear()
        more = bool(self._nudged)
        while more:
            said = json.loads(await self._line.ask("GET", f"/v1/changes?cursor={self._cursor}&limit=500"))
            now = time.perf_counter()
            self._cursor, more = said["next"], said["more"]
            seq = int(self._cursor.rpartition(".")[2])
            self.seen += [now - at for head, at in self._nudged.items() if head <= seq]
            self._nudged = {head: at for head, at in self._nudged.items() if head > seq}

    def _edit(self) -> dict[str, Any]:
        self._n += 1
        order = self._luck.choice(self._orders)
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._n % 2:
            what = {"kind": "repair_order", "record_id": order["id"], "op": "update",
                    "set": {"spot": f"Row {self._luck.randrange(1_000)}"}}  # fmt: skip
        else:
            said = {"customer_id": order["customer_id"], "repair_order_id": order["id"], "channel": "call", "at": now,
                    "body": "Told them the car is next in line.", "employee_id": self._actor}  # fmt: skip
            what = {"kind": "contact_event", "record_id": str(uuid.uuid4()), "op": "create", "set": said}
        return what | {"id": str(uuid.uuid4()), "n": self._n, "base_rev": 0, "was": {}, "intent": "bench",
                       "made_at": now, "actor": self._actor}  # fmt: skip

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._line.close()


async def drive(asked: dict[str, Any]) -> dict[str, Any]:
    """All desks at once for a while; what they measured."""
    people, urls = cycle(asked["people"]), cycle(asked["urls"])
    desks = [Desk(next(urls), next(people), asked["orders"], seed) for seed in range(asked["desks"])]
    await asyncio.gather(*(desk.open(asked["cursor"]) for desk in desks))
    listening = [asyncio.create_task(desk.listen()) for desk in desks]
    started = time.perf_counter()
    until = started + asked["seconds"]
    every = asked["every"]
    await asyncio.gather(*(desk.at_work(until, every) if every else desk.flat_out(until) for desk in desks))
    seconds = time.perf_counter() - started
    held = await _told(desks)
    for desk in desks:
        desk.close()
    await asyncio.gather(*listening)
    return {
        "seconds": seconds,
        "held": held,
        "busy": sum(desk.busy for desk in desks),
        "took": [round(one, 6) for desk in desks for one in desk.took],
        "seen": [round(one, 6) for desk in desks for one in desk.seen],
    }


async def _told(desks: list[Desk]) -> int:
    """How many streams were never cut and have told of the last edit."""
    deadline = time.perf_counter() + _CAUGHT_UP
    while True:
        last = max(desk.head for desk in desks)
        held = sum(desk.held and desk.head == last for desk in desks)
        if held == len(desks) or time.perf_counter() > deadline:
            return held
        await asyncio.sleep(0.05)


def main() -> None:
    """One JSON line in, one out."""
    print(json.dumps(asyncio.run(drive(json.loads(sys.stdin.readline())))))


if __name__ == "__main__":
    main()
