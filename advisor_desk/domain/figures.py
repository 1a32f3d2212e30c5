"""The store's figures over a time: what was kept, saved, recovered and told, each with the records behind it; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final, NamedTuple

from advisor_desk.domain import contact, figures_suppliers, lights, parts, promise, repair_order
from advisor_desk.domain.figure import Count, Figure, Line, Period, Records, of, share
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.orders import update_due
from advisor_desk.domain.rules.rule import Shop


def _kept(records: Records, period: Period, label: Callable[[Row], str]) -> Iterable[Line]:
    """On time, late, broken, open past their time, and given up; the share kept on time of all but those."""
    groups: dict[str, list[Row]] = {}
    for row in records.all("promise"):
        at = _came_due(row, records.shop.now)
        if period.has(at):
            groups.setdefault(label(row), []).append(row)
    for name in sorted(groups):
        some = groups[name]
        kept, late, broken, overdue, given_up = (sum(row.get("state") == state for row in some) for state in _ENDS)
        by_hand = sum(row.get("state") in ("kept", "kept_late") and not row.get("evidence") for row in some)
        in_time = share(kept, kept + late + broken + overdue)
        yield Line(name, (kept, late, broken, overdue, given_up, by_hand, in_time), of("promise", some))


_ENDS: Final = ("kept", "kept_late", "broken", "open", "cancelled")


def _came_due(row: Row, now: datetime) -> datetime | None:
    """When a promise ended, or was due where a rule has ended it; of an open one, when it was due, once it was."""
    due = row.moment("due_at")
    if promise.is_open(row.fields):
        return due if due is not None and due <= now else None
    return row.moment("ended_at") or due


def kept_by_rule(records: Records, period: Period) -> Iterable[Line]:
    """How promises ended, by the rule that raised them."""
    return _kept(records, period, lambda row: str(row.get("rule") or promise.BY_HAND))


def kept_by_owner(records: Records, period: Period) -> Iterable[Line]:
    """How promises ended, by whoever answered for them."""
    return _kept(records, period, lambda row: str(row.get("owner_id") or row.get("owner_role") or ""))


def kept_by_department(records: Records, period: Period) -> Iterable[Line]:
    """How promises ended, by department: the owner's first role."""
    return _kept(records, period, lambda row: _department(records, row))


def _department(records: Records, row: Row) -> str:
    person = records.shop.people.employees.get(str(row.get("owner_id") or ""), {})
    return str(row.get("owner_role") or next(iter(person.get("roles") or ()), ""))


def handoffs(records: Records, period: Period) -> Iterable[Line]:
    """Offers answered in the time: accepted, declined, bounced; minutes to an acceptance, in the middle."""
    found: dict[str, list[tuple[Row, Mapping[str, Any]]]] = {}
    for row in records.all("promise"):
        for said in row.get("handoffs") or ():
            if said.get("answer") != promise.REOWNED and period.has(lights.moment(said.get("at"))):
                found.setdefault(str(said.get("answer")), []).append((row, said))
    waited = [
        (lights.moment(said.get("at")), lights.moment(said.get("offered_at")))
        for _, said in found.get(promise.ACCEPTED, ())
    ]
    minutes = [(at - offered).total_seconds() / 60 for at, offered in waited if at and offered]
    for answer in (promise.ACCEPTED, promise.DECLINED, promise.UNANSWERED):
        some = found.get(answer, [])
        middle: float | str = round(median(minutes), 1) if minutes and answer == promise.ACCEPTED else ""
        yield Line(answer, (len(some), middle), of("promise", [row for row, _ in some]))


def no_shows(records: Records, period: Period) -> Iterable[Line]:
    """Missed visits, and those whose customer was reached or booked anew the same day; who came late missed none."""
    missed = [
        row
        for row in records.all("promise")
        if row.get("rule") == "save_no_show" and period.has(row.moment("raised_at")) and not _came(records, row)
    ]
    saved = [row for row in missed if row.get("state") == "kept"]
    yield Line("missed", (len(missed),), of("promise", missed))
    yield Line("saved the same day", (len(saved), share(len(saved), len(missed))), of("promise", saved))


