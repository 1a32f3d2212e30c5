"""A reminder in the window and from the tray: once, also after a restart, with the key that keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.shell.layout import Layout
from ui.shell.reminder import Reminders
from ui.shell.tray import SystemTray, Tray
from ui.theme.look import Look


class FakeReader:
    """A store that is always open."""

    def store(self) -> dict[str, Any]:
        """Its record, which says nothing of hours."""
        return {}


class FakeSession(QObject):
    """Maria's promises as the cache reads them, and a clock that the test moves."""

    ticked = Signal()
    owed_changed = Signal()

    def __init__(self, now: datetime, settings: Settings) -> None:
        super().__init__()
        self.at = now
        self.settings = settings
        self.me: dict[str, Any] = {"id": "maria"}
        self.people: dict[str, dict[str, Any]] = {"maria": {"roles": ["advisor"]}}
        self.promises: list[dict[str, Any]] = []
        self.reader = FakeReader()

    def now(self) -> datetime:
        """The time."""
        return self.at

    def owes(self, *rows: tuple[str, int]) -> None:
        """Maria owes these, each due so many minutes from now."""
        self.promises = [
            {
                "id": id,
                "title": f"Call {id}",
                "tag": "T-1",
                "owner_id": "maria",
                "due_at": times.to_wire(self.at + timedelta(minutes=minutes)),
            }
            for id, minutes in rows
        ]
        self.owed_changed.emit()

    def passes(self, minutes: int) -> None:
        """Time goes by."""
        self.at += timedelta(minutes=minutes)
        self.ticked.emit()


class FakeTray(Tray):
    """A tray where the computer has none: it keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.counts = (0, 0)

    def say(self, text: str) -> None:
        """Keep a reminder."""
        self.said.append(text)

    def count(self, owed: int, late: int) -> None:
        """Keep a count."""
        self.counts = (owed, late)


class Desk:
    """A window with reminders over a session of the test's own."""

    def __init__(self, look: Look, session: FakeSession, path: Path, tray: Tray | None) -> None:
        self.window = QWidget()
        self.session = session
        self.reminders = Reminders(look, self.window, session, Layout(path), tray)  # type: ignore[arg-type]
        self.reminders.line.setParent(self.window)
        self.reminders.set_before("10")

    @property
    def shown(self) -> str:
        """What the line says; empty while it is hidden."""
        line = self.reminders.line
        return "" if line.isHidden() else line.words.text()


@pytest.fixture
def session(now: datetime, settings: Settings) -> FakeSession:
    return FakeSession(now, settings)


@pytest.fixture
def tray() -> FakeTray:
    return FakeTray()


@pytest.fixture
def desk(qtbot: QtBot, look: Look, session: FakeSession, tray: FakeTray, tmp_path: Path) -> Iterator[Desk]:
    """Maria's, with a window that nobody looks at."""
    made = Desk(look, session, tmp_path / "window.ini", tray)
    qtbot.addWidget(made.window)
    yield made


def looked_at(desk: Desk, qtbot: QtBot) -> None:
    """Somebody works in the window."""
    with qtbot.waitExposed(desk.window):
        desk.window.show()
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)


def test_what_is_due_soon_is_said_in_the_window_and_from_the_tray(
    desk: Desk, session: FakeSession, tray: FakeTray
) -> None:
    session.owes(("Bell", 15))
    assert desk.shown == "" and tray.said == []
    session.passes(5)
    assert desk.shown == "Call Bell · T-1 · due 10:23"
    assert tray.said == [desk.shown]


def test_who_looks_at_the_window_hears_nothing_from_the_tray(
    desk: Desk, session: FakeSession, tray: FakeTray, qtbot: QtBot
) -> None:
    looked_at(desk, qtbot)
    session.owes(("Bell", 5))
    assert desk.shown == "Call Bell · T-1 · due 10:13"
    assert tray.said == []


def test_who_works_in_a_dialog_of_the_window_looks_at_it_and_in_another_program_does_not(
    desk: Desk, session: FakeSession, tray: FakeTray, qtbot: QtBot
) -> None:
    for parent, said in ((desk.window, 0), (None, 1)):
        dialog = QDialog(parent)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        session.owes((f"Bell {said}", 5))
        assert len(tray.said) == said


def test_a_computer_without_a_tray_reminds_in_the_window_alone(
    qtbot: QtBot, look: Look, session: FakeSession, tmp_path: Path
) -> None:
    desk = Desk(look, session, tmp_path / "window.ini", None)
    qtbot.addWidget(desk.window)
    session.owes(("Bell", 5))
    assert desk.shown


