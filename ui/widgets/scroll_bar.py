"""Slim scrolling: a rounded handle in the colours of the theme, which lies over what it scrolls."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QStyle, QStyleOptionSlider, QWidget

from ui.theme.look import Look

_WIDTH = 8


class SlimBar(QScrollBar):
    """A vertical scroll bar that is there when it is needed and says nothing else."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._look = look
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Slim."""
        return QSize(_WIDTH, 40)

    def handle(self) -> QRectF:
        """Where the handle is: as long as what is in sight, never too short to take hold of."""
        span = self.maximum() - self.minimum() + self.pageStep()
        if span <= 0 or self.maximum() <= self.minimum():
            return QRectF()
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


class Scrolled(QScrollArea):
    """A column that scrolls up and down; the bar lies over its margin, so that its width never changes."""

    def __init__(self, look: Look, inside: QWidget) -> None:
        super().__init__()
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.bar = SlimBar(look)
        self.bar.setParent(self)
        self.bar.hide()
        real = self.verticalScrollBar()
        real.rangeChanged.connect(self._on_range)
        real.valueChanged.connect(self.bar.setValue)
        self.bar.valueChanged.connect(real.setValue)

    @Slot(int, int)
    def _on_range(self, least: int, most: int) -> None:
        real = self.verticalScrollBar()
        self.bar.setPageStep(real.pageStep())
        self.bar.setSingleStep(real.singleStep())
        self.bar.setRange(least, most)
        self.bar.setValue(real.value())
        self.bar.setVisible(most > least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the bar at the right."""
        super().resizeEvent(event)
        self.bar.setGeometry(self.width() - _WIDTH, 0, _WIDTH, self.height())
        self.bar.raise_()
