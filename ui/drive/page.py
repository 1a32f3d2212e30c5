"""The drive: a day's visits, who is here and who is not, the hours booked against the shop's, and the write-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.drive import rows
from ui.drive.rows import HERE, LATE, MISSED, OFF, TO_COME, WRITTEN
from ui.theme.look import Look
from ui.widgets.buttons import Chip, KeyButton
from ui.widgets.page_parts import Empty
from ui.widgets.plain_text import PlainLabel, tooltip
from ui.widgets.workspace import Deed, Workspace

EMPTY: Final = "No visit is booked for this day."
_EMPTY_MORE: Final = (
    "The arrows above go to other days; a visit is booked from a customer's page, or with B on another visit."
)
DEEDS: Final = {
    "w": Deed("write up", "Write up an RO", "ro.open"),
    "a": Deed("here", "Has arrived", "visit.arrive"),
    "c": Deed("confirm", "Confirmed", "visit.confirm"),
    "n": Deed("no-show", "Did not come", "visit.no_show"),
    "m": Deed("move", "Move to another time", "visit.move"),
    "x": Deed("call off", "Call off", "visit.cancel"),
    "b": Deed("book", "Book another visit", "visit.book"),
}
_DOT: Final = " · "
_CAN: Final = {
    HERE: ("w", "b"),
    LATE: ("a", "c", "n", "m", "x", "b"),
    TO_COME: ("a", "c", "n", "m", "x", "b"),
    MISSED: ("a", "m", "x", "b"),
    WRITTEN: ("b",),
    OFF: ("b",),
}


class _Load(PlainLabel):
    """The hours of each skill, shorter where there is little room; a skill there is none for is left out whole."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "", "soft", look.small)
        self._wordings: Sequence[Sequence[str]] = ((),)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_parts(self, wordings: Sequence[Sequence[str]]) -> None:
        """Show the first wording there is room for, or as many parts of the last as there is; the tooltip says all."""
        self._wordings = wordings
        self._fit()

    def _fit(self) -> None:
        shown = list(next((parts for parts in self._wordings if self._fits(parts)), self._wordings[-1]))
        while len(shown) > 1 and not self._fits(shown):
            shown.pop()
        self.say(_DOT.join(shown))
        whole = _DOT.join(self._wordings[0])
        self.setAccessibleName(whole)
        self.setToolTip(tooltip(whole))

    def _fits(self, parts: Sequence[str]) -> bool:
        return self.fontMetrics().horizontalAdvance(_DOT.join(parts)) <= self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self._fit()


class DrivePage(Workspace):
    """Lists a day's visits."""

    day_wanted = Signal(object)
    """A day to show."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "The drive", rows.COLUMNS, Empty(look, "car", EMPTY, _EMPTY_MORE), DEEDS)
        self.visits: dict[str, dict[str, Any]] = {}
        self.day: date | None = None
        self._now: datetime | None = None
        self._settings = Settings()
        self.before = KeyButton(look, "‹")
        self.today = KeyButton(look, "Today")
        self.after = KeyButton(look, "›")
        for button, name, keys in (
            (self.before, "The day before", "Alt+Left"),
            (self.today, "Today", "Alt+Home"),
            (self.after, "The day after", "Alt+Right"),
        ):
            button.setAccessibleName(name)
            button.setShortcut(keys)
            button.setToolTip(f"{name}  {keys}")
        self.more_keys = (("Alt ← →", "other days"),)
        self.title = PlainLabel(look, "", "ink", look.large_bold)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.here = PlainLabel(look, "", "soft", look.small)
        self.here.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.late = Chip(look, "", "late", pill=False)
        self.unconfirmed = Chip(look, "", "amber", pill=False)
        self.load = _Load(look)
        for part in (self.before, self.after, self.today, self.title, self.here, self.late, self.unconfirmed):
            self.bar.addWidget(part)
        self.bar.addWidget(self.load, 1)
        self.add_filters(self.late, self.unconfirmed)
        self.before.clicked.connect(self.go_back)
        self.after.clicked.connect(self.go_on)
        self.today.clicked.connect(self._on_today)

    def show_day(self, drive: dict[str, Any], now: datetime, settings: Settings) -> None:
        """Show a day as the cache holds it."""
        self.day, self._now, self._settings = times.day_from_wire(drive["day"]), now, settings
        visits = list(drive["visits"])
        self.visits = {str(visit["id"]): visit for visit in visits}
        today = now.astimezone(settings.zone).date()
        self.title.say(_day_words(self.day, today))
        self.today.setVisible(self.day != today)
        counts = [rows.group_of(visit, now) for visit in visits]
        came = counts.count(HERE) + counts.count(WRITTEN)
        to_come = f"{counts.count(TO_COME)} booked" if self.day > today else f"{came} of {len(visits)} came"
        self.here.say(to_come if visits else "")
        self.load.show_parts(_load(drive))
        self.narrow()

    def narrow(self) -> None:
        """Show what passes the filters."""
        if (now := self._now) is None:
            return
        visits = list(self.visits.values())
        late = [visit for visit in visits if rows.group_of(visit, now) in (LATE, MISSED)]
        open_ = [visit for visit in visits if rows.group_of(visit, now) in (TO_COME, LATE)]
        unconfirmed = [visit for visit in open_ if visit.get("status") != "confirmed"]
        self.count_filter(self.late, len(late), "late or missed")
        self.count_filter(self.unconfirmed, len(unconfirmed), "not confirmed")
        shown = late if self.late.isChecked() else unconfirmed if self.unconfirmed.isChecked() else visits
        self.show_groups(rows.groups(shown, now, self._settings))

    def deeds(self, id: str) -> Sequence[str]:
        """What can be done follows from how far the visit is."""
        visit = self.visits.get(id)
        return _CAN[rows.group_of(visit, self._now)] if visit and self._now else ()

    @Slot()
    def go_back(self) -> None:
        """The day before."""
        if self.day is not None:
            self.day_wanted.emit(self.day - timedelta(days=1))

    @Slot()
    def go_on(self) -> None:
        """The day after."""
        if self.day is not None:
            self.day_wanted.emit(self.day + timedelta(days=1))

    @Slot()
    def _on_today(self) -> None:
        self.day_wanted.emit(None)


def _day_words(day: date, today: date) -> str:
    said = f"{times.DAYS[day.weekday()]} {times.MONTHS[day.month - 1]} {day.day}"
    return {0: f"Today, {said}", 1: f"Tomorrow, {said}", -1: f"Yesterday, {said}"}.get((day - today).days, said)


def _load(drive: dict[str, Any]) -> list[list[str]]:
    """Booked hours against the shop's, by skill, in full, and shorter with the fullest first; a shut day says so."""
    if not drive.get("opens"):
        return [["Shut: a holiday" if drive.get("holiday") else "Shut"]]
    capacity = drive.get("capacity") or {}
    booked = {**dict.fromkeys(capacity, 0), **(drive.get("booked") or {})}

    def said(skill: str, of: str) -> str:
        whole = f"{of}{capacity[skill]:g}" if skill in capacity else ""
        return f"{skill} {booked[skill]:g}{whole} h"

    fullest = sorted(booked, key=lambda skill: booked[skill] / (capacity.get(skill) or math.inf), reverse=True)
    in_full = [said(skill, " of ") for skill in booked]
    return [[f"booked: {in_full[0]}", *in_full[1:]] if in_full else [], [said(skill, "/") for skill in fullest]]
