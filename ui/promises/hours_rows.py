"""The store's working time as rows: its week, and the days to come on which it is not like that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from advisor_desk.domain import shop_hours, times
from advisor_desk.domain.shop_hours import WEEK, Day
from ui.widgets.table import Cell, Column, Group, Line

COLUMNS: Final = (Column("Day", 200, 2), Column("Why", 260, 4), Column("", 160, 1, right=True))
_OWN: Final = "named by the store"


def groups(store: Mapping[str, Any], days: Mapping[str, Day]) -> list[Group]:
    """The week, then the holidays; ``days`` are those by the id of their row."""
    said = store.get("holidays") or {}
    where = " ".join(str(said.get(name) or "") for name in ("country", "subdivision")).strip()
    return [
        Group("Every week", [_weekday(name, text) for name, text in shop_hours.week_words(store.get("hours")).items()]),
        Group(f"Holidays, {where}" if where else "Days it is shut", [_day(id, day) for id, day in days.items()]),
    ]


def coming(store: Mapping[str, Any], today: date) -> dict[str, Day]:
    """The holidays to come by the ids of their rows."""
    days = shop_hours.coming(store.get("holidays"), today)
    return {f"{day.day.isoformat()} {day.name}": day for day in days}


def _weekday(name: str, hours: str) -> Line:
    shown = Cell(hours.replace("-", " – ") or "shut", "", "ink" if hours else "faint")
    return Line(name, (Cell(WEEK[name], bold=True), Cell(""), shown))


def _day(id: str, day: Day) -> Line:
    at = day.day
    said = f"{times.DAYS[at.weekday()]} {times.MONTHS[at.month - 1]} {at.day}, {at.year}"
    state = Cell("shut" if day.shut else "worked", "", "faint" if day.shut else "green")
    return Line(id, (Cell(said, bold=True), Cell(day.name or _OWN, _OWN if day.own and day.name else ""), state))
