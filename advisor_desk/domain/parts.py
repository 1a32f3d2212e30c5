"""A part line: the states it goes through from asked-for to installed, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove

STATES: Final = (
    "requested", "quoted", "in_stock", "ordered", "backordered", "partly_received", "received", "pulled", "installed",
    "return_due", "returned", "cancelled",
)  # fmt: skip
SOURCES: Final = ("stock", "order", "emergency", "transfer", "aftermarket")
ETA_SOURCES: Final = ("supplier", "carrier", "counter", "import", "customer")

AWAITED: Final = frozenset({"ordered", "backordered", "partly_received"})
UNDER_WAY: Final = ("ordered", "backordered", "partly_received", "received")
"""From the order until the shelf is emptied: what time alone can make late. Indexes are declared by these words."""
RETURN_DAYS: Final = 5
"""So many days before its last day a part that nobody came for is to go back, where the store sets no other."""
RETURN_WITHIN: Final = 30
"""Days after its arrival on which a supplier still takes a part back, where neither they nor the store say other."""
LEFT_HERE: Final = ("pulled", "return_due")
"""Taken from the shelf, and neither fitted nor sent back yet. An index is declared by these words too."""
HERE: Final = frozenset({"received", "pulled", "installed"})
GONE: Final = frozenset({"return_due", "returned", "cancelled"})

# Whatever a command moves, undo moves back: the way there is a way back too.
STATE_MOVES: Final = {
    "requested": frozenset(
        {"quoted", "in_stock", "ordered", "backordered", "partly_received", "received", "pulled", "cancelled"}
    ),
    "quoted": frozenset(
        {"requested", "in_stock", "ordered", "backordered", "partly_received", "received", "pulled", "cancelled"}
    ),
    "in_stock": frozenset({"requested", "quoted", "ordered", "pulled", "installed", "cancelled"}),
    "ordered": frozenset(
        {"requested", "quoted", "in_stock", "backordered", "partly_received", "received", "cancelled"}
    ),
    "backordered": frozenset({"requested", "quoted", "ordered", "partly_received", "received", "cancelled"}),
    "partly_received": frozenset(
        {"requested", "quoted", "ordered", "backordered", "received", "cancelled", "return_due"}
    ),
    "received": frozenset(
        {
            "requested",
            "quoted",
            "ordered",
            "backordered",
            "partly_received",
            "pulled",
            "installed",
            "return_due",
            "returned",
        }
    ),
    "pulled": frozenset({"requested", "quoted", "in_stock", "received", "installed", "return_due", "returned"}),
    "installed": frozenset({"in_stock", "pulled", "received", "return_due"}),
    "return_due": frozenset({"partly_received", "received", "pulled", "installed", "returned"}),
    "returned": frozenset({"received", "pulled", "return_due"}),
    "cancelled": frozenset({"requested", "quoted", "in_stock", "ordered", "backordered"}),
}


def is_special(line: Mapping[str, Any]) -> bool:
    """True for a part ordered for its customer: nobody else will take it.

    Where a dealer system names no source, a part that was ordered did not come off the shelf.
    """
    source = line.get("source") or ("order" if line.get("ordered_at") or line.get("order_no") else "stock")
    return source != "stock"


def set_eta(id: str, line: Mapping[str, Any], eta: str, *, source: str, now: datetime) -> list[Edit]:
    """Say when the part is due; the first ETA stays on record. Raises BadArguments for the past or a part here."""
    state = line.get("state") or STATES[0]
    if state in HERE or state in GONE or state == "in_stock":
        raise BadArguments({"part_line_id": f"is {state.replace('_', ' ')} already; it needs no ETA"})
    wire = _eta(eta, now)
    return changes.edits(
        changes.update(
            "part_line",
            id,
            line,
            eta=wire,
            eta_source=source or "counter",
            eta_set_at=times.to_wire(now),
            first_eta=line.get("first_eta") or line.get("eta") or wire,
        )
    )


def order(
    id: str, line: Mapping[str, Any], *, order_no: str, supplier: str, source: str, eta: str, now: datetime
) -> list[Edit]:
    """Record the order; an ETA may come with it. Raises IllegalMove for a part that is here or goes back."""
    state = line.get("state") or STATES[0]
    if state in HERE:
        raise IllegalMove("state", state, "ordered", "Add a line for another one.")
    _check(line, "ordered")
    due: dict[str, Any] = {}
    if eta:
        wire = _eta(eta, now)
        due = {"eta": wire, "eta_source": "supplier", "eta_set_at": times.to_wire(now)}
        due["first_eta"] = line.get("first_eta") or wire
    return changes.edits(
        changes.update(
            "part_line",
            id,
            line,
            state="ordered",
            order_no=order_no,
            supplier=supplier,
            source=source or ("order" if line.get("source") in (None, "", "stock") else line.get("source")),
            ordered_at=times.to_wire(now),
            **due,
        )
    )


def receive(
    id: str,
    line: Mapping[str, Any],
    *,
    qty: int | None,
    bin: str,
    now: datetime,
    return_by: str = "",
    usual_return: str = "",
) -> list[Edit]:
    """Book pieces in, all that are missing unless told; raises BadArguments for more than was ordered.

    A special order that is complete has from then on a day it must go back by: what is said, else what is usual.
    """
    wanted, here = int(line.get("qty") or 1), int(line.get("qty_filled") or 0)
    missing = wanted - here
    if missing <= 0:
        raise BadArguments({"part_line_id": "is received in full already"})
    if qty is not None and qty > missing:
        raise BadArguments({"qty": f"is more than the {missing} still awaited"})
    filled = here + (qty or missing)
    state = "received" if filled >= wanted else "partly_received"
    if line.get("state") in GONE:
        raise IllegalMove("state", line["state"], state, "Ask for another one.")
    _check(line, state)
    set_: dict[str, Any] = {"state": state, "qty_filled": filled}
    if state == "received":
        set_["received_at"] = times.to_wire(now)
        usual = usual_return if is_special(line) and not line.get("return_by") else ""
        if return_by or usual:
            set_["return_by"] = return_by or usual
    if bin:
        set_["bin"] = bin
    return changes.edits(changes.update("part_line", id, line, **set_))


def tell(id: str, line: Mapping[str, Any], *, by: str, now: datetime) -> list[Edit]:
    """Record that the customer was told: of the ETA while the part is awaited, else of its arrival."""
    at = times.to_wire(now)
    if line.get("state") == "received":
        return changes.edits(changes.update("part_line", id, line, arrival_told_at=at))
    if not line.get("eta"):
        return []
    told = {"eta": line["eta"], "at": at, "by": by}
    return changes.edits(
        changes.update("part_line", id, line, eta_told={name: value for name, value in told.items() if value})
    )


def _eta(eta: str, now: datetime) -> str:
    moment = times.from_wire(eta)
    if moment <= now:
        raise BadArguments({"eta": "is in the past; give a time to come"})
    return times.to_wire(moment)


def _check(line: Mapping[str, Any], to: str) -> None:
    state = line.get("state") or STATES[0]
    if state != to and state in STATE_MOVES and to not in STATE_MOVES[state]:
        raise IllegalMove("state", state, to)
