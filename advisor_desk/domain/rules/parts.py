"""Rules about parts: quoted, given an ETA, chased, and the customer told of each change and of the arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from advisor_desk.domain import lights, parts, repair_order, times
from advisor_desk.domain.rules import evidence
from advisor_desk.domain.rules.evidence import any_of
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import MANAGER, advisor_of, claimer_of
from advisor_desk.domain.rules.rule import (
    DUE,
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

_FIRST_AGAIN, _WEEK = 3, 7


def _lines(file: File, *states: str) -> Iterable[tuple[Row, Row]]:
    """The lines in these states with their orders, of orders that are not void."""
    for line in file.all("part_line"):
        if _state(line) in states and (order := file.order(line)) and order.get("stage") != "void":
            yield line, order


def _state(line: Row) -> str:
    return str(line.get("state") or parts.STATES[0])


def _name(line: Row) -> str:
    return str(line.get("description") or line.get("number") or "the part")


def _since(
    stamp: str, *states: str, when: Callable[[Row], bool] = lambda line: True
) -> Callable[..., Iterable[Trigger]]:
    """Raised for lines in these states, from the moment the stamp says."""

    def raised(file: File, shop: Shop) -> Iterable[Trigger]:
        for line, _ in _lines(file, *states):
            at = line.moment(stamp)
            if at is not None and at <= shop.now and when(line):
                yield Trigger("part_line", line, occurrence(at), at, _name(line))

    return raised


def _to_chase(file: File, shop: Shop) -> Iterable[Trigger]:
    """Parts whose ETA has passed; on a closed order from its closing on, since nobody looks at it any more."""
    for line, order in _lines(file, *sorted(parts.AWAITED)):
        eta, closed = line.moment("eta"), order.moment("closed") if order.get("stage") == "closed" else None
        at = eta if eta is not None and eta <= shop.now else closed
        if eta is not None and at is not None:
            due = shop.calendar.after(eta, CHASE_PART.number(shop, DUE))
            yield Trigger("part_line", line, occurrence(eta), min(at, eta), _name(line), due)


def _off(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    """The line or its order is called off."""
    if _state(trigger.row) in parts.GONE:
        return Ended("The part is not wanted any more.")
    order = file.order(trigger.row)
    return Ended("The repair order is void.") if order and order.get("stage") == "void" else None


def _quoted(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if _state(trigger.row) in ("requested", *parts.GONE):
        return None
    return evidence.changed(trigger, shop, "quoted_at")


def _has_eta(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    if trigger.row.get("eta"):
        return evidence.changed(trigger, shop, "eta_set_at")
    return _here(file, trigger, shop)


def _here(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    return evidence.changed(trigger, shop, "received_at") if _state(trigger.row) in parts.HERE else None


def _new_eta(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    eta = trigger.row.moment("eta")
    if eta is not None and occurrence(eta) != trigger.occurrence:
        return evidence.changed(trigger, shop, "eta_set_at")
    return _here(file, trigger, shop)


def _to_tell(file: File, shop: Shop) -> Iterable[Trigger]:
    """ETAs the customer has not been told that endanger the promise, or differ from what they were told."""
    margin = timedelta(minutes=shop.lights.eta_margin)
    for line, order in _lines(file, *parts.AWAITED):
        eta, at = line.moment("eta"), line.moment("eta_set_at")
        promised = order.moment("promised_at") if _is_open(order) else None
        if eta is None or at is None or not lights.untold(line.fields) or not file.key.customer_id:
            continue
        if line.get("eta_told") or (promised is not None and eta + margin > promised):
            local = eta.astimezone(shop.calendar.zone)
            about = f"{_name(line)} {times.DAYS[local.weekday()]} {local.hour}:{local.minute:02}"
            yield Trigger("part_line", line, occurrence(eta), at, about)


def _eta_told(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    said = Row("", trigger.row.get("eta_told") or {})
    if occurrence(said.moment("eta")) != trigger.occurrence:
        return None
    at = said.moment("at") or shop.now
    with_it = (evidence.by(one) for one in file.contacts if one.at == at and one.told)
    return next(with_it, Evidence("part_line", trigger.row.id, at))


def _eta_is_old(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if ended := _off(file, trigger, shop):
        return ended
    if _state(trigger.row) not in parts.AWAITED:
        return Ended("The part is here.")
    if occurrence(trigger.row.moment("eta")) != trigger.occurrence:
        return Ended("A newer ETA took its place.")
    order = file.order(trigger.row)
    # Who was told a day for what was ordered for them waits for it, wherever the car is.
    waits = parts.is_special(trigger.row.fields) and bool(trigger.row.get("eta_told"))
    return Ended("The repair order ended.") if order and not _is_open(order) and not waits else None


def _is_open(order: Row) -> bool:
    return repair_order.is_open(str(order.get("stage") or ""))


def special_orders(file: File, order: Row) -> Sequence[Row]:
    """An order's lines that were ordered for it and are not called off."""
    return [
        line for line in file.on(order, "part_line") if parts.is_special(line.fields) and _state(line) not in parts.GONE
    ]


