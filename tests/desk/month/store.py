"""A made-up store in one desk's cache, its clock moved by hand, and whoever is at work giving the real commands."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from advisor_desk.bridge.demo import people
from advisor_desk.bridge.demo.generator import Generator, Size
from advisor_desk.cache import board, meta, outbox, records
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import open_cache
from advisor_desk.domain import commands, times
from advisor_desk.domain.calendar import Calendar, Hours
from advisor_desk.domain.errors import Refused
from advisor_desk.sync.hybrid import HybridClock
from tests.cache.shop import KEY
from tests.sync.direct import Inline
from tests.sync.simulator.desk import SimCommands
from tests.sync.store import HandClock

START = datetime(2026, 10, 12, 14, tzinfo=UTC)
"""A month from here has two holidays and the end of summer time in it."""
STEP = timedelta(hours=2)
"""Everybody does at these times what they do in between."""
Fields = dict[str, Any]
_UNSENT = "SELECT id, kind, record_id FROM mutation WHERE state IN ('waiting', 'sent') ORDER BY position"


def fill(path: Path, size: Size, seed: int) -> None:
    """Make the store's records up, in a cache of their own."""
    cache, rows = open_cache(path, KEY, Inline), Generator(size, seed, START).rows()
    while some := list(islice(rows, 5_000)):
        with cache.write() as conn:
            records.load_page(conn, [ServerRow(kind, id, 1, False, fields) for kind, id, fields in some])
    with cache.write() as conn:
        board.rebuild(conn)
        meta.put(conn, "desk_id", "desk-of-the-month")
    cache.close()


class MonthStore:
    """The store; ``now`` is what its clock says."""

    def __init__(self, path: Path, seed: int) -> None:
        self.cache = open_cache(path, KEY, Inline)
        self.clock = HandClock()
        self.clock.at = START
        self.seed = seed
        self.given: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._commands = SimCommands(self.cache, HybridClock(self.clock), random.Random(f"ids {seed}"))
        self._signed_in = ""
        self._seq = 1
        ((self.store_id, self.fields),) = self.all("store")
        self.calendar = Calendar.of_store(self.fields)
        ids = {fields["name"]: id for id, fields in self.all("employee")}
        self.who = {job.login: ids[job.name] for job in (*people.ADVISORS, *people.OTHERS) if job.name in ids}

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.clock.at

    def days(self, count: int) -> Iterator[tuple[date, Hours]]:
        """The open days of so many from the start on."""
        first = self.calendar.local(START)
        return ((day, hours) for day, hours in self.calendar.open_days(first) if (day - first).days < count)

    def run(self, days: int, between: Callable[[datetime], None], everybody: Callable[[bool], None]) -> Iterator[date]:
        """So many days go by, each answered once it has: what comes at its own time comes, then the rules look, then
        everybody does something."""
        for day, hours in self.days(days):
            first = at = max(hours.opens, START)
            while at < hours.closes:
                between(at)
                self.look(at)
                everybody(at == first)
                at += STEP
            yield day

    def look(self, at: datetime) -> None:
        """Time passes, and the rules look at what it has brought about."""
        self.clock.at = at
        self._in_step()
        self._sign_in("helen")
        self._commands.sweep()

    def _in_step(self) -> None:
        """What was done has gone to the bridge, which takes all of it as it stands here."""
        with self.cache.write() as conn:
            raw: Any = conn.connection.driver_connection
            answers = [self._taken(conn, *unsent) for unsent in raw.execute(_UNSENT).fetchall()]
            outbox.settle(conn, answers, self.now)

    def _taken(self, conn: Connection, id: str, kind: str, record_id: str) -> Fields:
        self._seq += 1
        seen = records.load(conn, kind, record_id)
        assert seen is not None
        record = {"rev": self._seq, "deleted": seen.deleted, "fields": seen.fields}
        return {"id": id, "outcome": "applied", "seq": self._seq, "record": record}

    def do(self, login: str, name: str, /, **args: Any) -> dict[str, Any] | None:
        """Somebody gives a command; None where it is refused."""
        self._sign_in(login)
        try:
            answer, _ = self._commands.carry_out(name, commands.check(name, args), None)
        except Refused as refused:
            self.refused[f"{name}: {refused.code}"] += 1
            return None
        self.given[name] += 1
        return answer

    def _sign_in(self, login: str) -> None:
        if login != self._signed_in:
            with self.cache.write() as conn:
                meta.put(conn, "employee_id", self.who[login])
            self._signed_in = login

    def login_of(self, employee_id: Any, other: str = "maria") -> str:
        """Who is called so at sign-in; somebody else for one who is not known."""
        return next((login for login, id in self.who.items() if id == employee_id), other)

    def dice(self, *about: object) -> random.Random:
        """The dice of something that happens, the same whatever else does."""
        return random.Random(" ".join(str(one) for one in (self.seed, *about)))

    def rows(self, sql: str, *values: Any) -> list[tuple[str, Fields]]:
        """Records by a question of one's own that answers ids and bodies."""
        with self.cache.read() as conn:
            raw: Any = conn.connection.driver_connection
            return [(id, json.loads(body)) for id, body in raw.execute(sql, values).fetchall()]

    def all(self, kind: str) -> list[tuple[str, Fields]]:
        """Every living record of a kind."""
        return self.rows(f"SELECT id, body FROM {kind} WHERE NOT deleted")

    def one(self, kind: str, id: Any) -> Fields:
        """A record's fields; none where there is none."""
        return next((fields for _, fields in self.rows(f"SELECT id, body FROM {kind} WHERE id = ?", id)), {})

    def of(self, kind: str, order_id: str) -> list[tuple[str, Fields]]:
        """An order's jobs or part lines."""
        return self.rows(f"SELECT id, body FROM {kind} WHERE repair_order_id = ? AND NOT deleted ORDER BY id", order_id)

    def hence(self, dice: random.Random, first: int, last: int) -> str:
        """A visit's start on an open day so many days from now."""
        ahead = self.calendar.local(self.now) + timedelta(days=dice.randint(first, last))
        _, hours = next(self.calendar.open_days(ahead))
        return times.to_wire(hours.opens + timedelta(minutes=15 * dice.randrange(24)))
