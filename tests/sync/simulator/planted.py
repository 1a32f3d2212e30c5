"""Bugs that such programs have had, each planted into ours: the simulator is trusted only as far as it finds them."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from sqlalchemy import Connection, select, update

from advisor_desk.bridge import head, ledger
from advisor_desk.bridge.schema import feed as feed_table
from advisor_desk.bridge.schema import head as head_table
from advisor_desk.bridge.schema import ledger as ledger_table
from advisor_desk.cache import board, meta, outbox, records
from advisor_desk.cache.codec import ServerRow, Stored
from advisor_desk.cache.database import Cache
from advisor_desk.sync import engine
from advisor_desk.sync import pull as pulling
from tests.sync.direct import DirectBridge
from tests.sync.simulator.desk import SimCommands
from tests.sync.simulator.variant import Variant

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk


@contextmanager
def _no_idempotency() -> Iterator[None]:
    """The bridge does not remember what it was asked before: sent again, an edit is judged and done again."""
    enter = ledger._enter
    numbers = itertools.count(1_000_000)

    def entered(conn: Connection, caller: Any, desk: str, mutation: Any, answer: Any, now: Any) -> None:
        asked_before = conn.execute(select(ledger_table.c.id).where(ledger_table.c.id == mutation.id)).first()
        if asked_before is None:
            enter(conn, caller, desk, mutation.model_copy(update={"n": next(numbers)}), answer, now)

    with (
        mock.patch.object(ledger, "_known", lambda *_: None),
        mock.patch.object(ledger, "_expected", lambda *_: _AnyNumber()),
        mock.patch.object(ledger, "_enter", entered),
    ):
        yield


class _AnyNumber(int):
    """The next number to a bridge that does not count: whatever comes is it."""

    def __lt__(self, other: int) -> bool:
        return False

    def __gt__(self, other: int) -> bool:
        return False

    def __add__(self, other: int) -> _AnyNumber:
        return self


@contextmanager
def _cursor_before_data() -> Iterator[None]:
    """The desk commits its new place in the feed, and the records of the page after it."""

    def pull(cache: Cache, client: Any, announce: Any, now: Any) -> None:
        del announce, now
        more = True
        while more:
            with cache.read() as conn:
                cursor = meta.get(conn, "cursor") or ""
            page = client.changes(cursor)
            with cache.write() as conn:
                meta.put(conn, "cursor", page.next)
            with cache.write() as conn:
                records.apply_server(conn, [ServerRow(c.kind, c.id, c.rev, c.deleted, c.fields) for c in page.changes])
            more = page.more

    with mock.patch.object(engine, "pull", pull):
        yield


class _EagerCommands(SimCommands):
    """Commands that answer first and commit when the desk gets round to it."""

    def __init__(self, cache: Cache, clock: Any, dice: random.Random) -> None:
        super().__init__(cache, clock, dice)
        self.owed: list[Callable[[], object]] = []

    def carry_out(self, name: str, args: dict[str, Any], key: str | None) -> Any:
        """Do what is owed from before; answer this one from a transaction that is not kept, and owe it."""
        self.pay()
        return super().carry_out(name, args, key)

    def raise_or_keep(self, name: str, args: dict[str, Any]) -> Any:
        """The same for what a rule does."""
        self.pay()
        return super().raise_or_keep(name, args)

    def pay(self) -> None:
        """Commit what was answered long ago."""
        owed, self.owed = self.owed, []
        for pay in owed:
            pay()


def _pay(desk: SimDesk) -> None:
    desk.commands.pay()  # type: ignore[attr-defined]


def _owe(desk: SimDesk, rows: list[Any]) -> None:
    """Take the commit back until something else happens to the desk."""
    ids = [row[0] for row in rows]
    if not ids:
        return
    marks = ",".join("?" * len(ids))
    with desk.cache.write() as conn:
        raw: Any = conn.connection.driver_connection
        found = raw.execute(f"SELECT * FROM mutation WHERE id IN ({marks})", ids)
        names = [column[0] for column in found.description]
        kept = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        conn.exec_driver_sql(f"DELETE FROM mutation WHERE id IN ({marks})", tuple(ids))
        for row in kept:
            records.rebase(conn, row["kind"], row["record_id"])

    def pay() -> None:
        with desk.cache.write() as conn:
            for row in kept:
                records.keep_base(conn, row["kind"], row["record_id"])
                conn.exec_driver_sql(outbox._insert("mutation", row), tuple(row.values()))
                records.rebase(conn, row["kind"], row["record_id"])

    desk.commands.owed.append(pay)  # type: ignore[attr-defined]


@contextmanager
def _bare_sequence() -> Iterator[None]:
    """The bridge takes its numbers before the transaction, so that they commit out of order."""
    sequence, reserved = [0], list[int]()
    real = DirectBridge.mutations

    def top(conn: Connection, store_id: str) -> int:
        return int(conn.execute(select(head_table.c.seq).where(head_table.c.store_id == store_id)).scalar_one())

    def take(conn: Connection, store_id: str, kind: str, id: str, born: int = 0) -> int:
        seq = reserved.pop(0)
        changed = {"seq": max(top(conn, store_id), seq), "living": head_table.c.living + born}
        conn.execute(update(head_table).where(head_table.c.store_id == store_id).values(**changed))
        conn.execute(feed_table.insert().values(store_id=store_id, seq=seq, kind=kind, id=id))
        return seq

    def mutations(self: DirectBridge, who: Any, body: bytes) -> bytes:
        with self.books.read(who.store_id) as conn:
            first = max(sequence[0], top(conn, who.store_id)) + 1
        sequence[0] = first + len(json.loads(body)["mutations"])
        mine = list(range(first, sequence[0]))
        self.meanwhile()
        reserved[:] = mine
        return real(self, who, body)

    with mock.patch.object(head, "take", take), mock.patch.object(DirectBridge, "mutations", mutations):
        yield


@contextmanager
def _lost_base() -> Iterator[None]:
    """A pull writes over a record with unsent edits, and the base under them stays as old as it was."""

    def apply_server(conn: Connection, rows: Any) -> dict[str, set[str]]:
        touched: dict[str, set[str]] = {}
        for row in rows:
            known = records._row(conn, row.kind, row.id)
            if known is None or known.rev < row.rev:
                left = records.write(conn, row.kind, Stored(row.id, row.rev, row.deleted, row.fields))
                records.touch(touched, row.kind, row.id, left)
        board.refresh(conn, touched)
        return touched

    with mock.patch.object(pulling.records, "apply_server", apply_server):
        yield


PLANTED: Final = (
    Variant("no idempotency", planted=_no_idempotency),
    Variant("cursor before data", planted=_cursor_before_data),
    Variant("answer before commit", commands=_EagerCommands, after_answer=_owe, before=_pay),
    Variant("seq from a bare sequence", planted=_bare_sequence),
    Variant("lost base on rebase", planted=_lost_base),
)