def test_it_is_said_once_also_after_a_restart(
    desk: Desk, session: FakeSession, tray: FakeTray, qtbot: QtBot, look: Look, tmp_path: Path
) -> None:
    session.owes(("Bell", 5))
    desk.reminders.dismiss()
    session.passes(1)
    assert desk.shown == "" and len(tray.said) == 1
    again = Desk(look, session, tmp_path / "window.ini", tray)
    qtbot.addWidget(again.window)
    session.passes(1)
    assert again.shown == "" and len(tray.said) == 1


def test_a_moved_promise_reminds_again(desk: Desk, session: FakeSession, tray: FakeTray) -> None:
    session.owes(("Bell", 5))
    session.owes(("Bell", 30))
    assert desk.shown == ""
    session.passes(20)
    assert desk.shown.endswith("due 10:38") and len(tray.said) == 2


def test_what_was_kept_meanwhile_is_not_reminded_of_any_more(desk: Desk, session: FakeSession) -> None:
    session.owes(("Bell", 5), ("Ito", 7))
    assert desk.shown.startswith("2 promises due by")
    session.owes(("Ito", 7))
    assert desk.shown == "Call Ito · T-1 · due 10:15"
    session.owes()
    assert desk.shown == ""


def test_the_key_keeps_the_one_that_is_shown(desk: Desk, session: FakeSession, qtbot: QtBot) -> None:
    session.owes(("Bell", 5))
    with qtbot.waitSignal(desk.reminders.keep_wanted) as said:
        qtbot.mouseClick(desk.reminders.line.keep, Qt.MouseButton.LeftButton)
    assert said.args == ["Bell"]
    assert desk.shown == ""


def test_of_several_the_key_shows_all(desk: Desk, session: FakeSession, qtbot: QtBot) -> None:
    session.owes(("Bell", 5), ("Ito", 7))
    assert desk.reminders.line.keep.text() == "Show them"
    with qtbot.waitSignal(desk.reminders.page_wanted) as said:
        desk.reminders.keep()
    assert said.args == ["promises"]


def test_with_nothing_to_remind_of_the_key_does_nothing(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(desk.reminders.keep_wanted), qtbot.assertNotEmitted(desk.reminders.page_wanted):
        desk.reminders.keep()


def test_who_wants_none_gets_none_and_all_of_them_later(desk: Desk, session: FakeSession, tray: FakeTray) -> None:
    desk.reminders.set_before("off")
    session.owes(("Bell", -5))
    assert desk.shown == "" and tray.said == []
    desk.reminders.set_before("0")
    assert desk.shown == "Call Bell · T-1 · was due 10:03"


def test_before_anybody_has_signed_in_there_is_nobody_to_remind(desk: Desk, session: FakeSession) -> None:
    session.me = {}
    session.owes(("Bell", 5))
    assert desk.shown == ""


def test_the_tray_counts_what_is_owed_and_brings_the_window_back(
    desk: Desk, session: FakeSession, tray: FakeTray, qtbot: QtBot
) -> None:
    session.owes(("Bell", -5), ("Ito", 300))
    assert tray.counts == (2, 1)
    assert not desk.window.isVisible()
    with qtbot.waitSignal(desk.reminders.page_wanted) as said:
        tray.owed_wanted.emit()
    assert said.args == ["promises"] and desk.window.isVisible()
    tray.quit_wanted.emit()
    assert not desk.window.isVisible()


def test_the_menu_of_the_real_tray_says_what_is_owed(look: Look, window: QWidget) -> None:
    tray = SystemTray(look, window)
    assert [entry.text() for entry in tray.menu.actions() if entry.text()] == [
        "Open Advisor Desk", "I owe nothing", "Quit",
    ]  # fmt: skip
    tray.count(5, 2)
    assert tray.owed.text() == "I owe 5, 2 late"


def test_the_memory_of_what_was_said_does_not_grow(desk: Desk, session: FakeSession, tmp_path: Path) -> None:
    for day in range(3):
        session.owes((f"Bell {day}", 5))
        session.passes(24 * 60)
    assert len(Layout(tmp_path / "window.ini").get("reminded")) == 1


def test_a_moment_is_said_in_the_stores_own_time(desk: Desk, session: FakeSession) -> None:
    session.at = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
    session.owes(("Bell", 5))
    assert desk.shown.endswith("due 14:05")
