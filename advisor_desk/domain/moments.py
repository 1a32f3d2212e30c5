"""Moments as people type them ("fri 3pm", "tomorrow 10", "+2h"), read in the store's time and said back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from advisor_desk.domain import times

EXAMPLE: Final = "Type a time like 17:00, tomorrow 10am, fri 3pm or +2h."
_FARTHEST: Final = timedelta(days=3 * 366)
_USUAL: Final = time(17, 0)
_OPENS: Final = 7
"""No service drive is open before: a smaller hour without am or pm is one of the afternoon."""


class Unreadable(ValueError):
    """The text names no moment to come; ``message`` is a sentence for the person who typed it."""

    def __init__(self, message: str = EXAMPLE) -> None:
        super().__init__(message)
        self.message = message


def read(text: str, *, now: datetime, zone: tzinfo, default_time: time = _USUAL) -> datetime:
    """The moment to come that ``text`` names, in UTC; a day without a time means ``default_time``.

    A time already past today means tomorrow, a weekday the next such day and never today, a day of the year already
    past next year's. Raises Unreadable for anything else, so that nothing is promised by a slip of the finger.
    """
    said = _scan(_plain(text))
    try:
        found = _when(said, now.astimezone(zone), zone, default_time)
    except OverflowError:
        raise Unreadable from None
    if found <= now:
        raise Unreadable("That time is past. Type a time to come, like tomorrow 10am or +2h.")
    if found - now > _FARTHEST:
        raise Unreadable("That is more than three years away. Type a nearer day.")
    return found


def on_day(day: date, clock: time | None, zone: tzinfo, now: datetime) -> datetime:
    """A day by the store's clock in UTC, at the usual hour unless it names one; it may be past."""
    return _utc(day, clock or _USUAL, zone, now)


