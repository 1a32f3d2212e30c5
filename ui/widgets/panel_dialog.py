"""A dialog on the ground of a panel."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from ui.theme.look import Look


class PanelDialog(QDialog):
    """What the dialogs share: the look, and the ground they stand on."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("panel"))
        painter.end()
