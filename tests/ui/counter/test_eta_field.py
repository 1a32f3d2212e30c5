"""The ETA typed where it stands: opened by Enter or by typing, what is wrong stays beneath, what is typed stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line
from ui.counter.page import CounterPage
from ui.counter.rows import COLUMNS, ETA_COLUMN

WHY_COLUMN = next(place for place, column in enumerate(COLUMNS) if column.title == "Why")
Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def wanted(page: CounterPage) -> list[tuple[Any, ...]]:
    """The ETAs asked for."""
    found: list[tuple[Any, ...]] = []
    page.eta_wanted.connect(lambda *args: found.append(args))
    return found


def focus() -> QWidget:
    """Where the keyboard is."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def take(page: CounterPage, id: str) -> None:
    """Take a row in hand."""
    page.table.go_to(page.table.model_.row_of(id))


def begin(page: CounterPage, qtbot: QtBot, letter: str) -> None:
    """Type the first letter of an ETA on the row in hand."""
    qtbot.keyClicks(page.table, letter)
    qtbot.waitUntil(page.eta.entry.hasFocus)


def test_enter_opens_the_field_over_the_rows_own_cell(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    assert page.eta.row == "spark" and page.eta.entry.hasFocus()
    row = page.table.visualRect(page.table.currentIndex())
    assert row.contains(page.eta.geometry())
    cell = page.table.cell_place("spark", ETA_COLUMN)
    assert (page.eta.x(), page.eta.entry.width()) == (cell.left(), cell.width())


def test_the_field_keeps_to_its_cell_when_a_bar_beside_the_rows_moves_the_columns(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    take(page, "pump")
    begin(page, qtbot, "f")
    before = page.eta.x()
    page.show_changed((), [line(f"belt-{number}", now, eta=24) for number in range(40)], now, settings)
    qtbot.waitUntil(lambda: page.table.cell_place("pump", ETA_COLUMN).left() < before)
    cell = page.table.cell_place("pump", ETA_COLUMN)
    assert (page.eta.x(), page.eta.entry.width()) == (cell.left(), cell.width())


def test_what_was_understood_leaves_no_half_words_of_the_cells_it_lies_over(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    def end_of_row(*words: str) -> list[QImage]:
        """The row to the right of the words beneath, with another second line in each cell each time."""
        found = []
        for told in words:
            page.show_changed({"ro-pump"}, [pump | {"eta_told": {"eta": told, "at": told}}], now, settings)
            row = page.table.cell_place("pump", WHY_COLUMN)
            row.setLeft(page.eta.geometry().right() + 1 if page.eta.row else row.left())
            found.append(page.table.viewport().grab(row).toImage())
        return found

    pump = line("pump", now, eta=30, promised=2, order={"transport": "waiter"})
    days = "2026-11-25T14:00:00Z", "2026-11-27T14:00:00Z"
    take(page, "pump")
    one, other = end_of_row(*days)
    assert one != other
    begin(page, qtbot, "f")
    qtbot.keyClicks(focus(), "ri")
    assert page.eta.geometry().right() > page.table.cell_place("pump", WHY_COLUMN).left()
    one, other = end_of_row(*days)
    assert one == other
    qtbot.keyClick(focus(), Key.Key_Escape)
    one, other = end_of_row(*days)
    assert one != other


@pytest.mark.parametrize("first", ["f", "+", "1"])
def test_typing_opens_it_with_what_was_typed(page: CounterPage, qtbot: QtBot, first: str) -> None:
    take(page, "spark")
    begin(page, qtbot, first)
    assert page.eta.entry.text() == first
    qtbot.keyClicks(focus(), "ri")
    assert page.eta.entry.text() == first + "ri"


def test_what_was_understood_stands_beneath_before_enter(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "spark")
    begin(page, qtbot, "f")
    qtbot.keyClicks(focus(), "ri")
    assert page.eta.said.words == "Fri Nov 27, by 12:00 · +3 d · after the promise"
    assert page.eta.width() >= page.fontMetrics().horizontalAdvance("Fri Nov 27, by 12:00")


def test_enter_sets_it_for_the_line_and_shift_enter_for_the_whole_order(
    page: CounterPage, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    take(page, "spark")
    begin(page, qtbot, "f")
    qtbot.keyClicks(focus(), "ri")
    qtbot.keyClick(focus(), Key.Key_Return)
    page.eta.refuse("The disk is full.")
    qtbot.keyClick(focus(), Key.Key_Return, SHIFT)
    assert [(id, sorted(also)) for id, _, also in wanted] == [("spark", []), ("spark", ["axle", "coil"])]
    page.eta.kept()
    assert page.eta.row == "" and not page.eta.isVisible()


@pytest.mark.parametrize(("eta", "in_hand"), [(200, "overdue-02"), (-29, "overdue-01")])
def test_whoever_goes_down_the_list_goes_on_with_the_next_where_the_new_eta_took_its_line_elsewhere(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings, eta: int, in_hand: str
) -> None:
    page.show_rows([line(f"overdue-{number:02}", now, eta=number - 30) for number in range(60)], now, settings)
    take(page, "overdue-01")
    place = page.table.cell_place("overdue-01", ETA_COLUMN)
    begin(page, qtbot, "f")
    qtbot.keyClicks(focus(), "ri")
    qtbot.keyClick(focus(), Key.Key_Return)
    page.show_changed({"ro-overdue-01"}, [line("overdue-01", now, eta=eta)], now, settings)
    page.eta_kept()
    assert page.table.current_id() == in_hand
    assert page.table.cell_place(in_hand, ETA_COLUMN) == place
    assert page.table.hasFocus()


def test_a_whole_order_that_went_elsewhere_is_passed_over(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    def lines(*etas: int) -> list[dict[str, Any]]:
        return [line(f"l{number}", now, eta=eta, order_no=f"PO{number // 2}") for number, eta in enumerate(etas)]

    page.show_rows(lines(-9, -8, -7, -6), now, settings)
    take(page, "l0")
    begin(page, qtbot, "f")
    qtbot.keyClicks(focus(), "ri")
    qtbot.keyClick(focus(), Key.Key_Return, SHIFT)
    page.show_changed({"ro-l0", "ro-l1"}, lines(200, 200), now, settings)
    page.eta_kept()
    assert page.table.current_id() == "l2"


def test_what_cannot_be_read_is_not_sent_and_stays_with_its_reason(
    page: CounterPage, qtbot: QtBot, wanted: list[tuple[Any, ...]]
) -> None:
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClicks(focus(), "soonish")
    qtbot.keyClick(focus(), Key.Key_Return)
    assert wanted == [] and page.eta.entry.text() == "soonish"
    assert page.eta.said.tone == "late" and page.eta.said.words.startswith("Type a time like")


def test_a_refusal_stays_beneath_what_was_typed(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClicks(focus(), "fri")
    qtbot.keyClick(focus(), Key.Key_Return)
    page.eta.refuse("ETA is in the past; give a time to come.")
    assert page.eta.entry.text() == "fri" and page.eta.said.words == "ETA is in the past; give a time to come."
    qtbot.keyClicks(focus(), "d")
    assert page.eta.said.words.startswith("Fri Nov 27, by 12:00")


def test_esc_leaves_it_and_the_keyboard_goes_back_to_the_row(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClicks(focus(), "fri")
    qtbot.keyClick(focus(), Key.Key_Escape)
    assert page.eta.row == "" and page.table.hasFocus() and page.table.current_id() == "spark"
    qtbot.keyClick(page.table, Key.Key_Return)
    assert page.eta.entry.text() == ""


def test_what_is_typed_survives_a_repaint_that_moves_the_row_and_a_look_at_another(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClicks(focus(), "fr")
    before = page.eta.geometry()
    page.show_changed({"ro-spark", "ro-pump"}, [line("spark", now, eta=-1)], now, settings)
    assert page.eta.row == "spark" and page.eta.entry.text() == "fr" and page.eta.entry.hasFocus()
    assert page.eta.geometry() != before
    assert page.table.visualRect(page.table.currentIndex()).contains(page.eta.geometry())
    take(page, "coil")
    assert page.eta.row == ""
    take(page, "spark")
    qtbot.keyClick(page.table, Key.Key_Return)
    assert page.eta.entry.text() == "fr"


def test_a_row_that_is_written_in_stays_where_a_filter_would_hide_it(
    page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    page.overdue.click()
    take(page, "pump")
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClicks(focus(), "fri")
    page.show_changed({"ro-pump"}, [line("pump", now, eta=1)], now, settings)
    assert page.table.current_id() == "pump" and page.eta.row == "pump"


def test_a_part_on_the_shelf_has_no_eta_to_type(page: CounterPage, qtbot: QtBot) -> None:
    take(page, "filter")
    qtbot.keyClicks(page.table, "f1+")
    qtbot.keyClick(page.table, Key.Key_Up)  # what was typed comes before it
    assert page.eta.row == ""


@pytest.mark.parametrize(("row", "command"), [("hub", "part.quote"), ("mirror", "part.tell"), ("filter", "part.pull")])
def test_enter_on_any_other_row_does_what_it_needs_next(
    page: CounterPage, qtbot: QtBot, row: str, command: str
) -> None:
    take(page, row)
    with qtbot.waitSignal(page.wanted) as said:
        qtbot.keyClick(page.table, Key.Key_Return)
    assert said.args == [command, row]
