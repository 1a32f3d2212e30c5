"""The repair order: its stages, in the order the lanes of the board have them, and what may follow what."""

from __future__ import annotations

from typing import Final

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
