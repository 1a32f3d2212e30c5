"""A line under the top strip while something holds: a first sync, a sign-in wanted, a desk that cannot start."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import Panel, PlainLabel


class Notice(Panel):
    """Words in a tone, perhaps how far it is, perhaps one thing to press."""

    pressed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._tone = "blue"
        self._share = 0.0
        self._deed = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 7)
        row.setSpacing(12)
        self._words = PlainLabel(look, "")
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._button = KeyButton(look, "", primary=True)
        self._button.clicked.connect(self._on_pressed)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self._button.hide()  # it has no words yet
        self.hide()

    def say(self, text: str, tone: str = "blue", *, deed: str = "", press: str = "", share: float = 0.0) -> None:
        """Show a notice; ``deed`` comes back in ``pressed`` when ``press`` is pressed, ``share`` is 0 to 1 done."""
        self._tone, self._deed, self._share = tone, deed, share
        self._words.say(text, tone if tone != "blue" else "ink")
        self._button.say(press)
        self._button.setVisible(bool(press))
        self.show()
        self.update()

    def _on_pressed(self) -> None:
        self.pressed.emit(self._deed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and how far it is."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour(f"{self._tone}_wash"))
        if self._share:
            done = QRectF(0, self.height() - 3, self.width() * min(self._share, 1.0), 3)
            painter.fillRect(done, self._look.colour(self._tone))
        painter.end()
