"""Rules about visits and those who ask for one: answer them, confirm, and save the ones who did not come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Final

from advisor_desk.domain import times
from advisor_desk.domain.rules import evidence
from advisor_desk.domain.rules.evidence import any_of
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import ADVISOR, BDC, MANAGER, Owner, People, queue_of
from advisor_desk.domain.rules.rule import (
    MINUTES,
    SAME_DAY,
    STATED,
    Due,
    Ended,
    Escalation,
    Evidence,
    Rule,
    Shop,
    Trigger,
    occurrence,
    rule,
)

_STILL_TO_COME: Final = ("requested", "booked")
_EXPECTED: Final = ("booked", "confirmed")


def _leads(*wants: str) -> Callable[[File, Shop], Iterable[Trigger]]:
    def raised(file: File, shop: Shop) -> Iterable[Trigger]:
        for lead in file.all("lead"):
            at = lead.moment("received_at")
            asked = str(lead.get("wants") or "something")
            if at is not None and asked in wants and not lead.get("first_answered_at"):
                yield Trigger("lead", lead, "", at, asked)

    return raised


def _answered(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    at = trigger.row.moment("first_answered_at")
    return Evidence("lead", trigger.row.id, at) if at else None


def _visit_moved(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    return evidence.first(
        Evidence("appointment", visit.id, at)
        for visit in file.all("appointment")
        if (at := _last_moved(visit)) and at >= trigger.at
    )


def _last_moved(visit: Row) -> datetime | None:
    moves = visit.get("moves") or []
    return Row("", moves[-1]).moment("at") if moves else None


def _advisor_of_visit(file: File, about: Row, people: People) -> Owner:
    visits = sorted(
        (visit for visit in file.all("appointment") if visit.get("status") in _EXPECTED),
        key=lambda visit: str(visit.get("starts_at") or ""),
    )
    customer = file.customer
    return people.first_here(
        (*(visit.get("advisor_id") for visit in visits), customer and customer.get("advisor_id")), ADVISOR
    )


def _to_confirm(file: File, shop: Shop) -> Iterable[Trigger]:
    """Visits booked long enough ahead that there is a business day to confirm them on."""
    for visit in file.all("appointment"):
        starts, booked = visit.moment("starts_at"), evidence.booked_at(visit)
        if starts is None or booked is None or visit.get("status") not in _STILL_TO_COME or starts <= shop.now:
            continue
        due = shop.calendar.clock_before(starts, time(min(CONFIRM_VISIT.number(shop, "hour"), 23)))
        at = max(booked, _last_moved(visit) or booked)
        if due > at:
            yield Trigger("appointment", visit, occurrence(starts), at, _when(starts, shop), due)


def _when(starts: datetime, shop: Shop) -> str:
    local = starts.astimezone(shop.calendar.zone)
    return f"{times.MONTHS[local.month - 1]} {local.day} {local.hour}:{local.minute:02}"


def _confirmed(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if trigger.row.get("status") != "confirmed":
        return None
    return evidence.changed(trigger, shop, "confirmed_at")


def _not_as_booked(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if trigger.row.get("status") == "cancelled":
        return Ended("The visit was cancelled.")
    if occurrence(trigger.row.moment("starts_at")) != trigger.occurrence:
        return Ended("The visit was moved.")
    return None


def _came_or_never(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if found := _not_as_booked(file, trigger, shop):
        return found
    if trigger.row.get("status") == "arrived":
        return Ended("The customer came.")
    starts = trigger.row.moment("starts_at")
    if starts is not None and starts <= shop.now:
        return Ended("The visit began without being confirmed.", broken=True)
    return None


def _missed(file: File, shop: Shop) -> Iterable[Trigger]:
    """Visits whose customer has not come: an hour past their start, or marked so before."""
    waits = timedelta(minutes=SAVE_NO_SHOW.number(shop, "wait"))
    for visit in file.all("appointment"):
        starts, status = visit.moment("starts_at"), visit.get("status")
        if starts is None or status not in (*_EXPECTED, "no_show"):
            continue
        at = starts + waits
        if status == "no_show":
            at = min(visit.moment("no_show_at") or at, at)
        if at <= shop.now:
            due = max(shop.calendar.close_of(starts), shop.calendar.close_of(at))
            yield Trigger("appointment", visit, occurrence(starts), at, _when(starts, shop), due)


def _visit_again(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if moved := _moved_since(trigger):
        return Evidence("appointment", trigger.row.id, moved)
    return evidence.visit_booked(file, trigger, shop)


def _moved_since(trigger: Trigger) -> datetime | None:
    at = _last_moved(trigger.row)
    return at if at is not None and at >= trigger.at else None


def _came_late(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if found := _not_as_booked(file, trigger, shop):
        return found
    if trigger.row.get("status") == "arrived":
        return Ended("The customer came late.")
    days = SAVE_NO_SHOW.number(shop, "days")
    if trigger.due and shop.now > shop.calendar.business_days_after(trigger.due, days):
        return Ended("Nobody got hold of the customer in time.", broken=True)
    return None


ANSWER_LEAD: Final[Rule] = rule(
    "answer_lead",
    "Answer {who}: asks about {about}",
    "Somebody asked for something and waits for a first answer.",
    raised=_leads("service", "sales", "parts", "something"),
    owner=queue_of(BDC),
    due=Due(10, MINUTES),
    kept=any_of(evidence.outbound, _answered),
    kept_words="an outbound contact",
    escalation=Escalation(20, MANAGER),
)
ANSWER_RESCHEDULE: Final[Rule] = rule(
    "answer_reschedule",
    "Answer {who}: wants another time",
    "The customer asked to move the visit.",
    raised=_leads("reschedule"),
    owner=_advisor_of_visit,
    due=Due(15, MINUTES),
    kept=any_of(evidence.outbound, _visit_moved, _answered),
    kept_words="an outbound contact, or the visit moved",
    escalation=Escalation(30, MANAGER),
    key="visit.move",
)
CONFIRM_VISIT: Final[Rule] = rule(
    "confirm_visit",
    "Confirm {who}'s visit {about}",
    "The visit is booked and the customer has not said again that they come.",
    raised=_to_confirm,
    owner=queue_of(BDC),
    due=Due(0, STATED, "17:00 the business day before"),
    kept=_confirmed,
    kept_words="the visit confirmed",
    escalation=Escalation(30, MANAGER),
    ended=_came_or_never,
    key="visit.confirm",
    hour=17,
)
SAVE_NO_SHOW: Final[Rule] = rule(
    "save_no_show",
    "Call {who}: missed the visit {about}",
    "The customer did not come to the visit.",
    raised=_missed,
    owner=queue_of(BDC),
    due=Due(0, SAME_DAY),
    kept=any_of(evidence.reached, _visit_again),
    kept_words="the customer reached, or a new visit",
    escalation=Escalation(60, MANAGER),
    ended=_came_late,
    wait=60,
    days=3,
)
