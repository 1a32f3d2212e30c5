"""Rules where sales and service meet: the first service, the calls after delivery, we-owes, papers, and orphans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

from advisor_desk.domain import repair_order, times
from advisor_desk.domain.ids import born
from advisor_desk.domain.rules import again, evidence
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import (
    BDC,
    FINANCE,
    MANAGER,
    PARTS,
    Owner,
    People,
    advisor_of,
    queue_of,
    salesperson_of,
)
from advisor_desk.domain.rules.rule import (
    BUSINESS_DAYS,
    DAYS,
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

_TOUCHES: Final = (("first", "0"), ("second", "1"), ("third", "2"))


def _delivered(file: File, shop: Shop) -> Iterable[tuple[Row, datetime]]:
    for deal in file.all("deal"):
        at = deal.moment("delivered_at")
        if at is not None and at <= shop.now and deal.get("stage") in ("delivered", "funded"):
            yield deal, at


def _car(file: File, deal: Row) -> str:
    car = file.row("vehicle", deal.get("vehicle_id"))
    return str((car.get("model") if car else "") or "the new car")


def _to_service(file: File, shop: Shop) -> Iterable[Trigger]:
    for deal, at in _delivered(file, shop):
        if not evidence.future_visit(file, at):
            first = Trigger("deal", deal, occurrence(at), at, _car(file, deal))
            yield from again.or_again(FIRST_SERVICE, file, first, shop)


def _touches(file: File, shop: Shop) -> Iterable[Trigger]:
    """Three calls after a delivery; each counts from when the one before was due."""
    for deal, at in _delivered(file, shop):
        since = at
        for name, number in _TOUCHES:
            due = shop.calendar.days_after(at, DELIVERY_TOUCH.number(shop, name))
            yield Trigger("deal", deal, f"{occurrence(at)} {number}", since, _car(file, deal), due)
            since = due


def _not_delivered(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    delivered = occurrence(trigger.row.moment("delivered_at"))
    return None if delivered == trigger.occurrence.partition(" ")[0] else Ended("The delivery was taken back.")


def _no_first_service(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    return _not_delivered(file, trigger, shop) or again.stands_again(file, trigger)


def _next_is_due(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    """A call that was not made before the next one was due is not made any more."""
    if ended := _not_delivered(file, trigger, shop):
        return ended
    mine, delivered = trigger.occurrence.rpartition(" ")[2], trigger.row.moment("delivered_at")
    later = [name for name, number in _TOUCHES if number > mine]
    if delivered is None or not later:
        return None
    days = DELIVERY_TOUCH.number(shop, later[0])
    over = shop.calendar.days_after(delivered, days) <= shop.now
    return Ended("Nobody called before the next call was due.", broken=True) if over else None


def _owed(file: File, shop: Shop) -> Iterable[Trigger]:
    for owed in file.all("we_owe"):
        at = born(owed.id) or _day(owed.get("made_on"), shop) or _day(owed.get("promised_on"), shop)
        if at is not None and _fulfilled(file, Trigger("we_owe", owed, "", at), shop) is None:
            day = _day(owed.get("promised_on"), shop)
            yield Trigger(
                "we_owe", owed, "", at, str(owed.get("description") or ""), day and shop.calendar.close_of(day)
            )


def _day(text: object, shop: Shop) -> datetime | None:
    try:
        day = times.day_from_wire(str(text or ""))
    except ValueError:
        return None
    return shop.calendar.at(day, datetime.min.time().replace(hour=8))


def _of_we_owe(file: File, about: Row, people: People) -> Owner:
    return people.queue(PARTS) if about.get("part_number") else advisor_of(file, about, people)


def _fulfilled(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    order = file.order(trigger.row)
    if order is None or order.get("stage") != "closed":
        return None
    return Evidence("repair_order", order.id, order.moment("closed") or shop.now)


def _in_finance(file: File, shop: Shop) -> Iterable[Trigger]:
    for deal in file.all("deal"):
        at = deal.moment("in_finance_at") or born(deal.id)
        if deal.get("stage") != "in_finance" or at is None or not (missing := _missing(deal)):
            continue
        delivery = deal.moment("delivery_at")
        yield Trigger("deal", deal, "", at, ", ".join(missing[:3]), delivery if delivery and delivery > at else None)


def _missing(deal: Row) -> list[str]:
    return [str(paper.get("name") or "a paper") for paper in deal.get("documents") or [] if not paper.get("done")]


def _papers_done(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    papers = trigger.row.get("documents") or []
    return evidence.changed(trigger, shop, "documents_at") if papers and not _missing(trigger.row) else None


def _not_in_finance(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    return Ended("The deal is not in finance any more.") if trigger.row.get("stage") == "pending" else None


def _orphaned(file: File, shop: Shop) -> Iterable[Trigger]:
    """A customer with business under way whose advisor or salesperson has left the store."""
    customer = file.customer
    if customer is None:
        return
    under_way = evidence.future_visit(file, shop.now) or any(
        repair_order.is_open(str(order.get("stage") or "")) for order in file.all("repair_order")
    )
    for name in ("advisor_id", "salesperson_id"):
        left = str(customer.get(name) or "")
        if under_way and left and shop.people.has_left(left):
            # From when they left, or the day somebody looks: desk and bridge name the same moment.
            today = shop.calendar.at(shop.calendar.local(shop.now), time())
            yield orphan(customer, name, left, max(shop.people.left_at(left), today))


def orphan(customer: Row, field: str, left: str, at: datetime) -> Trigger:
    """What raises the promise where somebody's customers are handed on the moment they leave."""
    return Trigger("customer", customer, f"{field} {left}", at)


