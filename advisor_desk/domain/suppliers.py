"""What a supplier's record says of a date it gives: whether it holds, when the part comes, and never as fact."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Final, NamedTuple

Record = Mapping[str, Any]
"""How a supplier's dates held, as ``supplier_history.records`` makes it and the cache keeps it.

``of`` orders that came, the ``share`` whose first date held, ``days`` as evenly spaced quantiles of how many of the
store's working days after it they came, ``late`` those of the late ones in the middle, and ``store`` for all the
store's orders where those are too few to go by alone.
"""
Key = tuple[str, str]
"""A supplier, folded, and a kind of order: what a record is kept for."""
EVERY_DAY: Final = frozenset(range(7))
LIKELY: Final = 0.8
"""How much of what may come the span of a forecast takes in."""


def key(line: Mapping[str, Any]) -> Key:
    """Whose record tells of a part line."""
    return " ".join(str(line.get("supplier") or "").casefold().split()), str(line.get("source") or "")


class Days(NamedTuple):
    """The store's days, one after the other: the nights count, the weekdays on which it is shut do not."""

    zone: tzinfo = UTC
    weekdays: frozenset[int] = EVERY_DAY

    def place(self, at: datetime) -> float:
        """Where on the line of working days a moment lies; one on a shut day lies where the next day begins."""
        local = at.astimezone(self.zone)
        begun = self._before(local.date())
        if local.weekday() not in self.weekdays:
            return begun
        return begun + (local.hour + local.minute / 60 + local.second / 3600) / 24

    def moment(self, place: float) -> datetime:
        """The moment that lies there."""
        whole = int(place // 1)
        weeks, left = divmod(whole, len(self.weekdays))
        first = sorted(self.weekdays)[left]
        day = date.fromordinal(1 + 7 * weeks + first)
        clock = min(round((place - whole) * 24 * 60), 24 * 60 - 1)
        return datetime.combine(day, time(clock // 60, clock % 60), self.zone).astimezone(UTC)

    def between(self, first: datetime, last: datetime) -> float:
        """How many working days one moment lies after another."""
        return self.place(last) - self.place(first)

    def after(self, at: datetime, days: float) -> datetime:
        """The moment so many working days later."""
        return self.moment(self.place(at) + days)

    def _before(self, day: date) -> int:
        """How many working days there were before a day; ordinal 1 was a Monday."""
        weeks, weekday = divmod(day.toordinal() - 1, 7)
        return weeks * len(self.weekdays) + sum(open_ < weekday for open_ in self.weekdays)


def weekdays(store: Mapping[str, Any]) -> frozenset[int]:
    """The days a store opens; its holidays are not known here and show as lateness like any other."""
    hours = store.get("hours")
    week = hours if isinstance(hours, Sequence) and len(hours) == 7 else ()
    return frozenset(at for at, day in enumerate(week) if isinstance(day, Mapping) and day.get("opens")) or EVERY_DAY


def record(line: Mapping[str, Any]) -> Record | None:
    """The record that came with a part line; None for none, or for what is none."""
    found = line.get("record")
    return found if isinstance(found, Mapping) and found.keys() >= _NEEDED and found["of"] else None


_NEEDED: Final = frozenset({"of", "share", "days", "late"})


def quantile(record: Record, share: float) -> float:
    """The working days after the date given by which this share of the orders had come."""
    days = record["days"]
    place = share * (len(days) - 1)
    below = min(int(place), len(days) - 2)
    return float(days[below] + (days[below + 1] - days[below]) * (place - below))


def chance(record: Record, days: float) -> float:
    """The share of orders that come no more than so many working days after the date given."""
    known = record["days"]
    at = bisect_right(known, days)
    if at == 0 or at == len(known):
        return 0.0 if at == 0 else 1.0
    low, high = known[at - 1], known[at]
    return float((at - 1 + (days - low) / (high - low)) / (len(known) - 1))


class Forecast(NamedTuple):
    """When a part may come: the moment in the middle, and the span that takes in ``LIKELY`` of what may be."""

    usual: datetime
    first: datetime
    last: datetime


def forecast(record: Record, eta: datetime, now: datetime, days: Days) -> Forecast:
    """When a part comes whose supplier says ``eta``, knowing that it is not here ``now``."""
    gone = chance(record, days.between(eta, now))
    gone = gone if gone < 1 else 0.0
    edge = (1 - LIKELY) / 2
    first, usual, last = (
        max(days.after(eta, quantile(record, gone + (1 - gone) * share)), now) for share in (edge, 0.5, 1 - edge)
    )
    return Forecast(usual, first, last)


def in_time(record: Record, eta: datetime, by: datetime, now: datetime, days: Days) -> float | None:
    """How likely a part comes by a moment, knowing that it is not here ``now``; None beyond all that was seen."""
    gone = chance(record, days.between(eta, now))
    if gone >= 1:
        return None
    return max(chance(record, days.between(eta, by)) - gone, 0.0) / (1 - gone)


class Doubt(NamedTuple):
    """How likely all of some deliveries come in time ``together``, and the part that is least likely to."""

    together: float
    deliveries: int
    line: Mapping[str, Any]
    record: Record
    share: float

    def words(self) -> str:
        """The part and its odds with the count they rest on: ``CV axle comes in time 3 times in 10 (38 orders)``."""
        name = self.line.get("description") or self.line.get("number") or "A part"
        both = f"; all {self.deliveries} deliveries {_often(self.together)}" if self.deliveries > 1 else ""
        return f"{name} comes in time {_often(self.share)} ({_told(self.record)}){both}"


def all_in_time(
    awaited: Iterable[tuple[Mapping[str, Any], Record, datetime]], by: datetime, now: datetime, days: Days
) -> Doubt | None:
    """How likely part lines, each with its record and its date, all come by a moment; None where nothing is known.

    Parts of one supplier due at one time come in one delivery; different deliveries know nothing of each other.
    """
    deliveries: dict[tuple[Key, datetime], Doubt] = {}
    for line, record, eta in awaited:
        share = in_time(record, eta, by, now, days)
        if share is not None:
            deliveries.setdefault((key(line), eta), Doubt(share, 1, line, record, share))
    if not deliveries:
        return None
    least = min(deliveries.values(), key=lambda each: each.share)
    together = math.prod(each.share for each in deliveries.values())
    return least._replace(together=together, deliveries=len(deliveries))


def keeps(record: Record) -> str:
    """How the dates hold, with the count: ``Supplier keeps 6 of 10 dates, else usually 1 day late (38 orders).``"""
    held = f"{_in_ten(record['share'])} of 10 dates"
    if _is_few(record):
        return f"Only {_orders(record)} of this supplier; with the store's {record['store']}, {held} hold."
    rest = f", else usually {_late(record['late'])}" if record["late"] is not None else ""
    return f"Supplier keeps {held}{rest} ({_orders(record)})."


def usually(record: Record) -> str:
    """When a part comes, against the date given: ``usually 2 days after what they say (38 orders)``."""
    whole = round(quantile(record, 0.5))
    if not whole:
        return f"usually on the day they say ({_told(record)})"
    return f"usually {_count(abs(whole))} {'after' if whole > 0 else 'before'} what they say ({_told(record)})"


def _often(share: float) -> str:
    ten = _in_ten(share)
    return "hardly ever" if ten == 0 else "nearly always" if ten == 10 else f"{ten} times in 10"


def _told(record: Record) -> str:
    return f"only {_orders(record)}, so by the store's {record['store']}" if _is_few(record) else _orders(record)


def _is_few(record: Record) -> bool:
    """True where a record leans on the store's more than on itself."""
    return bool(record.get("store"))


def _orders(record: Record) -> str:
    return "1 order" if record["of"] == 1 else f"{record['of']} orders"


def _in_ten(share: float) -> int:
    return min(max(round(share * 10), 0), 10)


def _late(days: float) -> str:
    return f"{_count(round(days))} late" if round(days) else "later the same day"


def _count(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
