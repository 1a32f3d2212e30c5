"""A line to type in, as the drawings have it: rounded, one-pixel edge, the accent while it has the keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.theme.look import Look

PAD: Final = 9


def paint_box(widget: QWidget, look: Look, *, role: str = "panel", fault: bool = False, focused: bool = False) -> None:
    """Paint the ground and the edge of a field."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(look.colour(role if widget.isEnabled() else "sunk"))
    painter.setPen(look.colour("late" if fault else "accent" if focused else "line"))
    box = QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(box, 6, 6)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
    painter.end()


def see_through(widget: QWidget) -> None:
    """Let a field's own ground show what is painted beneath; all else stays the theme's."""
    palette = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        palette.setColor(group, QPalette.ColorRole.Base, QColor(Qt.GlobalColor.transparent))
    widget.setPalette(palette)


class Entry(QLineEdit):
    """One line of text; ``mark_fault`` turns its edge red until it is right."""

    def __init__(self, look: Look, placeholder: str = "", role: str = "panel") -> None:
        super().__init__()
        self._look = look
        self._role = role
        self._fault = False
        self.setFrame(False)
        self.setFont(look.font)
        self.setPlaceholderText(placeholder)
        self.setTextMargins(PAD - 2, 0, PAD - 2, 0)
        see_through(self)

    def mark_fault(self, fault: bool) -> None:
        """Show that what is typed cannot be used, or that it can."""
        if fault != self._fault:
            self._fault = fault
            self.update()

    def sizeHint(self) -> QSize:
        """A line and its margins."""
        return QSize(super().sizeHint().width(), QFontMetrics(self.font()).height() + 13)

    def minimumSizeHint(self) -> QSize:
        """The same height, a few characters wide."""
        return QSize(60, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the text in it."""
        paint_box(self, self._look, role=self._role, fault=self._fault, focused=self.hasFocus())
        super().paintEvent(event)
