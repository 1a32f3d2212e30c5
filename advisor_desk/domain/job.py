"""A job: one line of work on a repair order, and how it goes from recommended to done."""

from __future__ import annotations

from typing import Final

STATES: Final = ("recommended", "sent", "approved", "declined", "in_progress", "done")
PAY: Final = ("customer", "warranty", "internal", "service_contract", "other")
SEVERITY: Final = ("red", "yellow", "green", "none")
AUTHORISED_HOW: Final = ("in_person", "call", "text", "email", "portal")

STATE_MOVES: Final = {
    "recommended": frozenset({"sent", "approved", "declined"}),
    "sent": frozenset({"approved", "declined", "recommended"}),
    "approved": frozenset({"in_progress", "done", "declined", "recommended", "sent"}),
    "declined": frozenset({"approved", "sent", "recommended"}),
    "in_progress": frozenset({"done", "approved"}),
    "done": frozenset({"in_progress"}),
}