def say(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """What was understood, to be shown beneath the words: ``Thu Nov 26, 15:00``; with the year when it is another."""
    local = moment.astimezone(zone)
    year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
    return f"{times.DAYS[local.weekday()]} {times.MONTHS[local.month - 1]} {local.day}{year}, {local:%H:%M}"


@dataclass(slots=True)
class _Said:
    """What the words held, part by part."""

    span: tuple[int, timedelta] | None = None
    """Whole days, which keep the clock's time over a change to summer time, and the rest."""
    ahead: int | None = None
    weekday: int | None = None
    day: tuple[int | None, int, int] | None = None
    clock: time | None = None

    def put(self, part: str, value: object) -> None:
        """Take one part; raises Unreadable when it was said twice."""
        if getattr(self, part) is not None:
            raise Unreadable
        setattr(self, part, value)


def _when(said: _Said, now: datetime, zone: tzinfo, default_time: time) -> datetime:
    if said.span is not None:
        days, rest = said.span
        if said.ahead is not None or said.weekday is not None or said.day or said.clock or not (days or rest):
            raise Unreadable
        start = now.replace(second=0, microsecond=0)
        moved = _utc(start.date() + timedelta(days=days), start.time(), zone, now) if days else start.astimezone(UTC)
        return moved + rest
    clock = said.clock or default_time
    day = _day(said, now.date())
    if day is not None:
        return _utc(day, clock, zone, now)
    if said.clock is None:
        raise Unreadable
    today = _utc(now.date(), clock, zone, now)
    return today if today > now else _utc(now.date() + timedelta(days=1), clock, zone, now)


def _day(said: _Said, today: date) -> date | None:
    if said.ahead is not None:
        if said.weekday is not None or said.day is not None:
            raise Unreadable
        return today + timedelta(days=said.ahead)
    if said.day is None:
        return None if said.weekday is None else today + timedelta(days=(said.weekday - today.weekday() - 1) % 7 + 1)
    year, month, number = said.day
    day = _date(year or today.year, month, number)
    if year is None and (day is None or day < today):
        day = _date(today.year + 1, month, number)
    if day is None:
        raise Unreadable("There is no such day. Type one like dec 3 or 12/3.")
    if said.weekday not in (None, day.weekday()):
        name = f"{times.MONTHS[day.month - 1]} {day.day}"
        raise Unreadable(f"{name} is a {times.DAYS[day.weekday()]}. Type the weekday or the date alone.")
    return day


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _utc(day: date, clock: time, zone: tzinfo, now: datetime) -> datetime:
    """A time by the store's clock in UTC: one skipped by the change to summer time moves to the next that exists."""
    local = datetime.combine(day, clock.replace(second=0, microsecond=0, tzinfo=None), zone)
    while local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        local += timedelta(minutes=1)
    first = local.astimezone(UTC)
    # In autumn an hour strikes twice; its second time is meant once the first is past.
    return first if first > now else local.replace(fold=1).astimezone(UTC)


def _names(*languages: tuple[str, ...], first: int) -> dict[str, int]:
    """Each name and its beginnings of three letters or more, but none that could mean two."""
    meant: dict[str, set[int]] = {}
    for names in languages:
        for number, name in enumerate(names, first):
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(number)
    return {word: numbers.pop() for word, numbers in meant.items() if len(numbers) == 1}


# English, Spanish, French; without their accents, as _plain leaves them.
_WEEKDAYS: Final[Mapping[str, int]] = _names(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    first=0,
)  # fmt: skip
_MONTHS: Final[Mapping[str, int]] = _names(
    ("january", "february", "march", "april", "may", "june",
     "july", "august", "september", "october", "november", "december"),
    ("enero", "febrero", "marzo", "abril", "mayo", "junio",
     "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ("janvier", "fevrier", "mars", "avril", "mai", "juin",
     "juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
    first=1,
)  # fmt: skip
_AHEAD: Final[Mapping[str, int]] = {
    **_names(("today", "tomorrow"), ("hoy", "manana"), ("aujourd'hui", "demain"), first=0),
    "tmr": 1, "tmrw": 1, "tmw": 1,
}  # fmt: skip
_NOON: Final = frozenset({"noon", "midday", "mediodia", "midi"})
_FILLERS: Final = frozenset({"at", "on", "by", "a", "las", "la", "el", "los", "le", "de", "del", "du", "t"})
_DAYS: Final = {"w": 7, "s": 7, "d": 1, "j": 1}
_SPANS: Final = {"h": timedelta(hours=1), "m": timedelta(minutes=1)}

_SPAN_PART: Final = (
    r"(\d{1,4})\s*(weeks?|wks?|w|semanas?|semaines?|days?|dias?|d|jours?|j|"
    r"hours?|hrs?|h|horas?|heures?|minutes?|minutos?|mins?|m)(?![a-z])"
)
_HALF: Final = r"(?:\s*([ap])(?:\.?\s?m)?\.?(?![a-z]))"
_ORDINAL: Final = r"(?:st|nd|rd|th|er)?(?![\dh:/]|\s*[ap]\.?\s?m\b|\s*[ap]\b(?!\s+l))"
_YEAR: Final = r"(?:,?\s+(?:de\s+)?(\d{4})(?!\d))?"


def _plain(text: str) -> str:
    """Small letters without accents, single spaces."""
    parted = unicodedata.normalize("NFKD", text[:200].casefold())
    return " ".join("".join(char for char in parted if not unicodedata.combining(char)).replace("’", "'").split())


def _scan(text: str) -> _Said:
    said, at = _Said(), 0
    while at < len(text):
        for pattern, take in _GRAMMAR:
            match = pattern.match(text, at)
            if match and take(said, match):
                at = match.end()
                break
        else:
            raise Unreadable
    return said


def _take_span(said: _Said, match: re.Match[str]) -> bool:
    parts = [(int(count), unit[0]) for count, unit in re.findall(_SPAN_PART, match[0])]
    days = sum(count * _DAYS[unit] for count, unit in parts if unit in _DAYS)
    rest = sum((count * _SPANS[unit] for count, unit in parts if unit in _SPANS), timedelta())
    said.put("span", (days, rest))
    return True


def _take_iso(said: _Said, match: re.Match[str]) -> bool:
    said.put("day", (int(match[1]), int(match[2]), int(match[3])))
    return True


def _take_slashed(said: _Said, match: re.Match[str]) -> bool:
    month, day = int(match[1]), int(match[2])
    if month > 12:  # 13/3 can only be the day first
        month, day = day, month
    year = int(match[3]) if match[3] else None
    said.put("day", (year + 2000 if year is not None and year < 100 else year, month, day))
    return True


def _take_month_day(said: _Said, match: re.Match[str]) -> bool:
    return _take_named(said, match[1], match[2], match[3])


def _take_day_month(said: _Said, match: re.Match[str]) -> bool:
    return _take_named(said, match[2], match[1], match[3])


def _take_named(said: _Said, month: str, day: str, year: str | None) -> bool:
    if month not in _MONTHS:
        return False
    said.put("day", (int(year) if year else None, _MONTHS[month], int(day)))
    return True


def _take_clock(said: _Said, match: re.Match[str]) -> bool:
    hour, minute, half = match[1], int(match[2] or match[3] or 0), match[4]
    number = int(hour)
    if half is not None:
        if not 1 <= number <= 12:
            raise Unreadable
        number = number % 12 + (12 if half == "p" else 0)
    elif number < _OPENS and match[0].endswith("h"):
        raise Unreadable(f"Type +{number}h for a time from now, or a time of day like 17:00.")
    elif 1 <= number < _OPENS and not hour.startswith("0"):
        number += 12  # 03:00 says so when the night is meant
    if number > 23 or minute > 59:
        raise Unreadable
    said.put("clock", time(number, minute))
    return True


def _take_word(said: _Said, match: re.Match[str]) -> bool:
    word = match[1]
    if word in _AHEAD:
        said.put("ahead", _AHEAD[word])
    elif word in _WEEKDAYS:
        said.put("weekday", _WEEKDAYS[word])
    elif word in _NOON:
        said.put("clock", time(12))
    else:
        return word in _FILLERS
    return True


_GRAMMAR: Final[tuple[tuple[re.Pattern[str], Callable[[_Said, re.Match[str]], bool]], ...]] = (
    (re.compile(r"[\s,@]+"), lambda said, match: True),
    (re.compile(rf"(?:\+\s*|(?:in|en|dans)\s+)(?:{_SPAN_PART}\s*)+"), _take_span),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"), _take_iso),
    (re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])"), _take_slashed),
    (re.compile(rf"([a-z]+)\.?\s+(\d{{1,2}}){_ORDINAL}{_YEAR}"), _take_month_day),
    (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|er)?\s*(?:de\s+)?([a-z]{{3,}})\.?{_YEAR}(?![a-z])"), _take_day_month),
    (re.compile(rf"(\d{{1,2}})(?:[:.](\d{{2}})|h(?:(\d{{2}}))?)?(?!\d){_HALF}?(?![a-z\d:/+])"), _take_clock),
    (re.compile(r"([a-z']+)\.?"), _take_word),
)
