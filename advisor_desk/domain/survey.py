"""A survey: what the customer says afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused
from advisor_desk.domain.repair_order import is_open


def sent(id: str, order_id: str, order: Mapping[str, Any], others: Iterable[Mapping[str, Any]], now: datetime) -> Edit:
    """Ask the customer of a closed order, once; raises BadArguments before it is closed or without a customer."""
    if is_open(order.get("stage") or ""):
        raise BadArguments({"repair_order_id": "is still open; ask once it is closed"})
    if not order.get("customer_id"):
        raise BadArguments({"repair_order_id": "is for a car of the store; there is nobody to ask"})
    if any(other.get("repair_order_id") == order_id for other in others):
        words = "That customer was asked about this visit already."
        raise Refused("asked_already", words, {"repair_order_id": "was asked about already"})
    said = {"repair_order_id": order_id, "customer_id": order["customer_id"], "sent_at": times.to_wire(now)}
    return Edit("survey", id, changes.CREATE, said)


def recorded(id: str, survey: Mapping[str, Any], *, score: int, comment: str, now: datetime) -> list[Edit]:
    """Write down the answer; a correction keeps the time of the first."""
    to: dict[str, Any] = {"score": score, "answered_at": survey.get("answered_at") or times.to_wire(now)}
    if comment:
        to["comment"] = comment
    return changes.edits(changes.update("survey", id, survey, **to))
