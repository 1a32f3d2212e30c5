"""A store's working time: its hours, holidays and time zone, and how due times are counted in it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

_FURTHEST: Final = 400
"""Days looked ahead; a store that never opens by then is open by the clock, and nothing is due later than that."""
_ALWAYS: Final = (time(0), time(23, 59))


@dataclass(frozen=True, slots=True)
class Hours:
    """One day's hours, in UTC."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a store is open; every moment given and answered is aware, answers are UTC."""

    zone: ZoneInfo
    week: tuple[tuple[time, time] | None, ...]
    """Opening and closing time of Monday to Sunday by the store's clock; None when shut."""
    country: str = ""
    subdivision: str = ""
    extra: frozenset[date] = frozenset()
    worked: frozenset[str] = frozenset()
    """Public holidays on which the store is open, by name or by date."""
    _days: dict[date, Hours | None] = field(default_factory=dict, compare=False, repr=False)
    """The days asked for so far: due times ask for the same few over and over."""

    @classmethod
    def of_store(cls, fields: Mapping[str, Any]) -> Calendar:
        """The calendar of a store's record; where it says nothing the store is always open."""
        return _of_store(
            str(fields.get("timezone") or "UTC"),
            tuple(_span(day) for day in fields.get("hours") or ()),
            *_holidays_of(fields.get("holidays")),
        )

    def local(self, moment: datetime) -> date:
        """The store's date at a moment."""
        return moment.astimezone(self.zone).date()

    def hours(self, day: date) -> Hours | None:
        """The hours of a day; None when the store is shut."""
        if day not in self._days:
            self._days[day] = self._hours(day)
        return self._days[day]

    def _hours(self, day: date) -> Hours | None:
        span = self.week[day.weekday()]
        if span is None or self.is_holiday(day):
            return None
        opens, closes = (self.at(day, clock) for clock in span)
        return Hours(opens, closes) if opens < closes else None

    def is_holiday(self, day: date) -> bool:
        """True on a public holiday on which the store does not work, or a day it has named itself."""
        if day in self.extra:
            return True
        name = public_holidays(self.country, self.subdivision, day.year).get(day) if self.country else None
        return name is not None and not {name, day.isoformat()} & self.worked

    def is_open(self, moment: datetime) -> bool:
        """True while the store is open."""
        today = self.hours(self.local(moment))
        return today is not None and today.opens <= moment < today.closes

    def at(self, day: date, clock: time) -> datetime:
        """A time by the store's clock on a day; one that the change to summer time skips lies as far behind the gap."""
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def open_days(self, first: date) -> Iterator[tuple[date, Hours]]:
        """The days the store is open, from ``first`` on."""
        for ahead in range(_FURTHEST):
            day = first + timedelta(days=ahead)
            if found := self.hours(day):
                yield day, found

    def after(self, moment: datetime, minutes: int) -> datetime:
        """The moment so many open minutes later: a shut night, Sunday or holiday does not count."""
        left, furthest = timedelta(minutes=minutes), None
        for _, hours in self.open_days(self.local(moment)):
            begins = max(moment.astimezone(UTC), hours.opens)
            if begins + left <= hours.closes:
                return begins + left
            if begins < hours.closes:
                left -= hours.closes - begins
            furthest = hours.closes
        return furthest or moment.astimezone(UTC) + left

    def close_of(self, moment: datetime) -> datetime:
        """The end of the working day a moment falls in, or of the next one when the store is shut by then."""
        for _, hours in self.open_days(self.local(moment)):
            if moment < hours.closes:
                return hours.closes
        return moment.astimezone(UTC)

    def days_after(self, moment: datetime, days: int) -> datetime:
        """The end of the working day so many calendar days later, or of the next one when the store is shut on it."""
        return next(
            (hours.closes for _, hours in self.open_days(self.local(moment) + timedelta(days=days))),
            moment.astimezone(UTC) + timedelta(days=days),
        )

    def business_days_after(self, moment: datetime, days: int) -> datetime:
        """The end of the ``days``-th working day after the one a moment falls in; of that one itself for none."""
        if not days:
            return self.close_of(moment)
        for count, (_, hours) in enumerate(self.open_days(self.local(moment) + timedelta(days=1)), 1):
            if count >= days:
                return hours.closes
        return moment.astimezone(UTC) + timedelta(days=days)

    def business_day_before(self, moment: datetime) -> date:
        """The last working day before the day a moment falls on."""
        day = self.local(moment)
        for back in range(1, _FURTHEST):
            if self.hours(day - timedelta(days=back)):
                return day - timedelta(days=back)
        return day - timedelta(days=1)

    def next_clock(self, moment: datetime, clock: time) -> datetime:
        """The next time it is ``clock`` on a working day later than the day a moment falls on; its close if sooner."""
        for day, hours in self.open_days(self.local(moment) + timedelta(days=1)):
            return min(self.at(day, clock), hours.closes)
        return moment.astimezone(UTC) + timedelta(days=1)

    def clock_before(self, moment: datetime, clock: time) -> datetime:
        """When it was last ``clock`` on a working day before the day a moment falls on; its close if sooner."""
        day = self.business_day_before(moment)
        hours = self.hours(day)
        return min(self.at(day, clock), hours.closes) if hours else self.at(day, clock)


def clock_of(text: Any) -> time | None:
    """A time of day written ``HH:MM``; None for what is none."""
    try:
        return time.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


@functools.lru_cache(64)
def _of_store(
    timezone: str,
    week: tuple[tuple[time, time] | None, ...],
    country: str,
    subdivision: str,
    extra: frozenset[date],
    worked: frozenset[str],
) -> Calendar:
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError, KeyError):
        zone = ZoneInfo("UTC")
    whole = week if len(week) == 7 and any(week) else (_ALWAYS,) * 7
    return Calendar(zone, whole, country, subdivision, extra, worked)


def _span(day: Any) -> tuple[time, time] | None:
    said = day if isinstance(day, Mapping) else {}
    opens, closes = clock_of(said.get("opens")), clock_of(said.get("closes"))
    return (opens, closes) if opens is not None and closes is not None else None


def _holidays_of(said: Any) -> tuple[str, str, frozenset[date], frozenset[str]]:
    fields = said if isinstance(said, Mapping) else {}
    extra = set()
    for text in fields.get("extra") or ():
        try:
            extra.add(date.fromisoformat(text))
        except (ValueError, TypeError):
            continue
    worked = frozenset(str(name) for name in fields.get("worked") or ())
    return str(fields.get("country") or ""), str(fields.get("subdivision") or ""), frozenset(extra), worked


@functools.lru_cache(64)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year with their names; none for a country or state the library does not know."""
    import holidays  # takes a moment, and is asked for only where a day is counted

    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        return {}
    return dict(found)
