"""An appointment: a visit booked, confirmed and kept or missed."""

from __future__ import annotations

from typing import Final

STATUSES: Final = ("requested", "booked", "confirmed", "arrived", "no_show", "cancelled")
SOURCES: Final = ("phone", "online", "walk_in", "bdc", "follow_up", "import")

STATUS_MOVES: Final = {
    "requested": frozenset({"booked", "confirmed", "cancelled"}),
    "booked": frozenset({"confirmed", "arrived", "no_show", "cancelled", "requested"}),
    "confirmed": frozenset({"booked", "arrived", "no_show", "cancelled"}),
    "arrived": frozenset({"booked", "confirmed"}),
    "no_show": frozenset({"booked", "confirmed", "arrived", "cancelled"}),
    "cancelled": frozenset({"booked"}),
}
