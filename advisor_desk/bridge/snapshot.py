"""The snapshot a first sync begins with: every record in pages with a place to go on from, the open work first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, or_, select

from advisor_desk.bridge import feed
from advisor_desk.bridge.head import head_of, living
from advisor_desk.bridge.open_work import Step, batched, opening
from advisor_desk.bridge.schema import TABLES
from advisor_desk.domain.records import KINDS

_SEPARATOR: Final = "."
_HISTORY: Final = tuple(Step(kind) for kind in KINDS)


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


def page(conn: Connection, store_id: str, token: str, limit: int, today: str, since: str = "") -> bytes:
    """One page of the snapshot as NDJSON: open work first, then all of it, newest first, kind by kind.

    Contacts before the day ``since`` are left out: a desk asks for those when somebody wants to see them.
    """
    head = head_of(conn, store_id)
    place = _Place.read(token) if token else _Place(head.epoch, head.seq, living(conn, store_id), 0, 0, "")
    if place.epoch != head.epoch:
        raise feed.gone()
    first = opening(today)
    all_steps = [*first, *_HISTORY]
    began_open = place.step < len(first)
    # The open part ends a page, so that the board can be painted from it.
    out, step, after = _fill(conn, store_id, first if began_open else all_steps, place, limit, since)
    more = step < len(all_steps)
    done = place.done + (0 if began_open else len(out))
    then = place._replace(done=done, step=step, after=after)
    body = b"".join(out)
    end = {
        "after": token,
        "count": len(out),
        "sha256": hashlib.sha256(body).hexdigest(),
        "cursor": then.token() if more else feed.cursor(place.epoch, place.head),
        "more": more,
        "total": place.total,
        "done": done,
        "part": "open" if began_open else "history",
    }
    return body + json.dumps({"end": end}).encode() + b"\n"


def _fill(
    conn: Connection, store_id: str, steps: list[Step], place: _Place, limit: int, since: str
) -> tuple[list[bytes], int, str]:
    """Lines up to the limit, and the step and id to go on from."""
    out: list[bytes] = []
    step, after = place.step, place.after
    while step < len(steps):
        room = limit - len(out)
        if room == 0:
            break
        last = ""
        for id, line in _lines(conn, store_id, steps[step], after, room, since):
            last = id
            out.append(line)
        if len(out) == limit:
            return out, step, last
        step, after = step + 1, ""
    return out, step, after


def _lines(
    conn: Connection, store_id: str, step: Step, after: str, limit: int, since: str
) -> Iterator[tuple[str, bytes]]:
    """The step's records after a place, newest first, each as it goes out."""
    if step.ids is None:
        rows = _next(conn, store_id, step.kind, after, limit, since)
    else:
        wanted = sorted((id for id in step.ids(conn, store_id) if not after or id < after), reverse=True)
        rows = _named(conn, store_id, step.kind, wanted, limit)
    start = f'{{"kind":"{step.kind}","id":"'
    for id, rev, body in rows:
        # The stored text goes out as it is; ids hold no character that JSON escapes (wire.Id).
        yield id, f'{start}{id}","rev":{rev},"fields":{body}}}\n'.encode()


def _next(conn: Connection, store_id: str, kind: str, after: str, limit: int, since: str) -> Iterable[Any]:
    """The next of all of a kind."""
    id = TABLES[kind].c.id
    asked = _living(store_id, kind)
    if since and kind == "contact_event":
        at = TABLES[kind].c.at
        asked = asked.where(or_(at >= since, at == ""))
    if after:
        asked = asked.where(id < after)
    return conn.execute(asked.order_by(id.desc()).limit(limit))


def _named(conn: Connection, store_id: str, kind: str, wanted: list[str], limit: int) -> Iterator[Any]:
    """The living ones of these ids, in their order, up to the limit."""
    count = 0
    for ids in batched(wanted):
        rows = conn.execute(_living(store_id, kind).where(TABLES[kind].c.id.in_(ids)))
        found = {row.id: row for row in rows}
        for id in ids:
            if id in found:
                yield found[id]
                count += 1
                if count == limit:
                    return


def _living(store_id: str, kind: str) -> Select[Any]:
    table = TABLES[kind]
    return select(table.c.id, table.c.rev, table.c.body).where(table.c.store_id == store_id, table.c.deleted == 0)
