"""The cache as the rules read it: the records of one customer, and whose turn it is as time passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.cache import codec, raw
from advisor_desk.cache.schema import AWAITED
from advisor_desk.domain import staff, times
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.rules.file import Key, Row
from advisor_desk.domain.rules.rule import Shop

_MANY: Final = 400

_OPEN_ORDERS: Final = "SELECT customer_id, id FROM repair_order WHERE NOT deleted AND stage NOT IN ('closed', 'void')"
_BEGUN_VISITS: Final = "SELECT customer_id, '' FROM appointment WHERE NOT deleted AND starts_at BETWEEN ? AND ?"
_AWAITED_PARTS: Final = (
    "SELECT customer_id, id FROM repair_order WHERE id IN"  # noqa: S608 - our own words
    f" (SELECT repair_order_id FROM part_line WHERE NOT deleted AND {AWAITED})"
)
_OWED: Final = (
    "SELECT customer_id, repair_order_id FROM promise WHERE NOT deleted AND state = 'open'"
    " AND (due_at <= ? OR instr(body, '\"handoff\"'))"
)


class CacheBooks:
    """Reads of one transaction; see ``domain.rules.file.Books``."""

    def __init__(self, conn: Connection) -> None:
        # A file is a dozen small reads: asked for without SQLAlchemy between they cost half.
        self._raw = raw.driver(conn)

    def get(self, kind: str, id: str) -> Row | None:
        """A living record."""
        return next(iter(self._rows(kind, "id = ?", (id,))), None) if kind in KINDS and id else None

    def find(self, kind: str, name: str, values: Iterable[str]) -> Sequence[Row]:
        """The living records whose key field has one of the values."""
        out: list[Row] = []
        wanted = sorted(values)
        for start in range(0, len(wanted), _MANY):
            some = wanted[start : start + _MANY]
            out += self._rows(kind, f"{name} IN ({_marks(some)})", some)
        return out

    def contacts(self, customer_id: str, order_ids: Iterable[str], since: str) -> Sequence[Row]:
        """What was said to and by a customer since a moment; with no customer, about these orders."""
        if customer_id:
            return self._rows("contact_event", "customer_id = ? AND at >= ?", (customer_id, since))
        ids = sorted(order_ids)
        return self._rows("contact_event", f"customer_id = '' AND repair_order_id IN ({_marks(ids)})", ids)

    def open_promises(self, customer_id: str, order_ids: Iterable[str]) -> Sequence[Row]:
        """The open promises to a customer; with no customer, on these orders."""
        if customer_id:
            return self._rows("promise", "state = 'open' AND customer_id = ?", (customer_id,))
        ids = sorted(order_ids)
        return self._rows("promise", f"state = 'open' AND repair_order_id IN ({_marks(ids)})", ids)

    def known(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids there ever was a record of."""
        wanted = sorted(ids) if kind in KINDS else []
        if not wanted:
            return frozenset()
        found = self._raw.execute(f"SELECT id FROM {kind} WHERE id IN ({_marks(wanted)})", tuple(wanted))  # noqa: S608
        return frozenset(row[0] for row in found)

    def shop(self, now: datetime) -> Shop:
        """The store's settings and people at a moment."""
        store = next(iter(self._rows("store", "1", ())), Row("", {}))
        return Shop.of(store.id, store.fields, {row.id: row.fields for row in self._rows("employee", "1", ())}, now)

    def all_open_promises(self) -> Sequence[Row]:
        """Every open promise of the store."""
        return self._rows("promise", "state = 'open'", ())

    def owned_by(self, employee_id: str) -> staff.Held:
        """The open promises, open orders and customers somebody answers for."""
        promises = self._rows("promise", "state = 'open' AND owner_id = ?", (employee_id,))
        orders = self._rows("repair_order", "stage NOT IN ('closed', 'void') AND advisor_id = ?", (employee_id,))
        customers = self._rows("customer", "(advisor_id = ? OR salesperson_id = ?)", (employee_id, employee_id))
        return staff.Held(promises, orders, customers)

    def due(self, now: datetime) -> set[Key]:
        """Whose files time alone may have changed: open orders, visits that began, parts awaited, what is owed now."""
        at, since = times.to_wire(now), times.to_wire(now - timedelta(days=4))
        asked: tuple[tuple[str, Sequence[Any]], ...] = (
            (_OPEN_ORDERS, ()),
            (_BEGUN_VISITS, (since, at)),
            (_AWAITED_PARTS, ()),
            (_OWED, (at,)),
        )
        keys: set[Key] = set()
        for sql, values in asked:
            rows = self._raw.execute(sql, tuple(values)).fetchall()
            keys |= {Key(customer) if customer else Key("", order) for customer, order in rows if customer or order}
        return keys

    def _rows(self, kind: str, where: str, values: Sequence[Any]) -> list[Row]:
        sql = f"SELECT id, body FROM {kind} WHERE {where} AND NOT deleted"  # noqa: S608 - names are declared
        return [Row(id, codec.decode(body)) for id, body in self._raw.execute(sql, tuple(values))]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
