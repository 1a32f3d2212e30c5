"""A menu with the line round it that what else lies over the window has."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QMenu


class Menu(QMenu):
    """Qt's menu; its style would take a line of its own from the window's ground."""

    def under(self, title: str) -> Menu:
        """A menu that opens beside an entry."""
        menu = Menu(title, self)
        self.addMenu(menu)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line over the style's."""
        super().paintEvent(event)
        painter, box = QPainter(self), self.rect()
        painter.setClipRegion(QRegion(box) - QRegion(box.adjusted(1, 1, -1, -1)))
        painter.fillRect(box, self.palette().mid())  # a pen's line is thinner than the style's at 150 %
        painter.end()
