"""A dialog on the ground of a panel."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from ui.theme.look import Look

_FRAME: Final = 48
"""What a title bar and some air take of the window that a dialog stands over."""


class PanelDialog(QDialog):
    """What the dialogs share: the look, the ground they stand on, and that they stay within their window."""

    follows: ClassVar[bool] = False
    """Grows and shrinks with what it says."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def take(self, width: int, height: int) -> None:
        """Be of this size, as far as there is room; never so small that something of it is lost."""
        over = self.parentWidget()
        room = over.window().size() if over is not None else self.screen().availableSize()
        self.resize(QSize(width, height).boundedTo(room - QSize(_FRAME, _FRAME)).expandedTo(self.minimumSizeHint()))

    def event(self, event: QEvent) -> bool:
        """Follow what is said, where it does."""
        handled = super().event(event)
        if self.follows and event.type() is QEvent.Type.LayoutRequest:
            self.take(*self.sizeHint().toTuple())
        return handled

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("panel"))
        painter.end()
