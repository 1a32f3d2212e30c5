"""The top strip: the store, the search, the link in words, the time, and who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.theme.look import TONES, Look
from ui.widgets import words
from ui.widgets.buttons import Chip
from ui.widgets.plain_text import Panel, PlainLabel, tooltip

LINK_TONES: Final = {
    "live": "green",
    "syncing": "blue",
    "starting": "grey",
    "restarting": "amber",
    "offline": "amber",
    "sign_in": "late",
    "not_ours": "late",
    "too_new": "late",
    "too_old": "late",
    "disk_full": "late",
    "no_bridge": "late",
    "stopped": "late",
}
_SETTLED: Final = frozenset({"live", "syncing", "starting"})
_SEARCH_WIDTH: Final = 420


class Mark(QWidget):
    """A person's initials in a round of their colour."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._letters = ""
        self._tone = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_person(self, person: dict[str, Any]) -> None:
        """Show somebody; nobody leaves it empty."""
        self._letters = words.initials(str(person.get("name") or ""))
        colour = str(person.get("colour") or "")
        self._tone = colour if colour in TONES else "accent"
        self.update()

    def sizeHint(self) -> QSize:
        """A round."""
        return QSize(26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the round."""
        del event
        if not self._letters:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour(self._tone))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(self._look.colour("on_accent"))
        painter.setFont(self._look.tiny)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.end()


class TopStrip(Panel):
    """What is true of the whole desk, in one line."""

    attention_wanted = Signal()
    link_pressed = Signal(str)

    def __init__(self, look: Look, search: QWidget) -> None:
        super().__init__(look, "panel", "bottom")
        self._look = look
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 14, 8)
        row.setSpacing(10)
        self._store = PlainLabel(look, "", "ink", look.bold)
        self._store.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        search.setMaximumWidth(_SEARCH_WIDTH)
        search.setMinimumWidth(160)
        self.attention = Chip(look, "", "late")
        self.attention.clicked.connect(self.attention_wanted)
        self.link = Chip(look, "Connecting", "grey")
        self.link.clicked.connect(self._on_link)
        self.as_of = Chip(look, "", "grey")
        self.as_of.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.as_of.setCursor(Qt.CursorShape.ArrowCursor)
        self._clock = PlainLabel(look, "", "soft")
        self._mark = Mark(look)
        self._name = PlainLabel(look, "")
        for label in (self._clock, self._name):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(self._store)
        row.addWidget(search, 3)
        row.addStretch(1)
        for widget in (self.attention, self.link, self.as_of, self._clock, self._mark, self._name):
            row.addWidget(widget)
        self._state = "starting"
        self.attention.hide()
        self.as_of.hide()
        look.changed.connect(self.update)

    def show_store(self, name: str, person: dict[str, Any]) -> None:
        """Show whose desk it is."""
        self._store.say(name or "Advisor Desk")
        self._mark.show_person(person)
        self._name.say(words.short_name(str(person.get("name") or "")))

    def show_link(self, said: dict[str, Any], status: dict[str, Any], now: datetime, settings: Settings) -> None:
        """Show the link as the service says it; when it is down, also how old the board is."""
        self._state = str(said.get("state") or "starting")
        self.link.show_as(str(said.get("words") or "Connecting"), LINK_TONES.get(self._state, "amber"))
        trouble = str(said.get("trouble") or "")
        self.link.setToolTip(tooltip(trouble or "In step with the bridge. Press to sync now."))
        self.link.setAccessibleDescription(trouble)
        as_of = lights.moment(status.get("as_of"))
        stale = as_of is not None and self._state not in _SETTLED
        self.as_of.setVisible(stale)
        if as_of is not None and stale:
            self.as_of.show_as(f"board as of {lights.day_time(as_of, now, settings.zone)}", "grey")
        count = int(status.get("attention") or 0)
        self.attention.setVisible(count > 0)
        self.attention.show_as(f"{count} needs attention" if count == 1 else f"{count} need attention", "late")

    def tick(self, now: datetime, settings: Settings) -> None:
        """Show the time in the store's zone."""
        local = now.astimezone(settings.zone)
        self._clock.say(f"{local:%a} {local.hour}:{local.minute:02}")

    def _on_link(self) -> None:
        self.link_pressed.emit(self._state)
