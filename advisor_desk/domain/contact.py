"""A contact event: one thing said to or by a customer; it is added, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import times
from advisor_desk.domain.changes import CREATE, Edit
from advisor_desk.domain.errors import BadArguments, Refused

CHANNELS: Final = ("call", "text", "email", "in_person", "portal", "note")
TO_CUSTOMER: Final = ("call", "text", "email", "in_person")
"""How somebody tells a customer something."""
DIRECTIONS: Final = ("out", "in")
OUTCOMES: Final = ("reached", "voicemail", "no_answer", "sent", "delivered", "failed", "received")

# An outbound event with one of these means the customer knows (domain rule of the "told" light).
TOLD: Final = frozenset({"reached", "sent", "delivered"})


def tells(channel: str, direction: str, outcome: str) -> bool:
    """True when the customer was told: an outbound contact that reached them or was sent; a note never counts."""
    return direction == "out" and channel != "note" and outcome in TOLD


_USUAL_OUTCOME: Final = {"call": "reached", "in_person": "reached", "text": "sent", "email": "sent", "portal": "sent"}
_AHEAD: Final = timedelta(minutes=5)


def log(id: str, args: Mapping[str, Any], *, employee_id: str, now: datetime) -> list[Edit]:
    """A new contact event; raises BadArguments for a note without words or a moment to come."""
    channel, direction = args["channel"], args.get("direction") or "out"
    body = args.get("body") or ""
    if channel == "note" and not body:
        raise BadArguments({"body": "is missing: a note needs words"})
    at = times.from_wire(args["at"]) if args.get("at") else now
    if at > now + _AHEAD:
        raise BadArguments({"at": "has not come yet"})
    outcome = args.get("outcome") or ("received" if direction == "in" else _USUAL_OUTCOME.get(channel, ""))
    event = {
        "customer_id": args["customer_id"],
        "vehicle_id": args.get("vehicle_id"),
        "repair_order_id": args.get("repair_order_id"),
        "appointment_id": args.get("appointment_id"),
        "channel": channel,
        "direction": direction,
        "outcome": outcome,
        "body": body,
        "employee_id": employee_id,
        "at": times.to_wire(at),
        "keeps": args.get("keeps"),
    }
    return [Edit("contact_event", id, CREATE, {name: value for name, value in event.items() if value})]


def check_consent(channel: str, consent: Any) -> None:
    """Raise Refused for a text or e-mail to a customer who has said no to those; silence is no refusal."""
    mark = consent.get(channel) if isinstance(consent, Mapping) else None
    if isinstance(mark, Mapping) and mark.get("state") == "no":
        called = "texts" if channel == "text" else "e-mails"
        raise Refused(
            "no_consent",
            f"The customer has said no to {called}. Reach them another way, or record their consent first.",
            {"customer_id": f"said no to {called}"},
        )


def answers(event: Mapping[str, Any]) -> bool:
    """True for a contact that answers who has asked: anything said or sent to them that went out."""
    return event["direction"] == "out" and event["channel"] != "note" and event.get("outcome") != "failed"
