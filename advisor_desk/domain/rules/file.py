"""The file of one customer, or of one of the store's own cars: all the records that promises about them rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from advisor_desk.domain import repair_order, times
from advisor_desk.domain.lights import moment
from advisor_desk.domain.rules.said import Said, in_order

Fields = Mapping[str, Any]
RECENT: Final = timedelta(days=400)
"""How far back what was said and done can still keep or raise a promise."""


class Row(NamedTuple):
    """A record: its id and its wire fields."""

    id: str
    fields: dict[str, Any]

    def get(self, name: str) -> Any:
        """A field's value, None when there is none."""
        return self.fields.get(name)

    def moment(self, name: str) -> datetime | None:
        """A field's moment, None when there is none."""
        return moment(self.fields.get(name))


class Books(Protocol):
    """Where records are found: a desk's cache, or the bridge's books of one store."""

    def get(self, kind: str, id: str) -> Row | None:
        """A living record."""

    def find(self, kind: str, name: str, values: Iterable[str]) -> Sequence[Row]:
        """The living records whose key field ``name`` has one of ``values``."""

    def contacts(self, customer_id: str, order_ids: Iterable[str], since: str) -> Sequence[Row]:
        """What was said to and by a customer since a moment; with no customer, about these orders."""

    def open_promises(self, customer_id: str, order_ids: Iterable[str]) -> Sequence[Row]:
        """The open promises to a customer; with no customer, on these orders."""

    def known(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        """Which of these ids there ever was a record of, deleted ones too; none for a kind that is unknown."""


class Key(NamedTuple):
    """Whose file: a customer's, or, for a car of the store's own, its repair order's."""

    customer_id: str
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """The records of one file, by kind; those of a repair order by its id too."""

    key: Key
    rows: Mapping[str, Mapping[str, Row]]
    promises: Sequence[Row] = ()
    """Those that are open."""
    of_order: Mapping[str, Mapping[str, Sequence[Row]]] = field(default_factory=dict)
    contacts: Sequence[Said] = ()

    def all(self, kind: str) -> Iterable[Row]:
        """The file's records of a kind."""
        return self.rows.get(kind, {}).values()

    def row(self, kind: str, id: Any) -> Row | None:
        """One of the file's records."""
        return self.rows.get(kind, {}).get(str(id or ""))

    def order(self, of: Row) -> Row | None:
        """The repair order a record belongs to."""
        return self.row("repair_order", of.get("repair_order_id"))

    def on(self, order: Row, kind: str) -> Sequence[Row]:
        """An order's jobs or part lines."""
        return self.of_order.get(kind, {}).get(order.id, ())

    @property
    def customer(self) -> Row | None:
        """Whose file it is; None for a car of the store's own."""
        return self.row("customer", self.key.customer_id)

    @property
    def who(self) -> str:
        """The name a card files under: the surname, a company whole."""
        name = str(self.customer.get("name") or "") if self.customer else ""
        return name.split(",", 1)[0] or "the customer"


_OF_CUSTOMER: Final = ("appointment", "deal", "we_owe", "lead", "survey", "loaner")
_OF_ORDER: Final = ("job", "part_line")


def open_file(books: Books, key: Key, now: datetime) -> File:
    """Gather a file; orders that ended long ago are left out, but for those an open promise is about."""
    since = times.to_wire(now - RECENT)
    rows: dict[str, dict[str, Row]] = {}
    if key.customer_id:
        customer = books.get("customer", key.customer_id)
        rows["customer"] = {customer.id: customer} if customer else {}
        for kind in _OF_CUSTOMER:
            rows[kind] = _by_id(books.find(kind, "customer_id", (key.customer_id,)))
        orders = _by_id(books.find("repair_order", "customer_id", (key.customer_id,)))
    else:
        order = books.get("repair_order", key.order_id)
        orders = {order.id: order} if order else {}
    promises = books.open_promises(key.customer_id, orders)
    about = {str(row.get("repair_order_id") or "") for row in promises}
    rows["repair_order"] = {id: row for id, row in orders.items() if id in about or _is_recent(row, since)}
    of_order: dict[str, dict[str, list[Row]]] = {kind: {} for kind in _OF_ORDER}
    for kind in _OF_ORDER:
        found = books.find(kind, "repair_order_id", rows["repair_order"]) if rows["repair_order"] else ()
        rows[kind] = _by_id(found)
        for row in found:
            of_order[kind].setdefault(str(row.get("repair_order_id")), []).append(row)
    cars = {
        str(row.get("vehicle_id") or "") for kind in ("repair_order", "deal") for row in rows.get(kind, {}).values()
    }
    rows["vehicle"] = {id: car for id in sorted(cars - {""}) if (car := books.get("vehicle", id))}
    contacts = in_order(books.contacts(key.customer_id, rows["repair_order"], since))
    return File(key, rows, promises, of_order, contacts)


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows}


def _is_recent(order: Row, since: str) -> bool:
    return repair_order.is_open(str(order.get("stage") or "")) or str(order.get("closed") or "") >= since


def keys_of(books: Books, kind: str, ids: Iterable[str]) -> set[Key]:
    """Whose files a change of these records concerns; none for records that are no customer's business."""
    out: set[Key] = set()
    for id in ids:
        row = books.get(kind, id)
        if kind == "customer":
            out.add(Key(id))
        elif row is not None and kind in _HAS_FILE:
            out |= _key_of(books, kind, row)
    return out


_HAS_FILE: Final = frozenset({*_OF_CUSTOMER, *_OF_ORDER, "repair_order", "contact_event", "promise"})


def _key_of(books: Books, kind: str, row: Row) -> set[Key]:
    if customer := row.get("customer_id"):
        return {Key(str(customer))}
    if kind == "repair_order":
        return {Key("", row.id)}
    order = books.get("repair_order", str(row.get("repair_order_id") or ""))
    return _key_of(books, "repair_order", order) if order else set()
