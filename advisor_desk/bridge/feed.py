"""What desks pull: pages of changes in commit order, and the snapshot a first sync begins with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select

from advisor_desk.bridge import books
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import TABLES, feed, head
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.repair_order import FINAL

_SEPARATOR: Final = "."


def cursor(epoch: str, seq: int) -> str:
    """The token a desk keeps; opaque to it."""
    return f"{epoch}{_SEPARATOR}{seq}"


def _gone() -> Problem:
    return Problem(410, "cursor_gone", "This place in the feed is gone. Take a new snapshot; unsent work is kept.")


def changes(shelf: Books, conn: Connection, store_id: str, token: str, limit: int) -> dict[str, Any]:
    """The records changed after the cursor, each once at its newest change; raises Problem 410 for one that is gone."""
    epoch, _, number = token.rpartition(_SEPARATOR)
    row = conn.execute(select(head.c.seq, head.c.oldest).where(head.c.store_id == store_id)).one_or_none()
    if row is None or epoch != shelf.epoch or not number.isdigit() or not row.oldest <= int(number) <= row.seq:
        raise _gone()
    entries = conn.execute(
        select(feed.c.seq, feed.c.kind, feed.c.id)
        .where(feed.c.store_id == store_id, feed.c.seq > int(number))
        .order_by(feed.c.seq)
        .limit(limit)
    ).all()
    newest = {(entry.kind, entry.id): entry.seq for entry in entries}
    by_kind: dict[str, list[str]] = {}
    for kind, id in newest:
        by_kind.setdefault(kind, []).append(id)
    out: list[dict[str, Any]] = []
    for kind, ids in by_kind.items():
        table = TABLES[kind]
        found = conn.execute(
            select(table.c.id, table.c.rev, table.c.deleted, table.c.body).where(
                table.c.store_id == store_id, table.c.id.in_(ids)
            )
        )
        for record in found:
            # Changed again past this page: it comes there, so that a page never runs ahead of its cursor.
            if record.rev == newest[kind, record.id]:
                out.append(
                    {
                        "seq": record.rev,
                        "kind": kind,
                        "id": record.id,
                        "rev": record.rev,
                        "deleted": bool(record.deleted),
                        "fields": json.loads(record.body),
                    }
                )
    out.sort(key=lambda change: change["seq"])
    last = entries[-1].seq if entries else int(number)
    return {
        "epoch": shelf.epoch,
        "changes": out,
        "next": cursor(shelf.epoch, last),
        "more": last < row.seq,
        "count": len(out),
    }


class _Place(NamedTuple):
    """Where a snapshot stands: the head noted at its start, how many lines went out, the step, the last id of it."""

    epoch: str
    head: int
    total: int
    done: int
    step: int
    after: str

    def token(self) -> str:
        return _SEPARATOR.join(map(str, self))

    @classmethod
    def read(cls, token: str) -> _Place:
        parts = token.split(_SEPARATOR, 5)
        if len(parts) != 6 or not all(part.isdigit() for part in parts[1:5]):
            raise _gone()
        return cls(parts[0], *map(int, parts[1:5]), parts[5])  # type: ignore[call-arg, arg-type]


def _open_steps(store_id: str, today: str) -> list[tuple[str, ColumnElement[bool]]]:
    """The open work, in the order a board is painted from: each step a kind and which of its records."""
    ro, appointment, promise = TABLES["repair_order"], TABLES["appointment"], TABLES["promise"]
    is_open = and_(ro.c.store_id == store_id, ro.c.stage.not_in(sorted(FINAL)), ro.c.deleted == 0)

    def of_open(kind: str, column: str = "repair_order_id") -> ColumnElement[bool]:
        return TABLES[kind].c[column].in_(select(ro.c.id).where(is_open))

    def named_by_open(kind: str, column: str) -> ColumnElement[bool]:
        return TABLES[kind].c.id.in_(select(ro.c[column]).where(is_open))

    return [
        ("store", literal(True)),
        ("employee", literal(True)),
        ("customer", named_by_open("customer", "customer_id")),
        ("vehicle", named_by_open("vehicle", "vehicle_id")),
        ("job", of_open("job")),
        ("part_line", of_open("part_line")),
        ("loaner", of_open("loaner")),
        ("contact_event", of_open("contact_event")),
        ("repair_order", is_open),
        ("promise", promise.c.state == "open"),
        ("appointment", appointment.c.starts_at >= today),
    ]


_HISTORY: Final = tuple(KINDS)


def snapshot(shelf: Books, conn: Connection, store_id: str, token: str, limit: int, today: str) -> bytes:
    """One page of the snapshot as NDJSON: open work first, then all of it, newest first, kind by kind."""
    opening = _open_steps(store_id, today)
    if token:
        place = _Place.read(token)
        if place.epoch != shelf.epoch:
            raise _gone()
    else:
        place = _Place(shelf.epoch, books.current_seq(conn, store_id), books.count(conn, store_id), 0, 0, "")
    out: list[bytes] = []
    step, after, count = place.step, place.after, 0
    steps = len(opening) + len(_HISTORY)
    began_open = step < len(opening)
    while step < steps and count < limit:
        if began_open and step >= len(opening):
            break  # the open part ends a page, so that the board can be painted from it
        kind, where = opening[step] if step < len(opening) else (_HISTORY[step - len(opening)], literal(True))
        last = ""
        found = 0
        for id, line in _lines(conn, store_id, kind, where, after, limit - count):
            out.append(line)
            last, found = id, found + 1
        count += found
        if count < limit:
            step, after = step + 1, ""
        else:
            after = last
    more = step < steps
    body = b"".join(out)
    history = 0 if began_open else count
    place = _Place(place.epoch, place.head, place.total, place.done + history, step, after)
    end = {
        "end": {
            "count": count,
            "sha256": hashlib.sha256(body).hexdigest(),
            "cursor": place.token() if more else cursor(place.epoch, place.head),
            "more": more,
            "total": place.total,
            "done": place.done,
            "part": "open" if began_open else "history",
        }
    }
    return body + json.dumps(end).encode() + b"\n"


def _lines(
    conn: Connection, store_id: str, kind: str, where: ColumnElement[bool], after: str, limit: int
) -> Iterator[tuple[str, bytes]]:
    table = TABLES[kind]
    asked: Select[Any] = select(table.c.id, table.c.rev, table.c.body).where(
        table.c.store_id == store_id, table.c.deleted == 0, where
    )
    if after:
        asked = asked.where(table.c.id < after)
    start = f'{{"kind":"{kind}","id":"'
    for id, rev, body in conn.execute(asked.order_by(table.c.id.desc()).limit(limit)):
        # The stored text goes out as it is; ids hold no character that JSON escapes (wire.Id).
        yield id, f'{start}{id}","rev":{rev},"fields":{body}}}\n'.encode()


def history(conn: Connection, store_id: str, customer_id: str, before: str, limit: int) -> dict[str, Any]:
    """A customer's contacts before a moment, newest first."""
    table = TABLES["contact_event"]
    asked = select(table.c.id, table.c.rev, table.c.body, table.c.at).where(
        table.c.store_id == store_id, table.c.customer_id == customer_id, table.c.deleted == 0
    )
    if before:
        asked = asked.where(table.c.at < before)
    rows = conn.execute(asked.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)).all()
    events = [
        {"kind": "contact_event", "id": row.id, "rev": row.rev, "deleted": False, "fields": json.loads(row.body)}
        for row in rows
    ]
    return {"events": events, "before": rows[-1].at if len(rows) == limit else None}


def search(conn: Connection, store_id: str, words: str, limit: int) -> list[dict[str, Any]]:
    """Records by the start of a customer's name or an RO's number; a desk searches its own cache first."""
    out: list[dict[str, Any]] = []
    for kind, column in (("customer", "name"), ("repair_order", "number")):
        table = TABLES[kind]
        rows = conn.execute(
            select(table.c.id, table.c.rev, table.c.body)
            .where(
                table.c.store_id == store_id,
                table.c.deleted == 0,
                func.lower(table.c[column]).startswith(words.lower(), autoescape=True),
            )
            .order_by(table.c.id.desc())
            .limit(limit)
        )
        out += [
            {"kind": kind, "id": row.id, "rev": row.rev, "deleted": False, "fields": json.loads(row.body)}
            for row in rows
        ]
    return out[:limit]
