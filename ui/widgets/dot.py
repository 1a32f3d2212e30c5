"""The small dot of an edit that is not yet at the bridge."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter

from ui.theme.look import Look


def paint_dot(painter: QPainter, centre: QPoint, look: Look) -> None:
    """Paint it around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("amber"))
    painter.drawEllipse(centre, 3, 3)
    painter.restore()
