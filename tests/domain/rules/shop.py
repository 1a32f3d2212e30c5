"""A store's records kept in memory, told what happens to them day by day, with the rules run after each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from advisor_desk.domain import times
from advisor_desk.domain.changes import CREATE, DELETE, Edit
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.rules.file import Key, Row, keys_of, open_file
from advisor_desk.domain.rules.rule import Shop
from advisor_desk.domain.rules.settle import settle

ZONE = ZoneInfo("America/New_York")
WEEK = [
    *[{"opens": "07:30", "closes": "18:00"}] * 5,
    {"opens": "08:00", "closes": "14:00"},
    {"opens": "", "closes": ""},
]
STORE = {
    "name": "Test Motors",
    "timezone": "America/New_York",
    "hours": WEEK,
    "holidays": {"country": "US", "subdivision": "NY", "extra": []},
}
PEOPLE = {
    "maria": {"name": "Maria Diaz", "roles": ["advisor"]},
    "david": {"name": "David Park", "roles": ["advisor"]},
    "pat": {"name": "Pat Kim", "roles": ["parts"]},
    "bea": {"name": "Bea Cole", "roles": ["bdc"]},
    "sal": {"name": "Sal Reyes", "roles": ["sales"]},
    "fin": {"name": "Fin Wolf", "roles": ["finance"]},
    "helen": {"name": "Helen Ross", "roles": ["manager"]},
}


def local(text: str) -> datetime:
    """A moment by the store's clock, written ``2026-11-23 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Records:
    """Every record of the store, and the rules over them: what a desk and a bridge both do."""

    def __init__(self, store: dict[str, Any] | None = None, people: dict[str, dict[str, Any]] | None = None) -> None:
        self.now = local("2026-11-23 10:00")
        self.rows: dict[str, dict[str, dict[str, Any]]] = {
            "store": {"store": {**STORE, **(store or {})}},
            "employee": {id: dict(person) for id, person in (people or PEOPLE).items()},
        }
        self.gone: set[str] = set()
        self.changes: list[tuple[str, str, dict[str, Any]]] = []
        """What happened to records other than promises, each as the record was after it."""
        self._count = 0

    # What the rules ask of the books.

    def get(self, kind: str, id: str) -> Row | None:
        found = self.rows.get(kind, {}).get(id)
        return None if found is None else Row(id, dict(found))

    def find(self, kind: str, name: str, values: Iterable[str]) -> Sequence[Row]:
        wanted = set(values)
        return [row for row in self._all(kind) if (row.id if name == "id" else row.get(name)) in wanted]

    def contacts(self, customer_id: str, order_ids: Iterable[str], since: str) -> Sequence[Row]:
        wanted = set(order_ids)
        return [
            row
            for row in self._all("contact_event")
            if (row.get("customer_id") == customer_id if customer_id else row.get("repair_order_id") in wanted)
            and str(row.get("at")) >= since
        ]

    def open_promises(self, customer_id: str, order_ids: Iterable[str]) -> Sequence[Row]:
        wanted = set(order_ids)
        return [
            row
            for row in self._all("promise")
            if row.get("state") == "open"
            and (row.get("customer_id") == customer_id if customer_id else row.get("repair_order_id") in wanted)
        ]

    def known(self, kind: str, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(id for id in ids if id in self.rows.get(kind, {}) or id in self.gone)

    def _all(self, kind: str) -> list[Row]:
        return [Row(id, dict(fields)) for id, fields in self.rows.get(kind, {}).items()]

    # What happens at the store.

    def new_id(self) -> str:
        """An id made at the present moment."""
        self._count += 1
        return uuid7(self.now, self._count.to_bytes(10, "big"))

    def add(self, kind: str, id: str = "", **fields: Any) -> str:
        """A record is made; moments may be given as they are."""
        id = id or self.new_id()
        self.take(kind, id, {name: _wire(value) for name, value in fields.items()})
        return id

    def take(self, kind: str, id: str, fields: dict[str, Any]) -> None:
        """A record as another has it."""
        self.rows.setdefault(kind, {})[id] = dict(fields)
        self._changed(kind, id)

    def set(self, kind: str, id: str, **fields: Any) -> None:
        """A record changes; None clears a field."""
        row = self.rows[kind][id]
        for name, value in fields.items():
            if value is None:
                row.pop(name, None)
            else:
                row[name] = _wire(value)
        self._changed(kind, id)

    def _changed(self, kind: str, id: str) -> None:
        if kind != "promise":
            self.changes.append((kind, id, dict(self.rows[kind][id])))
        self.settle(kind, id)

    def say(self, customer: str, channel: str = "call", outcome: str = "reached", **more: Any) -> str:
        """Something is said to a customer now."""
        said = {"channel": channel, "direction": "out", "outcome": outcome, "at": self.now, **more}
        return self.add("contact_event", customer_id=customer, **said)

    def pass_to(self, text: str) -> None:
        """Time passes until a moment by the store's clock, and the rules look at everything."""
        self.now = local(text)
        self.look()

    def wait(self, **span: float) -> None:
        """So much time passes, and the rules look at everything."""
        self.now += timedelta(**span)
        self.look()

    def look(self) -> None:
        """The rules run over every file."""
        keys = {Key(id) for id in self.rows.get("customer", {})}
        keys |= {Key("", row.id) for row in self._all("repair_order") if not row.get("customer_id")}
        for key in sorted(keys):
            self._settle(key)

    def settle(self, kind: str, id: str) -> None:
        """The rules run over the files a record's change concerns."""
        for key in sorted(keys_of(self, kind, [id])):
            self._settle(key)

    def shop(self) -> Shop:
        """What the rules look at besides a file."""
        return Shop.of("store", self.rows["store"]["store"], self.rows["employee"], self.now)

    def _settle(self, key: Key) -> None:
        for edit in settle(open_file(self, key, self.now), self.shop(), self):
            self.apply(edit)

    def apply(self, edit: Edit) -> None:
        """An edit as a cache or the books would take it."""
        rows = self.rows.setdefault(edit.kind, {})
        if edit.op == CREATE:
            assert edit.record_id not in rows, "raised twice"
            rows[edit.record_id] = dict(edit.set)
        elif edit.op == DELETE:
            rows.pop(edit.record_id)
            self.gone.add(edit.record_id)
        else:
            row = rows[edit.record_id]
            row.update(edit.set)
            rows[edit.record_id] = {name: value for name, value in row.items() if value is not None}

    # What is promised.

    def promises(self, rule: str) -> list[dict[str, Any]]:
        """A rule's promises, the one due first first, with the due time by the store's clock."""
        found = [
            {"id": id, **fields, "due": _clock(fields["due_at"])}
            for id, fields in self.rows.get("promise", {}).items()
            if fields["rule"] == rule
        ]
        return sorted(found, key=lambda row: str(row["due_at"]))

    def one(self, rule: str) -> dict[str, Any]:
        """The rule's only promise."""
        (found,) = self.promises(rule)
        return found

    def state(self, rule: str) -> str:
        """What became of the rule's only promise; with the reason it was given up for."""
        found = self.one(rule)
        return f"{found['state']}: {found['reason']}" if "reason" in found else str(found["state"])

    def owner(self, rule: str) -> str:
        """Who has the rule's only promise: a person, or a role's queue."""
        found = self.one(rule)
        return str(found.get("owner_id") or f"any {found['owner_role']}")


def car(shop: Records, **fields: object) -> tuple[str, str]:
    """A customer's car written up now; answers the customer and the order."""
    customer = shop.add("customer", name="Marchetti, Sofia", advisor_id="maria")
    said = {"customer_id": customer, "advisor_id": "maria", "stage": "repair", "opened": shop.now, "number": "RO 1001"}
    return customer, shop.add("repair_order", **{**said, **fields})


def without(*gone: str) -> dict[str, dict[str, Any]]:
    """The store's people but for these."""
    return {id: person for id, person in PEOPLE.items() if id not in gone}


def _wire(value: Any) -> Any:
    return times.to_wire(value) if isinstance(value, datetime) else value


def _clock(text: str) -> str:
    return f"{times.from_wire(text).astimezone(ZONE):%a %Y-%m-%d %H:%M}"
