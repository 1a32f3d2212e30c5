"""A whole number to type, in a box like every other field's; apart from `entry`, which the first paint waits for."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QSpinBox

from ui.theme.look import Look
from ui.widgets.entry import PAD, paint_box, see_through


class NumberEntry(QSpinBox):
    """A whole number to type, or to step with the arrow keys."""

    def __init__(self, look: Look, least: int, most: int) -> None:
        super().__init__()
        self._look = look
        self._fault = False
        self.setFrame(False)
        self.setFont(look.font)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setRange(least, most)
        see_through(self)
        self.lineEdit().setTextMargins(PAD - 4, 0, 0, 0)

    def mark_fault(self, fault: bool) -> None:
        """Show that the number cannot be used, or that it can."""
        self._fault = fault
        self.update()

    def sizeHint(self) -> QSize:
        """A line and its margins."""
        return QSize(90, QFontMetrics(self.font()).height() + 13)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box; the number is painted by the line within."""
        del event
        paint_box(self, self._look, fault=self._fault, focused=self.hasFocus())
