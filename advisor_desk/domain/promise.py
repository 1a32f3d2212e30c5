"""A promise: a handoff with an owner, a due time and evidence; what people do to one by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import CREATE, Edit
from advisor_desk.domain.errors import BadArguments, Refused

STATES: Final = ("open", "kept", "kept_late", "broken", "cancelled")

STATE_MOVES: Final = {
    "open": frozenset({"kept", "kept_late", "broken", "cancelled"}),
    # Two who see the same evidence apart may differ on its minute; and what was kept was kept, whoever gave it up.
    "kept": frozenset({"open", "kept_late"}),
    "kept_late": frozenset({"open", "kept"}),
    "broken": frozenset({"open", "kept_late", "cancelled"}),
    "cancelled": frozenset({"open", "kept", "kept_late", "broken"}),
}
BY_RULE: Final = "promise.settle"
"""What the rules do, as edits name it: nobody gave the command."""
BY_HAND: Final = "by_hand"
"""The rule of a promise that a person made."""
ACCEPTED, DECLINED, UNANSWERED, REOWNED = "accepted", "declined", "unanswered", "reowned"
TAKEN: Final = frozenset({ACCEPTED, DECLINED})
"""What somebody has said to an offer; without a word it bounces."""
ANSWER_WITHIN: Final = timedelta(minutes=30)
REOPENED: Final = {"state": "open", "reason": None}
"""The fields that change when one that the rules called off is owed after all."""

Fields = Mapping[str, Any]
_OWNERS: Final = ("owner_id", "owner_role")
_SIDES: Final = (("to", "owner_id"), ("to_role", "owner_role"))
"""Whom an offer is made to, and whom that is compared with."""


def is_open(fields: Fields) -> bool:
    """True until it is kept, broken or cancelled."""
    return (fields.get("state") or "open") == "open"


def is_called_off(fields: Fields) -> bool:
    """True for one that nobody gave up by hand: the rules found it had nothing to keep, or its command was undone."""
    return fields.get("state") == "cancelled" and not fields.get("ended_at")


def update(id: str, promise: Fields, **to: Any) -> Edit | None:
    """An edit of what differs; one that gives it another owner says so of both fields, whatever others make of them."""
    made = changes.update("promise", id, promise, **to)
    if made is None or not set(made.set) & set(_OWNERS):
        return made
    whole = {name: made.set.get(name, promise.get(name)) for name in _OWNERS}
    return replace(made, set={**made.set, **whole}, was={**made.was, **{name: promise.get(name) for name in _OWNERS}})


def with_one_owner(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an edit; one that names a person or a role takes the promise from whoever else had it."""
    if any(values.get(name) for name in _OWNERS):
        return {**dict.fromkeys(_OWNERS), **values}
    return dict(values)


def fault(fields: Fields) -> dict[str, str]:
    """Why a promise may not stand as it is, by field: no owner or two, no due time, or given up without a reason."""
    state = fields.get("state") or "open"
    if state == "open":
        if bool(fields.get("owner_id")) is bool(fields.get("owner_role")):
            return {"owner_id": "an open promise has exactly one owner: a person or a role"}
        if not fields.get("due_at"):
            return {"due_at": "is missing: every promise is due some time"}
    elif state in ("cancelled", "broken") and not fields.get("reason"):
        return {"reason": "is missing: say why it was given up"}
    elif state in ("kept", "kept_late") and not fields.get("evidence") and not fields.get("reason"):
        return {"reason": "is missing: a promise is kept by evidence, or by hand with a reason"}
    return {}


def make(
    id: str, subject: tuple[str, str], title: str, due_at: str, owner: Fields, about: Fields, *, by: str, now: datetime
) -> list[Edit]:
    """A promise made by a person; raises BadArguments for a due time in the past."""
    due = _to_come(due_at, now)
    kind, subject_id = subject
    said = {
        "rule": BY_HAND,
        "subject": {"kind": kind, "id": subject_id},
        **about,
        "title": title,
        **owner,
        "due_at": due,
        "first_due_at": due,
        "raised_at": times.to_wire(now),
        "raised_by": by,
        "state": "open",
    }
    return [Edit("promise", id, CREATE, {name: value for name, value in said.items() if value})]


def keep(id: str, promise: Fields, *, reason: str, now: datetime) -> list[Edit]:
    """Kept by hand, which needs a reason and counts apart; raises Refused for one that has ended."""
    _check_open(promise)
    on_time = times.to_wire(now) <= str(promise.get("due_at") or "")
    state = "kept" if on_time else "kept_late"
    return changes.edits(_end(id, promise, state, reason, now))


def cancel(id: str, promise: Fields, *, reason: str, now: datetime) -> list[Edit]:
    """Given up, with the reason; raises Refused for one that has ended."""
    _check_open(promise)
    return changes.edits(_end(id, promise, "cancelled", reason, now))


def _end(id: str, promise: Fields, state: str, reason: str, now: datetime) -> Edit | None:
    return update(id, promise, state=state, reason=reason, ended_at=times.to_wire(now), **_withdrawn(promise))


def taken_back(id: str, promise: Fields) -> Edit | None:
    """Called off because what raised it was undone: it stays on record, and the rules may open it again."""
    return update(id, promise, state="cancelled", reason="It was taken back.", **_withdrawn(promise))


