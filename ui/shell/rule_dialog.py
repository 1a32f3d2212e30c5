"""Sets a rule's times for the store: every number of it, with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advisor_desk.domain.rules.rule import DUE, ESCALATE
from advisor_desk.domain.rules.table import RULES
from ui.shell.ask_dialog import Ask, Notice
from ui.shell.ask_fields import WIDTH, TextField
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel

_COMMAND: Final = "store.set_rule"
_NAMES: Final = {
    ESCALATE: "Passed on, business minutes after it was due",
    "wait": "Minutes after its start that a visit counts as missed",
    "hour": "Due on the business day before, at the hour",
    "ahead": "Days before it is due from when any talk counts",
    "days": "Working days before it is given up",
    "red": "Days until red work is asked for again",
    "yellow": "Days until yellow work is asked for again",
    "line": "Marks below this are called about",
    "years": "A trade is offered for cars of so many years",
    "odometer": "and so many miles",
    "days_before": "Days before the return date",
    "first": "Days after delivery, first call",
    "second": "Days after delivery, second call",
    "third": "Days after delivery, third call",
}


class RuleDialog(PanelDialog):
    """One rule's numbers."""

    def __init__(self, look: Look, parent: QWidget | None, ask: Ask, name: str, numbers: Mapping[str, int]) -> None:
        super().__init__(look, parent)
        self._ask, self._name = ask, name
        rule = RULES[name]
        self.setWindowTitle(words.RULE[name])
        names = {DUE: f"Due, {rule.due.unit.replace('_', ' ')} after it was raised", **_NAMES}
        self.fields = {key: TextField(look, key, names.get(key, key), longest=7) for key in numbers}
        self.notice = Notice(look)
        self.send = KeyButton(look, "Set", "Enter", primary=True)
        self.cancel = KeyButton(look, "Cancel", "Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel(look, words.RULE[name], "ink", look.large_bold))
        why = PlainLabel(look, rule.why, "soft", look.small, wrap=True)
        why.setFixedWidth(WIDTH)
        column.addWidget(why)
        for key, field in self.fields.items():
            field.put(str(numbers[key]))
            column.addWidget(field)
        column.addWidget(self.notice)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.send)
        column.addLayout(row)
        self.send.clicked.connect(self.send_it)
        self.cancel.clicked.connect(self.reject)
        next(iter(self.fields.values())).take_focus()

    @Slot()
    def send_it(self) -> None:
        """Send the numbers; what is none stays as it was typed, with the reason beneath."""
        typed = {key: field.value() for key, field in self.fields.items()}
        wrong = [key for key, text in typed.items() if not text.isdecimal()]
        for key, field in self.fields.items():
            field.refuse("Type a whole number." if key in wrong else "")
        if wrong:
            self.fields[wrong[0]].take_focus()
            return
        numbers = {key: int(text) for key, text in typed.items()}
        self._ask(_COMMAND, {"rule": self._name, "numbers": numbers}, self._on_ok, self._on_refused)

    def _on_ok(self, _: dict[str, Any]) -> None:
        self.accept()

    def _on_refused(self, error: dict[str, Any]) -> None:
        said = error.get("fields") or {}
        for key, field in self.fields.items():
            if why := said.get(f"numbers.{key}"):
                field.refuse(str(why))
        self.notice.say("" if said else str(error.get("message") or ""))
