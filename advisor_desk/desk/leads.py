"""Commands on a lead."""

from __future__ import annotations

from typing import Any

from advisor_desk.desk import contacts
from advisor_desk.desk.context import Context
from advisor_desk.domain import lead
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments

Args = dict[str, Any]


def take(desk: Context, args: Args) -> list[Edit]:
    """``lead.take``."""
    desk.fields("customer", args["customer_id"])
    return [lead.taken(desk.new_id(), args, desk.now)]


def answer(desk: Context, args: Args) -> list[Edit]:
    """``lead.answer``: a contact with whoever asked; logging any other outbound contact with them answers it too."""
    asked = desk.fields("lead", args["lead_id"])
    lead.check_waits(asked)
    if not asked.get("customer_id"):
        raise BadArguments({"lead_id": "names no customer; add them first"})
    said: Args = {name: args[name] for name in ("channel", "outcome", "body") if name in args}
    return contacts.log(desk, {"channel": "call", "customer_id": asked["customer_id"]} | said)
