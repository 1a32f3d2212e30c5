"""A column that scrolls under a slim bar; apart from `scroll_bar`, which the first paint waits for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.theme.look import Look
from ui.widgets.scroll_bar import WIDTH, SlimBar


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
        self.bar.setGeometry(self.width() - WIDTH, 0, WIDTH, self.height())
        self.bar.raise_()
