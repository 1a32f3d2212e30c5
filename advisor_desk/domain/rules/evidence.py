"""What keeps promises: contacts that count, visits that are booked, and records that have moved on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from advisor_desk.domain import contact
from advisor_desk.domain.ids import born
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.rule import Evidence, Shop, Trigger

Finder = Callable[[File, Trigger, Shop], Evidence | None]


def any_of(*finders: Finder) -> Finder:
    """The earliest of what any of these finds."""

    def found(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
        return first(evidence for finder in finders if (evidence := finder(file, trigger, shop)))

    return found


def first(found: Iterable[Evidence]) -> Evidence | None:
    """The earliest evidence; its id decides between two of one moment, so that everybody picks the same."""
    return min(found, key=lambda evidence: (evidence.at, evidence.id), default=None)


def outbound(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The store tried to get hold of the customer, whether or not it did; a note is no try."""
    return first(_contacts(file, trigger, is_try))


def told(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The customer was reached or written to."""
    return first(_contacts(file, trigger, is_told))


def reached(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The store and the customer have spoken, whoever called."""
    return first(_contacts(file, trigger, is_spoken))


def two_tries(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The second try to get hold of the customer."""
    tries = sorted(_contacts(file, trigger, is_try), key=lambda evidence: (evidence.at, evidence.id))
    return tries[1] if len(tries) > 1 else None


def is_try(event: Row) -> bool:
    """True for an outbound contact that did not fail."""
    return (
        event.get("channel") != "note"
        and (event.get("direction") or "out") == "out"
        and event.get("outcome") not in ("failed", "")
    )


def is_told(event: Row) -> bool:
    """True for an outbound contact by which the customer knows."""
    said = (event.get("channel") or "note", event.get("direction") or "out", event.get("outcome") or "")
    return contact.tells(*said)


def is_spoken(event: Row) -> bool:
    """True for a call or a talk that both sides were part of."""
    both = event.get("outcome") == "reached" or event.get("direction") == "in"
    return both and event.get("channel") in ("call", "in_person")


def concerns(event: Row, order_id: str) -> bool:
    """False for a contact that names another repair order: that one it was about."""
    named = event.get("repair_order_id")
    return not named or not order_id or named == order_id


def _contacts(file: File, trigger: Trigger, counts: Callable[[Row], bool]) -> Iterable[Evidence]:
    for event in file.all("contact_event"):
        if counts(event) and concerns(event, trigger.order_id) and (at := event.moment("at")) and at >= trigger.at:
            yield Evidence("contact_event", event.id, at)


def visit_booked(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """A visit was booked since; one that is only asked for is none yet."""
    return first(
        Evidence("appointment", visit.id, at)
        for visit in file.all("appointment")
        if visit.get("status") in _BOOKED and (at := booked_at(visit)) and at >= trigger.at
    )


_BOOKED: Final = ("booked", "confirmed", "arrived")


def booked_at(visit: Row) -> datetime | None:
    """When a visit was booked; one that does not say so, when its record was made."""
    return visit.moment("booked_at") or born(visit.id)


def future_visit(file: File, at: datetime) -> bool:
    """True when a visit is asked for or booked, or was kept, that begins later than a moment."""
    return any(
        visit.get("status") in ("requested", *_BOOKED) and (starts := visit.moment("starts_at")) and starts > at
        for visit in file.all("appointment")
    )


def changed(trigger: Trigger, shop: Shop, stamp: str = "") -> Evidence:
    """The record itself has moved on: when it says so by a stamp later than the trigger, then, else now."""
    at = trigger.row.moment(stamp) if stamp else None
    return Evidence(trigger.kind, trigger.row.id, at if at is not None and at >= trigger.at else shop.now)
