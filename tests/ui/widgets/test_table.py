"""The table the workspaces share: headings are passed over, the row in hand stays, letters are the page's."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.table import Cell, Column, Grid, Group, LaterLine, Line, Table

COLUMNS = (Column("Part", 100, 3), Column("RO", 80, 1), Column("", 60, right=True))


def rows(*ids: str) -> list[Line]:
    """Rows of one word each."""
    return [Line(id, (Cell(id),)) for id in ids]


@pytest.fixture
def table(look: Look, qtbot: QtBot) -> Table:
    """Two groups, one of them empty, and a third."""
    made = Table(look, COLUMNS, "Parts")
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.show_groups([Group("Late", rows("a", "b")), Group("Empty", []), Group("Today", rows("c"))])
    return made


def test_a_heading_is_never_in_hand_and_an_empty_group_has_none(table: Table, qtbot: QtBot) -> None:
    assert [line.title or line.id for line in table.model_.lines] == ["Late", "a", "b", "Today", "c"]
    assert table.current_id() == "a"
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.current_id() == "c"


def test_the_row_in_hand_stays_wherever_it_moves_and_its_neighbour_follows_it_when_it_goes(table: Table) -> None:
    table.go_to(2)
    table.show_groups([Group("Late", rows("b")), Group("Today", rows("a", "c"))])
    assert table.current_id() == "b"
    table.show_groups([Group("Today", rows("a", "c"))])
    assert table.current_id() == "a"


def test_home_and_end_go_to_the_first_and_the_last_row(table: Table, qtbot: QtBot) -> None:
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_id() == "c"
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.current_id() == "a"


def test_headings_are_lower_than_rows_wherever_they_move(table: Table) -> None:
    def heights() -> list[int]:
        return [table.verticalHeader().sectionSize(row) for row in range(table.model_.rowCount())]

    low, high = heights()[0], heights()[1]
    assert low < high and heights() == [low, high, high, low, high]
    table.show_groups([Group("Late", rows("a")), Group("Soon", rows("b")), Group("Today", rows("c"))])
    assert heights() == [low, high, low, high, low, high]


def test_of_thousands_of_rows_only_those_on_the_screen_are_put_into_words(table: Table) -> None:
    said: list[int] = []

    def later(number: int) -> LaterLine:
        def make() -> Line:
            said.append(number)
            return Line(str(number), (Cell(f"Part {number}"),))

        return LaterLine(str(number), 0, make)

    table.show_groups([Group("On order", [later(number) for number in range(2_000)])])
    table.viewport().repaint()
    assert 0 in said and len(said) == len(set(said)) < 30


def test_a_letter_on_a_row_is_the_pages_even_where_the_window_has_a_key_of_it(table: Table, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table.setParent(window)
    window.show()
    table.show()
    taken: list[int] = []
    shortcut = QShortcut(QKeySequence("R"), window)
    shortcut.activated.connect(lambda: taken.append(1))
    window.activateWindow()
    table.setFocus()
    with qtbot.waitSignal(table.typed) as said:
        qtbot.keyClick(table, Qt.Key.Key_R)
    assert said.args == ["r"] and not taken
    table.setParent(None)


@pytest.mark.parametrize("width", [240, 500, 1900])
def test_columns_share_what_room_there_is_and_do_not_overlap(width: int) -> None:
    places = Grid(COLUMNS).places(width)
    assert all(left + wide < after for (left, wide), (after, _) in pairwise(places))
    if width > 400:
        assert abs(places[-1][0] + places[-1][1] + 14 - width) <= len(COLUMNS)


def test_a_column_that_is_not_shown_leaves_its_room_to_the_others() -> None:
    hidden = (COLUMNS[0], COLUMNS[1]._replace(shown=False), COLUMNS[2])
    (_, wider), (_, none), (left, width) = Grid(hidden).places(500)
    assert none == 0 and wider > Grid(COLUMNS).places(500)[0][1] and left + width + 14 == 500


def test_the_row_in_hand_stays_in_sight_under_more_headings(table: Table) -> None:
    names = [f"row {number}" for number in range(40)]
    table.show_groups([Group("Today", rows(*names))])
    table.go_to(table.model_.row_of("row 39"))
    table.show_groups([Group(name, rows(name)) for name in names])
    assert table.current_id() == "row 39"
    assert table.viewport().rect().contains(table.cell_place("row 39", 0))


def test_the_first_row_of_a_group_is_brought_into_sight_with_its_heading(table: Table) -> None:
    names = [f"row {number}" for number in range(40)]
    table.show_groups([Group(name, rows(name)) for name in names])
    table.go_to(table.model_.row_of("row 39"))
    table.go_to(table.model_.row_of("row 7"))
    heading = table.visualRect(table.model_.index(table.model_.row_of("row 7") - 1))
    assert table.viewport().rect().contains(heading)


def test_a_row_in_hand_that_was_in_sight_stays_so_in_a_lower_table(table: Table) -> None:
    names = [f"row {number}" for number in range(40)]
    table.show_groups([Group("Today", rows(*names))])
    table.go_to(table.model_.row_of("row 39"))
    table.resize(500, 200)
    assert table.viewport().rect().contains(table.cell_place("row 39", 0))
    table.verticalScrollBar().setValue(0)  # somebody looks at other rows
    table.resize(500, 150)
    assert table.verticalScrollBar().value() == 0


def test_a_title_too_long_for_its_line_takes_the_second_line_and_a_short_one_leaves_it(
    look: Look, qtbot: QtBot
) -> None:
    def picture(title: str, second: str) -> QImage:
        made = Table(look, (Column("Promise", 200),), "Promises")
        qtbot.addWidget(made)
        made.resize(232, 120)
        made.show_groups([Group("Today", [Line("a", (Cell(title, second, bold=True, wraps=True),))])])
        return made.grab().toImage()

    long = "Get the answer of Marchetti: Headlamp out, driver side"
    assert picture(long, "An estimate was sent.") == picture(long, "A loaner is out.")
    assert picture("Update Tran", "An estimate was sent.") != picture("Update Tran", "A loaner is out.")


def test_a_reason_too_long_for_its_line_runs_on_into_the_second_and_ends_in_dots(look: Look, qtbot: QtBot) -> None:
    def picture(first: str, second: str = "") -> QImage:
        made = Table(look, (Column("Why", 200),), "Parts")
        qtbot.addWidget(made)
        made.resize(232, 120)
        made.show_groups([Group("Late", [Line("a", (Cell(first, second, small=True),))])])
        return made.grab().toImage()

    long = "ETA 14:00 is too close to the promise (today 14:30)."
    assert picture(long, "Told Wed.") == picture(f"{long} Told Wed.")
    assert picture(f"{long} Customer was told Wed 25.") == picture(f"{long} Customer was told Thursday 26.")
    assert picture("Late.", "Told Wed.") != picture("Late. Told Wed.")
