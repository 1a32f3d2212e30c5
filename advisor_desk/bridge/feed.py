"""What desks pull: pages of the records that changed, in commit order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, func, select

from advisor_desk.bridge import records
from advisor_desk.bridge.head import Head, head_of
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import TABLES, feed

_SEPARATOR: Final = "."


def cursor(epoch: str, seq: int) -> str:
    """The token a desk keeps; opaque to it."""
    return f"{epoch}{_SEPARATOR}{seq}"


def gone() -> Problem:
    """The refusal of a place that is not in this feed any more."""
    return Problem(410, "cursor_gone", "This place in the feed is gone. Take a new snapshot; unsent work is kept.")


def number(text: str) -> int | None:
    """A token's number; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def changes(conn: Connection, store_id: str, token: str, limit: int) -> dict[str, Any]:
    """The records changed after the cursor, each once at its newest change; raises Problem 410 for one that is gone."""
    head = head_of(conn, store_id)
    after = _after(token, head, _oldest(conn, store_id, head))
    entries = conn.execute(
        select(feed.c.seq, feed.c.kind, feed.c.id)
        .where(feed.c.store_id == store_id, feed.c.seq > after)
        .order_by(feed.c.seq)
        .limit(limit)
    ).all()
    out = _newest(conn, store_id, {(entry.kind, entry.id): entry.seq for entry in entries})
    last = entries[-1].seq if entries else after
    return {
        "epoch": head.epoch,
        "after": token,
        "changes": out,
        "next": cursor(head.epoch, last),
        "more": last < head.seq,
        "count": len(out),
    }


def _oldest(conn: Connection, store_id: str, head: Head) -> int:
    """The first place a cursor may still stand at: before the oldest entry that housekeeping has left."""
    first = conn.execute(select(func.min(feed.c.seq)).where(feed.c.store_id == store_id)).scalar()
    return max(head.oldest, head.seq if first is None else first - 1)


def _after(token: str, head: Head, oldest: int) -> int:
    epoch, _, text = token.rpartition(_SEPARATOR)
    after = number(text)
    if epoch != head.epoch or after is None or not oldest <= after <= head.seq:
        raise gone()
    return after


def _newest(conn: Connection, store_id: str, newest: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The records of a page, in commit order.

    One changed again past the page is left out: it comes there, so that a page never runs ahead of its cursor.
    """
    by_kind: dict[str, list[str]] = {}
    for kind, id in newest:
        by_kind.setdefault(kind, []).append(id)
    out: list[dict[str, Any]] = []
    for kind, ids in by_kind.items():
        out += [
            {"seq": row.rev, **_out(kind, row, bool(row.deleted))}
            for row in _rows(conn, store_id, kind, ids)
            if row.rev == newest[kind, row.id]
        ]
    return sorted(out, key=lambda change: int(change["seq"]))


def _rows(conn: Connection, store_id: str, kind: str, ids: list[str]) -> Sequence[Any]:
    table = TABLES[kind]
    return conn.execute(
        select(table.c.id, table.c.rev, table.c.deleted, table.c.body, table.c.versions).where(
            table.c.store_id == store_id, table.c.id.in_(ids)
        )
    ).all()


def _out(kind: str, row: Any, deleted: bool = False) -> dict[str, Any]:
    out = {"kind": kind, "id": row.id, "rev": row.rev, "deleted": deleted, "fields": json.loads(row.body)}
    return {**out, "overruled": records.overruled(records.read_versions(row.versions))}
