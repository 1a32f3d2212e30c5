"""Which column of a supplier's list holds what: a button for each, with the list's own headings to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from advisor_desk.domain.sheet import FIELDS
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.menu import Menu
from ui.widgets.plain_text import PlainLabel, tooltip

_NONE: Final = "not in the list"
_LONGEST: Final = 26
_DATES: Final = "Dates begin with"


class ColumnsChooser(QWidget):
    """Shows how the columns were understood; ``changed`` says that a person chose another."""

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._columns: dict[str, str] = {}
        self._labels: list[str] = []
        self._sample: list[Mapping[str, str]] = []
        self._day_first = False
        self.buttons: dict[str, KeyButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for place, (name, words) in enumerate([*FIELDS.items(), ("day_first", _DATES)]):
            row, column = place % 4, place // 4 * 2
            button = KeyButton(look, _NONE)
            button.setObjectName(name)
            button.clicked.connect(partial(self._choose, name))
            self.buttons[name] = button
            label = PlainLabel(look, words, "soft", look.small)
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            grid.addWidget(label, row, column)
            grid.addWidget(button, row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def show_seen(self, seen: Mapping[str, Any]) -> None:
        """Show the columns of a list, and how they were understood."""
        self._labels = [str(label) for label in seen.get("columns") or ()]
        self._sample = list(seen.get("sample") or ())
        mapping = seen.get("mapping") or {}
        self._columns = dict(mapping.get("columns") or {})
        self._day_first = bool(mapping.get("day_first"))
        self._say()

    def mapping(self) -> dict[str, Any]:
        """The choice, as the service takes it."""
        return {"columns": dict(self._columns), "day_first": self._day_first}

    def choose(self, name: str, label: str) -> None:
        """Take a column for a field, away from whichever had it; an empty label lets go of one."""
        self._columns = {field: held for field, held in self._columns.items() if field != name and held != label}
        if label:
            self._columns[name] = label
        self._say()
        self.changed.emit()

    def turn_dates(self) -> None:
        """Read the dates the other way round."""
        self._day_first = not self._day_first
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        for name, words in FIELDS.items():
            label = self._columns.get(name, "")
            shown = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
            self._show(name, words, shown or _NONE)
        self._show("day_first", _DATES, "the day" if self._day_first else "the month")

    def _show(self, name: str, words: str, shown: str) -> None:
        button = self.buttons[name]
        button.say(f"{shown} ▾" if name != "day_first" else shown)
        button.setAccessibleName(f"{words}: {shown}")

    def _choose(self, name: str) -> None:
        if name == "day_first":
            self.turn_dates()
            return
        menu = self.menu(name)
        menu.aboutToHide.connect(menu.deleteLater)
        button = self.buttons[name]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu(self, name: str) -> Menu:
        """The list's headings to choose from."""
        menu = Menu(self)
        menu.setToolTipsVisible(True)
        for label in ["", *self._labels]:
            entry = menu.addAction(self._entry(label).replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(self._columns.get(name, "") == label)
            entry.setToolTip(tooltip(label))
            entry.triggered.connect(partial(self.choose, name, label))
        return menu

    def _entry(self, label: str) -> str:
        """A heading with what stands beneath it in the first rows."""
        if not label:
            return _NONE.capitalize()
        beneath = [text for row in self._sample if (text := row.get(label, ""))]
        return f"{label[:60]}   {', '.join(beneath[:2])[:40]}"
