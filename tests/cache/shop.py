"""A small shop's records in a cache of its own: what the cache's tests start from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from advisor_desk.cache import attention, board, meta, outbox, reads, records
from advisor_desk.cache.codec import ServerRow, Stored, Touched
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.cache.outbox import Origin
from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import CREATE, DELETE, RESTORE, Edit

KEY = bytes(range(32))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADVISOR = "emp-maria"
PARTS = "emp-luis"

RECORDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("store", "store-1", {"name": "Harbor Motors", "timezone": "America/New_York"}),
    ("employee", ADVISOR, {"name": "Maria Oakes", "roles": ["advisor"]}),
    ("employee", PARTS, {"name": "Luis Prado", "roles": ["parts"]}),
    (
        "customer",
        "cust-1",
        {
            "name": "Marchetti, Sofia",
            "phones": [{"raw": "(555) 010-4477", "e164": "+15550104477", "use": "mobile"}],
            "emails": ["sofia@example.com"],
            "advisor_id": ADVISOR,
        },
    ),
    ("customer", "cust-2", {"name": "Müller, Jürgen", "phones": [{"raw": "555-010-9911"}]}),
    (
        "vehicle",
        "car-1",
        {
            "vin": "1HGCM82633A004352",
            "year": 2019,
            "make": "Honda",
            "model": "CR-V",
            "trim": "EX",
            "plate": "KLM-4821",
            "customer_ids": ["cust-1"],
        },
    ),
    ("vehicle", "car-2", {"vin": "2T1BURHE5JC034567", "year": 2018, "make": "Toyota", "model": "Corolla"}),
    (
        "repair_order",
        "ro-1",
        {
            "number": "104417",
            "tag": "T21",
            "customer_id": "cust-1",
            "vehicle_id": "car-1",
            "advisor_id": ADVISOR,
            "stage": "repair",
            "opened": "2026-11-23T08:00:00Z",
            "promised_at": "2026-11-23T21:00:00Z",
        },
    ),
    (
        "repair_order",
        "ro-2",
        {"number": "104418", "tag": "T22", "customer_id": "cust-2", "vehicle_id": "car-2", "stage": "parts"},
    ),
    (
        "repair_order",
        "ro-old",
        {"number": "98001", "customer_id": "cust-1", "vehicle_id": "car-1", "stage": "closed", "tag": "T90"},
    ),
    ("job", "job-1", {"repair_order_id": "ro-1", "letter": "A", "complaint": "Brakes squeal", "state": "sent"}),
    (
        "part_line",
        "line-1",
        {
            "repair_order_id": "ro-1",
            "job_id": "job-1",
            "number": "45022-TLA",
            "description": "Front pads",
            "state": "ordered",
            "order_no": "PO-771",
        },
    ),
    (
        "part_line",
        "line-2",
        {"repair_order_id": "ro-2", "number": "90915-YZZF1", "description": "Filter", "state": "requested", "qty": 2},
    ),
    (
        "contact_event",
        "said-1",
        {
            "customer_id": "cust-1",
            "repair_order_id": "ro-1",
            "channel": "call",
            "direction": "out",
            "outcome": "reached",
            "body": "Told her the pads are on order",
            "employee_id": ADVISOR,
            "at": "2026-11-23T10:00:00Z",
        },
    ),
    ("loaner", "loan-1", {"unit": "L7", "customer_id": "cust-1", "repair_order_id": "ro-1"}),
)


def server_row(kind: str, id: str, rev: int, fields: Mapping[str, Any] | None = None, *, deleted: bool = False) -> Any:
    """A record as the bridge would send it; without fields, the shop's own."""
    own = {(kind, id): body for kind, id, body in RECORDS}
    return ServerRow(kind, id, rev, deleted, dict(own[kind, id] if fields is None else fields))