def move(id: str, promise: Fields, due_at: str, *, reason: str, by: str, now: datetime) -> list[Edit]:
    """Another due time; the first one and every move stay on record. Raises BadArguments for the past."""
    _check_open(promise)
    due = _to_come(due_at, now)
    if due == promise.get("due_at"):
        return []
    moved = {"at": times.to_wire(now), "by": by, "was": promise.get("due_at"), "to": due, "reason": reason}
    moves = [*(promise.get("moves") or []), {name: value for name, value in moved.items() if value}]
    return changes.edits(update(id, promise, due_at=due, moves=moves))


def offer(
    id: str, promise: Fields, *, to: str, to_role: str, note: str, answer_by: str, by: str, now: datetime
) -> list[Edit]:
    """Offer it to a person or a role; whoever has it stays accountable until they accept."""
    _check_open(promise)
    if to and to == promise.get("owner_id"):
        raise BadArguments({"to": "has it already"})
    if to_role and to_role == promise.get("owner_role"):
        raise BadArguments({"to_role": "has it already"})
    if promise.get("handoff"):
        raise Refused("offered", "It is offered to somebody already. Wait for the answer.")
    due = _to_come(answer_by, now, "answer_by") if answer_by else times.to_wire(now + ANSWER_WITHIN)
    said = {
        "from": promise.get("owner_id"),
        "from_role": promise.get("owner_role"),
        "to": to,
        "to_role": to_role,
        "offered_at": times.to_wire(now),
        "answer_by": due,
        "note": note,
        "by": by,
    }
    return changes.edits(update(id, promise, handoff={k: v for k, v in said.items() if v}))


def accept(id: str, promise: Fields, *, by: str, roles: frozenset[str], now: datetime) -> list[Edit]:
    """Take an offered promise, or one out of the queue of one's own role: from here on the taker is accountable."""
    if in_queue(promise, roles):
        offered: Fields = {"from_role": promise["owner_role"], "to": by, "offered_at": times.to_wire(now)}
    else:
        offered = _offered(promise, by, roles)
    answered = _answered(promise, offered, ACCEPTED, by, now)
    return changes.edits(update(id, promise, owner_id=by, owner_role=None, **answered))


def decline(id: str, promise: Fields, *, reason: str, by: str, roles: frozenset[str], now: datetime) -> list[Edit]:
    """Say no to an offered promise: it stays with, and comes back to, the one who offered it."""
    offered = _offered(promise, by, roles)
    return changes.edits(update(id, promise, **_answered(promise, offered, DECLINED, by, now, reason)))


def bounced(promise: Fields, now: datetime) -> dict[str, Any]:
    """The fields that change when an offer ran out unanswered, or whom it is made to has it already; else none."""
    offered = promise.get("handoff") or {}
    if any(offered.get(to) and offered.get(to) == promise.get(has) for to, has in _SIDES):
        return {"handoff": None}
    due = str(offered.get("answer_by") or "")
    if not due or times.to_wire(now) < due:
        return {}
    answer = {**offered, "answer": UNANSWERED, "at": due}
    return {"handoff": None, "handoffs": [*(promise.get("handoffs") or []), answer]}


def reowned(promise: Fields, owner: Fields, *, by: str, reason: str, now: datetime | None = None) -> dict[str, Any]:
    """The fields that change when its owner is gone: somebody else has it, and an offer of it is void.

    Without a moment it was a rule, which says the same wherever and whenever it notices.
    """
    was = {"from": promise.get("owner_id"), "from_role": promise.get("owner_role")}
    to = {"to": owner.get("owner_id"), "to_role": owner.get("owner_role")}
    said = {**was, **to, "answer": REOWNED, "at": now and times.to_wire(now), "by": by, "reason": reason}
    entry = {name: value for name, value in said.items() if value}
    return {**owner, "handoff": None, "handoffs": [*(promise.get("handoffs") or []), entry]}


def in_queue(promise: Fields, roles: frozenset[str]) -> bool:
    """True for an open promise that anybody of one's role may take."""
    return is_open(promise) and promise.get("owner_role") in roles and not promise.get("handoff")


def may_answer(promise: Fields, by: str, roles: frozenset[str]) -> bool:
    """True for somebody it is offered to, by name or by role."""
    offered = promise.get("handoff") or {}
    return bool(offered) and (offered.get("to") == by or (bool(offered.get("to_role")) and offered["to_role"] in roles))


def _offered(promise: Fields, by: str, roles: frozenset[str]) -> Fields:
    _check_open(promise)
    offered: Fields = promise.get("handoff") or {}
    if not offered:
        raise Refused("not_offered", "It is not on offer any more: somebody has answered, or the offer was taken back.")
    if not may_answer(promise, by, roles):
        raise Refused("not_yours", "It is offered to somebody else. Ask them, or the one who offered it.")
    return offered


def _answered(
    promise: Fields, offered: Fields, answer: str, by: str, now: datetime, reason: str = ""
) -> dict[str, Any]:
    said = {**offered, "answer": answer, "at": times.to_wire(now), "by": by, **({"reason": reason} if reason else {})}
    return {"handoff": None, "handoffs": [*(promise.get("handoffs") or []), said]}


def _withdrawn(promise: Fields) -> dict[str, Any]:
    return {"handoff": None} if promise.get("handoff") else {}


def _check_open(promise: Fields) -> None:
    if not is_open(promise):
        state = str(promise.get("state")).replace("_", " ")
        raise Refused("ended", f"That promise is {state} already.", {"promise_id": f"is {state}"})


def _to_come(moment: str, now: datetime, field: str = "due_at") -> str:
    due = times.from_wire(moment)
    if due <= now:
        raise BadArguments({field: "is in the past; give a time to come"})
    return times.to_wire(due)
