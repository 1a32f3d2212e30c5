"""Rules about the order under way: the customer told, the estimate answered, the car ready, the loaner back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Final

from advisor_desk.domain import lights, repair_order
from advisor_desk.domain.promise import TAKEN
from advisor_desk.domain.rules import evidence
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import MANAGER, SALES, advisor_of, queue_of, salesperson_of
from advisor_desk.domain.rules.rule import (
    BUSINESS_DAYS,
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
from advisor_desk.domain.rules.said import Said

_DAILY: Final = time(15)
_DAY: Final = timedelta(days=1)


def is_open(order: Row) -> bool:
    """True while the order's work is not closed or void."""
    return repair_order.is_open(str(order.get("stage") or ""))


def _to_update(file: File, shop: Shop) -> Iterable[Trigger]:
    """Open orders whose customer has heard nothing for longer than the store's cadence."""
    for order in file.all("repair_order"):
        opened = order.moment("opened")
        if not is_open(order) or order.get("stage") == "ready" or opened is None or not file.key.customer_id:
            continue
        last = max([opened, *(one.at for one in _told(file, order))])
        at = update_due(order, last, shop)
        if at <= shop.now:
            yield Trigger("repair_order", order, occurrence(last), at)


def _told(file: File, order: Row) -> Iterable[Said]:
    """By what the customer was told something of an order."""
    return (one for one in file.contacts if one.told and one.concerns(order.id))