def _arrived(file: File, shop: Shop) -> Iterable[Trigger]:
    """Orders whose last special-order part has come while the car is away: that day, on day 3, then weekly."""
    for order in file.all("repair_order"):
        lines = special_orders(file, order) if repair_order.car_is_away(order.fields) and file.key.customer_id else ()
        came = [at for line in lines if _state(line) in parts.HERE and (at := line.moment("received_at"))]
        if not came or len(came) < len(lines) or all(_state(line) == "installed" for line in lines):
            continue
        # One that came while the car was still here is waited for from when the order was closed.
        since = max(*came, order.moment("closed") or max(came))
        for round_, at in _rounds(since, shop):
            # Who has a visit to come is not called again.
            if round_ and evidence.future_visit(file, shop.now):
                continue
            yield Trigger("repair_order", order, f"{occurrence(max(came))} {round_}", at, _names(lines))


def _rounds(since: datetime, shop: Shop) -> Iterable[tuple[int, datetime]]:
    """The arrival, and the latest time round that has begun since."""
    yield 0, since
    days = (shop.now - since).days
    if days >= _FIRST_AGAIN:
        weeks = (days - _FIRST_AGAIN) // _WEEK
        yield weeks + 1, since + timedelta(days=_FIRST_AGAIN + weeks * _WEEK)


def _names(lines: Sequence[Row]) -> str:
    more = len(lines) - 1
    return _name(lines[0]) + (f" and {more} more" if more else "")


