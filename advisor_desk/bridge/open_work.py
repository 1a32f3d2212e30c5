"""Which records are the open work: what a board is painted from, in the order it is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, select, text

from advisor_desk.bridge import engines
from advisor_desk.bridge.schema import OPEN_ORDERS, OPEN_PROMISES, TABLES

# Ids are asked for alone and by an index, and sorted by who wants them: asked for records in order in one statement,
# a database may read whole tables in the order of their ids, which takes half a minute in a store of years.
Ids = Callable[[Connection, str], Iterable[str]]
_MANY: Final = 500
"""Ids named in one statement."""


class Step(NamedTuple):
    """One kind, and which of its records; all of them when ``ids`` is None."""

    kind: str
    ids: Ids | None = None


def opening(today: str) -> list[Step]:
    """The open work step by step; ``today`` is where the visits to come begin."""
    return [
        Step("store", _all("store")),
        Step("employee", _all("employee")),
        Step("customer", _named_by_open("customer_id")),
        Step("vehicle", _named_by_open("vehicle_id")),
        Step("job", _of_open("job")),
        Step("part_line", _of_open("part_line")),
        Step("loaner", _of_open("loaner")),
        Step("contact_event", _of_open("contact_event")),
        Step("repair_order", _named_by_open("id")),
        Step("promise", _open_promises),
        Step("appointment", _coming(today)),
    ]


def batched(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in slices that one statement can name."""
    return (items[start : start + _MANY] for start in range(0, len(items), _MANY))


def _all(kind: str) -> Ids:
    def ids(conn: Connection, store_id: str) -> Iterable[str]:
        table = TABLES[kind]
        return conn.execute(select(table.c.id).where(table.c.store_id == store_id)).scalars()

    return ids


def _open_orders(conn: Connection, store_id: str, column: str) -> list[str]:
    return [id for id in _by_open_index(conn, store_id, "repair_order", column, OPEN_ORDERS) if id]


def _by_open_index(conn: Connection, store_id: str, table: str, column: str, is_open: str) -> Iterable[str]:
    """A column of the open ones, by their own index: SQLite, without statistics, would take the primary key."""
    by = f" INDEXED BY {table}_open" if engines.is_sqlite(conn.engine) else ""
    asked = f"SELECT DISTINCT {column} FROM {table}{by} WHERE store_id = :store_id AND {is_open}"  # noqa: S608
    return conn.execute(text(asked), {"store_id": store_id}).scalars()


def _named_by_open(column: str) -> Ids:
    return lambda conn, store_id: _open_orders(conn, store_id, column)


def _of_open(kind: str) -> Ids:
    def ids(conn: Connection, store_id: str) -> Iterable[str]:
        table = TABLES[kind]
        for orders in batched(_open_orders(conn, store_id, "id")):
            asked = select(table.c.id).where(table.c.store_id == store_id, table.c.repair_order_id.in_(orders))
            yield from conn.execute(asked).scalars()

    return ids


def _open_promises(conn: Connection, store_id: str) -> Iterable[str]:
    return _by_open_index(conn, store_id, "promise", "id", OPEN_PROMISES)


def _coming(today: str) -> Ids:
    def ids(conn: Connection, store_id: str) -> Iterable[str]:
        visit = TABLES["appointment"]
        asked = select(visit.c.id).where(visit.c.store_id == store_id, visit.c.starts_at >= today)
        return conn.execute(asked).scalars()

    return ids
