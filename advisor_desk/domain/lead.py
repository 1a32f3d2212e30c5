"""A lead: somebody asked for something and waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

WANTS: Final = ("service", "reschedule", "sales", "parts")
_AHEAD: Final = timedelta(minutes=5)


def taken(id: str, args: Mapping[str, Any], now: datetime) -> Edit:
    """Write down what somebody asked for, and since when they wait; raises BadArguments for a time to come."""
    at = times.from_wire(args["at"]) if args.get("at") else now
    if at > now + _AHEAD:
        raise BadArguments({"at": "has not come yet"})
    said = {name: args[name] for name in ("customer_id", "wants", "source", "text") if args.get(name)}
    return Edit("lead", id, changes.CREATE, said | {"received_at": times.to_wire(at)})


def answered(id: str, lead: Mapping[str, Any], at: str) -> list[Edit]:
    """Note the first answer; a later one, or a contact from before they asked, is none."""
    if lead.get("first_answered_at") or at < (lead.get("received_at") or ""):
        return []
    return changes.edits(changes.update("lead", id, lead, first_answered_at=at))


def check_waits(lead: Mapping[str, Any]) -> None:
    """Raise Refused for a lead that was answered before."""
    if lead.get("first_answered_at"):
        words = "That lead was answered already. Log a contact with the customer instead."
        raise Refused("answered_already", words, {"lead_id": "was answered already"})