class Shop:
    """A cache with the shop's records, and hands that work on it as commands and the bridge would."""

    def __init__(self, path: Path, key: bytes = KEY, ids: str = "id") -> None:
        self.path = path
        self.key = key
        self.cache: Cache = open_cache(path, key)
        self._ids = ids
        self._numbers = itertools.count(1)
        self._now = NOON

    def stock(self) -> Shop:
        """Take the shop's records in, as a first sync would."""
        with self.cache.write() as conn:
            records.load_page(conn, [ServerRow(kind, id, 1, False, dict(body)) for kind, id, body in RECORDS])
            board.rebuild(conn)
            meta.put(conn, "employee_id", ADVISOR)
            meta.put(conn, "desk_id", "desk-1")
        return self

    def reopen(self) -> None:
        """Close the cache and open it again."""
        self.cache.close()
        self.cache = open_cache(self.path, self.key)

    def new_id(self) -> str:
        """The next id; they count."""
        return f"{self._ids}-{next(self._numbers):04}"

    def later(self, by: timedelta = timedelta(minutes=1)) -> datetime:
        """Let time pass; the new moment."""
        self._now += by
        return self._now

    def origin(self, intent: str = "ro.set_tag", actor: str = ADVISOR) -> Origin:
        """Where the next edits come from."""
        at = self.later().strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return Origin(intent, at, actor, self.new_id())

    def edit(self, kind: str, id: str, actor: str = ADVISOR, **to: Any) -> str:
        """Change a record's fields as a command does; the edit's own id."""
        with self.cache.write() as conn:
            stored = records.load(conn, kind, id)
            made = changes.update(kind, id, stored.fields if stored else {}, **to)
            assert made is not None, "that changes nothing"
            outbox.add(conn, [made], self.origin(actor=actor), self.new_id)
            return self._last(conn)

    def create(self, kind: str, id: str, **fields: Any) -> str:
        """Make a record as a command does; the edit's own id."""
        return self._issue(Edit(kind, id, CREATE, fields, {}))

    def delete(self, kind: str, id: str) -> str:
        """Delete a record as a command does; the edit's own id."""
        return self._issue(Edit(kind, id, DELETE, {}, {}))

    def restore(self, kind: str, id: str, **fields: Any) -> str:
        """Bring a record back as a command does; the edit's own id."""
        return self._issue(Edit(kind, id, RESTORE, fields, {}))

    def _issue(self, edit: Edit) -> str:
        with self.cache.write() as conn:
            outbox.add(conn, [edit], self.origin("made"), self.new_id)
            return self._last(conn)

    def _last(self, conn: Connection) -> str:
        return str(conn.exec_driver_sql("SELECT id FROM mutation ORDER BY row DESC LIMIT 1").scalar_one())

    def take(self, *rows: ServerRow) -> Touched:
        """What the bridge sent comes in, as a pull does it."""
        with self.cache.write() as conn:
            return records.apply_server(conn, rows)

    def batch(self, limit: int = 100, actor: str = ADVISOR) -> list[dict[str, Any]]:
        """What would be sent now."""
        with self.cache.write() as conn:
            return outbox.batch(conn, actor, limit)

    def settle(self, *results: Mapping[str, Any]) -> Touched:
        """Take the bridge's answers."""
        with self.cache.write() as conn:
            return outbox.settle(conn, results, self.later())

    def resolve(self, id: str, action: str, set_: Mapping[str, Any] | None = None) -> Touched:
        """A person decides an entry of needs-attention."""
        with self.cache.write() as conn:
            return attention.resolve(conn, id, action, set_, self.origin("attention.resolve"), self.new_id)

    def seen(self, kind: str, id: str) -> Stored | None:
        """A record as the advisor sees it."""
        with self.cache.read() as conn:
            return records.load(conn, kind, id)

    def fields(self, kind: str, id: str) -> dict[str, Any]:
        """A living record's fields."""
        stored = self.seen(kind, id)
        assert stored is not None and not stored.deleted
        return stored.fields

    def sql(self, statement: str, *args: Any) -> list[tuple[Any, ...]]:
        """Rows of the cache's own tables."""
        with self.cache.read() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(statement, args)]

    def state_of(self, mutation: str) -> str:
        """Where an edit stands."""
        return str(self.sql("SELECT state FROM mutation WHERE id = ?", mutation)[0][0])

    def waiting(self) -> int:
        """How many edits the bridge has not answered."""
        with self.cache.read() as conn:
            return outbox.waiting(conn)

    @contextmanager
    def reader(self) -> Iterator[Any]:
        """A screen's connection."""
        conn = reads.connect(self.path, self.key)
        try:
            yield conn
        finally:
            conn.close()


def applied(id: str, row: ServerRow, outcome: str = "applied") -> dict[str, Any]:
    """The bridge's answer to an edit that stands."""
    return {"id": id, "outcome": outcome, "seq": row.rev, "record": _record(row), "problem": None}


def refused(id: str, row: ServerRow | None, code: str = "conflict", outcome: str = "conflict") -> dict[str, Any]:
    """The bridge's answer to an edit it would not take."""
    problem = {"type": f"urn:advisor-desk:{code}", "title": code, "detail": "No.", "fields": {}}
    record = _record(row) if row else None
    return {"id": id, "outcome": outcome, "seq": row.rev if row else 0, "record": record, "problem": problem}


def _record(row: ServerRow) -> dict[str, Any]:
    return {"kind": row.kind, "id": row.id, "rev": row.rev, "deleted": row.deleted, "fields": dict(row.fields)}


def wire(moment: datetime) -> str:
    """A moment as fields hold it."""
    return times.to_wire(moment)
