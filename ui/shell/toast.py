"""A word at the foot of the window: what was done, with its undo, or why something was not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import PlainLabel

_SHOWN_FOR = 7_000
"""Milliseconds; an error stays twice as long."""
_FROM_EDGE = 76


class Toast(QWidget):
    """Lies over the window's foot for a few seconds; never takes the keyboard."""

    undo_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._over = parent
        self._change = ""
        self._tone = "accent"
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(12)
        self._words = PlainLabel(look, "")
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._undo = KeyButton(look, "Undo", "Ctrl Z")
        self._undo.clicked.connect(self._on_undo)
        row.addWidget(self._words, 1)
        row.addWidget(self._undo)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str, change: str = "") -> None:
        """Say what was done; with a change's id it can be undone."""
        self._show(text, change, "accent", _SHOWN_FOR)

    def refuse(self, text: str) -> None:
        """Say what was not done, and why."""
        self._show(text, "", "late", 2 * _SHOWN_FOR)

    def place(self) -> None:
        """Stand in the middle above the foot of the window."""
        over = self._over
        self.adjustSize()
        width = min(self.sizeHint().width(), over.width() - 80)
        self.resize(width, self.sizeHint().height())
        self.move((over.width() - width) // 2, over.height() - self.height() - _FROM_EDGE)

    def _show(self, text: str, change: str, tone: str, milliseconds: int) -> None:
        self._change, self._tone = change, tone
        self._words.say(text)
        self._undo.setVisible(bool(change))
        self.place()
        self.show()
        self.raise_()
        self._timer.start(milliseconds)

    def _on_undo(self) -> None:
        self.hide()
        self.undo_wanted.emit(self._change)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the tone at the left."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.colour(self._tone))
        painter.setBrush(self._look.colour("panel" if self._tone == "accent" else f"{self._tone}_wash"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
