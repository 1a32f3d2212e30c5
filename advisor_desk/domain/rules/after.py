"""Rules about what follows a visit: a call, declined work, the next visit, and a bad mark in the survey."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from advisor_desk.domain.rules import again, evidence
from advisor_desk.domain.rules.evidence import any_of
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import BDC, MANAGER, advisor_of, queue_of
from advisor_desk.domain.rules.rule import (
    BUSINESS_DAYS,
    DAYS,
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


def _closed(file: File, shop: Shop) -> Iterable[tuple[Row, datetime]]:
    """The customer's orders that were closed, and when."""
    for order in file.all("repair_order") if file.key.customer_id else ():
        at = order.moment("closed")
        if order.get("stage") == "closed" and at is not None and not order.get("is_recon"):
            yield order, at


def _follow_up(file: File, shop: Shop) -> Iterable[Trigger]:
    for order, at in _closed(file, shop):
        yield Trigger("repair_order", order, occurrence(at), at, str(order.get("number") or ""))


def reopened(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    """The order is open again, or was closed anew: what its closing raised counts from there."""
    order = trigger.row if trigger.kind == "repair_order" else file.order(trigger.row)
    closed = order is not None and order.get("stage") == "closed" and occurrence(order.moment("closed"))
    if order is not None and closed != again.first_of(trigger.occurrence):
        return Ended("The repair order was opened again.")
    return again.stands_again(file, trigger)


def _declined(file: File, shop: Shop) -> Iterable[Trigger]:
    """Each declined job of a closed order; how soon to ask again follows from how bad it is."""
    for order, at in _closed(file, shop):
        for job in file.on(order, "job"):
            if job.get("state") == "declined":
                days = RECOVER_DECLINED.number(
                    shop, str(job.get("severity")) if job.get("severity") in _SOON else DUE_LATE
                )
                about = str(job.get("complaint") or job.get("correction") or job.get("letter") or "declined work")
                first = Trigger("job", job, occurrence(at), at, about, shop.calendar.days_after(at, days))
                yield from again.or_again(RECOVER_DECLINED, file, first, shop)


_SOON: Final = ("red", "yellow")
DUE_LATE: Final = "due"


def _approved_later(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if trigger.row.get("state") not in ("approved", "in_progress", "done"):
        return None
    said = Row("", trigger.row.get("authorised") or {}).moment("at")
    return Evidence("job", trigger.row.id, said if said is not None and said >= trigger.at else shop.now)


def _asked_again(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """A talk about it, or any talk once it is nearly due: the call after the visit is not yet the second asking."""
    id = RECOVER_DECLINED.id_of(trigger, shop)
    ahead = timedelta(days=RECOVER_DECLINED.number(shop, "ahead"))
    near = trigger.due - ahead if trigger.due else trigger.at
    return next(evidence.said(file, trigger, lambda one: one.spoken and (one.at >= near or id in one.keeps)), None)


def _without_visit(file: File, shop: Shop) -> Iterable[Trigger]:
    """Closed orders whose customer has no visit that comes after."""
    for order, at in _closed(file, shop):
        if not evidence.future_visit(file, at):
            first = Trigger("repair_order", order, occurrence(at), at)
            yield from again.or_again(BOOK_NEXT_VISIT, file, first, shop)


def _complained(file: File, shop: Shop) -> Iterable[Trigger]:
    line = ANSWER_SURVEY.number(shop, "line")
    for survey in file.all("survey"):
        at, score = survey.moment("answered_at"), survey.get("score")
        if at is not None and isinstance(score, int) and score < line:
            yield Trigger("survey", survey, "", at, f"{score} of 100")


FOLLOW_UP_VISIT: Final[Rule] = rule(
    "follow_up_visit",
    "Ask {who} how the visit was",
    "The repair order was closed; a call tells whether all is well.",
    raised=_follow_up,
    owner=advisor_of,
    due=Due(1, BUSINESS_DAYS),
    kept=any_of(evidence.reached, evidence.two_tries),
    kept_words="the customer reached, or two tries",
    escalation=Escalation(480, MANAGER),
    ended=reopened,
)
RECOVER_DECLINED: Final[Rule] = rule(
    "recover_declined",
    "Ask {who} again: {about}",
    "Work was declined and the car still needs it.",
    raised=_declined,
    owner=advisor_of,
    due=Due(90, DAYS),
    kept=any_of(_approved_later, evidence.visit_booked, _asked_again),
    kept_words="the work approved, a visit booked, or the customer reached about it",
    escalation=Escalation(960, BDC, takes_over=True),
    ended=reopened,
    red=3,
    yellow=30,
    ahead=2,
)
BOOK_NEXT_VISIT: Final[Rule] = rule(
    "book_next_visit",
    "Book {who}'s next visit",
    "The customer left without a next visit.",
    raised=_without_visit,
    owner=queue_of(BDC),
    due=Due(150, DAYS),
    kept=evidence.visit_booked,
    kept_words="a visit booked",
    escalation=Escalation(960, MANAGER),
    ended=reopened,
    key="visit.book",
)
ANSWER_SURVEY: Final[Rule] = rule(
    "answer_survey",
    "Call {who} about the survey: {about}",
    "The customer gave a mark below the store's line.",
    raised=_complained,
    owner=queue_of(MANAGER),
    due=Due(1, BUSINESS_DAYS),
    kept=evidence.reached,
    kept_words="the customer reached",
    escalation=Escalation(480, MANAGER),
    line=80,
)
