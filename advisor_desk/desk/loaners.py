"""Commands on a loaner."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import loaner
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments

Args = dict[str, Any]


def out(desk: Context, args: Args) -> list[Edit]:
    """``loaner.out``."""
    desk.fields("customer", args["customer_id"])
    order_id = args.get("repair_order_id")
    if order_id and desk.fields("repair_order", order_id).get("customer_id") != args["customer_id"]:
        raise BadArguments({"repair_order_id": "is another customer's"})
    known = records.found(desk.conn, "loaner", args["unit"])
    return [loaner.out(desk.new_id(), args, (found.fields for found in known), desk.now)]


def extend(desk: Context, args: Args) -> list[Edit]:
    """``loaner.extend``."""
    id = args["loaner_id"]
    return loaner.extend(id, desk.fields("loaner", id), args["due_at"], desk.now)


def back(desk: Context, args: Args) -> list[Edit]:
    """``loaner.back``."""
    id = args["loaner_id"]
    return loaner.back(id, desk.fields("loaner", id), desk.now)
