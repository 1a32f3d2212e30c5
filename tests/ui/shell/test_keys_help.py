"""The sheet of keys lies over the window, hears every key, and goes at the first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.keys_help import KeysHelp
from ui.theme.look import Look

LINES = [
    ("The car in hand", "Re-promise", "R"),
    ("The car in hand", "Log a call", "C"),
    ("Go to", "Search", "Ctrl+K or /"),
    ("The desk", "Settings", "Ctrl+,"),
]


@pytest.fixture
def field(window: QWidget, qtbot: QtBot) -> QLineEdit:
    field = QLineEdit(window)
    field.show()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    return field


@pytest.fixture
def sheet(look: Look, window: QWidget, field: QLineEdit) -> KeysHelp:
    sheet = KeysHelp(look, LINES)
    sheet.open_over(window)
    return sheet


def test_it_covers_the_window_and_keeps_covering_it(sheet: KeysHelp, window: QWidget, qtbot: QtBot) -> None:
    assert sheet.geometry() == window.rect()
    window.resize(700, 500)
    qtbot.waitUntil(lambda: sheet.geometry() == window.rect())
    assert sheet.rect().contains(sheet.sheet())


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_R, Qt.Key.Key_Return])
def test_any_key_closes_it_does_nothing_else_and_the_keyboard_returns(
    sheet: KeysHelp, window: QWidget, field: QLineEdit, key: Qt.Key, qtbot: QtBot
) -> None:
    pressed: list[int] = []
    shortcut = QShortcut(QKeySequence(key), window)
    shortcut.activated.connect(lambda: pressed.append(1))
    qtbot.keyClick(sheet, key)
    assert not sheet.isVisible()
    assert field.hasFocus()
    assert pressed == []


def test_a_click_closes_it(sheet: KeysHelp, qtbot: QtBot) -> None:
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_a_modifier_alone_does_not(sheet: KeysHelp, qtbot: QtBot) -> None:
    qtbot.keyClick(sheet, Qt.Key.Key_Shift)
    assert sheet.isVisible()


def test_groups_are_kept_whole_in_columns_of_about_one_length(sheet: KeysHelp) -> None:
    assert sheet.columns() == [["The car in hand"], ["Go to", "The desk"]]


def test_a_screen_reader_hears_every_line(sheet: KeysHelp) -> None:
    assert sheet.accessibleDescription() == "Re-promise: R. Log a call: C. Search: Ctrl+K or /. Settings: Ctrl+,"


def test_it_paints_in_both_themes(sheet: KeysHelp, look: Look) -> None:
    middle = sheet.sheet().topLeft()
    light = sheet.grab().toImage().pixelColor(middle.x() + 9, middle.y() + 9).name()
    look.use("dark")
    dark = sheet.grab().toImage().pixelColor(middle.x() + 9, middle.y() + 9).name()
    assert (light, dark) == ("#ffffff", look.colour("panel").name())


def test_in_a_low_window_no_line_is_cut(look: Look, window: QWidget) -> None:
    window.resize(1280, 720)
    groups = (("The car in hand", 21), ("Go to", 18), ("The desk", 6))
    sheet = KeysHelp(look, [(group, f"Deed {n}", "R") for group, count in groups for n in range(count)])
    sheet.open_over(window)
    assert sheet.columns() == [["The car in hand"], ["Go to"], ["The desk"]]
    assert sheet.sheet().height() < window.height() - 16
