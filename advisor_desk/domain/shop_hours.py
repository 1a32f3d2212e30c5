"""What a manager sets of the store's working time: the hours of its week, and the days on which it is shut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain.calendar import clock_of, public_holidays
from advisor_desk.domain.errors import BadArguments

WEEK: Final[Mapping[str, str]] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_SHUT: Final = {"opens": "", "closes": ""}
_ALL_DAY: Final = {"opens": "00:00", "closes": "23:59"}
_CLOCK: Final = r"(\d{1,2})(?::(\d\d))?\s*(am|pm)?"
_SPAN: Final = re.compile(rf"{_CLOCK}\s*(?:-|–|to)\s*{_CLOCK}", re.IGNORECASE)
_EXAMPLE: Final = "give when it opens and closes, like 7:30-18:00, or nothing for a day it is shut"
_FEW: Final = 60


class Day(NamedTuple):
    """A day that is not like the others: its name, whether the store is shut, and whether it named the day itself."""

    day: date
    name: str
    shut: bool
    own: bool


def hours_words(day: Mapping[str, Any]) -> str:
    """A day's hours as they are typed: ``7:30-18:00``; nothing when the store is shut."""
    opens, closes = clock_of(day.get("opens")), clock_of(day.get("closes"))
    return f"{_said(opens)}-{_said(closes)}" if opens is not None and closes is not None else ""


def week_words(week: Sequence[Mapping[str, Any]] | None) -> dict[str, str]:
    """The hours of each day of the week, as they are typed; a store that says nothing is always open."""
    days = week if week and len(week) == len(WEEK) else [_ALL_DAY] * len(WEEK)
    return {name: hours_words(day) for name, day in zip(WEEK, days, strict=True)}


def set_hours(week: Sequence[Mapping[str, Any]] | None, said: Mapping[str, str]) -> list[dict[str, str]]:
    """The week with some days set anew; raises BadArguments naming each day whose hours are none."""
    texts = week_words(week) | {name: text for name, text in said.items() if name in WEEK}
    spans = {name: _span(text) for name, text in texts.items()}
    if wrong := {name: span for name, span in spans.items() if isinstance(span, str)}:
        raise BadArguments(wrong)
    out = [span for span in spans.values() if not isinstance(span, str)]
    if all(span == _SHUT for span in out):
        raise BadArguments({next(iter(said), "mon"): "leaves no day on which the store is open"})
    return out


def set_holidays(holidays: Mapping[str, Any] | None, said: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The store's holidays with some of it set anew; raises BadArguments for a country, state, day or name of none."""
    new = {"country": "", "subdivision": "", "extra": [], "worked": [], **(holidays or {})}
    new |= {name: said[name] for name in ("country", "subdivision", "extra", "worked") if name in said}
    new |= {name: str(new[name] or "").upper() for name in ("country", "subdivision")}
    if wrong := _place_fault(new["country"], new["subdivision"], today) or _day_fault(new["extra"]):
        raise BadArguments(wrong)
    added = [name for name in new["worked"] if name not in ((holidays or {}).get("worked") or ())]
    if wrong := _worked_fault(added, new, today):
        raise BadArguments(wrong)
    new["extra"] = sorted(set(new["extra"]))
    new["worked"] = list(dict.fromkeys(new["worked"]))
    return new


def coming(holidays: Mapping[str, Any] | None, today: date, days: int = 366) -> list[Day]:
    """The holidays and the days the store has named itself, from today on; soonest first."""
    said = holidays or {}
    last, worked = today + timedelta(days=days), {str(name) for name in said.get("worked") or ()}
    public = _public(str(said.get("country") or ""), str(said.get("subdivision") or ""), today)
    found = [Day(day, name, not {name, day.isoformat()} & worked, own=False) for day, name in public.items()]
    own = {date.fromisoformat(day) for day in said.get("extra") or () if not _not_a_day(day)}
    found = [one for one in found if one.day not in own] + [Day(day, public.get(day, ""), True, True) for day in own]
    return sorted(one for one in found if today <= one.day < last)


def switched(holidays: Mapping[str, Any] | None, day: Day) -> dict[str, Any]:
    """What to set so that the store works on a holiday it was shut on, or is shut on one it worked."""
    said = holidays or {}
    extra, worked = list(said.get("extra") or ()), list(said.get("worked") or ())
    if day.own:
        return {"extra": [one for one in extra if one != day.day.isoformat()]}
    if day.shut:
        return {"worked": [*worked, day.name]}
    return {"worked": [one for one in worked if one not in (day.name, day.day.isoformat())]}


def _span(text: str) -> dict[str, str] | str:
    """A day's hours of what was typed, or why it is none."""
    if not text.strip():
        return dict(_SHUT)
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return f"is no time of day; {_EXAMPLE}"
    opens, closes = _clock(*found.groups()[:3]), _clock(*found.groups()[3:])
    if opens is None or closes is None:
        return f"is no time of day; {_EXAMPLE}"
    if closes <= opens:
        return f"closes before it opens; {_EXAMPLE}"
    return {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return time(hours, int(minute or 0))
    except ValueError:
        return None


def _said(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02}"


def _public(country: str, subdivision: str, today: date) -> dict[date, str]:
    years = (today.year, today.year + 1) if country else ()
    return {day: name for year in years for day, name in public_holidays(country, subdivision, year).items()}


def _place_fault(country: str, subdivision: str, today: date) -> dict[str, str]:
    if subdivision and not country:
        return {"country": "is missing: a state belongs to one"}
    if country and not _public(country, "", today):
        return {"country": "is unknown; give its two letters, like US or CA"}
    if subdivision and not _public(country, subdivision, today):
        return {"subdivision": f"is unknown in {country}; give its letters, like NY"}
    return {}


def _day_fault(days: Iterable[str]) -> dict[str, str]:
    wrong = next((day for day in days if _not_a_day(day)), None)
    return (
        {"extra": f"holds {wrong[:_FEW]!r}, which is no day; write each like 2026-12-24"} if wrong is not None else {}
    )


def _not_a_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() != text
    except ValueError:
        return True


def _worked_fault(names: Iterable[str], new: Mapping[str, Any], today: date) -> dict[str, str]:
    public = _public(new["country"], new["subdivision"], today)
    known = {*public.values(), *(day.isoformat() for day in public)}
    wrong = next((name for name in names if name not in known and _not_a_day(name)), None)
    return {} if wrong is None else {"worked": f"holds {wrong[:_FEW]!r}, which is no holiday there"}
