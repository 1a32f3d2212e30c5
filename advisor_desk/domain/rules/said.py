"""What was said to and by a customer, read once: when, about which order, and what each contact counts as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from advisor_desk.domain import contact
from advisor_desk.domain.lights import moment


class Said(NamedTuple):
    """A contact as evidence; those of a file stand in the order of their moments, those of one by their ids."""

    at: datetime
    id: str
    order_id: str
    employee_id: str
    keeps: frozenset[str]
    """The promises it says it keeps."""
    tried: bool
    """An outbound contact that did not fail, whether or not it got hold of the customer; a note is no try."""
    told: bool
    """An outbound contact by which the customer knows."""
    spoken: bool
    """A call or a talk that both sides were part of, whoever called."""

    def concerns(self, order_id: str) -> bool:
        """False for a contact that names another repair order: that one it was about."""
        return not self.order_id or not order_id or self.order_id == order_id


def in_order(events: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Said]:
    """Contact events, by their ids, as evidence; one without a moment is none."""
    return sorted(_said(id, event, at) for id, event in events if (at := moment(event.get("at"))))


def _said(id: str, event: Mapping[str, Any], at: datetime) -> Said:
    channel, direction, outcome = (
        event.get("channel") or "note",
        event.get("direction") or "out",
        event.get("outcome") or "",
    )
    return Said(
        at,
        id,
        str(event.get("repair_order_id") or ""),
        str(event.get("employee_id") or ""),
        frozenset(event.get("keeps") or ()),
        tried=direction == "out" and channel != "note" and outcome not in ("failed", ""),
        told=contact.tells(channel, direction, outcome),
        spoken=channel in ("call", "in_person")
        and (outcome == "reached" or (direction == "in" and outcome in ("received", ""))),
    )
