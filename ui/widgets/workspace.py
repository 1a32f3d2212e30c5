"""A page of one table: filters above, rows, what the keys do below; every deed has a letter and is in the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.buttons import Chip, Segmented
from ui.widgets.menu import Menu
from ui.widgets.page_parts import Empty, Footer
from ui.widgets.plain_text import Panel
from ui.widgets.table import Column, Group, Table


class Deed(NamedTuple):
    """Something that can be done with a row: what it is called on the foot and in the menu, and the command."""

    short: str
    words: str
    command: str


class Workspace(Panel):
    """A page of one table; its subclasses say what stands in it and what can be done with a row."""

    wanted = Signal(str, str)
    """A command, and the row it is for."""
    opened = Signal(str)

    def __init__(
        self, look: Look, name: str, columns: Sequence[Column], empty: Empty, deeds: Mapping[str, Deed]
    ) -> None:
        super().__init__(look, "bg")
        # Not by Tab: it passes the keyboard on to the rows, and Shift+Tab would never get past it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(name)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(8)
        self.table = Table(look, columns, name)
        self.empty = empty
        self.all_deeds = dict(deeds)
        self.foot = Footer(look, ())
        self.more_keys: tuple[tuple[str, str], ...] = ()
        """Keys of the page that are not for a row, with what they do."""
        self.name_keys(self.all_deeds)
        self._frame = Panel(look, "panel", "round")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(1, 1, 1, 6)
        inside.setSpacing(0)
        inside.addWidget(self.table.headings)
        self.table.headings.setVisible(any(column.title for column in columns))
        inside.addWidget(self.table, 1)
        column = self.column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 0)
        column.setSpacing(8)
        column.addLayout(self.bar)
        column.addWidget(self._frame, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.foot)
        self._filters: tuple[Chip, ...] = ()
        self.table.opened.connect(self.opened)
        self.table.lit.connect(self.name_row)
        self.table.typed.connect(self._on_typed)
        self.table.menu_wanted.connect(self._on_menu)

    def put_above(self, *widgets: QWidget) -> None:
        """What stands above the rows, from the left."""
        for widget in widgets:
            self.bar.addWidget(widget)
        self.bar.addStretch(1)

    def add_filters(self, *chips: Chip) -> None:
        """Chips that narrow the rows down, one at a time."""
        self._filters = chips
        for chip in chips:
            chip.setCheckable(True)
            chip.clicked.connect(self._on_filter)

    def count_filter(self, chip: Chip, count: int, words: str) -> None:
        """Say how many rows a filter would leave; one that would leave none is let go of and not shown."""
        chip.say(f"{count} {words}")
        chip.setChecked(chip.isChecked() and bool(count))
        chip.setVisible(bool(count))

    def narrow(self) -> None:
        """Show what passes the filters; pages that have filters say how."""

    @Slot()
    def _on_filter(self) -> None:
        for chip in self._filters:
            if chip is not self.sender():
                chip.setChecked(False)
        self.narrow()

    @Slot()
    def name_row(self) -> None:
        """Say on the foot what can be done with the row in hand."""
        self.name_keys(self.deeds(self.table.current_id()))

    def name_keys(self, letters: Iterable[str]) -> None:
        """Say on the foot what these letters do."""
        deeds = ((letter.upper(), self.all_deeds[letter].short) for letter in letters)
        self.foot.show_keys([("Enter", "open"), *deeds, *self.more_keys])

    def deeds(self, id: str) -> Sequence[str]:
        """The letters that do something with a row as it stands."""
        del id
        return tuple(self.all_deeds)

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show these rows, or that there are none."""
        self.table.show_groups(groups)
        self.name_row()
        some = any(group.lines for group in groups)
        if not some and self.table.hasFocus():
            self._leave_rows()
        self._frame.setVisible(some)
        self.foot.setVisible(some)
        self.empty.setVisible(not some)

    def _leave_rows(self) -> None:
        """The last row goes: the keyboard stays on the page, with the choice above the rows where there is one."""
        choice = next((part for part in self._above() if isinstance(part, Segmented)), None)
        if choice is not None:
            choice.take_focus()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _above(self) -> list[QWidget]:
        items = (self.bar.itemAt(number) for number in range(self.bar.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    @Slot(str)
    def _on_typed(self, letter: str) -> None:
        id = self.table.current_id()
        if id and letter in self.deeds(id):
            self.wanted.emit(self.all_deeds[letter].command, id)

    @Slot(str, QPoint)
    def _on_menu(self, id: str, place: QPoint) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for letter in self.deeds(id):
            menu.addAction(f"{self.all_deeds[letter].words}\t{letter.upper()}").setData(letter)
        menu.triggered.connect(self._on_chosen)
        menu.popup(place)

    @Slot(object)
    def _on_chosen(self, action: Any) -> None:
        self._on_typed(action.data())

    def showEvent(self, event: QShowEvent) -> None:
        """Tab goes as the eye does: what stands above the rows, from the left, then the rows."""
        super().showEvent(event)
        parts = [part for widget in self._above() for part in (widget, *widget.findChildren(QWidget))]
        stops = [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise([self, *stops, self.table]):
            QWidget.setTabOrder(before, after)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the rows, when there are any."""
        super().focusInEvent(event)
        if self.table.isVisible():
            self.table.setFocus(event.reason())
