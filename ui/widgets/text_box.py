"""Several lines to type in, drawn as a field is; Tab goes on, Ctrl+Enter is the dialog's."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from ui.theme.look import Look
from ui.widgets.entry import PAD, paint_box, see_through
from ui.widgets.scroll_bar import SlimBar

_LINES: Final = 4


class TextBox(QPlainTextEdit):
    """Plain lines; Enter begins the next."""

    def __init__(self, look: Look, placeholder: str = "") -> None:
        super().__init__()
        self._look = look
        self.setFont(look.font)
        self.setPlaceholderText(placeholder)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBar(SlimBar(look))
        self.document().setDocumentMargin(PAD)
        self.setFixedHeight(self.sizeHint().height())
        see_through(self)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """Room for a few lines."""
        return QSize(200, _LINES * QFontMetrics(self._look.font).lineSpacing() + 2 * PAD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter sends; Enter alone is a new line."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the words."""
        paint_box(self.viewport(), self._look, focused=self.hasFocus())
        super().paintEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The edge shows where the keyboard is."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The edge shows that it is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()
