"""Commands on a repair order."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import numbers, records
from advisor_desk.desk.context import Context
from advisor_desk.domain import job, repair_order, visit
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def open_order(desk: Context, args: Args) -> list[Edit]:
    """``ro.open``; the number is one of those leased, or stands in until the dealer system has given one."""
    desk.fields("customer", args["customer_id"])
    if vehicle := args.get("vehicle_id"):
        desk.fields("vehicle", vehicle)
        orders = (found.fields for found in records.find(desk.conn, "repair_order", vehicle_id=vehicle))
        repair_order.check_car_is_free(orders, args.get("again", False))
    arrival = _arrival(desk, args)
    order = repair_order.opened(desk.new_id(), numbers.take(desk.conn, desk.new_id), args, by=desk.actor, now=desk.now)
    complaints = args.get("complaints") or []
    return [*arrival, order, *job.written_up([desk.new_id() for _ in complaints], order.record_id, complaints)]


def _arrival(desk: Context, args: Args) -> list[Edit]:
    """The visit the order is written up from has come, when nobody said so yet."""
    id = args.get("appointment_id")
    if not id:
        return []
    booked = desk.fields("appointment", id)
    orders = records.find(desk.conn, "repair_order", customer_id=args["customer_id"])
    repair_order.check_visit_fits(booked, (found.fields for found in orders), args)
    return visit.arrive(id, booked, calendar=desk.calendar(), now=desk.now)


def close(desk: Context, args: Args) -> list[Edit]:
    """``ro.close``; whoever gives a reason means to close with work left."""
    id, reason = args["repair_order_id"], args.get("reason") or ""
    return repair_order.close(
        id,
        desk.fields("repair_order", id),
        (found.fields for found in records.find(desk.conn, "job", repair_order_id=id)),
        odometer=args.get("odometer_out"),
        anyway=args.get("anyway", False) or bool(reason),
        reason=reason,
        now=desk.now,
    )


def void(desk: Context, args: Args) -> list[Edit]:
    """``ro.void``."""
    id = args["repair_order_id"]
    return repair_order.void(id, desk.fields("repair_order", id), reason=args["reason"], now=desk.now)


def move_stage(desk: Context, args: Args) -> list[Edit]:
    """``ro.move_stage``."""
    id = args["repair_order_id"]
    return repair_order.move_stage(id, desk.fields("repair_order", id), args["stage"], desk.now)


def repromise(desk: Context, args: Args) -> list[Edit]:
    """``ro.repromise``."""
    id = args["repair_order_id"]
    ro = desk.fields("repair_order", id)
    reason = args.get("reason") or ""
    return repair_order.repromise(id, ro, args["promised_at"], reason=reason, by=desk.actor, now=desk.now)


def set_tag(desk: Context, args: Args) -> list[Edit]:
    """``ro.set_tag``."""
    id = args["repair_order_id"]
    return repair_order.set_tag(id, desk.fields("repair_order", id), args["tag"])


def set_spot(desk: Context, args: Args) -> list[Edit]:
    """``ro.set_spot``."""
    id = args["repair_order_id"]
    return repair_order.set_spot(id, desk.fields("repair_order", id), args["spot"])


def hold(desk: Context, args: Args) -> list[Edit]:
    """``ro.hold``."""
    id = args["repair_order_id"]
    return repair_order.hold(id, desk.fields("repair_order", id), args["reasons"])
