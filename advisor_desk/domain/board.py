"""The board: the facts a card needs, gathered from records, and what is owed next on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain import contact, lights
from advisor_desk.domain.lights import Facts, Settings

PART_FACTS: Final = (
    "state", "description", "number", "qty", "qty_filled", "bin", "source", "supplier", "requested_at", "ordered_at",
    "eta", "eta_set_at", "eta_told", "received_at", "arrival_told_at",
)  # fmt: skip
FACTS: Final = {
    "id": "the repair order's id",
    "number": "its number",
    "tag": "the tag on the mirror",
    "stage": "its lane",
    "stage_since": "since when",
    "opened": "when it was written",
    "promised_at": "when the car is promised",
    "transport": "waiter, drop_off, loaner …",
    "spot": "where the car stands",
    "hold_reasons": "why it is on hold",
    "is_recon": "work on the store's own car",
    "advisor_id": "whose it is",
    "customer_id": "whose car",
    "customer": "the customer's name",
    "vehicle": "year and model, as a card says it",
    "technician": "first technician's name",
    "parts": "its open lines, each with PART_FACTS and id; those awaited with their supplier's record, once read",
    "parts_as_of": "when the system the lines come from last answered, where there is one",
    "told_at": "last outbound contact that reached or was sent",
    "asked_at": "when the oldest unanswered estimate was sent",
    "approved": "how many jobs are approved, started or done",
    "declined": "how many are declined",
    "promises": "what is promised on it and open: id, rule, title, due_at, owner and the command that keeps it",
    "loaner": "unit of the loaner that is out",
    "loaner_due": "when it is due back",
    "pending": "names of fields with an edit not yet at the bridge",
}


def gather(
    ro_id: str,
    ro: Mapping[str, Any],
    *,
    customer: Mapping[str, Any] | None,
    vehicle: Mapping[str, Any] | None,
    jobs: Iterable[Mapping[str, Any]] = (),
    parts: Iterable[tuple[str, Mapping[str, Any]]] = (),
    contacts: Iterable[Mapping[str, Any]] = (),
    loaners: Iterable[Mapping[str, Any]] = (),
    promises: Sequence[Mapping[str, Any]] = (),
    names: Mapping[str, str],
    pending: Sequence[str] = (),
) -> dict[str, Any]:
    """The facts of one open RO from its records' wire fields; missing records leave empty words, never an error."""
    jobs = list(jobs)
    asked = [job["sent_at"] for job in jobs if job.get("state") == "sent" and job.get("sent_at")]
    told = [
        event["at"]
        for event in contacts
        if event.get("at")
        and contact.tells(event.get("channel", "note"), event.get("direction", "out"), event.get("outcome", ""))
    ]
    out = next((car for car in loaners if car.get("out_at") and not car.get("back_at")), None)
    technician = next((job["technician_id"] for job in jobs if job.get("technician_id")), "")
    facts = {name: ro[name] for name in _FROM_RO if ro.get(name)}
    facts |= {
        "id": ro_id,
        "stage": ro.get("stage") or "write_up",
        "customer": (customer or {}).get("name", ""),
        "vehicle": vehicle_words(vehicle or {}),
        "technician": names.get(technician, ""),
        "parts": [{"id": id} | {name: line[name] for name in _OF_LINE if line.get(name)} for id, line in parts],
        "told_at": max(told, default=""),
        "asked_at": min(asked, default=""),
        "approved": sum(job.get("state") in _APPROVED for job in jobs),
        "declined": sum(job.get("state") == "declined" for job in jobs),
        "promises": list(promises),
        "pending": sorted(pending),
    }
    if out:
        facts |= {"loaner": out.get("unit", ""), "loaner_due": out.get("due_at", "")}
    return facts


_OF_LINE: Final = (*PART_FACTS, "record")
_APPROVED: Final = frozenset({"approved", "in_progress", "done"})
_FROM_RO: Final = (
    "number", "tag", "stage_since", "opened", "promised_at", "transport", "spot", "hold_reasons", "is_recon",
    "advisor_id", "customer_id",
)  # fmt: skip


def vehicle_words(vehicle: Mapping[str, Any]) -> str:
    """A car as a card says it: ``2019 CR-V EX``; the make only where there is no model."""
    name = vehicle.get("model") or vehicle.get("make") or ""
    return " ".join(str(part) for part in (vehicle.get("year"), name, vehicle.get("trim")) if part)


class Owed(NamedTuple):
    """One thing owed next: to whom, what, by when, on which RO, and the command that keeps it."""

    repair_order_id: str
    rule: str
    title: str
    due_at: datetime
    keeps: str
    id: str = ""
    """The promise's own, where it is one; else what the clock alone will make of the order."""
    owner_id: str = ""
    owner_role: str = ""
    customer_id: str = ""


def owed(facts: Facts, settings: Settings, now: datetime) -> list[Owed]:
    """What is owed on one RO, soonest first: what is promised on it, and the next update to come."""
    made = [item for fields in facts.get("promises") or () if (item := of_promise(fields))]
    rules = {item.rule for item in made}
    update = _update(facts, settings)
    # Once it is due it is a promise like any other, which somebody may have kept or given up.
    coming = [update] if update and update.due_at > now and update.rule not in rules else []
    return sorted([*made, *coming], key=lambda item: item.due_at)


def of_promise(fields: Mapping[str, Any]) -> Owed | None:
    """A promise as something owed; None for one without a due time."""
    due = lights.moment(fields.get("due_at"))
    if due is None:
        return None
    said = {name: str(fields.get(name) or "") for name in Owed._fields if name != "due_at"}
    return Owed(due_at=due, **said)


_DAY: Final = timedelta(days=1)


def _update(facts: Facts, settings: Settings) -> Owed | None:
    last = lights.moment(facts.get("told_at")) or lights.moment(facts.get("opened"))
    if last is None or facts.get("stage") == "ready":
        return None
    span = lights.cadence(facts, last, settings)
    if span >= _DAY:
        return None  # the rule finds the hour of the day at which those who wait for days are told
    advisor, customer = str(facts.get("advisor_id") or ""), str(facts.get("customer_id") or "")
    title, due = f"Update {who(facts)}", last + span
    return Owed(
        str(facts.get("id", "")), "update_customer", title, due, "contact.log", owner_id=advisor, customer_id=customer
    )


def who(facts: Facts) -> str:
    """The name a card files under, else its tag or number: ``Marchetti`` of ``Marchetti, Sofia``; a company whole."""
    name = str(facts.get("customer") or "").split(",", 1)[0]
    return name or str(facts.get("tag") or facts.get("number") or "the customer")
