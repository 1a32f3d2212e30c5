"""A scanner while the rows have the keyboard: its text is received, and a person's keys stay keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line
from ui.counter.matched import Receipt
from ui.counter.page import CounterPage

Key = Qt.Key


@pytest.fixture
def deeds(page: CounterPage) -> list[tuple[str, str]]:
    """What was to be done with a row."""
    found: list[tuple[str, str]] = []
    page.wanted.connect(lambda command, id: found.append((command, id)))
    return found


@pytest.fixture
def etas(page: CounterPage) -> list[tuple[Any, ...]]:
    """The ETAs that were to be set."""
    found: list[tuple[Any, ...]] = []
    page.eta_wanted.connect(lambda *said: found.append(said))
    return found


def scan(page: CounterPage, qtbot: QtBot, text: str) -> None:
    """What a scanner does: characters one right after the other, Shift before a capital, then Enter."""
    for letter in text:
        if letter.isupper():
            qtbot.keyPress(page.table, Key.Key_Shift)
        qtbot.keyClicks(page.table, letter)
    qtbot.keyClick(page.table, Key.Key_Return)


def take(page: CounterPage, id: str) -> None:
    """Take a row in hand."""
    page.table.go_to(page.table.model_.row_of(id))


@pytest.mark.parametrize("text", ["77120", "VW-77120", "vw 77120"])
def test_an_order_scanned_among_the_rows_is_received_and_no_key_of_it_does_a_deed(
    page: CounterPage, qtbot: QtBot, came: list[Receipt], deeds: list[tuple[str, str]], text: str
) -> None:
    take(page, "hub")
    scan(page, qtbot, text)
    assert [one.args for one in came] == [{"part_line_id": "pump", "qty": 1}]
    assert deeds == [] and page.eta.row == ""
    page.received()
    assert page.scan.hasFocus() and page.scan.text() == "", "the next label may come"


def test_a_scan_that_matches_nothing_stands_in_the_box_with_the_reason(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "PO99999")
    assert came == [] and page.scan.text() == "PO99999" and page.scan.hasFocus()
    assert page.matched.says.text().startswith("Nothing on order here goes by PO99999.")


def test_an_order_number_that_reads_as_a_time_is_still_an_order_number(
    page: CounterPage, qtbot: QtBot, came: list[Receipt], now: datetime, settings: Settings
) -> None:
    page.show_rows([line("pump", now, eta=24), line("belt", now, eta=24, order_no="1130")], now, settings)
    take(page, "pump")
    scan(page, qtbot, "1130")
    assert [one.args for one in came] == [{"part_line_id": "belt", "qty": 1}] and page.eta.row == ""


def test_the_windows_own_signs_are_characters_of_a_scan(page: CounterPage, qtbot: QtBot) -> None:
    pressed: list[str] = []
    for sign in ("/", "["):
        shortcut = QShortcut(QKeySequence(sign), page)
        shortcut.activated.connect(lambda sign=sign: pressed.append(sign))
    scan(page, qtbot, "GM[88/41")
    assert pressed == [] and page.scan.text() == "GM[88/41"
    page.table.setFocus()
    qtbot.keyClicks(page.table, "/")
    assert pressed == ["/"]


def test_a_key_by_itself_does_its_deed(page: CounterPage, qtbot: QtBot, deeds: list[tuple[str, str]]) -> None:
    take(page, "pump")
    qtbot.keyClicks(page.table, "k")
    qtbot.waitUntil(lambda: deeds == [("part.claim", "pump")])


def test_a_key_that_is_held_down_is_pressed_once(page: CounterPage, qtbot: QtBot, deeds: list[tuple[str, str]]) -> None:
    take(page, "pump")
    qtbot.keyClicks(page.table, "k")
    for _ in range(5):
        again = QKeyEvent(QEvent.Type.KeyPress, Key.Key_K, Qt.KeyboardModifier.NoModifier, "k", True)
        QApplication.sendEvent(page.table, again)
    qtbot.keyClick(page.table, Key.Key_Down)
    assert deeds == [("part.claim", "pump")]


def test_a_deed_is_done_with_the_row_it_was_typed_on(
    page: CounterPage, qtbot: QtBot, deeds: list[tuple[str, str]]
) -> None:
    take(page, "pump")
    qtbot.keyClicks(page.table, "k")
    qtbot.keyClick(page.table, Key.Key_Down)
    assert deeds == [("part.claim", "pump")] and page.table.current_id() == "hub"


@pytest.mark.parametrize("text", ["fri", "tomorrow 10am"])
def test_an_eta_typed_in_a_breath_is_an_eta(
    page: CounterPage, qtbot: QtBot, etas: list[tuple[Any, ...]], came: list[Receipt], text: str
) -> None:
    take(page, "spark")
    scan(page, qtbot, text)
    assert [id for id, _, _ in etas] == ["spark"] and came == []
    assert page.eta.entry.text() == text


def test_letters_that_come_together_without_enter_are_an_eta_that_has_begun(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "spark")
    qtbot.keyClicks(page.table, "+2d")
    qtbot.waitUntil(lambda: page.eta.entry.text() == "+2d")
    assert page.eta.entry.hasFocus() and page.eta.row == "spark"
