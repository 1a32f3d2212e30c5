"""Promises at the bridge: the same rules as a desk's, run after each push and as time passes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, or_, select, text

from advisor_desk.bridge import head, records
from advisor_desk.bridge.merge import Version
from advisor_desk.bridge.records import Stored
from advisor_desk.bridge.schema import AWAITED_PARTS, OPEN_ORDERS, OPEN_PROMISES, TABLES
from advisor_desk.domain import staff, times
from advisor_desk.domain.changes import CREATE, Edit
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.rules.file import Key, Row, keys_of, open_file
from advisor_desk.domain.rules.rule import Shop
from advisor_desk.domain.rules.settle import settle

_MANY: Final = 400
Touched = Mapping[str, Iterable[str]]


class StoreBooks:
    """One store's records, as a transaction sees them; see ``domain.rules.file.Books``."""

    def __init__(self, conn: Connection, store_id: str) -> None:
        self._conn = conn
        self.store_id = store_id

    def get(self, kind: str, id: str) -> Row | None:
        """A living record."""
        return next(iter(self._rows(kind, TABLES[kind].c.id == id)), None) if kind in TABLES and id else None

    def find(self, kind: str, name: str, values: Iterable[str]) -> Sequence[Row]:
        """The living records whose key field has one of the values."""
        out: list[Row] = []
        wanted = sorted(values)
        for start in range(0, len(wanted), _MANY):
            out += self._rows(kind, TABLES[kind].c[name].in_(wanted[start : start + _MANY]))
        return out

    def contacts(self, customer_id: str, order_ids: Iterable[str], since: str) -> Sequence[Row]:
        """What was said to and by a customer since a moment; with no customer, about these orders."""
        c = TABLES["contact_event"].c
        if customer_id:
            return self._rows("contact_event", c.customer_id == customer_id, c.at >= since)
        return self._rows("contact_event", c.customer_id == "", c.repair_order_id.in_(sorted(order_ids)))

    def open_promises(self, customer_id: str, order_ids: Iterable[str]) -> Sequence[Row]:
        """The open promises to a customer; with no customer, on these orders."""
        c = TABLES["promise"].c
        whose = c.customer_id == customer_id if customer_id else c.repair_order_id.in_(sorted(order_ids))
        return self._rows("promise", text(OPEN_PROMISES), whose)

    def known(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids there ever was a record of, deleted ones too."""
        if kind not in TABLES:
            return frozenset()
        c = TABLES[kind].c
        found = self._conn.execute(select(c.id).where(c.store_id == self.store_id, c.id.in_(sorted(ids))))
        return frozenset(found.scalars())

    def shop(self, now: datetime) -> Shop:
        """The store's settings and people at a moment."""
        store = self.get("store", self.store_id)
        people = {row.id: row.fields for row in self._rows("employee")}
        return Shop.of(self.store_id, store.fields if store else {}, people, now)

    def owned_by(self, employee_id: str) -> staff.Held:
        """The open promises, open orders and customers somebody answers for."""
        promise, order, customer = (TABLES[kind].c for kind in ("promise", "repair_order", "customer"))
        return staff.Held(
            self._rows("promise", text(OPEN_PROMISES), promise.owner_id == employee_id),
            self._rows("repair_order", text(OPEN_ORDERS), order.advisor_id == employee_id),
            self._rows("customer", or_(customer.advisor_id == employee_id, customer.salesperson_id == employee_id)),
        )

    def due(self, now: datetime) -> list[Key]:
        """Whose files time alone may have changed: open orders, visits that began, parts awaited, what is owed now."""
        order, visit, line, promise = (
            TABLES[kind].c for kind in ("repair_order", "appointment", "part_line", "promise")
        )
        at, since = times.to_wire(now), times.to_wire(now - timedelta(days=4))
        awaited = select(line.repair_order_id).where(line.store_id == self.store_id, text(AWAITED_PARTS))
        asked = (
            select(order.customer_id, order.id).where(order.store_id == self.store_id, text(OPEN_ORDERS)),
            select(order.customer_id, order.id).where(order.store_id == self.store_id, order.id.in_(awaited)),
            select(visit.customer_id, visit.customer_id).where(
                visit.store_id == self.store_id, visit.deleted == 0, visit.starts_at >= since, visit.starts_at <= at
            ),
            select(promise.customer_id, promise.repair_order_id).where(
                promise.store_id == self.store_id,
                text(OPEN_PROMISES),
                or_(promise.due_at <= at, promise.body.contains('"handoff":')),
            ),
        )
        keys: set[Key] = set()
        for query in asked:
            rows = self._conn.execute(query).all()
            keys |= {Key(customer) if customer else Key("", order) for customer, order in rows if customer or order}
        return sorted(keys)

    def _rows(self, kind: str, *where: ColumnElement[bool] | Any) -> list[Row]:
        c = TABLES[kind].c
        asked = select(c.id, c.body).where(and_(c.store_id == self.store_id, c.deleted == 0, *where))
        return [Row(row.id, json.loads(row.body)) for row in self._conn.execute(asked)]


def follow(conn: Connection, store_id: str, touched: Touched, now: datetime) -> None:
    """Do what the rules make of records that were changed; the store's head is held by the caller."""
    books = StoreBooks(conn, store_id)
    for id in touched.get("employee", ()):
        _hand_on(conn, books, id, now)
    keys: set[Key] = set()
    for kind, ids in touched.items():
        if kind in KINDS:
            keys |= keys_of(books, kind, ids)
    of_files(conn, store_id, sorted(keys), now)


def of_files(conn: Connection, store_id: str, keys: Sequence[Key], now: datetime) -> None:
    """Do what the rules make of these files, as they are now."""
    if not keys:
        return
    books = StoreBooks(conn, store_id)
    shop = books.shop(now)
    for key in keys:
        for edit in settle(open_file(books, key, now), shop, books):
            _write(conn, store_id, edit, now)


def _hand_on(conn: Connection, books: StoreBooks, id: str, now: datetime) -> None:
    """Whoever is not here any more answers for nothing; a desk that knew has handed it on already."""
    shop = books.shop(now)
    if id not in shop.people.employees or shop.people.is_here(id):
        return
    for edit in staff.hand_on(id, books.owned_by(id), shop, books, (), {}, by=""):
        _write(conn, books.store_id, edit, now)


def _write(conn: Connection, store_id: str, edit: Edit, now: datetime) -> None:
    before = records.load(conn, store_id, edit.kind, edit.record_id)
    if before is not None and edit.op == CREATE:
        return
    fields = {**(before.fields if before else {}), **edit.set}
    fields = {name: value for name, value in fields.items() if value is not None}
    seq = head.take(conn, store_id, edit.kind, edit.record_id, int(before is None))
    versions = dict(before.versions) if before else {}
    if before is not None:
        made_at = times.to_wire(now).replace("Z", ".000Z")
        versions |= {name: Version(seq, made_at, False, "") for name in edit.set}
    created = before.created_rev if before else seq
    records.save(conn, store_id, Stored(edit.kind, edit.record_id, seq, False, fields, versions, created))
