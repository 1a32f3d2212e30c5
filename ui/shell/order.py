"""The right-hand side: the repair order that is picked, from who it is about to what is said next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from advisor_desk.domain import lights
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.lights import Settings
from ui.contact import entries, repromised
from ui.contact.composer import Composer
from ui.contact.draft import Untold
from ui.contact.header import Header
from ui.contact.older_row import OlderRow
from ui.contact.story import Story
from ui.jobs.section import JobsSection
from ui.parts import line as part_lines
from ui.parts.section import PartsSection
from ui.shell.actions import keys_by_name
from ui.theme.look import Look
from ui.widgets.plain_text import Panel, PlainLabel
from ui.widgets.scrolled import Scrolled
from ui.widgets.section import Heading

Data = dict[str, Any]


class OrderPane(Panel):
    """Everything about one repair order. Commands that need a dialog are ``wanted``; contacts it logs itself."""

    wanted = Signal(str, dict)
    older_wanted = Signal(str, str)

    def __init__(self, look: Look, ask: Callable[..., None], now: Callable[[], datetime]) -> None:
        super().__init__(look, "panel")
        self._now = now
        self._settings = Settings()
        self._data: Data | None = None
        self._older: list[Data] = []
        self._roles: frozenset[str] = frozenset()
        self._lacking: frozenset[str] = frozenset()
        self._me = ""
        self.header = Header(look, keys_by_name())
        self.parts = PartsSection(look)
        self.jobs = JobsSection(look)
        self.story_heading = Heading(look, "Story", line=True)
        self.story = Story(look)
        self.older = OlderRow(look)
        self.composer = Composer(look, ask)
        self._arrange(look)
        self.header.wanted.connect(self.wanted)
        self.header.compose.connect(self._on_compose)
        self.parts.acted.connect(self._on_part)
        self.jobs.acted.connect(self.wanted)
        self.older.wanted.connect(self._on_older)
        self.story.reached.connect(self._on_reached)
        look.changed.connect(self._on_look)
        self.setMinimumWidth(300)
        self.setAccessibleName("Repair order")
        self.show_order(None, self._settings)

    def _arrange(self, look: Look) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        for part in (self.parts, self.jobs, self.story_heading, self.story, self.older):
            column.addWidget(part)
        column.addStretch(1)
        self.area = Scrolled(look, inside)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addWidget(self.area, 1)
        whole.addWidget(self.composer)
        self.empty = PlainLabel(look, "", "faint")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page = page
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)

    # What it shows

    def show_order(self, data: Data | None, settings: Settings) -> None:
        """Show a repair order, or refresh the one that is shown; None says that none is picked."""
        before = self.repair_order_id
        self._settings = settings
        self._data = data
        anew = self.repair_order_id != before
        if anew:
            self._older = []
        self._stack.setCurrentWidget(self._page if data else self.empty)
        if data:
            self._show(data, anew)
        if data and anew:
            self.area.verticalScrollBar().setValue(0)

    def set_roles(self, roles: frozenset[str], lacking: frozenset[str] = frozenset()) -> None:
        """What the person may do here and the bridge understands.

        With no roles known all is offered, and refused in words where it must be.
        """
        if (roles, lacking) != (self._roles, self._lacking):
            self._roles, self._lacking = roles, lacking
            self.tick()

    def set_me(self, employee_id: str) -> None:
        """Who looks: another advisor's repair order names that advisor."""
        if employee_id != self._me:
            self._me = employee_id
            self.tick()

    def tick(self) -> None:
        """Time has passed, or the person is another: say everything anew."""
        if self._data:
            self._show(self._data, anew=False)

    def add_older(self, story: Sequence[Data]) -> None:
        """Add what was said before."""
        known = {event.get("id") for event in self._older}
        self._older += [event for event in story if event.get("id") not in known]
        if self._data:
            self._show_story(self._data)
        self._settle()

    def focus_composer(self, channel: str = "") -> None:
        """Begin to write down a contact."""
        if self._data:
            self.composer.focus(channel)

    def propose(self, old: str) -> None:
        """Offer the words that tell the customer of the new promise, ``old`` being what they believe."""
        data = self._data or {}
        new = str((data.get("repair_order") or {}).get("promised_at") or "")
        if _customer_id(data) and self._may("contact.log"):
            self.composer.propose(repromised.words(old, new, data.get("parts") or [], self._now(), self._settings))

    @property
    def repair_order_id(self) -> str:
        """The repair order that is shown; empty for none."""
        return str(((self._data or {}).get("repair_order") or {}).get("id") or "")

    def _may(self, command: str) -> bool:
        roles = COMMANDS[command].roles
        may = not self._roles or not roles or bool(roles & self._roles)
        return may and COMMANDS[command].fits(self._lacking)

    def _show(self, data: Data, anew: bool) -> None:
        now, settings = self._now(), self._settings
        promised = lights.moment((data.get("repair_order") or {}).get("promised_at"))
        lines, pending = data.get("parts") or [], data.get("pending") or {}
        self.header.show_order(data, self._me, now, settings, self._may)
        self.parts.show_lines(lines, promised, now, settings, pending, self._may, anew=anew)
        self.jobs.show_jobs(data.get("jobs") or [], lines, now, settings, pending, self._may, anew=anew)
        self._show_story(data)
        if anew:
            if _customer_id(data):
                self.older.offer()
            else:
                self.older.hide_all()
        untold = [line for line in lines if lights.untold(line)]
        news = [Untold(str(line.get("id")), part_lines.tells_words(line, now, settings)) for line in untold]
        self.composer.show_order(data, news)
        self._settle()

    def _settle(self) -> None:
        """Lay out now what has changed: by itself Qt takes several turns and paints what lies between."""
        for part in (self, self.header, self.composer, self._page, self.parts, self.jobs, self.area.widget()):
            layout = part.layout() if part is not None else None
            if layout is not None:
                layout.activate()
        QApplication.sendEvent(self.area, QEvent(QEvent.Type.LayoutRequest))

    def _show_story(self, data: Data) -> None:
        story = [*(data.get("story") or [])]
        known = {event.get("id") for event in story}
        story += [event for event in self._older if event.get("id") not in known]
        self.story.show_entries(entries.make(story, self._now(), self._settings))
        self.story_heading.say(_customer_words(data))

    # What the person does

    @Slot(str, bool)
    def _on_compose(self, channel: str, tell: bool) -> None:
        self.composer.focus(channel, tell=() if tell else None)

    @Slot(str, dict)
    def _on_part(self, name: str, args: Data) -> None:
        if name == part_lines.TELL:
            self.composer.focus(tell=[str(args["part_line_id"])])
        else:
            self.wanted.emit(name, args)

    @Slot()
    def _on_older(self) -> None:
        data = self._data or {}
        before = entries.older_first_moment([*(data.get("story") or []), *self._older])
        if customer := _customer_id(data):
            self.older_wanted.emit(customer, before)

    @Slot(QRect)
    def _on_reached(self, rect: QRect) -> None:
        top = self.story.y() + rect.top()
        self.area.ensureVisible(0, top + rect.height() // 2, 0, rect.height() // 2 + 8)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the keyboard on to the key that helps most."""
        super().focusInEvent(event)
        if self._data:
            self.header.take_focus()

    @Slot()
    def _on_look(self) -> None:
        for part in self.findChildren(QWidget):
            part.update()


def _customer_id(data: Mapping[str, Any]) -> str:
    return str((data.get("customer") or {}).get("id") or "")


def _customer_words(data: Mapping[str, Any]) -> str:
    since, visits = str(data.get("since") or ""), data.get("visits") or 0
    return " · ".join(
        word
        for word in (
            f"customer since {since}" if since else "",
            f"{visits} visits" if visits > 1 else "first visit" if visits else "",
        )
        if word
    )
