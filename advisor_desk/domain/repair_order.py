"""The repair order: its stages, in the order the lanes of the board have them, and what may follow what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused

STAGES: Final = (
    "write_up",
    "dispatch",
    "diagnosis",
    "approval",
    "parts",
    "repair",
    "quality",
    "ready",
    "closed",
    "void",
)
LANES: Final = STAGES[:-2]
FINAL: Final = frozenset({"closed", "void"})

TRANSPORT: Final = ("waiter", "drop_off", "loaner", "shuttle", "rental", "pickup")
DMS_STATUS: Final = ("estimate", "open", "in_progress", "on_hold", "completed", "closed", "void")
HOLD_REASONS: Final = ("parts", "customer", "warranty", "labour", "sublet", "other")

AWAY: Final = "away"
"""The spot of a car that its customer has taken home while the order stays open."""

LEASED: Final = 20
"""RO numbers a desk is lent at a time."""
FEW: Final = 5
"""With fewer of them left a desk asks for more."""
TEMPORARY: Final = "TMP-"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# A stage may skip forward or step back; closed and void are final for a desk (reopening is the DMS's).
STAGE_MOVES: Final = {stage: frozenset() if stage in FINAL else frozenset(STAGES) - {stage} for stage in STAGES}


def is_open(stage: str) -> bool:
    """True while the car's work is not closed or void; an unknown stage counts as open, so nothing is hidden."""
    return stage not in FINAL


def car_is_away(order: Mapping[str, Any]) -> bool:
    """True when the customer has the car: the order is closed, or its spot says so."""
    return order.get("stage") == "closed" or str(order.get("spot") or "").casefold() == AWAY


def stage_for_dms_status(status: str, stage: str) -> str:
    """The stage after the DMS said ``status``: completed moves to at least ready, closed and void are as they are."""
    if status in FINAL:
        return status
    if status == "completed" and stage in LANES and LANES.index(stage) < LANES.index("ready"):
        return "ready"
    return stage


