"""The fields of a command's dialog: one for each thing an argument can hold, with its fault or its meaning beneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advisor_desk.domain import moments, times
from advisor_desk.domain.lights import Settings
from ui.shell.ask_options import Options
from ui.theme.look import Look
from ui.widgets.buttons import Chip
from ui.widgets.entry import Entry
from ui.widgets.number_entry import NumberEntry
from ui.widgets.plain_text import PlainLabel
from ui.widgets.text_box import TextBox

WIDTH: Final = 420
_GAP: Final = 6


class Field(QWidget):
    """One question: its label, its input, and one line beneath that says what is wrong or what was understood."""

    changed = Signal()

    def __init__(self, look: Look, name: str, label: str) -> None:
        super().__init__()
        self.name = name
        self.label = label
        self.setFixedWidth(WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.heading = PlainLabel(look, label, "soft", look.small)
        self.beneath = PlainLabel(look, "", "soft", look.small, wrap=True)
        self.beneath.hide()
        self._column.addWidget(self.heading)
        self._column.addWidget(self.beneath)
        self.offered: list[Chip] = []
        self._input: QWidget = self

    def value(self) -> Any:
        """The answer as the command takes it; None when there is none."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show an answer to begin with."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with the answer as typed, in one sentence; empty when nothing is."""
        return ""

    def refuse(self, why: str) -> None:
        """Show why the answer will not do; it stays as it was typed."""
        self._say(why, "late")
        self._input.setAccessibleDescription(why)
        self._mark(bool(why))

    def take_focus(self) -> None:
        """Give the keyboard to the input."""
        self._input.setFocus(Qt.FocusReason.TabFocusReason)

    def _hold(self, input: QWidget) -> None:
        self._input = input
        input.setAccessibleName(self.label)
        self.heading.setBuddy(input)
        self.setFocusProxy(input)
        self._column.insertWidget(1, input)
        if isinstance(input, Options):
            input.name_by(self.label)

    def _say(self, words: str, role: str) -> None:
        self.beneath.say(words, role)
        self.beneath.setVisible(bool(words))

    def _mark(self, fault: bool) -> None:
        if isinstance(self._input, Entry | NumberEntry):
            self._input.mark_fault(fault)

    def _on_changed(self) -> None:
        self.refuse("")
        self.changed.emit()

    def _offer(self, look: Look, texts: Sequence[str]) -> None:
        """Texts to press instead of typing, in as many rows as they need."""
        row, used = self._chip_row(), 0
        for text in texts:
            chip = Chip(look, text, "grey")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(self._on_offered)
            self.offered.append(chip)
            used += chip.sizeHint().width() + _GAP
            if used > WIDTH + _GAP and row.count() > 1:
                row, used = self._chip_row(), chip.sizeHint().width() + _GAP
            row.insertWidget(row.count() - 1, chip)

    def _chip_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(_GAP)
        row.addStretch(1)
        self._column.insertLayout(self._column.count() - 1, row)
        return row

    def _on_offered(self) -> None:
        sender = self.sender()
        if isinstance(sender, Chip) and isinstance(self._input, Entry):
            self._input.setText(sender.text())
            self._input.setFocus(Qt.FocusReason.OtherFocusReason)
            self._on_changed()


class TextField(Field):
    """A line of words; the usual ones stand beneath to press."""

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        *,
        placeholder: str = "",
        longest: int = 4_000,
        usual: Sequence[str] = (),
    ) -> None:
        super().__init__(look, name, label)
        self.entry = Entry(look, placeholder)
        self.entry.setMaxLength(longest)
        self.entry.textEdited.connect(self._on_changed)
        self._hold(self.entry)
        if usual:
            self._offer(look, usual)

    def value(self) -> Any:
        """The words without the space around them."""
        return self.entry.text().strip()

    def put(self, value: Any) -> None:
        """Show words to begin with, chosen so that typing replaces them."""
        self.entry.setText(str(value or ""))
        self.entry.selectAll()


class NamedField(TextField):
    """A line that shows a value by its name, where it has one, and takes either."""

    def __init__(self, look: Look, name: str, label: str, names: Mapping[str, str], longest: int) -> None:
        super().__init__(look, name, label, longest=longest)
        self._names = names
        self._values = {name.casefold(): value for value, name in names.items()}

    def value(self) -> Any:
        """The value that is named, else the words."""
        text = super().value()
        return self._values.get(text.casefold(), text)

    def put(self, value: Any) -> None:
        """Show a value to begin with."""
        super().put(self._names.get(str(value), value))


class LinesField(Field):
    """Several lines of words, each an answer of its own."""

    def __init__(self, look: Look, name: str, label: str, placeholder: str, longest: int) -> None:
        super().__init__(look, name, label)
        self._longest = longest
        self.text = TextBox(look, placeholder)
        self.text.textChanged.connect(self._on_changed)
        self._hold(self.text)

    def value(self) -> Any:
        """The lines with words on them."""
        return [line.strip() for line in self.text.toPlainText().splitlines() if line.strip()]

    def put(self, value: Any) -> None:
        """Show lines to begin with."""
        self.text.setPlainText("\n".join(str(line) for line in value or ()))
        self.text.moveCursor(QTextCursor.MoveOperation.End)  # another is added more often than all are replaced

    def problem(self) -> str:
        """A line that is too long, by its number."""
        longer = [number for number, line in enumerate(self.value(), 1) if len(line) > self._longest]
        return f"Line {longer[0]} is longer than {self._longest:,} characters." if longer else ""


class NumberField(Field):
    """A whole number from one up."""

    def __init__(self, look: Look, name: str, label: str, most: int) -> None:
        super().__init__(look, name, label)
        self.entry = NumberEntry(look, 1, most)
        self.entry.valueChanged.connect(self._on_changed)
        self._hold(self.entry)
        self.entry.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def value(self) -> Any:
        """The number."""
        return self.entry.value()

    def put(self, value: Any) -> None:
        """Show a number to begin with."""
        if isinstance(value, int):
            self.entry.setValue(value)
            self.entry.selectAll()


class ChoiceField(Field):
    """One of a few."""

    def __init__(self, look: Look, name: str, label: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(look, name, label)
        self.options = Options(look, choices, WIDTH)
        self.options.changed.connect(self._on_changed)
        self._hold(self.options)

    def value(self) -> Any:
        """The chosen one, or None."""
        return next(iter(self.options.lit), None)

    def put(self, value: Any) -> None:
        """Choose one to begin with."""
        self.options.light([str(value)] if value else [])


class ChoicesField(Field):
    """Some of a few, or none."""

    def __init__(self, look: Look, name: str, label: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(look, name, label)
        self.options = Options(look, choices, WIDTH, several=True)
        self.options.changed.connect(self._on_changed)
        self._hold(self.options)

    def value(self) -> Any:
        """The chosen ones."""
        return self.options.lit

    def put(self, value: Any) -> None:
        """Choose some to begin with."""
        self.options.light(str(item) for item in value or ())


class MomentField(Field):
    """A moment typed as people say it; what was understood stands beneath while typing."""

    def __init__(
        self,
        look: Look,
        name: str,
        label: str,
        *,
        now: Callable[[], datetime],
        settings: Settings,
        usual_time: time,
        quick: Sequence[str] = (),
        needed: bool = True,
    ) -> None:
        super().__init__(look, name, label)
        self._now = now
        self._zone = settings.zone
        self._usual_time = usual_time
        self._needed = needed
        self._warns: Callable[[datetime], str] = lambda moment: ""
        self.entry = Entry(look, "fri 3pm, tomorrow 10, dec 3, +2h")
        self.entry.textEdited.connect(self._on_changed)
        self._hold(self.entry)
        if quick:
            self._offer(look, quick)
        self._understand()

    def warn_with(self, warns: Callable[[datetime], str]) -> None:
        """Say, beside what was understood, what a moment would mean."""
        self._warns = warns
        self._understand()

    def moment(self) -> datetime | None:
        """The moment as typed; None when it cannot be read."""
        try:
            return moments.read(self.entry.text(), now=self._now(), zone=self._zone, default_time=self._usual_time)
        except moments.Unreadable:
            return None

    def value(self) -> Any:
        """The moment as the wire writes it, or None."""
        moment = self.moment()
        return times.to_wire(moment) if moment else None

    def put(self, value: Any) -> None:
        """Show a moment to come to begin with; one that is past is no use."""
        moment = times.from_wire(value) if value else None
        if moment is not None and moment > self._now():
            self.entry.setText(moments.say(moment, self._now(), self._zone))
            self.entry.selectAll()
            self._understand()

    def problem(self) -> str:
        """What to type instead, when it cannot be read."""
        text = self.entry.text().strip()
        if not text and not self._needed:
            return ""
        try:
            moments.read(text, now=self._now(), zone=self._zone, default_time=self._usual_time)
        except moments.Unreadable as unread:
            return unread.message
        return ""

    def _understand(self) -> None:
        moment = self.moment()
        if moment is None:
            hint = self.problem() if self.entry.text().strip() else moments.EXAMPLE if self._needed else ""
            self._say(hint, "soft")
            return
        said = moments.say(moment, self._now(), self._zone)
        warning = self._warns(moment)
        self._say(f"{said} · {warning}" if warning else said, "amber" if warning else "soft")
        self._input.setAccessibleDescription(self.beneath.text())

    def _on_changed(self) -> None:
        super()._on_changed()
        self._understand()
