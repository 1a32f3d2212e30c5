"""Commands on what is said to and by customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk.context import Context
from advisor_desk.domain import contact, lead, parts
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.records import KINDS


def log(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``contact.log``; the part lines it tells of are marked as told, when the customer was reached or written to."""
    for kind in ("customer", "repair_order", "vehicle", "appointment"):
        if args.get(f"{kind}_id"):
            desk.fields(kind, args[f"{kind}_id"])
    for id in args.get("keeps") or []:
        desk.fields("promise", id, "keeps")
    edits = contact.log(desk.new_id(), args, employee_id=desk.actor, now=desk.now)
    event = edits[0].set
    tells = args.get("tells") or []
    if tells and not contact.tells(event["channel"], event["direction"], event.get("outcome", "")):
        raise BadArguments({"tells": "nobody was told: the customer was not reached"})
    for id in tells:
        edits += parts.tell(id, desk.fields("part_line", id, "tells"), by=desk.actor, now=desk.now)
    return edits + _answered(desk, event) if contact.answers(event) else edits


def _answered(desk: Context, event: Mapping[str, Any]) -> list[Edit]:
    """What the customer asked for and waits for is answered, when whoever speaks to them may say so."""
    writers = KINDS["lead"].fields["first_answered_at"].policy.writers
    if not writers & desk.roles():
        return []
    asked = records.find(desk.conn, "lead", customer_id=event["customer_id"])
    return [edit for found in asked for edit in lead.answered(found.id, found.fields, event["at"])]


def text(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``contact.text``: a text sent by hand, from the store's phone."""
    return _by_hand(desk, "text", args)


def email(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``contact.email``: an e-mail sent by hand."""
    return _by_hand(desk, "email", args)


def _by_hand(desk: Context, channel: str, args: dict[str, Any]) -> list[Edit]:
    contact.check_consent(channel, desk.fields("customer", args["customer_id"]).get("consent"))
    return log(desk, {**args, "channel": channel, "direction": "out", "outcome": "sent"})
