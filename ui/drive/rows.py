"""The day's visits as rows of a table: who comes when, with which car and for what, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, Line

COLUMNS: Final = (
    Column("Time", 52),
    Column("Customer", 164, 3),
    Column("Car and concern", 220, 4),
    Column("Booked", 72, 1),
    Column("Advisor", 90, 1),
    Column("", 140, 1, right=True),
)
Visit = Mapping[str, Any]
_GRACE: Final = timedelta(minutes=10)
"""A customer is not late for the drive before this."""
LATE, TO_COME, HERE, WRITTEN, MISSED, OFF = (
    "Late", "To come", "Here, to write up", "Written up", "Did not come", "Called off",
)  # fmt: skip
_ORDER: Final = (HERE, LATE, TO_COME, MISSED, WRITTEN, OFF)
_TONES: Final = {HERE: "accent", LATE: "late", MISSED: "late"}
_STATE: Final = {
    "requested": ("asked for", "amber"),
    "booked": ("not confirmed", "amber"),
    "confirmed": ("confirmed", "green"),
    "arrived": ("here", "accent"),
    "no_show": ("did not come", "late"),
    "cancelled": ("called off", "faint"),
}


def group_of(visit: Visit, now: datetime) -> str:
    """Where a visit stands on the page."""
    status, starts = str(visit.get("status")), lights.moment(visit.get("starts_at"))
    if visit.get("repair_order"):
        return WRITTEN
    if status == "arrived":
        return HERE
    if status in ("no_show", "cancelled"):
        return MISSED if status == "no_show" else OFF
    return LATE if starts is not None and starts + _GRACE < now else TO_COME


def groups(visits: Sequence[Visit], now: datetime, settings: Settings) -> list[Group]:
    """The visits under their headings: who is here first, then who is late, then who is to come."""
    found: dict[str, list[Line]] = {}
    for visit in visits:
        title = group_of(visit, now)
        found.setdefault(title, []).append(_line(visit, title, now, settings))
    return [Group(title, found[title], _TONES.get(title, "soft")) for title in _ORDER if title in found]


def _line(visit: Visit, group: str, now: datetime, settings: Settings) -> Line:
    starts = lights.moment(visit.get("starts_at"))
    transport = str(visit.get("transport") or "").replace("_", " ")
    hours = visit.get("hours")
    booked = f"{hours:g} h" if isinstance(hours, int | float) else ""
    said, tone = _state(visit, group, starts, now)
    more, more_tone = _more(visit, group)
    late = group in (LATE, MISSED)
    cells = (
        Cell(words.clock(str(visit.get("starts_at") or ""), settings), "", "late" if late else "ink", bold=True),
        Cell(str(visit.get("customer") or "No name"), str(visit.get("phone") or ""), bold=True),
        Cell(str(visit.get("vehicle") or "Car not known"), " ".join(str(visit.get("concerns") or "").split())),
        Cell(booked, transport),
        Cell(words.short_name(str(visit.get("advisor") or "")) or "nobody yet", ""),
        Cell(said, more, tone, more_tone),
    )
    return Line(str(visit["id"]), cells, _TONES.get(group, "") if group != MISSED else "late")


def _state(visit: Visit, group: str, starts: datetime | None, now: datetime) -> tuple[str, str]:
    if group == WRITTEN:
        order = visit.get("repair_order") or {}
        number = " · ".join(part for part in (str(order.get("tag") or ""), f"RO {order.get('number') or ''}") if part)
        return number, "ink"
    if group == LATE and starts is not None:
        return f"{lights.ago(now - starts)} late", "late"
    return _STATE.get(str(visit.get("status")), (str(visit.get("status") or ""), "soft"))


def _more(visit: Visit, group: str) -> tuple[str, str]:
    if order := visit.get("repair_order"):
        return words.stage(str(order.get("stage") or "")), "soft"
    if group == LATE and visit.get("status") != "confirmed":
        return _STATE.get(str(visit.get("status")), ("", "soft"))
    return str(visit.get("reason") or ""), "soft"
