"""A job: one line of work on a repair order, and how it goes from recommended to done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove

STATES: Final = ("recommended", "sent", "approved", "declined", "in_progress", "done")
PAY: Final = ("customer", "warranty", "internal", "service_contract", "other")
SEVERITY: Final = ("red", "yellow", "green", "none")
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What the jobs of an order are called by, in this order."""
AUTHORISED_HOW: Final = ("in_person", "call", "text", "email", "portal")
FINDINGS: Final = (
    "complaint", "cause", "correction", "op_code", "pay", "severity", "hours", "labour_amount", "parts_amount",
)  # fmt: skip
"""What is said of a job: the customer's words, what was found, what is to be done, and what it comes to."""
_ESTIMATE: Final = ("hours", "labour_amount", "parts_amount")

STATE_MOVES: Final = {
    "recommended": frozenset({"sent", "approved", "declined"}),
    "sent": frozenset({"approved", "declined", "recommended"}),
    "approved": frozenset({"in_progress", "done", "declined", "recommended", "sent"}),
    "declined": frozenset({"approved", "sent", "recommended"}),
    "in_progress": frozenset({"done", "approved"}),
    "done": frozenset({"in_progress", "approved"}),
}


def authorise(id: str, job: Mapping[str, Any], *, by: str, how: str, number: str, now: datetime) -> list[Edit]:
    """Record that the customer approved: who, when, how, and from where; raises IllegalMove once it is done.

    Work that is under way already stays so.
    """
    if job.get("state") == "done":
        raise IllegalMove("state", "done", "approved")
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


def added(id: str, repair_order_id: str, others: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> Edit:
    """One more line of work on an order, under the first letter that is free; raises BadArguments past the last."""
    taken = {job.get("letter") for job in others}
    letter = next((letter for letter in LETTERS if letter not in taken), None)
    if letter is None:
        raise BadArguments({"repair_order_id": f"has {len(LETTERS)} jobs; open another for the rest"})
    usual = {"repair_order_id": repair_order_id, "letter": letter, "state": STATES[0], "pay": PAY[0]}
    return Edit("job", id, changes.CREATE, usual | {name: said[name] for name in FINDINGS if name in said})


def recommend(id: str, job: Mapping[str, Any], said: Mapping[str, Any]) -> list[Edit]:
    """Write down what was found and what it comes to; raises IllegalMove for a new price of work under way.

    A customer answers one estimate: with another one the job is recommended anew, and sent anew.
    """
    to = {name: said[name] for name in FINDINGS if name in said}
    state = job.get("state") or STATES[0]
    anew = any(name in to and to[name] != job.get(name) for name in _ESTIMATE)
    if state == "declined" or (anew and state != STATES[0]):
        _check(job, STATES[0])
        to |= {"state": STATES[0], "sent_at": None, "authorised": None, "decline_reason": None}
    return changes.edits(changes.update("job", id, job, **to))


def send(id: str, job: Mapping[str, Any], now: datetime) -> list[Edit]:
    """The customer has the estimate and is to answer; raises IllegalMove for work they have approved already."""
    state = job.get("state") or STATES[0]
    if state in {"approved", "in_progress", "done"}:
        raise IllegalMove("state", state, "sent", "It needs no answer any more.")
    return changes.edits(changes.update("job", id, job, state="sent", sent_at=times.to_wire(now), decline_reason=None))


def assign(id: str, job: Mapping[str, Any], technician_id: str) -> list[Edit]:
    """Give the work to a technician; raises IllegalMove once it is done."""
    if job.get("state") == "done":
        raise IllegalMove("state", "done", "assigned")
    return changes.edits(changes.update("job", id, job, technician_id=technician_id))


def start(id: str, job: Mapping[str, Any]) -> list[Edit]:
    """The technician begins; raises IllegalMove for work nobody has approved."""
    state = job.get("state") or STATES[0]
    if state in {"recommended", "sent", "declined"}:
        raise IllegalMove("state", state, "in_progress", "Record the approval first.")
    if state == "done":
        raise IllegalMove("state", state, "in_progress", "Add a job for more work.")
    return changes.edits(changes.update("job", id, job, state="in_progress"))


def finish(id: str, job: Mapping[str, Any], correction: str) -> list[Edit]:
    """The work is done; raises IllegalMove for work nobody has approved."""
    state = job.get("state") or STATES[0]
    if state in {"recommended", "sent", "declined"}:
        raise IllegalMove("state", state, "done", "Record the approval first.")
    to = {"state": "done"} | ({"correction": correction} if correction else {})
    return changes.edits(changes.update("job", id, job, **to))


def _check(job: Mapping[str, Any], to: str) -> None:
    state = job.get("state") or STATES[0]
    if state != to and state in STATE_MOVES and to not in STATE_MOVES[state]:
        raise IllegalMove("state", state, to)