def _came(records: Records, row: Row) -> bool:
    visit = records.get("appointment", (row.get("subject") or {}).get("id"))
    return visit is not None and visit.get("status") == "arrived" and visit.get("starts_at") == row.get("occurrence")


def declined_money(records: Records, period: Period) -> Iterable[Line]:
    """Work declined on orders closed in the time, in minor units, and what of it was approved since."""
    asked = [
        (row, job)
        for row in records.all("promise")
        if row.get("rule") == "recover_declined"
        and period.has(row.moment("raised_at"))
        and (job := records.get("job", (row.get("subject") or {}).get("id")))
    ]
    back = [job for row, job in asked if job.get("state") in ("approved", "in_progress", "done")]
    jobs = [job for _, job in asked]
    yield Line("declined", (len(jobs), _money(jobs)), of("job", jobs))
    yield Line("recovered", (len(back), _money(back), share(_money(back), _money(jobs))), of("job", back))


def _money(jobs: Sequence[Row]) -> int:
    return sum(int(job.get("labour_amount") or 0) + int(job.get("parts_amount") or 0) for job in jobs)


def first_services(records: Records, period: Period) -> Iterable[Line]:
    """Cars delivered in the time, and those whose buyer has a visit set that comes after."""
    sold = [row for row in records.all("deal") if period.has(row.moment("delivered_at"))]
    last: dict[str, datetime] = {}
    for visit in records.all("appointment"):
        whose, starts = str(visit.get("customer_id") or ""), visit.moment("starts_at")
        if starts is not None and visit.get("status") not in ("requested", "cancelled"):
            last[whose] = max(starts, last.get(whose, starts))
    some = [
        row
        for row in sold
        if (at := row.moment("delivered_at")) and (starts := last.get(str(row.get("customer_id")))) and starts > at
    ]
    yield Line("delivered", (len(sold),), of("deal", sold))
    yield Line("first service booked", (len(some), share(len(some), len(sold))), of("deal", some))


def orphans(records: Records, period: Period) -> Iterable[Line]:
    """Customers to be introduced to somebody new, and since when, in days."""
    for row in records.all("promise"):
        at = row.moment("raised_at")
        if row.get("rule") == "adopt_orphan" and promise.is_open(row.fields) and at is not None:
            days = (records.shop.now - at).days
            yield Line(str(row.get("title") or ""), (days,), (("customer", str(row.get("customer_id"))),))


def time_in_stage(records: Records, period: Period) -> Iterable[Line]:
    """Open orders by stage: how many, and for how many hours in the middle they have stood there."""
    found: dict[str, list[tuple[Row, float]]] = {}
    for row in records.all("repair_order"):
        stage, since = str(row.get("stage") or "write_up"), row.moment("stage_since")
        if repair_order.is_open(stage) and since is not None:
            found.setdefault(stage, []).append((row, (records.shop.now - since).total_seconds() / 3600))
    for stage in (*repair_order.LANES, *sorted(found.keys() - set(repair_order.LANES))):
        if some := found.get(stage):
            hours = round(median(hours for _, hours in some), 1)
            yield Line(stage, (len(some), hours), of("repair_order", [row for row, _ in some]))


def told_in_time(records: Records, period: Period) -> Iterable[Line]:
    """How often a customer was told again within the store's cadence, of all the times they were to be, by advisor."""
    tellings = _tellings(records)
    ready = _ready(records)
    found: dict[str, list[tuple[Row, bool]]] = {}
    for order in records.all("repair_order"):
        about = tellings.get(str(order.get("customer_id") or ""), ())
        told = [at for at, order_id in about if order_id in ("", order.id)]
        for due, kept in _times_to_tell(order, told, ready.get(order.id), records.shop):
            if period.has(due):
                found.setdefault(str(order.get("advisor_id") or ""), []).append((order, kept))
    for advisor in sorted(found):
        some = found[advisor]
        good = sum(kept for _, kept in some)
        values = (good, len(some) - good, share(good, len(some)))
        yield Line(advisor, values, of("repair_order", [row for row, _ in some]))


