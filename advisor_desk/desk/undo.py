"""Taking back what one has just done."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import outbox, records
from advisor_desk.desk.context import Context
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import Refused


def undo(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``undo``: the reverse of a change of one's own, unless somebody has gone on from it."""
    done = outbox.change(desk.conn, args.get("change"), desk.actor)
    if done is None:
        raise Refused("nothing_to_undo", "There is nothing of yours to undo.")
    edits = [edit.reversed() for edit in reversed(done.edits)]
    for edit in edits:
        stored = records.load(desk.conn, edit.kind, edit.record_id)
        now = stored.fields if stored and not stored.deleted else {}
        moved = [name for name, value in edit.was.items() if now.get(name) != value]
        if stored is None or moved:
            what = (moved[0] if moved else edit.kind).replace("_", " ")
            raise Refused("gone_on", f"Somebody has changed the {what} since. Set it by hand instead.")
    outbox.mark_undone(desk.conn, done.id, desk.now.isoformat())
    return edits
