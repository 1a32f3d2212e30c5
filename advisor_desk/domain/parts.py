"""A part line: the states it goes through from asked-for to installed, and what may follow what."""

from __future__ import annotations

from typing import Final

STATES: Final = (
    "requested", "quoted", "in_stock", "ordered", "backordered", "partly_received", "received", "pulled", "installed",
    "return_due", "returned", "cancelled",
)  # fmt: skip
SOURCES: Final = ("stock", "order", "emergency", "transfer", "aftermarket")
ETA_SOURCES: Final = ("supplier", "carrier", "counter", "import", "customer")

AWAITED: Final = frozenset({"ordered", "backordered", "partly_received"})
HERE: Final = frozenset({"received", "pulled", "installed"})
GONE: Final = frozenset({"return_due", "returned", "cancelled"})

STATE_MOVES: Final = {
    "requested": frozenset({"quoted", "in_stock", "ordered", "backordered", "received", "pulled", "cancelled"}),
    "quoted": frozenset({"requested", "in_stock", "ordered", "backordered", "received", "pulled", "cancelled"}),
    "in_stock": frozenset({"requested", "quoted", "ordered", "pulled", "installed", "cancelled"}),
    "ordered": frozenset(
        {"requested", "quoted", "in_stock", "backordered", "partly_received", "received", "cancelled"}
    ),
    "backordered": frozenset({"ordered", "partly_received", "received", "cancelled"}),
    "partly_received": frozenset({"ordered", "backordered", "received", "cancelled", "return_due"}),
    "received": frozenset({"ordered", "partly_received", "pulled", "installed", "return_due", "returned"}),
    "pulled": frozenset({"in_stock", "received", "installed", "return_due", "returned"}),
    "installed": frozenset({"pulled", "received", "return_due"}),
    "return_due": frozenset({"received", "installed", "returned"}),
    "returned": frozenset({"return_due"}),
    "cancelled": frozenset({"requested", "quoted", "ordered"}),
}
