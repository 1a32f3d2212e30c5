"""The snapshot a first sync begins with: every record in pages with a place to go on from, the open work first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, select, true, union_all

from advisor_desk.bridge import feed
from advisor_desk.bridge.head import head_of, living
from advisor_desk.bridge.schema import TABLES
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.repair_order import FINAL

_SEPARATOR: Final = "."
_HISTORY: Final = tuple(KINDS)


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
        epoch, *rest = token.split(_SEPARATOR, 5)
        numbers = [feed.number(text) for text in rest[:4]]
        if len(rest) != 5 or None in numbers:
            raise feed.gone()
        head, total, done, step = (number or 0 for number in numbers)
        return cls(epoch, head, total, done, step, rest[4])


class _Step(NamedTuple):
    """One kind, and which of its records."""

    kind: str
    where: ColumnElement[bool]


def _open_steps(store_id: str, today: str) -> list[_Step]:
    """The open work, in the order a board is painted from.

    Asked so that SQLite has one way only: stages by ranges of their index, what belongs to a repair order by an outer
    join from it. Left to choose, it reads whole tables in the order of their ids, half a minute in a store of years.
    """
    ro, appointment, promise = TABLES["repair_order"], TABLES["appointment"], TABLES["promise"]
    columns = ro.c.store_id, ro.c.id, ro.c.customer_id, ro.c.vehicle_id
    found = select(*columns).where(ro.c.store_id == store_id, ro.c.deleted == 0)
    is_open = union_all(*(found.where(stages) for stages in _not_final(ro.c.stage))).subquery()

    def named_by_open(kind: str, column: str) -> _Step:
        return of_store(kind, TABLES[kind].c.id.in_(select(is_open.c[column])))

    def of_open(kind: str) -> _Step:
        part = TABLES[kind].alias()
        belongs = and_(part.c.store_id == is_open.c.store_id, part.c.repair_order_id == is_open.c.id)
        return of_store(kind, TABLES[kind].c.id.in_(select(part.c.id).select_from(is_open.outerjoin(part, belongs))))

    def of_store(kind: str, more: ColumnElement[bool]) -> _Step:
        return _Step(kind, and_(TABLES[kind].c.store_id == store_id, more))

    return [
        of_store("store", true()),
        of_store("employee", true()),
        named_by_open("customer", "customer_id"),
        named_by_open("vehicle", "vehicle_id"),
        of_open("job"),
        of_open("part_line"),
        of_open("loaner"),
        of_open("contact_event"),
        named_by_open("repair_order", "id"),
        of_store("promise", promise.c.state == "open"),
        of_store("appointment", appointment.c.starts_at >= today),
    ]


def _not_final(stage: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Every stage but the final ones, as ranges of an index; a stage nobody knows yet is open work too."""
    ends = sorted(FINAL)
    return [stage < ends[0], *(and_(stage > low, stage < high) for low, high in pairwise(ends)), stage > ends[-1]]


def page(conn: Connection, store_id: str, token: str, limit: int, today: str) -> bytes:
    """One page of the snapshot as NDJSON: open work first, then all of it, newest first, kind by kind."""
    head = head_of(conn, store_id)
    place = _Place.read(token) if token else _Place(head.epoch, head.seq, living(conn, store_id), 0, 0, "")
    if place.epoch != head.epoch:
        raise feed.gone()
    opening = _open_steps(store_id, today)
    all_steps = [*opening, *(_Step(kind, TABLES[kind].c.store_id == store_id) for kind in _HISTORY)]
    began_open = place.step < len(opening)
    # The open part ends a page, so that the board can be painted from it.
    steps = all_steps[: len(opening)] if began_open else all_steps
    out, step, after = _fill(conn, steps, place, limit)
    more = step < len(all_steps)
    done = place.done + (0 if began_open else len(out))
    then = place._replace(done=done, step=step, after=after)
    body = b"".join(out)
    end = {
        "count": len(out),
        "sha256": hashlib.sha256(body).hexdigest(),
        "cursor": then.token() if more else feed.cursor(place.epoch, place.head),
        "more": more,
        "total": place.total,
        "done": done,
        "part": "open" if began_open else "history",
    }
    return body + json.dumps({"end": end}).encode() + b"\n"


def _fill(conn: Connection, steps: list[_Step], place: _Place, limit: int) -> tuple[list[bytes], int, str]:
    """Lines up to the limit, and the step and id to go on from."""
    out: list[bytes] = []
    step, after = place.step, place.after
    while step < len(steps):
        room = limit - len(out)
        if room == 0:
            break
        last = ""
        for id, line in _lines(conn, steps[step], after, room):
            last = id
            out.append(line)
        if len(out) == limit:
            return out, step, last
        step, after = step + 1, ""
    return out, step, after


def _lines(conn: Connection, step: _Step, after: str, limit: int) -> Iterator[tuple[str, bytes]]:
    table = TABLES[step.kind]
    asked = select(table.c.id, table.c.rev, table.c.body).where(step.where, table.c.deleted == 0)
    if after:
        asked = asked.where(table.c.id < after)
    start = f'{{"kind":"{step.kind}","id":"'
    for id, rev, body in conn.execute(asked.order_by(table.c.id.desc()).limit(limit)):
        # The stored text goes out as it is; ids hold no character that JSON escapes (wire.Id).
        yield id, f'{start}{id}","rev":{rev},"fields":{body}}}\n'.encode()