def letters_of(id: str) -> str:
    """Four letters that tell the desks of a store apart in their temporary numbers."""
    digest = int.from_bytes(hashlib.sha256(id.encode()).digest()[:8], "big")
    return "".join(_LETTERS[digest // 26**place % 26] for place in range(4))


def temporary_number(letters: str, count: int) -> str:
    """A number for an order that none was leased for."""
    return f"{TEMPORARY}{letters}-{count}"


def is_temporary(number: str) -> bool:
    """True for a number that stands in until the dealer system has given one."""
    return number.startswith(TEMPORARY)


def check_car_is_free(orders: Iterable[Mapping[str, Any]], again: bool) -> None:
    """Raise Refused when the car has an open order among ``orders`` already and nobody said to open another."""
    known = next((ro for ro in orders if is_open(ro.get("stage") or STAGES[0])), None)
    if known is not None and not again:
        raise Refused(
            "open_already",
            f"That car has an open repair order already, {known.get('number') or 'without a number'}. "
            "Add to that one, or say again to open another.",
            {"vehicle_id": "has an open repair order"},
        )


def opened(id: str, number: str, args: Mapping[str, Any], *, by: str, now: datetime) -> Edit:
    """Open an order for a customer's car; raises BadArguments for a promise in the past."""
    promised = times.from_wire(args["promised_at"]) if args.get("promised_at") else None
    if promised is not None and promised <= now:
        raise BadArguments({"promised_at": "is in the past; promise a time to come"})
    at = times.to_wire(now)
    said = {
        "number": number,
        "tag": args.get("tag"),
        "customer_id": args["customer_id"],
        "vehicle_id": args.get("vehicle_id"),
        "advisor_id": by,
        "appointment_id": args.get("appointment_id"),
        "opened": at,
        "promised_at": times.to_wire(promised) if promised else None,
        "first_promised_at": times.to_wire(promised) if promised else None,
        "odometer_in": args.get("odometer"),
        "transport": args.get("transport"),
        "stage": STAGES[0],
        "stage_since": at,
    }
    return Edit("repair_order", id, changes.CREATE, {name: value for name, value in said.items() if value is not None})


def move_stage(id: str, ro: Mapping[str, Any], stage: str, now: datetime) -> list[Edit]:
    """Move the RO to another lane; raises IllegalMove from a final stage, Refused towards one: that is closing it."""
    current = ro.get("stage") or STAGES[0]
    if stage == current:
        return []
    if current in STAGE_MOVES and stage not in STAGE_MOVES[current]:
        raise IllegalMove("stage", current, stage, "Reopen the repair order in the dealer system.")
    if stage in FINAL:
        raise Refused(
            "not_a_lane",
            "A repair order is not moved there. Close it, or void it with a reason.",
            {"stage": f"{stage} is no lane"},
        )
    return changes.edits(changes.update("repair_order", id, ro, stage=stage, stage_since=times.to_wire(now)))


def check_visit_fits(visit: Mapping[str, Any], orders: Iterable[Mapping[str, Any]], args: Mapping[str, Any]) -> None:
    """Raise when the visit an order is written up from is of another customer or car, or is written up already."""
    for name in ("customer_id", "vehicle_id"):
        if visit.get(name) and args.get(name) and visit[name] != args[name]:
            raise BadArguments({name: f"is not the {name.removesuffix('_id')} of that visit"})
    known = next((ro for ro in orders if ro.get("appointment_id") == args["appointment_id"]), None)
    if known is not None and not args.get("again"):
        raise Refused(
            "written_up_already",
            f"That visit is written up already, on {known.get('number') or 'an order without a number'}. "
            "Add to that one, or say again to open another.",
            {"appointment_id": "is written up already"},
        )


def close(
    id: str,
    ro: Mapping[str, Any],
    jobs: Iterable[Mapping[str, Any]],
    *,
    odometer: int | None,
    anyway: bool,
    reason: str,
    now: datetime,
) -> list[Edit]:
    """Close the order as far as the desk goes; raises Refused while approved work is not done and nobody said why."""
    _check_open(ro, "closed")
    _check_work_is_done(jobs, anyway, reason)
    if odometer is not None and odometer < (ro.get("odometer_in") or 0):
        raise BadArguments({"odometer_out": f"is less than the {ro['odometer_in']:,} it came in with"})
    at = times.to_wire(now)
    to: dict[str, Any] = {"stage": "closed", "stage_since": at, "closed": at, "hold_reasons": None, "spot": None}
    if odometer is not None:
        to["odometer_out"] = odometer
    if reason:
        to["close_reason"] = reason
    return changes.edits(changes.update("repair_order", id, ro, **to))


def _check_work_is_done(jobs: Iterable[Mapping[str, Any]], anyway: bool, reason: str) -> None:
    left = sorted(str(job.get("letter") or "?") for job in jobs if job.get("state") in {"approved", "in_progress"})
    if not left:
        return
    what = f"Job {left[0]} is" if len(left) == 1 else f"Jobs {', '.join(left)} are"
    if not anyway:
        words = f"{what} approved and not done. Finish the work, or close anyway with a reason."
        raise Refused("work_left", words, {"anyway": "work is left"})
    if not reason:
        raise BadArguments({"reason": "is missing: why it closes with work left"})


def void(id: str, ro: Mapping[str, Any], *, reason: str, now: datetime) -> list[Edit]:
    """Void the order: it was opened by mistake, or nothing came of it."""
    _check_open(ro, "void")
    to = {"stage": "void", "stage_since": times.to_wire(now), "hold_reasons": None, "close_reason": reason}
    return changes.edits(changes.update("repair_order", id, ro, **to))


def _check_open(ro: Mapping[str, Any], to: str) -> None:
    stage = ro.get("stage") or STAGES[0]
    if not is_open(stage):
        raise IllegalMove("stage", stage, to, "Reopen the repair order in the dealer system.")


def repromise(id: str, ro: Mapping[str, Any], promised_at: str, *, reason: str, by: str, now: datetime) -> list[Edit]:
    """Promise another time; the first promise stays on record, every move is kept; raises BadArguments for the past."""
    to = times.from_wire(promised_at)
    if to <= now:
        raise BadArguments({"promised_at": "is in the past; promise a time to come"})
    was, to_wire = ro.get("promised_at"), times.to_wire(to)
    if was == to_wire:
        return []
    move = {"at": times.to_wire(now), "by": by, "was": was, "to": to_wire, "reason": reason}
    kept = {name: value for name, value in move.items() if value}
    return changes.edits(
        changes.update(
            "repair_order",
            id,
            ro,
            promised_at=to_wire,
            first_promised_at=ro.get("first_promised_at") or was or to_wire,
            promise_moves=[*(ro.get("promise_moves") or []), kept],
        )
    )


def set_tag(id: str, ro: Mapping[str, Any], tag: str) -> list[Edit]:
    """Hang another tag on the mirror; empty takes it off."""
    return changes.edits(changes.update("repair_order", id, ro, tag=tag or None))


def set_spot(id: str, ro: Mapping[str, Any], spot: str) -> list[Edit]:
    """Say where the car stands; empty says nobody knows."""
    return changes.edits(changes.update("repair_order", id, ro, spot=spot or None))


def hold(id: str, ro: Mapping[str, Any], reasons: list[str]) -> list[Edit]:
    """Hold the RO for these reasons, in their usual order; none releases it."""
    ordered = [reason for reason in HOLD_REASONS if reason in reasons]
    return changes.edits(changes.update("repair_order", id, ro, hold_reasons=ordered or None))
