"""Closing a repair order: what it will raise, then what it has raised, each with its owner and its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.promises import rows
from ui.promises.rows import Reader
from ui.shell.ask_dialog import Ask, Notice
from ui.shell.ask_fields import WIDTH, TextField
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel, tooltip

_COMMAND: Final = "ro.close"


class CloseDialog(PanelDialog):
    """Asks the desk what closing would raise, closes, and shows what was raised."""

    follows = True
    closed = Signal(dict)
    """The desk's answer."""

    def __init__(
        self, look: Look, parent: QWidget | None, ask: Ask, order: Mapping[str, Any], heading: str, reader: Reader
    ) -> None:
        super().__init__(look, parent)
        self._ask, self._reader = ask, reader
        self._id = str(order.get("id") or "")
        self._done = False
        self._anyway = False
        self.shown: list[str] = []
        """The promises as they are listed."""
        self.setWindowTitle("Close the repair order")
        self.setAccessibleName(f"Close the repair order, {heading}")
        self.title = PlainLabel(look, "Close the repair order", "ink", look.large_bold)
        self.what = PlainLabel(look, "Looking at what this raises…", "soft", look.small, wrap=True)
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        self.notice = Notice(look)
        self.reason = TextField(look, "reason", "Why close with work left", longest=300)
        self.reason.hide()
        self.cancel = KeyButton(look, "Cancel", "Esc")
        self.send = KeyButton(look, "Close the RO", "Enter", primary=True)
        self.send.setEnabled(False)
        self._lay_out(heading)
        self.send.clicked.connect(self.send_it)
        self.cancel.clicked.connect(self.reject)
        self._look_ahead()

    def _lay_out(self, heading: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for widget in (self.title, PlainLabel(self._look, heading, "soft", self._look.small), self.what):
            widget.setFixedWidth(WIDTH)
            column.addWidget(widget)
        column.addLayout(self.list)
        self.notice.setFixedWidth(WIDTH)
        column.addWidget(self.notice)
        column.addWidget(self.reason)
        column.addSpacing(6)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.send)
        column.addLayout(row)

    @Slot()
    def send_it(self) -> None:
        """Close; a second time, once it has closed, ends the dialog."""
        if self._done:
            self.accept()
            return
        if self._anyway and not self.reason.value():
            self.reason.refuse("This is needed.")
            self.reason.take_focus()
            return
        self.send.setEnabled(False)
        self._ask(_COMMAND, self._args(), self._on_closed, self._on_refused)

    def _args(self) -> dict[str, Any]:
        args: dict[str, Any] = {"repair_order_id": self._id}
        return args | ({"anyway": True, "reason": self.reason.value() or "not said"} if self._anyway else {})

    def _look_ahead(self) -> None:
        self._ask("read.raises", {"command": _COMMAND, "args": self._args()}, self._on_ahead, self._on_refused)

    def _on_ahead(self, answer: dict[str, Any]) -> None:
        found = answer.get("promises") or []
        self.what.say(f"This raises {words.counted(len(found), 'promise')}:" if found else "This raises no promise.")
        self._show(found)
        self.send.setEnabled(True)
        (self.reason if self._anyway else self.send).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_closed(self, answer: dict[str, Any]) -> None:
        raised = answer.get("raised") or []
        self._done = True
        self.title.say("Closed")
        self.what.say(f"{words.counted(len(raised), 'promise')} raised:" if raised else "Nothing was raised.")
        self._show(raised)
        self.notice.say("")
        self.reason.hide()
        self.cancel.hide()
        self.send.say("Done")
        self.send.setEnabled(True)
        self.send.setFocus()
        self.closed.emit(answer)

    def _on_refused(self, error: dict[str, Any]) -> None:
        self.notice.say(str(error.get("message") or ""))
        if error.get("code") == "work_left" and not self._anyway:
            self._anyway = True
            self.reason.show()
            self.send.say("Close anyway")
            self._look_ahead()
        elif not self._anyway or error.get("code") != "work_left":
            self.what.say("")

    def _show(self, promises: Sequence[Mapping[str, Any]]) -> None:
        while (item := self.list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.shown = []
        for promise in sorted(promises, key=lambda row: str(row.get("due_at") or "")):
            title, whose = str(promise.get("title") or ""), whose_words(promise, self._reader)
            self.shown.append(f"{title} — {whose}")
            for label in (
                PlainLabel(self._look, title, "ink", self._look.font),
                PlainLabel(self._look, whose, "soft", self._look.small),
            ):
                label.setFixedSize(WIDTH, label.sizeHint().height())
                label.setToolTip(tooltip(label.text()))
                self.list.addWidget(label)
            self.list.addSpacing(6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter closes the order, Escape the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.send.isEnabled():
            self.send_it()
        else:
            super().keyPressEvent(event)


def whose_words(promise: Mapping[str, Any], reader: Reader) -> str:
    """Whose a promise is, and by when."""
    owner = rows.whose(promise, reader)
    return f"{owner}, by {rows.due_words(promise, reader)}"
