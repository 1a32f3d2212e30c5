"""Commands on a deal and on what sales owes its buyer."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import deal, times
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def open_deal(desk: Context, args: Args) -> list[Edit]:
    """``deal.open``; the seller is whoever writes it down, when they sell."""
    desk.fields("customer", args["customer_id"])
    desk.fields("vehicle", args["vehicle_id"])
    seller = args.get("salesperson_id") or (desk.actor if "sales" in desk.roles() else "")
    if args.get("salesperson_id"):
        desk.colleague(seller, "salesperson_id")
    others = records.find(desk.conn, "deal", vehicle_id=args["vehicle_id"])
    today = desk.calendar().local(desk.now)
    return [deal.opened(desk.new_id(), args, (found.fields for found in others), salesperson_id=seller, today=today)]


def document(desk: Context, args: Args) -> list[Edit]:
    """``deal.document``."""
    id = args["deal_id"]
    return deal.set_document(id, desk.fields("deal", id), args["name"], args.get("done", True), desk.now)


def stage(desk: Context, args: Args) -> list[Edit]:
    """``deal.stage``."""
    id = args["deal_id"]
    return deal.set_stage(id, desk.fields("deal", id), args["stage"], desk.now)


def deliver(desk: Context, args: Args) -> list[Edit]:
    """``deal.deliver``; the car knows from then on that it was sold here, and when."""
    id = args["deal_id"]
    sold = desk.fields("deal", id)
    car_id = sold.get("vehicle_id") or ""
    car = desk.fields("vehicle", car_id)
    moment = times.from_wire(args["at"]) if args.get("at") else desk.now
    at, day = times.to_wire(moment), desk.calendar().local(moment)
    return deal.deliver(id, sold, car_id, car, at=at, day=day, anyway=args.get("anyway", False), now=desk.now)


def owe(desk: Context, args: Args) -> list[Edit]:
    """``we_owe.add``."""
    id = args["deal_id"]
    return [deal.owed(desk.new_id(), id, desk.fields("deal", id), args, desk.calendar().local(desk.now))]


def link(desk: Context, args: Args) -> list[Edit]:
    """``we_owe.link``."""
    id, order_id = args["we_owe_id"], args["repair_order_id"]
    return deal.link(id, desk.fields("we_owe", id), order_id, desk.fields("repair_order", order_id))
