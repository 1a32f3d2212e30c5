"""The line one writes on: it grows with the words, and Enter logs them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from advisor_desk.domain import commands
from ui.theme.look import Look
from ui.widgets.entry import PAD
from ui.widgets.scroll_bar import SlimBar

HINT: Final = "What was said…"
_MOST_LINES: Final = 4
_MARGIN: Final = 4


class Field(QPlainTextEdit):
    """The line one writes on; it grows to four. Enter logs, Shift+Enter begins another line."""

    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(HINT)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(look.font)
        self.setViewportMargins(PAD - _MARGIN, 0, 2, 0)
        self.document().setDocumentMargin(_MARGIN)
        self.setVerticalScrollBar(SlimBar(look))
        self.setAccessibleName("What was said")
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.textChanged.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """As high as the words, up to four lines."""
        lines = max(1, min(round(self.document().size().height()), _MOST_LINES))
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines == _MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(bar)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 10)

    def event(self, event: QEvent) -> bool:
        """While it is being logged, keys are nobody's: not words, and no commands of the window either."""
        if event.type() is QEvent.Type.ShortcutOverride and self.isReadOnly():
            event.accept()
            return True
        return bool(super().event(event))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste words without marks nobody sees: copied phone numbers carry them, and the desk would refuse them."""
        self.insertPlainText("".join(char for char in source.text() if not commands.unsafe_text(char)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter logs."""
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps anew."""
        super().resizeEvent(event)
        self.fit()