def _tellings(records: Records) -> Mapping[str, Sequence[tuple[datetime, str]]]:
    """When each customer was told something, and of which order; none is named where it may have been of any."""
    out: dict[str, list[tuple[datetime, str]]] = {}
    for event in records.all("contact_event"):
        at = event.moment("at")
        said = (event.get("channel") or "note", event.get("direction") or "out", event.get("outcome") or "")
        if at is not None and contact.tells(*said):
            about = (at, str(event.get("repair_order_id") or ""))
            out.setdefault(str(event.get("customer_id") or ""), []).append(about)
    return out


def _ready(records: Records) -> Mapping[str, datetime]:
    """When each car was ready last: an order says only since when it is where it is now."""
    out: dict[str, datetime] = {}
    for row in records.all("promise"):
        at, id = row.moment("raised_at"), str((row.get("subject") or {}).get("id"))
        if row.get("rule") == "tell_ready" and at is not None:
            out[id] = max(at, out.get(id, at))
    return out


def _times_to_tell(
    order: Row, told: Iterable[datetime], ready: datetime | None, shop: Shop
) -> Iterable[tuple[datetime, bool]]:
    """Each time the customer was to hear, and whether they had by then, from the opening until the car was ready."""
    opened, since = order.moment("opened"), order.moment("stage_since")
    if opened is None or not order.get("customer_id"):
        return
    end = shop.now
    if order.get("stage") in repair_order.FINAL:
        end = ready or since or order.moment("closed") or end
    elif order.get("stage") == "ready":
        end = since or end
    last = opened
    for at in [*sorted({at for at in told if opened < at <= end}), None]:
        due = update_due(order, last, shop)
        if due <= end or (at is not None and at <= due):
            yield due, at is not None and at <= due
        if at is None:
            return
        last = at


def untold_etas(records: Records, period: Period) -> Iterable[Line]:
    """Parts whose customer believes what is not so any more, now."""
    for line in records.all("part_line"):
        order = records.get("repair_order", line.get("repair_order_id"))
        if order is not None and repair_order.is_open(str(order.get("stage") or "")) and lights.untold(line.fields):
            since = lights.moment(line.get("eta_set_at") or line.get("received_at"))
            hours = round((records.shop.now - since).total_seconds() / 3600, 1) if since else ""
            yield Line(str(line.get("description") or line.get("number") or ""), (hours,), (("part_line", line.id),))


def eta_error(records: Records, period: Period) -> Iterable[Line]:
    """How many hours after its first ETA a part came, in the middle and at worst, by supplier."""
    found: dict[str, list[tuple[Row, float]]] = {}
    for line in records.all("part_line"):
        came, said = line.moment("received_at"), line.moment("first_eta")
        if came is not None and said is not None and period.has(came):
            hours = (came - said).total_seconds() / 3600
            found.setdefault(str(line.get("supplier") or ""), []).append((line, hours))
    for supplier in sorted(found):
        some = found[supplier]
        late = [hours for _, hours in some]
        good = sum(hours <= 0 for hours in late)
        values = (len(some), round(median(late), 1), round(max(late), 1), share(good, len(some)))
        yield Line(supplier, values, of("part_line", [line for line, _ in some]))


