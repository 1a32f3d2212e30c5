"""Commands on a repair order."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import numbers, records
from advisor_desk.desk.context import Context
from advisor_desk.domain import job, repair_order
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def open_order(desk: Context, args: Args) -> list[Edit]:
    """``ro.open``; the number is one of those leased, or stands in until the dealer system has given one."""
    desk.fields("customer", args["customer_id"])
    if vehicle := args.get("vehicle_id"):
        desk.fields("vehicle", vehicle)
        orders = (found.fields for found in records.find(desk.conn, "repair_order", vehicle_id=vehicle))
        repair_order.check_car_is_free(orders, args.get("again", False))
    order = repair_order.opened(desk.new_id(), numbers.take(desk.conn, desk.new_id), args, by=desk.actor, now=desk.now)
    complaints = args.get("complaints") or []
    return [order, *job.written_up([desk.new_id() for _ in complaints], order.record_id, complaints)]


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
