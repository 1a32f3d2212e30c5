"""Taking back what one has just done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from advisor_desk.cache import outbox, records
from advisor_desk.desk.context import Context
from advisor_desk.domain import changes, promise
from advisor_desk.domain.changes import DELETE, Edit
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.errors import IllegalMove, Refused
from advisor_desk.domain.records import KINDS

_ADVICE: Final = "Have it set right in the dealer system."
_OF_PROMISES: Final = frozenset(name for name in COMMANDS if name.startswith("promise."))


def undo(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``undo``: the reverse of a change of one's own, unless somebody has gone on from it."""
    done = outbox.change(desk.conn, args.get("change"), desk.actor)
    if done is None:
        raise Refused("nothing_to_undo", "There is nothing of yours to undo.")
    edits = [edit.reversed() for edit in reversed(done.edits)]
    for edit in list(edits):
        stored = records.load(desk.conn, edit.kind, edit.record_id)
        now = stored.fields if stored and not stored.deleted else {}
        moved = [name for name, value in edit.was.items() if now.get(name) != value]
        if edit.kind == "promise" and moved and done.intent not in _OF_PROMISES:
            edits.remove(edit)  # what the rules added has gone on by itself; what the command did is taken back
            continue
        if stored is None or moved:
            what = (moved[0] if moved else edit.kind).replace("_", " ")
            raise Refused("gone_on", f"Somebody has changed the {what} since. Set it by hand instead.")
        _check_may_go_back(edit, now)
    outbox.mark_undone(desk.conn, done.id, desk.now.isoformat())
    return changes.edits(*(_keeping_promises(desk, edit) for edit in edits))


def _keeping_promises(desk: Context, edit: Edit) -> Edit | None:
    """The edit, but that no promise just goes: one made by hand is called off, what becomes of others the rules say."""
    if edit.kind != "promise" or edit.op != DELETE:
        return edit
    if edit.was.get("rule") == promise.BY_HAND:
        return promise.taken_back(edit.record_id, edit.was)
    desk.undone.append(edit.record_id)
    return None


def _check_may_go_back(edit: Edit, now: Mapping[str, Any]) -> None:
    """Refuse what the bridge would: a closed order is not opened again from a desk."""
    for name, to in edit.set.items():
        field = KINDS[edit.kind].fields.get(name)
        if field is None or field.policy.moves is None:
            continue
        at, back = str(now.get(name) or field.default), str(to or field.default)
        if at != back and back not in field.policy.moves.get(at, {back}):
            raise IllegalMove(name, at, back, _ADVICE)
