"""A job: one line of work on a repair order, and how it goes from recommended to done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import IllegalMove

STATES: Final = ("recommended", "sent", "approved", "declined", "in_progress", "done")
PAY: Final = ("customer", "warranty", "internal", "service_contract", "other")
SEVERITY: Final = ("red", "yellow", "green", "none")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What the jobs of an order are called by, in this order."""
AUTHORISED_HOW: Final = ("in_person", "call", "text", "email", "portal")

STATE_MOVES: Final = {
    "recommended": frozenset({"sent", "approved", "declined"}),
    "sent": frozenset({"approved", "declined", "recommended"}),
    "approved": frozenset({"in_progress", "done", "declined", "recommended", "sent"}),
    "declined": frozenset({"approved", "sent", "recommended"}),
    "in_progress": frozenset({"done", "approved"}),
    "done": frozenset({"in_progress"}),
}


def authorise(id: str, job: Mapping[str, Any], *, by: str, how: str, number: str, now: datetime) -> list[Edit]:
    """Record that the customer approved: who, when, how, and from where; raises IllegalMove once it is done.

    Work that is under way already stays so.
    """
    state = "in_progress" if job.get("state") == "in_progress" else "approved"
    _check(job, state)
    said = {"by": by, "at": times.to_wire(now), "how": how, "number": number}
    authorised = {name: value for name, value in said.items() if value}
    return changes.edits(changes.update("job", id, job, state=state, authorised=authorised, decline_reason=None))


def decline(id: str, job: Mapping[str, Any], *, reason: str) -> list[Edit]:
    """Record that the customer declined the work, in their words; raises IllegalMove once it is under way."""
    _check(job, "declined")
    return changes.edits(changes.update("job", id, job, state="declined", decline_reason=reason, authorised=None))


def written_up(ids: Sequence[str], repair_order_id: str, complaints: Sequence[str]) -> list[Edit]:
    """The jobs of a new order: one for each thing the customer says, lettered as they were said."""
    of_order = {"repair_order_id": repair_order_id, "state": STATES[0], "pay": PAY[0]}
    return [
        Edit("job", id, changes.CREATE, of_order | {"letter": letter, "complaint": said})
        for id, letter, said in zip(ids, LETTERS, complaints, strict=False)
    ]


def _check(job: Mapping[str, Any], to: str) -> None:
    state = job.get("state") or STATES[0]
    if state != to and state in STATE_MOVES and to not in STATE_MOVES[state]:
        raise IllegalMove("state", state, to)
