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
    "parts": "its open lines, each with PART_FACTS and id",
    "told_at": "last outbound contact that reached or was sent",
    "asked_at": "when the oldest unanswered estimate was sent",
    "approved": "how many jobs are approved, started or done",
    "declined": "how many are declined",
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
        "parts": [{"id": id} | {name: line[name] for name in PART_FACTS if line.get(name)} for id, line in parts],
        "told_at": max(told, default=""),
        "asked_at": min(asked, default=""),
        "approved": sum(job.get("state") in _APPROVED for job in jobs),
        "declined": sum(job.get("state") == "declined" for job in jobs),
        "pending": sorted(pending),
    }
    if out:
        facts |= {"loaner": out.get("unit", ""), "loaner_due": out.get("due_at", "")}
    return facts


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


def owed(facts: Facts, now: datetime, settings: Settings) -> list[Owed]:
    """What is owed on one RO, soonest first: a ready car to tell of, an estimate to chase, an ETA to pass on, an update, the promise."""
    del now
    ro_id = str(facts.get("id", ""))
    who = _last_name(str(facts.get("customer") or "")) or str(facts.get("tag") or facts.get("number") or "the customer")
    out: list[Owed] = []
    told, since = lights.moment(facts.get("told_at")), lights.moment(facts.get("stage_since"))
    ready = facts.get("stage") == "ready"
    if ready and since and (told is None or told < since):
        out.append(Owed(ro_id, "tell_ready", f"Tell {who}: car is ready", since + timedelta(minutes=15), "contact.log"))
    if asked := lights.moment(facts.get("asked_at")):
        due = asked + timedelta(minutes=settings.approval_soon)
        out.append(Owed(ro_id, "get_approval", f"Answer on estimate: {who}", due, "job.authorise"))
    for line in facts.get("parts") or ():
        if lights.untold(line):
            since_part = lights.moment(line.get("eta_set_at") or line.get("received_at") or line.get("ordered_at"))
            eta = lights.moment(line.get("eta"))
            name = line.get("description") or line.get("number") or "part"
            news = (
                f"ETA {eta.astimezone(settings.zone):%a} {eta.astimezone(settings.zone).day}"
                if line.get("state") != "received" and eta
                else f"{name} is here"
            )
            due = since_part or lights.moment(facts.get("opened")) or lights.moment(facts.get("stage_since"))
            if due:
                out.append(Owed(ro_id, "tell_eta", f"Tell {who}: {news}", due + timedelta(hours=1), "contact.log"))
                break
    last = told or lights.moment(facts.get("opened"))
    if last and not ready:
        due = last + lights.cadence(facts, last, settings)
        out.append(Owed(ro_id, "update_customer", f"Update {who}", due, "contact.log"))
    if (promised := lights.moment(facts.get("promised_at"))) and not ready:
        out.append(Owed(ro_id, "promised_time", f"Ready for {who}", promised, "ro.repromise"))
    return sorted(out, key=lambda item: item.due_at)


def _last_name(name: str) -> str:
    """The name a card files under: ``Marchetti`` of ``Marchetti, Sofia`` and of ``Sofia Marchetti``; a company whole."""
    if "," in name:
        return name.split(",", 1)[0]
    return name
