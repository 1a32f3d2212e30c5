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
    """Move the RO to another lane; raises IllegalMove from a final stage, Refused towards one."""
    current = ro.get("stage") or STAGES[0]
    if stage == current:
        return []
    if current in STAGE_MOVES and stage not in STAGE_MOVES[current]:
        raise IllegalMove("stage", current, stage, "Reopen the repair order in the dealer system.")
    if stage in FINAL:
        raise Refused(
            "closes_in_dms",
            "A repair order is closed or voided in the dealer system; the board follows it.",
            {"stage": f"{stage} is not set from a desk"},
        )
    return changes.edits(changes.update("repair_order", id, ro, stage=stage, stage_since=times.to_wire(now)))


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
