"""Slim scrolling: a rounded handle in the colours of the theme."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar

from ui.theme.look import Look

WIDTH: Final = 8


class SlimBar(QScrollBar):
    """A vertical scroll bar that is there when it is needed and says nothing else."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._look = look
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Slim."""
        return QSize(WIDTH, 40)

    def handle(self) -> QRectF:
        """Where the handle is: as long as what is in sight, never too short to take hold of."""
        span = self.maximum() - self.minimum() + self.pageStep()
        if span <= 0 or self.maximum() <= self.minimum():
            return QRectF()
        from PySide6.QtWidgets import QStyle, QStyleOptionSlider  # 8 ms that a bar nobody sees need not cost

        option = QStyleOptionSlider()
        self.initStyleOption(option)
        place = QStyle.SubControl.SC_ScrollBarSlider
        rect = self.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, place, self)
        return QRectF(rect)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the handle."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        held = self.isSliderDown() or self.underMouse()
        painter.setBrush(self._look.colour("faint" if held else "line"))
        painter.drawRoundedRect(self.handle().adjusted(2, 2, -2, -2), 2, 2)
        painter.end()
