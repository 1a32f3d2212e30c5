"""A menu with the line round it that what else lies over the window has."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
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
        painter = QPainter(self)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