def special_orders(records: Records, period: Period) -> Iterable[Line]:
    """Special orders that lie here uninstalled, by the weeks they have, and the money at risk in minor units."""
    found: dict[int, list[Row]] = {}
    for line in records.all("part_line"):
        came = line.moment("received_at")
        if parts.is_special(line.fields) and line.get("state") in ("received", "pulled") and came is not None:
            found.setdefault((records.shop.now - came) // timedelta(weeks=1), []).append(line)
    for weeks in sorted(found):
        some = found[weeks]
        money = sum(int(line.get("amount") or 0) for line in some)
        yield Line(f"{weeks} weeks", (len(some), money), of("part_line", some))


def satisfaction(records: Records, period: Period) -> Iterable[Line]:
    """Surveys answered in the time and their marks on average, by the order's advisor."""
    found: dict[str, list[Row]] = {}
    for survey in records.all("survey"):
        if period.has(survey.moment("answered_at")) and isinstance(survey.get("score"), int):
            order = records.get("repair_order", survey.get("repair_order_id"))
            found.setdefault(str(order.get("advisor_id") or "") if order else "", []).append(survey)
    for advisor in sorted(found):
        some = found[advisor]
        mark = round(sum(int(row.get("score")) for row in some) / len(some), 1)
        yield Line(advisor, (len(some), mark), of("survey", some))


def lead_response(records: Records, period: Period) -> Iterable[Line]:
    """Leads received in the time by what was wanted: how many are answered, after how many minutes in the middle."""
    found: dict[str, list[Row]] = {}
    for lead in records.all("lead"):
        if period.has(lead.moment("received_at")):
            found.setdefault(str(lead.get("wants") or "something"), []).append(lead)
    for wants in sorted(found):
        some = found[wants]
        times = [(lead.moment("first_answered_at"), lead.moment("received_at")) for lead in some]
        minutes = [(at - asked).total_seconds() / 60 for at, asked in times if at and asked]
        yield Line(wants, (len(some), len(minutes), round(median(minutes), 1) if minutes else ""), of("lead", some))


class _Declared(NamedTuple):
    title: str
    columns: tuple[str, ...]
    counted: Count


_ENDED: Final = ("on time", "late", "broken", "overdue", "given up", "by hand", "% on time")
FIGURES: Final[Mapping[str, _Declared]] = {
    "kept_by_rule": _Declared("Promises by rule", _ENDED, kept_by_rule),
    "kept_by_owner": _Declared("Promises by owner", _ENDED, kept_by_owner),
    "kept_by_department": _Declared("Promises by department", _ENDED, kept_by_department),
    "handoffs": _Declared("Handovers", ("how many", "minutes"), handoffs),
    "no_shows": _Declared("No-shows", ("how many", "%"), no_shows),
    "declined_money": _Declared("Declined work", ("jobs", "money", "%"), declined_money),
    "first_services": _Declared("First services", ("cars", "%"), first_services),
    "orphans": _Declared("Customers without their advisor", ("days",), orphans),
    "time_in_stage": _Declared("Time in stage", ("cars", "hours"), time_in_stage),
    "told_in_time": _Declared("Customers told within cadence", ("in time", "late", "%"), told_in_time),
    "untold_etas": _Declared("ETAs the customer does not know", ("hours",), untold_etas),
    "eta_error": _Declared("ETA against arrival", ("parts", "hours late", "worst", "% held"), eta_error),
    "forecasts": _Declared("Forecasts of arrivals", figures_suppliers.COLUMNS, figures_suppliers.forecasts),
    "special_orders": _Declared("Special orders waiting", ("parts", "money"), special_orders),
    "satisfaction": _Declared("Surveys", ("answers", "mark"), satisfaction),
    "lead_response": _Declared("Lead response", ("leads", "answered", "minutes"), lead_response),
}
"""Every figure by name; money is in minor units."""
KINDS: Final = (
    "promise", "repair_order", "job", "part_line", "contact_event", "appointment", "deal", "lead", "survey",
)  # fmt: skip
"""The kinds of records the figures are counted from."""


def figure(name: str, records: Records, period: Period) -> Figure:
    """Count one figure; raises KeyError for an unknown name."""
    declared = FIGURES[name]
    return Figure(name, declared.title, declared.columns, tuple(declared.counted(records, period)))