def update_due(order: Row, last: datetime, shop: Shop) -> datetime:
    """When a customer last told at a moment hears again: by the cadence in open hours; long stays daily at 15:00."""
    span = lights.cadence(order.fields, last, shop.lights)
    if span >= _DAY:
        return shop.calendar.next_clock(last + span - _DAY, _DAILY)
    return shop.calendar.after(last, int(span.total_seconds() // 60))


def _ready_or_over(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if trigger.row.get("stage") == "ready":
        return Ended("The car is ready; that is told next.")
    since = lights.moment(trigger.occurrence)
    if since and any(since < one.at < trigger.at for one in _told(file, trigger.row)):
        return Ended("The customer had been told in time.")
    return _over(trigger.row, shop)


def _over(order: Row, shop: Shop) -> Ended | None:
    """What was owed while the car was here is not owed any more; it should have been done."""
    if order.get("stage") == "void":
        return Ended("The repair order is void.")
    return None if is_open(order) else Ended("The repair order was closed first.", broken=True)


def _asked(file: File, shop: Shop) -> Iterable[Trigger]:
    for job in file.all("job"):
        order, at = file.order(job), job.moment("sent_at")
        if order is not None and is_open(order) and job.get("state") == "sent" and at is not None:
            yield Trigger(
                "job", job, occurrence(at), at, str(job.get("complaint") or job.get("letter") or "the estimate")
            )


def _decided(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if trigger.row.get("state") not in ("approved", "declined", "in_progress", "done"):
        return None
    said = Row("", trigger.row.get("authorised") or {}).moment("at") or trigger.row.moment("declined_at")
    return Evidence("job", trigger.row.id, said if said is not None and said >= trigger.at else shop.now)


def _not_asked(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if trigger.row.get("state") == "recommended":
        return Ended("The estimate was taken back.")
    if occurrence(trigger.row.moment("sent_at")) != trigger.occurrence:
        return Ended("The estimate was sent again.")
    order = file.order(trigger.row)
    return _over(order, shop) if order else None


def _ready(file: File, shop: Shop) -> Iterable[Trigger]:
    for order in file.all("repair_order"):
        at = order.moment("stage_since")
        if order.get("stage") == "ready" and at is not None and file.key.customer_id:
            yield Trigger("repair_order", order, occurrence(at), at)


def _not_ready(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if trigger.row.get("stage") == "void":
        return Ended("The repair order is void.")
    if not is_open(trigger.row):
        closed = trigger.row.moment("closed") or shop.now
        late = trigger.due is not None and closed > trigger.due
        return Ended("The car was handed over before anybody called.", broken=late)
    if occurrence(trigger.row.moment("stage_since")) != trigger.occurrence:
        return Ended("The car went back to the shop.")
    return None


def _recon(file: File, shop: Shop) -> Iterable[Trigger]:
    for order in file.all("repair_order"):
        at = order.moment("opened")
        if order.get("is_recon") and is_open(order) and at is not None:
            yield Trigger("repair_order", order, "", at, str(order.get("number") or order.get("tag") or ""))


def closed(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """The order was closed."""
    return evidence.changed(trigger, shop, "closed") if trigger.row.get("stage") == "closed" else None


def void(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    """The order never was."""
    return Ended("The repair order is void.") if trigger.row.get("stage") == "void" else None


def _out(file: File, shop: Shop) -> Iterable[Trigger]:
    for loaner in file.all("loaner"):
        due, at = loaner.moment("due_at"), loaner.moment("out_at")
        if due is not None and at is not None and not loaner.get("back_at"):
            yield Trigger("loaner", loaner, occurrence(due), at, str(loaner.get("unit") or ""), due)


def _back(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    at = trigger.row.moment("back_at")
    return Evidence("loaner", trigger.row.id, at) if at else None


def _due_moved(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    moved = occurrence(trigger.row.moment("due_at")) != trigger.occurrence
    return Ended("Another day was agreed for the loaner.") if moved else None


def _for_trade(file: File, shop: Shop) -> Iterable[Trigger]:
    """Cars here now that are old and driven enough to be worth an offer."""
    years, odometer = OFFER_TRADE.number(shop, "years"), OFFER_TRADE.number(shop, "odometer")
    for order in file.all("repair_order"):
        car, at = file.row("vehicle", order.get("vehicle_id")), order.moment("opened")
        if not is_open(order) or order.get("is_recon") or car is None or at is None or not file.key.customer_id:
            continue
        driven = max(int(order.get("odometer_in") or 0), int(car.get("odometer") or 0))
        age = shop.calendar.local(at).year - int(car.get("year") or 9999)
        if age >= years and driven >= odometer:
            promised = order.moment("promised_at")
            due = promised if promised and promised > at else shop.calendar.close_of(at)
            yield Trigger("repair_order", order, "", at, str(car.get("model") or "the car"), due)


def _spoken_by_sales(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    by_sales = evidence.said(file, trigger, lambda one: one.told and shop.people.works_as(one.employee_id, SALES))
    return next(by_sales, None)


def _answered(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    """Sales has taken the offered promise, or has said no to it."""
    answers = [Row("", said) for said in trigger.promise.get("handoffs") or () if said.get("answer") in TAKEN]
    at = answers[-1].moment("at") if answers else None
    return Evidence(trigger.kind, trigger.row.id, at) if at else None


def _left(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if is_open(trigger.row):
        return None
    return void(file, trigger, shop) or Ended("The car left without an offer.", broken=True)


UPDATE_CUSTOMER: Final[Rule] = rule(
    "update_customer",
    "Update {who}",
    "The customer has heard nothing for longer than the store promises.",
    raised=_to_update,
    owner=advisor_of,
    due=Due(0, MINUTES),
    kept=evidence.told,
    kept_words="an outbound contact that reached or was sent",
    escalation=Escalation(60, MANAGER),
    ended=_ready_or_over,
)
GET_APPROVAL: Final[Rule] = rule(
    "get_approval",
    "Get {who}'s answer: {about}",
    "An estimate was sent and the customer has not answered.",
    raised=_asked,
    owner=advisor_of,
    due=Due(60, MINUTES),
    kept=_decided,
    kept_words="approved or declined",
    escalation=Escalation(60, MANAGER),
    ended=_not_asked,
    key="job.authorise",
)
TELL_READY: Final[Rule] = rule(
    "tell_ready",
    "Tell {who}: car is ready",
    "The car is ready and nobody has told the customer.",
    raised=_ready,
    owner=advisor_of,
    due=Due(15, MINUTES),
    kept=evidence.outbound,
    kept_words="an outbound contact",
    escalation=Escalation(30, MANAGER),
    ended=_not_ready,
)
FRONT_LINE_READY: Final[Rule] = rule(
    "front_line_ready",
    "Get recon {about} front-line ready",
    "A car of the store's own is in the shop and earns nothing until it is ready to sell.",
    raised=_recon,
    owner=queue_of(MANAGER),
    due=Due(4, BUSINESS_DAYS),
    kept=closed,
    kept_words="the repair order closed",
    escalation=Escalation(480, MANAGER),
    ended=void,
    key="ro.move_stage",
)
RETURN_LOANER: Final[Rule] = rule(
    "return_loaner",
    "Get loaner {about} back from {who}",
    "A loaner is out and due back.",
    raised=_out,
    owner=advisor_of,
    due=Due(0, STATED, "when the loaner is due"),
    kept=_back,
    kept_words="the loaner back",
    escalation=Escalation(60, MANAGER),
    ended=_due_moved,
    key="loaner.back",
)
OFFER_TRADE: Final[Rule] = rule(
    "offer_trade",
    "Offer {who} a trade for the {about}",
    "The car in the shop is one the store would like to buy.",
    raised=_for_trade,
    owner=salesperson_of,
    due=Due(0, SAME_DAY),
    kept=evidence.any_of(_spoken_by_sales, _answered),
    kept_words="sales spoke with the customer, or answered the handoff",
    escalation=Escalation(30, MANAGER),
    ended=_left,
    years=5,
    odometer=60_000,
)
