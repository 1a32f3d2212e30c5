"""The manager's hours: the week and the holidays to come, and what a key does with the day in hand."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from ui.promises.rows import Reader
from ui.promises.team import HOURS, PeoplePage
from ui.theme.look import Look

LONG = {"opens": "07:30", "closes": "18:00"}
STORE = {
    "hours": [*[LONG] * 6, {}],
    "holidays": {"country": "US", "subdivision": "NY", "extra": ["2026-12-24"], "worked": ["Thanksgiving Day"]},
}


@pytest.fixture
def page(look: Look, qtbot: QtBot, settings: Settings, now: datetime) -> PeoplePage:
    """Helen's team page, at the store's hours."""
    made = PeoplePage(look)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.views.choose(HOURS)
    made.show_team([], {}, STORE, Reader("helen", frozenset({"manager"}), {}, settings, now))
    made.show()
    return made


def sentences(page: PeoplePage) -> list[str]:
    """The rows as a screen reader says them."""
    return [line.sentence for line in page.table.model_.lines if not line.title]


def test_the_week_stands_first_and_then_the_holidays_with_what_the_store_makes_of_them(page: PeoplePage) -> None:
    said = sentences(page)
    assert [said[0], said[6]] == ["Monday, 7:30 – 18:00", "Sunday, shut"]
    assert said[7:10] == [
        "Thu Nov 26, 2026, Thanksgiving Day, worked",
        "Thu Dec 24, 2026, named by the store, shut",
        "Fri Dec 25, 2026, Christmas Day, shut",
    ]


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_E, "store.set_hours"),
        (Qt.Key.Key_W, "holiday.switch"),
        (Qt.Key.Key_N, "holiday.days"),
        (Qt.Key.Key_C, "holiday.place"),
    ],
)
def test_a_key_does_its_deed_on_the_day_in_hand(page: PeoplePage, qtbot: QtBot, key: Qt.Key, command: str) -> None:
    id = "2026-12-25 Christmas Day"
    page.table.go_to(page.table.model_.row_of(id))
    with qtbot.waitSignal(page.wanted) as said:
        qtbot.keyClick(page.table, key)
    assert said.args == [command, id]


def test_a_weekday_is_no_holiday(page: PeoplePage) -> None:
    assert "w" not in page.deeds("mon") and "e" in page.deeds("mon")
