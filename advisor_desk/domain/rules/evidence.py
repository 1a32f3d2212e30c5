"""What keeps promises: contacts that count, visits that are booked, and records that have moved on."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from advisor_desk.domain.ids import born
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.rule import Evidence, Shop, Trigger
from advisor_desk.domain.rules.said import Said

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
    return next(said(file, trigger, lambda one: one.tried), None)


def told(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The customer was reached or written to."""
    return next(said(file, trigger, lambda one: one.told), None)


def reached(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The store and the customer have spoken, whoever called."""
    return next(said(file, trigger, lambda one: one.spoken), None)


def two_tries(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The second try to get hold of the customer."""
    return next(itertools.islice(said(file, trigger, lambda one: one.tried), 1, None), None)


def said(file: File, trigger: Trigger, counts: Callable[[Said], bool]) -> Iterator[Evidence]:
    """The contacts since a promise was raised that count for it, the earliest first; none about another order."""
    since = bisect.bisect_left(file.contacts, trigger.at, key=lambda one: one.at)
    for one in itertools.islice(file.contacts, since, None):
        if counts(one) and one.concerns(trigger.order_id):
            yield by(one)


def by(one: Said) -> Evidence:
    """A contact as what keeps a promise."""
    return Evidence("contact_event", one.id, one.at)


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
