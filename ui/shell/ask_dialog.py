"""The dialog of one command: asks, sends on Enter, and keeps every word when the answer is no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from advisor_desk.domain import commands
from advisor_desk.domain.commands import Arg
from advisor_desk.domain.errors import Refused
from ui.shell import ask_forms
from ui.shell.ask_fields import WIDTH, Field
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel, tooltip

Ask = Callable[..., None]
"""``ui.link.desk.DeskLink.ask``."""
_NEEDED: Final = "This is needed."


class Notice(QWidget):
    """A refusal in one sentence, on the tint of what needs someone."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        self.words = PlainLabel(look, "", "late", look.small, wrap=True)
        row.addWidget(self.words)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self.words.say(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("late_wash"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.end()


class AskDialog(PanelDialog):
    """Asks what a command still needs; ``answered`` carries the desk's answer once it is done."""

    follows = True
    answered = Signal(str, dict)

    def __init__(
        self,
        look: Look,
        parent: QWidget | None,
        ask: Ask,
        command: str,
        known: Mapping[str, Any],
        present: Mapping[str, Any],
        fields: Sequence[Field],
    ) -> None:
        super().__init__(look, parent)
        self._ask = ask
        self._command = command
        self._known = dict(known)
        self._present = present
        self._form = ask_forms.form_of(command)
        self._words = self._form.send or commands.COMMANDS[command].words
        self._sending = False
        self._begun: dict[str, Any] = {}
        self.fields = {one.name: one for one in fields}
        self.notice = Notice(look)
        self.send = KeyButton(look, self._words, "Enter", primary=True)
        self.cancel = KeyButton(look, "Cancel", "Esc")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._lay_out(str(present.get("heading") or ""), [str(line) for line in present.get("lines") or () if line])
        self.send.clicked.connect(self.send_it)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)
        for one in fields:
            one.changed.connect(self._on_changed)
            self._begun[one.name] = one.value()
            self._follow(one)
        self._name_button()
        if fields:
            fields[0].take_focus()
        else:
            self.send.setFocus()

    def _lay_out(self, heading: str, lines: Sequence[str]) -> None:
        look, wraps = self._look, bool(self._present.get("confirm"))
        said = [PlainLabel(look, line, "soft", look.small, wrap=wraps) for line in lines]
        self.headings = [*([PlainLabel(look, heading, "soft", look.small)] if heading else ()), *said]
        title = str(self._present.get("title") or "") or self._form.title or commands.COMMANDS[self._command].words
        self.setWindowTitle(title)
        self.setAccessibleName(f"{title}, {heading}" if heading else title)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(PlainLabel(look, title, "ink", look.large_bold))
        for label in self.headings:
            label.setFixedWidth(WIDTH)
            label.setToolTip(tooltip(label.text()))
            column.addSpacing(2)
            column.addWidget(label)
        for one in self.fields.values():
            column.addSpacing(14)
            column.addWidget(one)
        column.addSpacing(14)
        self.notice.setFixedWidth(WIDTH)
        column.addWidget(self.notice)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.send)
        column.addLayout(row)

    @Slot()
    def send_it(self) -> None:
        """Send what was answered, once it can be understood."""
        if self._sending:
            return
        self._show_faults({}, "")
        args = self._args()
        faults = self._faults(args)
        if faults:
            self._show_faults(faults, "")
            return
        self._set_sending(True)
        self._ask(self._command, args, self._on_ok, self._on_refused)

    def _args(self) -> dict[str, Any]:
        answers = {name: one.value() for name, one in self.fields.items()}
        declared = commands.COMMANDS[self._command].args
        kept = {
            name: value
            for name, value in answers.items()
            if value is not None and (value != "" or self._takes_nothing(name, declared[name]))
        }
        return {**self._known, **kept}

    def _takes_nothing(self, name: str, arg: Arg) -> bool:
        """An empty answer is one where one is needed, and where it takes away what was there."""
        return arg.required or (arg.clears and bool(self._begun.get(name)))

    def _faults(self, args: Mapping[str, Any]) -> dict[str, str]:
        """What can be said here already, in the words of the declaration the service checks by as well."""
        found = {name: why for name, one in self.fields.items() if (why := one.problem())}
        for name in self.fields:
            if name not in found and args.get(name) in (None, "") and ask_forms.needed(self._command, name):
                found[name] = _NEEDED
        if found:
            return found
        try:
            commands.check(self._command, args)
        except Refused as refused:
            return {name: self._sentence(name, why) for name, why in refused.fields.items()}
        return {}

    def _on_ok(self, answer: dict[str, Any]) -> None:
        self._set_sending(False)
        self.accept()
        self.answered.emit(self._command, answer)

    def _on_refused(self, error: dict[str, Any]) -> None:
        self._set_sending(False)
        said = {name: self._sentence(name, str(why)) for name, why in (error.get("fields") or {}).items()}
        plain = [why for name, why in said.items() if name not in self.fields]
        # A refusal of bad arguments opens with the argument's name; the sentences made here read better.
        message = " ".join(plain) if error.get("code") == "bad_arguments" else str(error.get("message") or "")
        self._show_faults(said, message)
        if not self.isVisible():
            self.show()

    def _sentence(self, name: str, why: str) -> str:
        declared = commands.COMMANDS[self._command].args
        if name in self.fields and why.startswith("is missing"):
            return _NEEDED
        what = (
            self.fields[name].label
            if name in self.fields
            else f"This {declared[name].words}"
            if name in declared
            else name
        )
        return f"{what} {why}" + ("" if why.endswith(".") else ".")

    def _show_faults(self, faults: Mapping[str, str], message: str) -> None:
        for name, one in self.fields.items():
            one.refuse(faults.get(name, ""))
        wrong = [one for name, one in self.fields.items() if name in faults]
        hidden = " ".join(why for name, why in faults.items() if name not in self.fields)
        self.notice.say(message or hidden)
        if wrong:
            wrong[0].take_focus()

    def _set_sending(self, sending: bool) -> None:
        self._sending = sending
        for widget in (*self.fields.values(), self.send):
            widget.setEnabled(not sending)
        if sending:
            self.send.say("Sending…")
        else:
            self._name_button()

    def _name_button(self) -> None:
        answers = {name: one.value() for name, one in self.fields.items()}
        self.send.say(self._form.button(answers) or self._words)

    def _follow(self, one: Field) -> None:
        """Let one answer change what another begins with, as long as nobody has touched that."""
        for name, value in self._form.follow(one.name, one.value(), self._present).items():
            other = self.fields.get(name)
            if other is not None and other.value() == self._begun.get(name, other.value()):
                other.put(value)
                self._begun[name] = other.value()

    def _on_changed(self) -> None:
        sender = self.sender()
        if isinstance(sender, Field):
            self._follow(sender)
        self.notice.say("")
        self._name_button()

    @Slot(int)
    def _on_finished(self, _: int) -> None:
        # While it is being sent the dialog is only out of sight: a refusal brings it back with all that was typed.
        if not self._sending:
            self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter sends, from wherever the keyboard is; Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send_it()
        else:
            super().keyPressEvent(event)
