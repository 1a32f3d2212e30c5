"""A small dealership on a bridge: people of every role, one car on the drive, and desks that send edits."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from advisor_desk.api import wire
from advisor_desk.bridge import ledger
from advisor_desk.bridge.books import Books, Row
from advisor_desk.bridge.judge import Caller
from advisor_desk.domain.records import Role
from tests.bridge.line import Line

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""A working Monday morning in the store's zone; the moment every test begins at."""


def wire_time(moment: datetime) -> str:
    """A moment as a desk stamps it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


@dataclass
class Rooftop:
    """One store and what is in it, by names that tell; ids begin with the store's own word."""

    shelf: Books
    word: str = "harbor"
    people: dict[str, str] = field(default_factory=dict)
    """Employee id by role."""

    def __post_init__(self) -> None:
        self.store_id = f"{self.word}-store"
        self.people = {role.value: f"{self.word}-{role.value}" for role in Role} | {
            "other_advisor": f"{self.word}-other-advisor"
        }
        self.customer, self.vehicle = f"{self.word}-customer", f"{self.word}-vehicle"
        self.ro, self.job, self.line = f"{self.word}-ro", f"{self.word}-job", f"{self.word}-line"

    def opened(self, owner: Books | None = None) -> Rooftop:
        """The store, entered in the books by their owner."""
        (owner or self.shelf).import_records(self.store_id, self.rows())
        return self

    def rows(self) -> Iterator[Row]:
        """What the store holds to begin with."""
        yield "store", self.store_id, {"name": f"{self.word.title()} Motors", "timezone": "America/New_York"}
        for name, id in self.people.items():
            yield "employee", id, {"name": name.title(), "roles": ["advisor" if name == "other_advisor" else name]}
        yield "customer", self.customer, {"name": "Kowalski, Jan", "phones": [{"raw": "212-555-0101"}]}
        yield "vehicle", self.vehicle, {"vin": "4T1BB1DK5RA100001", "year": 2024, "customer_ids": [self.customer]}
        yield (
            "repair_order",
            self.ro,
            {
                "number": "48001",
                "customer_id": self.customer,
                "vehicle_id": self.vehicle,
                "advisor_id": self.people["advisor"],
                "stage": "repair",
                "tag": "T-101",
                "promised_at": "2026-11-23T22:00:00Z",
            },
        )
        yield "job", self.job, {"repair_order_id": self.ro, "letter": "A", "complaint": "Brakes grind", "state": "sent"}
        yield (
            "part_line",
            self.line,
            {
                "repair_order_id": self.ro,
                "job_id": self.job,
                "number": "45022",
                "state": "ordered",
                "eta": "2026-11-23T19:00:00Z",
            },
        )

    def caller(self, who: str = "advisor") -> Caller:
        """Someone of this store, as their token would say."""
        roles = frozenset({"advisor" if who == "other_advisor" else who})
        return Caller(self.store_id, self.people[who], roles)

    def desk(self, who: str = "advisor", name: str = "", now: datetime = MONDAY) -> Desk:
        """A new desk somebody of this store works at."""
        return Desk(self, who, name or f"desk-of-{who}-{secrets.token_hex(4)}", now)

    def record(self, kind: str, id: str) -> Any:
        """A record as the books hold it."""
        from advisor_desk.bridge import records

        with self.shelf.read(self.store_id) as conn:
            return records.load(conn, self.store_id, kind, id)

    def fields(self, kind: str, id: str) -> dict[str, Any]:
        """A record's fields as the books hold them."""
        fields: dict[str, Any] = self.record(kind, id).fields
        return fields

    @property
    def seq(self) -> int:
        """The number of the store's last change."""
        return self.shelf.head(self.store_id).seq


@dataclass
class Desk:
    """A desk that numbers its edits and sends them one by one, straight to the ledger."""

    rooftop: Rooftop
    who: str
    name: str
    now: datetime = MONDAY
    n: int = 0
    ids: Iterator[int] = field(default_factory=itertools.count)

    def edit(self, kind: str, id: str, set: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """An edit as the wire has it, numbered next; it knows the newest of its record unless ``base_rev`` says so."""
        self.n += 1
        record = self.rooftop.record(kind, id) if more.get("op", "update") != "create" else None
        known = record.fields if record is not None else {}
        return {
            "id": f"{self.name}-{next(self.ids)}",
            "n": self.n,
            "kind": kind,
            "record_id": id,
            "op": "update",
            "base_rev": record.rev if record is not None else 0,
            "set": dict(set),
            "was": {name: known.get(name) for name in set},
            "intent": "test",
            "made_at": wire_time(self.now),
            "actor": self.rooftop.people[self.who],
        } | more

    def send(self, *edits: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The answers to these edits; raises Problem when the bridge refuses the whole push."""
        mutations = [wire.Mutation.model_validate(dict(edit)) for edit in edits]
        with self.rooftop.shelf.write(self.rooftop.store_id) as conn:
            return ledger.apply(conn, self.rooftop.caller(self.who), self.name, mutations, self.now)

    def does(self, kind: str, id: str, set: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Make one edit and send it; its answer."""
        return self.send(self.edit(kind, id, set or {}, **more))[0]

    def later(self, **how_much: float) -> Desk:
        """The same desk after a while."""
        self.now += timedelta(**how_much)
        return self


@dataclass
class Signed:
    """Somebody's requests over HTTP, signed with their token."""

    line: Line
    token: str

    def get(self, path: str, **params: Any) -> Any:
        """A signed GET."""
        return self.line.get(path, params=params or None, headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        """A signed POST of JSON."""
        return self.line.post(path, json=body, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.token}"}

    def snapshot(self, limit: int = 4_000) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Every line of a whole snapshot, and the end of each page."""
        lines: list[dict[str, Any]] = []
        ends: list[dict[str, Any]] = []
        after, more = "", True
        while more:
            reply = self.get("/v1/snapshot", after=after, limit=limit)
            assert reply.status_code == 200, reply.text
            *records, last = map(json.loads, reply.content.splitlines())
            lines += records
            ends.append(last["end"])
            after, more = last["end"]["cursor"], last["end"]["more"]
        return lines, ends
