"""The repair order: its stages, in the order the lanes of the board have them, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
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
