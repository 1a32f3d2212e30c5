"""What the books let go of: answers nobody can ask for again, places no desk stands at, what deleted records held."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from advisor_desk.bridge import head, records
from advisor_desk.bridge.books import Books, store_ids
from advisor_desk.bridge.schema import TABLES, feed, ledger
from advisor_desk.domain import times

KEEP: Final = timedelta(days=90)
"""How long an answer is kept, and with it the place in the feed it was given at."""
_AT_A_TIME: Final = 500
"""Rows of one transaction, so that no edit waits long for it."""
_IN_A_ROW: Final = 50_000
"""Answers looked at in one go."""
_DRIFT: Final = timedelta(days=1)
"""How far the clock may be moved while the bridge serves."""
_FIRST: Final = 600.0
_EVERY: Final = 24 * 3600.0
_log = logging.getLogger(__name__)


class Tidied(NamedTuple):
    """How much was let go: answers, entries of the feed, and deleted records emptied."""

    answers: int = 0
    entries: int = 0
    emptied: int = 0


def tidy(books: Books, store_id: str, now: datetime) -> Tidied:
    """Let go of what a store has kept for long enough; a desk away for longer takes a new snapshot (410)."""
    answers, place = _old_answers(books, store_id, times.to_wire(now - KEEP))
    for ids in _slices(answers):
        with books.write(store_id) as conn:
            conn.execute(delete(ledger).where(ledger.c.store_id == store_id, ledger.c.id.in_(ids)))
    entries = emptied = 0
    while some := _forget_entries(books, store_id, place):
        entries, emptied = entries + some[0], emptied + some[1]
    return Tidied(len(answers), entries, emptied)


def _old_answers(books: Books, store_id: str, before: str) -> tuple[list[str], int]:
    """The answers given before a moment, and how far the feed had come by then."""
    with books.read(store_id) as conn:
        rows = conn.execute(
            select(ledger.c.id, ledger.c.answer)
            .where(ledger.c.store_id == store_id, ledger.c.at < before)
            .limit(_IN_A_ROW)
        ).all()
    return [row.id for row in rows], max((int(json.loads(row.answer)["seq"]) for row in rows), default=0)


def _forget_entries(books: Books, store_id: str, place: int) -> tuple[int, int] | None:
    """Forget the feed's oldest entries up to a place; how many, and how many deleted records were emptied."""
    with books.write(store_id) as conn:
        head.hold(conn, store_id)
        rows = conn.execute(
            select(feed.c.seq, feed.c.kind, feed.c.id)
            .where(feed.c.store_id == store_id, feed.c.seq <= place)
            .order_by(feed.c.seq)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return None
        emptied = sum(_empty(conn, store_id, row.kind, row.id, row.seq) for row in rows)
        conn.execute(delete(feed).where(feed.c.store_id == store_id, feed.c.seq <= rows[-1].seq))
    return len(rows), emptied


def _empty(conn: Connection, store_id: str, kind: str, id: str, rev: int) -> int:
    """Take out what a record deleted at this place held; that it was there stays, so that it does not come back."""
    table = TABLES[kind]
    this = (table.c.store_id == store_id, table.c.id == id, table.c.deleted == 1, table.c.rev == rev)
    values = {"body": "{}", "versions": "{}", **records.key_values(kind, {})}
    return conn.execute(update(table).where(*this).values(**values)).rowcount


def _slices(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME)]


def passed() -> float:
    """Seconds that have truly passed, sleep included, whatever the wall clock is set to."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)  # Linux counts no sleep in the monotonic one
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Housekeeper:
    """Tidies once a day, while the clock can be trusted: one that has jumped ahead makes everything look old."""

    def __init__(
        self,
        books: Books,
        connected: Callable[[], Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        passed: Callable[[], float] = passed,
    ) -> None:
        self._books = books
        self._connected = connected
        self._now = now
        self._passed = passed
        self._began = (now(), passed())

    async def run(self) -> None:
        """Tidy a while after the start and then daily, until cancelled."""
        wait = _FIRST
        while True:
            await asyncio.sleep(wait)
            await asyncio.to_thread(self.once)
            wait = _EVERY

    def once(self) -> dict[str, Tidied]:
        """Tidy every store this process knows of; what goes wrong is tried again the next day."""
        began, at = self._began
        drift = (self._now() - began) - timedelta(seconds=self._passed() - at)
        if abs(drift) > _DRIFT:
            _log.warning("the clock has jumped by %s; nothing is let go", drift)
            return {}
        try:
            return {store_id: tidy(self._books, store_id, self._now()) for store_id in self._stores()}
        except SQLAlchemyError as error:
            _log.warning("housekeeping put off: %s", type(error).__name__)
            return {}

    def _stores(self) -> list[str]:
        """On PostgreSQL the serving role sees no store it has not entered: those with a desk connected."""
        with self._books.read() as conn:
            return sorted({*store_ids(conn), *self._connected()})
