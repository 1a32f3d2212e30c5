"""Accepted edits that a keeper overruled without having seen them: their author is told, as if they had come second."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from advisor_desk.cache import codec, unsent
from advisor_desk.cache.codec import ServerRow
from advisor_desk.domain import times


def problem(overruled: Mapping[str, Any], seq: int | None, actor: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Why the edit accepted at a place does not stand any more; empty while it does."""
    clashes = {
        name: {
            "yours": said["yours"],
            "theirs": fields.get(name),
            "by": said["by"],
            "at": said["at"],
            "why": "somebody else set it without having seen yours",
        }
        for name, said in overruled.items()
        if said["seq"] == seq and said["author"] == actor
    }
    if not clashes:
        return {}
    detail = "It was accepted; then somebody else, whose word counts here, set it too. Keep theirs, or set yours again."
    return {"type": "urn:advisor-desk:conflict", "title": "Conflict", "detail": detail, "fields": clashes}


def note(conn: Connection, rows: Iterable[ServerRow], now: datetime) -> None:
    """Put accepted edits of this desk that gave way before their author, once."""
    for row in rows:
        for seq in {said["seq"] for said in row.overruled.values()}:
            edits = conn.exec_driver_sql(
                "SELECT * FROM mutation WHERE state = 'acked' AND seq = ? AND kind = ? AND record_id = ?",
                (seq, row.kind, row.id),
            )
            for edit in edits.all():
                if found := problem(row.overruled, seq, edit.actor, row.fields):
                    record = {"kind": row.kind, "id": row.id, "rev": row.rev, "fields": row.fields}
                    conn.exec_driver_sql(
                        "UPDATE mutation SET state = 'refused', settled_at = ?, problem = ?, theirs = ? WHERE id = ?",
                        (times.to_wire(now), codec.encode(found), codec.encode(record), edit.id),
                    )
                    unsent.note_edit(conn, edit._asdict())  # a person has to decide it now: it is not done
