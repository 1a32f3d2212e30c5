"""The rail at the left: the pages of the desk, each with the number that waits there."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout

from ui.theme import icons
from ui.theme.look import Look
from ui.widgets.plain_text import Panel, tooltip

_SIDE: Final = 36
_ICON: Final = 20
_BADGE: Final = 14
_CORNER: Final = 22
"""So wide a number leaves the icon readable where it is."""


class Place(NamedTuple):
    """An entry of the rail: its name, icon, words, and the tone of its number."""

    name: str
    icon: str
    words: str
    tone: str


PAGES: Final = (
    Place("board", "board", "Board", "grey"),
    Place("promises", "promise", "Promises", "late"),
    Place("drive", "car", "The drive", "grey"),
    Place("parts", "box", "Parts counter", "late"),
    Place("customer", "person", "Customer", "grey"),
    Place("people", "people", "The team", "grey"),
    Place("reports", "chart", "Figures", "grey"),
    Place("attention", "attention", "Needs attention", "late"),
    Place("outbox", "outbox", "Waiting to be sent", "amber"),
    Place("reconcile", "refresh", "After an outage", "blue"),
)
BELOW: Final = (
    Place("keys", "keys", "Keys", "grey"),
    Place("theme", "moon", "Light or dark", "grey"),
    Place("settings", "settings", "Settings", "grey"),
)


class RailEntry(QAbstractButton):
    """One page of the rail: its icon, and how many wait there."""

    def __init__(self, look: Look, place: Place, keys: str) -> None:
        super().__init__()
        self._look = look
        self.place = place
        self.number = 0
        self.drawn = False
        self.setFixedSize(_SIDE, _SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tooltip(f"{place.words}  {keys}".strip()))
        self.setAccessibleName(place.words)

    def count(self, number: int) -> None:
        """Show how many wait there."""
        if number != self.number:
            self.number = number
            self.setAccessibleName(f"{self.place.words}, {number}" if number else self.place.words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse() or self.hasFocus():
            painter.setPen(look.colour("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_wash" if on else "sunk"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        badge = self.badge()
        if self.drawn:
            icons.paint(painter, self.icon_place(badge), self.place.icon, look, "accent" if on else "soft")
        if self.number:
            painter.setFont(look.tiny)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(self.place.tone))
            painter.drawRoundedRect(badge, 7, 7)
            painter.setPen(look.colour("panel"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._words())
        painter.end()

    def badge(self) -> QRect:
        """Where the number stands; empty without one."""
        if not self.number:
            return QRect()
        width = max(_BADGE, QFontMetrics(self._look.tiny).horizontalAdvance(self._words()) + 7)
        return QRect(self.width() - width, 0, width, _BADGE)

    def icon_place(self, badge: QRect) -> QRect:
        """In the middle, and below a number so wide that it would lie over more than a corner of it."""
        middle = QRect((self.width() - _ICON) // 2, (self.height() - _ICON) // 2, _ICON, _ICON)
        return middle.translated(0, 6) if badge.width() > _CORNER else middle

    def _words(self) -> str:
        return "99+" if self.number > 99 else str(self.number)


class Rail(Panel):
    """Pages above, this computer's own things below."""

    chosen = Signal(str)

    def __init__(self, look: Look, keys: dict[str, str]) -> None:
        super().__init__(look, "panel", "right")
        self.setFixedWidth(48)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
        self.entries: dict[str, RailEntry] = {}
        for place in (*PAGES, None, *BELOW):
            if place is None:
                column.addStretch(1)
                continue
            entry = RailEntry(look, place, keys.get(place.name, ""))
            entry.setCheckable(place in PAGES)
            entry.clicked.connect(self._on_clicked)
            self.entries[place.name] = entry
            column.addWidget(entry)
        look.changed.connect(self.update)

    def draw_icons(self) -> None:
        """Draw the icons from now on; the board is painted before a drawing is read."""
        for entry in self.entries.values():
            entry.drawn = True
            entry.update()

    def show_page(self, name: str) -> None:
        """Mark the page that is shown."""
        for entry in self.entries.values():
            entry.setChecked(entry.place.name == name)

    def count(self, name: str, number: int) -> None:
        """Show how many wait at a page."""
        self.entries[name].count(number)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, RailEntry):
            sender.setChecked(sender.isChecked() and sender.place in PAGES)
            self.chosen.emit(sender.place.name)
