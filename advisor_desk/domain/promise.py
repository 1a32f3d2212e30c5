"""A promise: a handoff with an owner, a due time and evidence, and how it ends."""

from __future__ import annotations

from typing import Final

STATES: Final = ("open", "kept", "kept_late", "broken", "cancelled")

STATE_MOVES: Final = {
    "open": frozenset({"kept", "kept_late", "broken", "cancelled"}),
    "kept": frozenset({"open"}),
    "kept_late": frozenset({"open"}),
    "broken": frozenset({"open", "kept_late"}),
    "cancelled": frozenset({"open"}),
}