def _introduced(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """Somebody new answers for the customer, and has spoken or written to them."""
    field, _, left = trigger.occurrence.partition(" ")
    now = str(trigger.row.get(field) or "")
    if not now or now == left or shop.people.has_left(now):
        return None
    return next(evidence.said(file, trigger, lambda one: one.told and one.employee_id == now), None)


FIRST_SERVICE: Final[Rule] = rule(
    "first_service",
    "Set {who}'s first service for the {about}",
    "The car was delivered and its first service is not booked.",
    raised=_to_service,
    owner=salesperson_of,
    due=Due(7, DAYS),
    kept=evidence.visit_booked,
    kept_words="a visit booked",
    escalation=Escalation(960, BDC, takes_over=True),
    ended=_no_first_service,
    key="visit.book",
)
DELIVERY_TOUCH: Final[Rule] = rule(
    "delivery_touch",
    "Ask {who} how the {about} is",
    "The car was delivered lately; its buyer hears from the store on day 1, 7 and 30.",
    raised=_touches,
    owner=salesperson_of,
    due=Due(0, STATED, "day 1, 7 and 30"),
    kept=evidence.outbound,
    kept_words="an outbound contact",
    escalation=Escalation(480, MANAGER),
    ended=_next_is_due,
    first=1,
    second=7,
    third=30,
)
FULFIL_WE_OWE: Final[Rule] = rule(
    "fulfil_we_owe",
    "Do what {who} is owed: {about}",
    "Sales promised it to the buyer.",
    raised=_owed,
    owner=_of_we_owe,
    due=Due(14, DAYS),
    kept=_fulfilled,
    kept_words="a repair order closed with it",
    escalation=Escalation(480, MANAGER),
    key="visit.book",
)
FINISH_DOCUMENTS: Final[Rule] = rule(
    "finish_documents",
    "Finish {who}'s papers: {about}",
    "The deal is in finance and papers are missing.",
    raised=_in_finance,
    owner=queue_of(FINANCE),
    due=Due(2, BUSINESS_DAYS),
    kept=_papers_done,
    kept_words="all papers done",
    escalation=Escalation(240, MANAGER),
    ended=_not_in_finance,
    key="deal.document",
)
ADOPT_ORPHAN: Final[Rule] = rule(
    "adopt_orphan",
    "Give {who} somebody new, and introduce them",
    "The one who looked after the customer has left.",
    raised=_orphaned,
    owner=queue_of(MANAGER),
    due=Due(1, BUSINESS_DAYS),
    kept=_introduced,
    kept_words="a new owner set, and introduced",
    escalation=Escalation(480, MANAGER),
    key="customer.adopt",
)
