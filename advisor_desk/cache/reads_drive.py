"""What the service drive reads: a day's visits with the orders written up from them, and its hours; plain SQL too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from advisor_desk.cache import reads
from advisor_desk.cache.reads import Row
from advisor_desk.domain import board, times, visit
from advisor_desk.domain.calendar import Calendar


def drive(conn: Any, day: date) -> Row:
    """A day of the store: its hours, what is booked of them by skill, and every visit, earliest first."""
    store = reads.store(conn)
    calendar = Calendar.of_store(store)
    hours = calendar.hours(day)
    visits = _visits(conn, calendar, day)
    return {
        "day": times.day_to_wire(day),
        "opens": times.to_wire(hours.opens) if hours else None,
        "closes": times.to_wire(hours.closes) if hours else None,
        "holiday": calendar.is_holiday(day),
        "booked": visit.load(visits),
        "capacity": store.get("capacity") or {},
        "visits": [_shown(conn, found) for found in _with_orders(conn, visits)],
    }


def today(conn: Any, now: Any) -> date:
    """The store's day at a moment."""
    return Calendar.of_store(reads.store(conn)).local(now)


def _visits(conn: Any, calendar: Calendar, day: date) -> list[Row]:
    first, end = (times.to_wire(calendar.at(one, time(0))) for one in (day, day + timedelta(days=1)))
    rows = conn.execute(
        "SELECT id, body FROM appointment WHERE starts_at >= ? AND starts_at < ? AND NOT deleted"
        " ORDER BY starts_at, id",
        (first, end),
    )
    return [{"id": row[0], "status": "booked", **json.loads(row[1])} for row in rows]


def _with_orders(conn: Any, visits: Sequence[Row]) -> Iterable[Row]:
    """The visits, each with the order that was written up from it."""
    customers = sorted({str(found.get("customer_id") or "") for found in visits})
    marks = ",".join("?" * len(customers))
    rows = conn.execute(
        "SELECT id, appointment_id, body FROM repair_order"  # noqa: S608
        f" WHERE customer_id IN ({marks}) AND appointment_id <> '' AND NOT deleted",
        customers,
    )
    orders = {appointment: {"id": id, **json.loads(body)} for id, appointment, body in rows}
    return ({**found, "repair_order": orders.get(found["id"])} for found in visits)


def _shown(conn: Any, found: Row) -> Row:
    customer = reads.one(conn, "customer", str(found.get("customer_id") or ""))
    order = found["repair_order"] or {}
    phone = str(((customer.get("phones") or [{}])[0] or {}).get("raw") or "")
    return {
        **found,
        "customer": str(customer.get("name") or ""),
        "phone": phone,
        "vehicle": board.vehicle_words(reads.one(conn, "vehicle", str(found.get("vehicle_id") or ""))),
        "advisor": str(reads.one(conn, "employee", str(found.get("advisor_id") or "")).get("name") or ""),
        "repair_order": {name: order.get(name) for name in ("id", "number", "tag", "stage")} if order else None,
    }
