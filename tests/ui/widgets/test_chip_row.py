"""Chips above a list: what there is no room for is left out, and never makes the window wider."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.buttons import Chip
from ui.widgets.chip_row import ChipRow


@pytest.fixture
def chips(look: Look) -> list[Chip]:
    """What the board looks for."""
    return [Chip(look, words, pill=False) for words in ("25 customers not told", "17 waiters", "20 loaners out")]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window that is wide enough for all."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(700, 40)
    made.show()
    return made


@pytest.fixture
def row(window: QWidget, chips: list[Chip]) -> ChipRow:
    """The chips along the top of the window."""
    made, layout = ChipRow(chips), QHBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(made, 1)
    layout.activate()
    return made


def test_a_window_becomes_as_narrow_as_it_is_asked_to_and_the_last_chips_go(
    row: ChipRow, window: QWidget, chips: list[Chip]
) -> None:
    assert [chip.isVisible() for chip in chips] == [True, True, True]
    window.resize(260, 40)
    assert window.width() == 260
    assert [chip.isVisible() for chip in chips] == [True, True, False]
    window.resize(700, 40)
    assert all(chip.isVisible() for chip in chips)


def test_what_says_nothing_takes_no_room_and_a_pressed_one_stays(
    row: ChipRow, window: QWidget, chips: list[Chip]
) -> None:
    chips[2].setChecked(True)
    row.want(chips[0], False)
    window.resize(120, 40)
    row.fit()
    assert [chip.isVisible() for chip in chips] == [False, True, True]