def _settled(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    lines = special_orders(file, trigger.row)
    if not lines:
        return Ended("The parts went back.")
    return Ended("The parts are installed.") if all(_state(line) == "installed" for line in lines) else None


def _unclaimed(file: File, shop: Shop) -> Iterable[Trigger]:
    """Special orders that are here, not installed, and must go back by a day unless somebody comes."""
    for line, order in _lines(file, "received", "partly_received", "pulled"):
        at, by = _unclaimed_since(line, order), _day(line, shop)
        if at is None or by is None or not parts.is_special(line.fields) or not repair_order.car_is_away(order.fields):
            continue
        if evidence.future_visit(file, shop.now):
            continue
        lost = _last_lost_visit(file, at, shop)
        mark = f"{line.get('return_by')} {occurrence(lost)}".strip()
        due = shop.calendar.close_of(by - timedelta(days=RETURN_SPECIAL_ORDER.number(shop, "days_before")))
        yield Trigger("part_line", line, mark, min(lost, shop.now) if lost else at, _name(line), due)


def _unclaimed_since(line: Row, order: Row) -> datetime | None:
    received, closed = line.moment("received_at"), order.moment("closed")
    return max(received, closed) if received and closed else received


def _last_lost_visit(file: File, since: datetime, shop: Shop) -> datetime | None:
    """The last visit since that came to nothing for the part: called off, missed, or over with it still here."""
    starts = [
        at
        for visit in file.all("appointment")
        if (at := visit.moment("starts_at"))
        and at >= since
        and (visit.get("status") in ("cancelled", "no_show") or shop.calendar.close_of(at) <= shop.now)
    ]
    return max(starts, default=None)


def _day(line: Row, shop: Shop) -> datetime | None:
    try:
        day = times.day_from_wire(str(line.get("return_by") or ""))
    except ValueError:
        return None
    return shop.calendar.at(day, _NOON)


_NOON: Final = datetime(2000, 1, 1, 12).time()  # noqa: DTZ001 - a time of day


def _installed_or_back(file: File, trigger: Trigger, shop: Shop) -> Evidence | None:
    done = _state(trigger.row) in ("installed", "return_due", "returned")
    return evidence.changed(trigger, shop) if done else None


def _no_longer_due(file: File, trigger: Trigger, shop: Shop) -> Ended | None:
    if _state(trigger.row) == "cancelled":
        return Ended("The part is not wanted any more.")
    moved = trigger.row.get("return_by") != trigger.occurrence.partition(" ")[0]
    return Ended("Another return date took its place.") if moved else None


QUOTE_PARTS: Final[Rule] = rule(
    "quote_parts",
    "Quote {about} for {who}",
    "A part was asked for and has no price or stock answer yet.",
    raised=_since("requested_at", "requested"),
    owner=claimer_of,
    due=Due(30, MINUTES),
    kept=_quoted,
    kept_words="quoted, in stock or ordered",
    escalation=Escalation(30, MANAGER),
    ended=_off,
    key="part.quote",
)
GIVE_ETA: Final[Rule] = rule(
    "give_eta",
    "Give an ETA for {about} ({who})",
    "The part is on order and nobody has said when it comes.",
    raised=_since("ordered_at", "ordered", "backordered", when=lambda line: not line.get("eta")),
    owner=claimer_of,
    due=Due(120, MINUTES),
    kept=_has_eta,
    kept_words="an ETA",
    escalation=Escalation(60, MANAGER),
    ended=_off,
    key="part.set_eta",
)
CHASE_PART: Final[Rule] = rule(
    "chase_part",
    "Chase {about} for {who}",
    "The part should be here by now and is not.",
    raised=_to_chase,
    owner=claimer_of,
    due=Due(60, MINUTES),
    kept=_new_eta,
    kept_words="a new ETA, or the part received",
    escalation=Escalation(60, MANAGER),
    ended=_off,
    key="part.set_eta",
)
TELL_ETA: Final[Rule] = rule(
    "tell_eta",
    "Tell {who}: {about}",
    "The ETA endangers the promise, or is not the one the customer was told.",
    raised=_to_tell,
    owner=advisor_of,
    due=Due(60, MINUTES),
    kept=_eta_told,
    kept_words="a contact that names it",
    escalation=Escalation(60, MANAGER),
    ended=_eta_is_old,
    named=True,
)
TELL_ARRIVAL: Final[Rule] = rule(
    "tell_arrival",
    "Tell {who}: {about} is here",
    "All parts ordered for the customer are here and the car is not.",
    raised=_arrived,
    owner=advisor_of,
    due=Due(0, SAME_DAY),
    kept=any_of(evidence.reached, evidence.visit_booked),
    kept_words="the customer reached, or a visit booked",
    escalation=Escalation(120, MANAGER),
    ended=_settled,
    one_at_a_time=True,
)
RETURN_SPECIAL_ORDER: Final[Rule] = rule(
    "return_special_order",
    "Return {about} or get {who} in",
    "The part is here, nobody has come for it, and soon it cannot go back.",
    raised=_unclaimed,
    owner=claimer_of,
    due=Due(0, STATED, "5 days before it must go back"),
    kept=any_of(_installed_or_back, evidence.visit_booked),
    kept_words="installed, a visit booked, or returned",
    escalation=Escalation(480, MANAGER),
    ended=_no_longer_due,
    key="part.return",
    days_before=parts.RETURN_DAYS,
)
