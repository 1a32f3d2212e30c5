"""Needs attention: edits the bridge refused or that clashed, each with its author's values, until a person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from advisor_desk.cache import board, codec, outbox, records, unsent
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.outbox import Origin
from advisor_desk.domain import promise
from advisor_desk.domain.changes import CREATE, DELETE, RESTORE, UPDATE, Edit
from advisor_desk.domain.errors import BadArguments, Refused


def count(conn: Connection) -> int:
    """How many edits wait for a person."""
    # Among the live ones: an index is found by its very words.
    live = "SELECT count(*) FROM mutation WHERE state IN ('waiting', 'sent', 'refused') AND state = 'refused'"
    return int(conn.exec_driver_sql(live).scalar_one())


def resolve(
    conn: Connection,
    id: str,
    action: str,
    set_: Mapping[str, Any] | None,
    origin: Origin,
    new_id: Callable[[], str],
) -> Touched:
    """Keep theirs, set mine again, or set edited values; sending again is a new edit, judged afresh."""
    row = conn.exec_driver_sql("SELECT * FROM mutation WHERE id = ? AND state = 'refused'", (id,)).one_or_none()
    if row is None:
        raise Refused("not_found", "That entry is decided already.", {"attention_id": "not found"})
    if action == "edit" and not set_:
        raise BadArguments({"set": "is missing: the edited values"})
    conn.exec_driver_sql("UPDATE mutation SET state = 'resolved', settled_at = ? WHERE id = ?", (origin.made_at, id))
    unsent.note_done(conn, {id: "resolved"})
    touched: Touched = {row.kind: {row.record_id}}
    if action != "keep_theirs":
        mine = dict(set_) if action == "edit" and set_ is not None else codec.decode(row.mine)
        left = outbox.issue(conn, _again(conn, row, mine), origin, new_id(), row.position)
        records.touch(touched, row.kind, row.record_id, left)
    board.refresh(conn, touched)
    return touched


def _again(conn: Connection, row: Any, mine: dict[str, Any]) -> Edit:
    """The edit to send instead, seen from how the record stands now."""
    stored = records.load(conn, row.kind, row.record_id)
    now = stored.fields if stored else {}
    if row.kind == "promise":
        mine = promise.with_one_owner(mine)
    was = {name: now.get(name) for name in mine}
    if stored is None:
        return Edit(
            row.kind, row.record_id, CREATE, {name: value for name, value in mine.items() if value is not None}, {}
        )
    if row.op == DELETE:
        return Edit(row.kind, row.record_id, DELETE, {}, dict(now))
    if stored.deleted:
        return Edit(row.kind, row.record_id, RESTORE, mine, was)
    return Edit(row.kind, row.record_id, UPDATE, mine, was)
