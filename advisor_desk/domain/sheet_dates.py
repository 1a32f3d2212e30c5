"""The dates of a supplier's list, by the store's clock: ISO, with slashes or dots, or with the month's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from advisor_desk.domain import moments
from advisor_desk.domain.sheet_cells import Fault, Value, line_of

_FARTHEST: Final = timedelta(days=3 * 366)
_CLOCK: Final = r"(?:[ T,]+(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?\s*([ap])?\.?m?\.?)?"
_NUMBERS: Final = re.compile(
    rf"(\d{{1,2}})([/.-])(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?{_CLOCK}", re.ASCII | re.IGNORECASE
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T].*)?|\d{8}", re.ASCII)
_NAMED: Final = re.compile(r"^(?!in |en |dans ).*[^\W\d_]{3}", re.IGNORECASE)
_EXAMPLE: Final = "a date like 2026-12-03"


def begin_with_day(values: Iterable[Value]) -> bool:
    """True when at least one date can only begin with the day, and none can only begin with the month."""
    found = False
    for value in values:
        match = _NUMBERS.match(value.strip()) if isinstance(value, str) and not isinstance(value, Fault) else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        if second > 12:
            return False
        found = found or first > 12
    return found


class Dates:
    """Reads them all one way, so that no row is taken for another day than its neighbour."""

    def __init__(self, day_first: bool, zone: tzinfo, now: datetime) -> None:
        self._day_first = day_first
        self._zone = zone
        self._now = now
        self._today = now.astimezone(zone).date()
        self._known: dict[str, datetime | Fault | None] = {}
        """What was read of a text: a list names few days many times."""

    def read(self, value: Value) -> datetime | Fault | None:
        """The moment a cell names, in UTC; None for an empty one; a Fault for one that is past or no date."""
        if value is None:
            return None
        if isinstance(value, datetime):
            return self._at(value.date(), value.time())
        if isinstance(value, date):
            return self._at(value, None)
        if isinstance(value, str):
            if value not in self._known and len(self._known) < 1_000 and len(value) < 100:
                self._known[value] = self._text(value)
            return self._known[value] if value in self._known else self._text(value)
        return Fault(f"is a time without its day; give {_EXAMPLE}" if isinstance(value, time) else _no_date(value))

    def _text(self, value: str) -> datetime | Fault | None:
        text = line_of(value)
        if isinstance(text, Fault) or not text:
            return text if isinstance(text, Fault) else None
        if _ISO.fullmatch(text):
            return self._iso(text)
        if match := _NUMBERS.fullmatch(text):
            return self._numbers(match)
        return self._words(text)

    def _iso(self, text: str) -> datetime | Fault:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return Fault(_no_date(text))
        if found.tzinfo is None:
            return self._at(found.date(), found.time())
        try:
            return self._checked(found.astimezone(UTC))
        except OverflowError:
            return Fault(_no_date(text))

    def _numbers(self, match: re.Match[str]) -> datetime | Fault:
        first, second = int(match[1]), int(match[3])
        month, day = (second, first) if self._day_first else (first, second)
        if month > 12 >= day:
            order = "the month" if self._day_first else "the day"
            return Fault(f"has no month {month}; say that dates begin with {order}, if they do")
        try:
            clock = _clock(match[5], match[6], match[7])
            year = int(match[4]) if match[4] else 0
            return self._at(self._date(year + 2000 if 0 < year < 100 else year, month, day), clock)
        except ValueError:
            return Fault(_no_date(match[0]))

    def _date(self, year: int, month: int, day: int) -> date:
        """A day; without its year the next one of that name."""
        if year:
            return date(year, month, day)
        for year in range(self._today.year, self._today.year + 2):
            try:
                found = date(year, month, day)
            except ValueError:
                continue  # a 29th of February
            if found >= self._today:
                return found
        raise ValueError("no such day")

    def _words(self, text: str) -> datetime | Fault:
        """With the name of its month: as it is typed at the desk, but nothing that counts from today."""
        if not _NAMED.search(text):
            return Fault(_no_date(text))
        try:
            return moments.read(text, now=self._now, zone=self._zone)
        except moments.Unreadable as unreadable:
            return Fault("is in the past" if "past" in unreadable.message else _no_date(text))

    def _at(self, day: date, clock: time | None) -> datetime | Fault:
        """Midnight is how spreadsheets and databases write a day alone."""
        try:
            return self._checked(moments.on_day(day, clock if clock != time(0) else None, self._zone, self._now))
        except OverflowError:
            return Fault("is too far from today")

    def _checked(self, found: datetime) -> datetime | Fault:
        if found <= self._now:
            return Fault(f"is in the past ({moments.say(found, self._now, self._zone)})")
        if found - self._now > _FARTHEST:
            return Fault("is more than three years away")
        return found.replace(microsecond=0)


def _clock(hour: str | None, minute: str | None, half: str | None) -> time | None:
    if hour is None or minute is None:
        return None
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError("no such hour")
        number = number % 12 + (12 if half in "pP" else 0)
    return time(number, int(minute))


def _no_date(value: object) -> str:
    text = str(value)
    return f"is {text[:30]}{'…' if len(text) > 30 else ''}, not {_EXAMPLE}"
