"""Commands on a survey."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import survey
from advisor_desk.domain.changes import Edit

Args = dict[str, Any]


def send(desk: Context, args: Args) -> list[Edit]:
    """``survey.send``."""
    id = args["repair_order_id"]
    order = desk.fields("repair_order", id)
    others = records.find(desk.conn, "survey", customer_id=order.get("customer_id") or "")
    return [survey.sent(desk.new_id(), id, order, (found.fields for found in others), desk.now)]


def record(desk: Context, args: Args) -> list[Edit]:
    """``survey.record``."""
    id, comment = args["survey_id"], args.get("comment") or ""
    return survey.recorded(id, desk.fields("survey", id), score=args["score"], comment=comment, now=desk.now)
