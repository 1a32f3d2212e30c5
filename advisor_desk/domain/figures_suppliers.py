"""How well arrivals were forecast: the spans that held, and how far off beside the simplest forecasts there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Final, NamedTuple

from advisor_desk.domain import supplier_history, suppliers
from advisor_desk.domain.figure import Line, Period, Records, of, share
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.supplier_history import Arrival
from advisor_desk.domain.suppliers import Key

COLUMNS: Final = ("parts", "% within", "days off", "ETA as given", "plain median")
_STEP: Final = timedelta(days=7)
"""Each week is forecast from what had come before it."""


class _Scored(NamedTuple):
    """An order that came: whether its span held, and by how many working days three forecasts were off."""

    line: Row
    held: bool
    off: float
    as_given: float
    plain: float


def forecasts(records: Records, period: Period) -> Iterable[Line]:
    """Of the spans that were to hold for 8 of 10 arrivals, how many did, all together and by supplier.

    Beside it how many working days the forecast was off on average, the ETA as given, and the median of what had come
    so far. All three are told no more than what had come by the week before, back to where the records begin.
    """
    scored = list(_scored(records, period))
    if not scored:
        return
    yield _line("all suppliers", scored)
    found: dict[str, list[_Scored]] = {}
    for one in scored:
        found.setdefault(str(one.line.get("supplier")), []).append(one)
    for supplier in sorted(found):
        yield _line(supplier, found[supplier])


def _line(label: str, some: list[_Scored]) -> Line:
    held = share(sum(one.held for one in some), len(some))
    off = [round(fmean(column), 2) for column in zip(*(one[2:] for one in some), strict=True)]
    return Line(label, (len(some), held, *off), of("part_line", [one.line for one in some]))


def _scored(records: Records, period: Period) -> Iterator[_Scored]:
    days = records.shop.lights.days
    lines = records.all("part_line")
    came = [(found, line) for line in lines if (found := supplier_history.arrival(line.fields, days))]
    came.sort(key=lambda pair: pair[0].at)
    start = period.since
    while start < period.until:
        end = min(start + _STEP, period.until)
        this_week = [(arrival, line) for arrival, line in came if start <= arrival.at < end]
        if this_week:
            yield from _week([arrival for arrival, _ in came if arrival.at < start], this_week, start)
        start = end


def _week(before: list[Arrival], this_week: list[tuple[Arrival, Row]], start: datetime) -> Iterator[_Scored]:
    known = supplier_history.records(before, start)
    past: dict[Key, list[float]] = {}
    for key, _, late in before:
        past.setdefault(key, []).append(late)
    plain = {key: median(lates) for key, lates in past.items()}
    edge = (1 - suppliers.LIKELY) / 2
    for (key, _, late), line in this_week:
        if record := known.get(key):
            low, middle, high = (suppliers.quantile(record, at) for at in (edge, 0.5, 1 - edge))
            yield _Scored(line, low <= late <= high, abs(late - middle), abs(late), abs(late - plain[key]))
