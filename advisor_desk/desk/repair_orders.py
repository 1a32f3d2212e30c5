"""Commands on a repair order."""

from __future__ import annotations

from typing import Any

from advisor_desk.desk.context import Context
from advisor_desk.domain import repair_order
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


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
