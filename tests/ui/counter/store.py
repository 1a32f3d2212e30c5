"""Open part lines as the cache reads them: a Monday morning at the counter of the drawings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from advisor_desk.domain import times


def line(id: str, now: datetime, state: str = "ordered", **more: Any) -> dict[str, Any]:
    """A part line with its order; ``promised`` and ``eta`` are hours from now, ``order`` adds to the order's fields."""
    promised, eta = more.pop("promised", 48), more.pop("eta", None)
    order = {
        "id": f"ro-{id}",
        "number": "48142",
        "tag": "T-160",
        "stage": "parts",
        "transport": "drop_off",
        "promised_at": _in(now, promised) if promised is not None else None,
        "opened": _in(now, -24),
    } | more.pop("order", {})
    return {
        "id": id,
        "description": "Water pump kit",
        "number": "06L-121-111-J",
        "qty": 1,
        "state": state,
        "supplier": "VW",
        "order_no": "77120",
        "source": "emergency",
        "ordered_at": _in(now, -1),
        "requested_at": _in(now, -2),
        "eta": _in(now, eta) if eta is not None else None,
        "order": order,
        "customer": "Marchetti, Sofia",
        "customer_id": "cu-1",
        "pending": [],
    } | more


def _in(now: datetime, hours: float) -> str:
    return times.to_wire(now + timedelta(hours=hours))


def morning(now: datetime) -> list[dict[str, Any]]:
    """One order late for a waiter, one with three lines, one asked for, one whose customer has not come."""
    left = {"stage": "closed", "promised_at": None, "number": "47911"}
    rail = {"order": left, "promised": None, "amount": 41_200, "received_at": _in(now, -72), "order_no": "66120"}
    asked = {"supplier": "", "order_no": "", "ordered_at": None, "requested_at": _in(now, -0.2)}
    return [
        line("pump", now, eta=30, promised=2, order={"transport": "waiter"}),
        line("spark", now, eta=24, supplier="SUB", order_no="8841", description="Spark plug set", qty=4),
        line("axle", now, eta=24, supplier="SUB", order_no="8841", description="CV axle, right"),
        line("coil", now, eta=26, supplier="SUB", order_no="8841", description="Ignition coil"),
        line("hub", now, "requested", description="Hub assembly, front", **asked),
        line("mirror", now, "received", description="Door mirror, heated", return_by="2026-12-18", bin="S07", **rail),
        line("filter", now, "in_stock", description="Oil filter", bin="A03", **asked),
    ]
