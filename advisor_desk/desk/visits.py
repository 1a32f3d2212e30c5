"""Commands on a visit."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import times, visit
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def book(desk: Context, args: Args) -> list[Edit]:
    """``visit.book``; without an advisor it is the customer's own who sees them."""
    customer = desk.fields("customer", args["customer_id"])
    if args.get("vehicle_id"):
        desk.fields("vehicle", args["vehicle_id"])
    if args.get("advisor_id"):
        desk.colleague(args["advisor_id"], "advisor_id")
    elif desk.is_at_work(customer.get("advisor_id") or ""):
        args = args | {"advisor_id": customer["advisor_id"]}
    calendar = desk.calendar()
    made = visit.booked(desk.new_id(), args, by=desk.actor, calendar=calendar, now=desk.now)
    others = _others(desk, calendar, made.set["starts_at"])
    if args.get("vehicle_id"):
        of_car = [other for other in others if other.get("vehicle_id") == args["vehicle_id"]]
        visit.check_car_is_free(of_car, args.get("again", False))
    _warn_of_full_day(desk, others, made.set)
    return [made]


def confirm(desk: Context, args: Args) -> list[Edit]:
    """``visit.confirm``."""
    id = args["appointment_id"]
    return visit.confirm(id, desk.fields("appointment", id), desk.now)


def arrive(desk: Context, args: Args) -> list[Edit]:
    """``visit.arrive``."""
    id = args["appointment_id"]
    return visit.arrive(id, desk.fields("appointment", id), calendar=desk.calendar(), now=desk.now)


def no_show(desk: Context, args: Args) -> list[Edit]:
    """``visit.no_show``."""
    id = args["appointment_id"]
    return visit.no_show(id, desk.fields("appointment", id), desk.now)


def move(desk: Context, args: Args) -> list[Edit]:
    """``visit.move``."""
    id, calendar = args["appointment_id"], desk.calendar()
    was = desk.fields("appointment", id)
    reason = args.get("reason") or ""
    edits = visit.move(id, was, args["starts_at"], reason=reason, by=desk.actor, calendar=calendar, now=desk.now)
    if edits:
        now = was | dict(edits[0].set)
        _warn_of_full_day(desk, _others(desk, calendar, now["starts_at"], but=id), now)
    return edits


def cancel(desk: Context, args: Args) -> list[Edit]:
    """``visit.cancel``."""
    id = args["appointment_id"]
    return visit.cancel(id, desk.fields("appointment", id), reason=args["reason"], now=desk.now)


def _others(desk: Context, calendar: Calendar, starts_at: str, but: str = "") -> list[dict[str, Any]]:
    """The visits of the same day of the store, without one."""
    day = calendar.local(times.from_wire(starts_at))
    first, end = (times.to_wire(calendar.at(one, time(0))) for one in (day, day + timedelta(days=1)))
    found = records.between(desk.conn, "appointment", "starts_at", first, end)
    return [other.fields for other in found if other.id != but]


def _warn_of_full_day(desk: Context, others: list[dict[str, Any]], new: Any) -> None:
    skill = new.get("skill") or visit.USUAL_SKILL
    load = visit.load([*others, new])
    if warning := visit.beyond_capacity(load, skill, desk.store().get("capacity") or {}):
        desk.warnings.append(warning)
