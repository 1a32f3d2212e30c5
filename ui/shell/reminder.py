"""Reminders: a quiet line with the key that keeps what is due, and the tray's word when the window is not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from advisor_desk.domain import reminders
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.reminders import Reminder
from advisor_desk.domain.rules.people import People
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.tray import Tray
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import Panel, PlainLabel

_KEY: Final = "Ctrl R"


class ReminderLine(Panel):
    """What is due, the press that keeps it, and the press that lets it be; it never takes the keyboard."""

    keep_wanted = Signal()
    dismissed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "accent_wash", "bottom")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 7)
        row.setSpacing(8)
        self.words = PlainLabel(look, "")
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.keep = KeyButton(look, "Keep it", _KEY)
        self.let_be = KeyButton(look, "Got it")
        self.keep.clicked.connect(self.keep_wanted)
        self.let_be.clicked.connect(self.dismissed)
        row.addWidget(self.words, 1)
        row.addWidget(self.keep)
        row.addWidget(self.let_be)
        self.hide()

    def say(self, text: str, several: bool) -> None:
        """Show a reminder; of several all are shown before one is kept."""
        self.words.say(text)
        self.keep.say("Show them" if several else "Keep it")
        self.show()


class Reminders(QObject):
    """Looks, whenever time passes or what is owed changes, whether there is something to remind of."""

    keep_wanted = Signal(str)
    """A promise."""
    page_wanted = Signal(str)

    def __init__(self, look: Look, window: QWidget, session: Session, layout: Layout, tray: Tray | None) -> None:
        super().__init__(window)
        self._window, self._session, self._layout, self._tray = window, session, layout, tray
        self._minutes: int | None = None
        self._shown: list[Reminder] = []
        self.line = ReminderLine(look)
        self.line.keep_wanted.connect(self.keep)
        self.line.dismissed.connect(self.dismiss)
        session.ticked.connect(self.look)
        session.owed_changed.connect(self.look)
        if tray is not None:
            tray.window_wanted.connect(self.come_forward)
            tray.owed_wanted.connect(self._on_owed_wanted)
            tray.quit_wanted.connect(window.close)

    def set_before(self, choice: str) -> None:
        """Remind so many minutes before; anything but a number is never."""
        self._minutes = int(choice) if choice.isdecimal() else None
        self.look()

    @Slot()
    def look(self) -> None:
        """Remind of what is due by now and was not said yet; take back what does not hold any more."""
        session = self._session
        me, people = str(session.me.get("id") or ""), People(session.people, session.now())
        if self._tray is not None:
            self._tray.count(*reminders.owed(session.promises, me, people))
        found = self._due(me, people)
        if found and self._tray is not None and not self._is_looked_at():
            self._tray.say(self._said(found))
        open_marks = reminders.marks(session.promises) if self._shown else ()
        shown = [*(one for one in self._shown if one.mark in open_marks), *found]
        if shown != self._shown:
            self._show(shown)

    def _is_looked_at(self) -> bool:
        """True while somebody works in the window or in a dialog of it."""
        active = QApplication.activeWindow()
        while active is not None and active is not self._window:
            active = active.parentWidget()
        return active is not None

    def _due(self, me: str, people: People) -> list[Reminder]:
        """What was not said yet; that it is now stands in the layout, for the next start too."""
        session = self._session
        if not me or self._minutes is None:
            return []
        told = {str(mark) for mark in self._layout.get("reminded")}
        calendar = Calendar.of_store(session.reader.store())
        found = reminders.due(session.promises, me, people, calendar, self._minutes, told)
        if found:
            told |= {one.mark for one in found}
            self._layout.keep("reminded", sorted(told & reminders.marks(session.promises)))
        return found

    @Slot()
    def keep(self) -> None:
        """Begin what keeps the one that is shown; of several all are shown."""
        shown = self._shown
        self.dismiss()
        if len(shown) == 1:
            self.keep_wanted.emit(shown[0].id)
        elif shown:
            self.page_wanted.emit("promises")

    @Slot()
    def dismiss(self) -> None:
        """Let it be; the promise stands where it stood."""
        self._show([])

    @Slot()
    def come_forward(self) -> None:
        """Bring the window before the others, with the reminder still on it."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.activateWindow()

    @Slot()
    def _on_owed_wanted(self) -> None:
        self.come_forward()
        self.page_wanted.emit("promises")

    def _show(self, shown: Sequence[Reminder]) -> None:
        self._shown = list(shown)
        if shown:
            self.line.say(self._said(self._shown), len(shown) > 1)
        else:
            self.line.hide()

    def _said(self, found: Sequence[Reminder]) -> str:
        return reminders.said(found, self._session.now(), self._session.settings.zone)
