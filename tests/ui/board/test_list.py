"""The dense list: the car in hand stays its row, whatever comes, goes or is shown anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from tests.ui.board.test_model import facts
from ui.board.list import COLUMNS, BoardList
from ui.board.model import CARD, Board
from ui.board.pane import LIST, STORE, BoardPane
from ui.theme.look import Look


@pytest.fixture
def pane(look: Look, board: Board, now: datetime, qtbot: QtBot) -> BoardPane:
    """Five cars as a list, the first promised soonest."""
    shown = BoardPane(look, board)
    qtbot.addWidget(shown)
    shown.resize(900, 500)
    shown.show()
    board.load(
        [facts(str(place), now, promised_at=times.to_wire(now + timedelta(hours=2 + place))) for place in range(5)]
    )
    shown.begin("maria", frozenset(), STORE, "lanes")
    return shown


def listed(pane: BoardPane) -> BoardList:
    """The list, which was asked for."""
    assert pane.list is not None
    return pane.list


def in_hand(pane: BoardPane) -> list[str]:
    """The cars whose rows are lit."""
    return [index.data(CARD).id for index in listed(pane).selectionModel().selectedRows()]


@pytest.mark.parametrize("id", ["0", "3"])
def test_the_car_in_hand_is_lit_as_soon_as_the_list_is_shown(pane: BoardPane, id: str) -> None:
    pane.pick(id)
    pane.focus_cars()
    pane.views.chosen.emit(LIST)
    assert in_hand(pane) == [id]


def test_the_car_in_hand_is_lit_again_when_other_rows_are_shown(pane: BoardPane) -> None:
    pane.pick("3")
    pane.show_view(LIST)
    pane.show_scope("mine")
    assert in_hand(pane) == ["3"]


def test_a_car_promised_anew_stays_in_hand_where_the_list_puts_it(pane: BoardPane, board: Board, now: datetime) -> None:
    pane.show_view(LIST)
    pane.pick("1")
    seen: list[str] = []
    pane.picked.connect(seen.append)
    board.update({"1": facts("1", now, promised_at=times.to_wire(now + timedelta(hours=9)))}, [])
    assert in_hand(pane) == ["1"]
    assert set(seen) <= {"1"}, "its neighbour was never picked"


def test_a_car_that_goes_leaves_no_other_in_hand(pane: BoardPane, board: Board) -> None:
    pane.show_view(LIST)
    pane.pick("1")
    board.update({}, ["1"])
    assert in_hand(pane) == []


def cell(pane: BoardPane, row: int, title: str) -> QRect:
    """Where a row's cell of the column with this heading stands."""
    rows = listed(pane)
    number = next(number for number, column in enumerate(COLUMNS) if column.title == title)
    return rows.visualRect(rows.model().index(row, number))


@pytest.mark.parametrize("width", [844, 1440], ids=["1280 pixels", "1920 pixels"])
def test_what_is_due_says_when_at_the_right_end_however_much_is_said_before(
    pane: BoardPane, board: Board, look: Look, now: datetime, width: int
) -> None:
    pane.resize(width, 500)
    pane.show_view(LIST)
    due = times.to_wire(now + timedelta(minutes=10))
    for id, title in (("0", "Quote Fuse"), ("1", "Quote " + "Headlamp module, driver side, with bracket " * 3)):
        board.update(
            {id: board.facts[id] | {"promises": [{"id": id, "rule": "quote_parts", "title": title, "due_at": due}]}}, []
        )
    time = QFontMetrics(look.small).horizontalAdvance("10:18") + 8

    def end(row: int) -> QImage:
        place = cell(pane, row, "Next")
        return listed(pane).viewport().grab(place.adjusted(place.width() - time, 0, 0, 0)).toImage()

    assert end(0) == end(1)


def test_on_a_screen_of_1280_pixels_names_stand_whole_and_cars_nearly(pane: BoardPane, look: Look) -> None:
    pane.resize(844, 500)
    pane.show_view(LIST)
    name, car = QFontMetrics(look.bold), QFontMetrics(look.small)
    assert cell(pane, 0, "Customer").width() >= name.horizontalAdvance("Espinoza, Minh-Anh") + 8
    assert cell(pane, 0, "Stage").width() > car.horizontalAdvance("Diagnosis") + 8
    assert cell(pane, 0, "Promised").width() >= name.horizontalAdvance("Sat 15:45") + 8
    assert cell(pane, 0, "Vehicle").width() >= car.horizontalAdvance("2024 F-150 · shuttle") + 8
    assert cell(pane, 0, "Next").width() >= car.horizontalAdvance("Tell: car is ready · 13:57")
    assert cell(pane, 0, "Next").right() == listed(pane).viewport().width() - 1
