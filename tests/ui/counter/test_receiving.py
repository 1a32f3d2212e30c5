"""What has come, booked in by scanner or by hand: what it matched is said, and nothing typed is ever lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line
from ui.counter.matched import NONE_CAME, ONE_ORDER, Receipt
from ui.counter.page import CounterPage

Key = Qt.Key


def focus() -> QWidget:
    """Where the keyboard is."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def scan(page: CounterPage, qtbot: QtBot, text: str) -> None:
    """What a scanner does: characters, then Enter."""
    page.scan.setFocus()
    qtbot.keyClicks(page.scan, text)
    qtbot.keyClick(page.scan, Key.Key_Return)


@pytest.mark.parametrize("text", ["77120", "vw 77120", "VW-77120"])
def test_an_order_with_one_piece_missing_is_received_at_once(
    page: CounterPage, qtbot: QtBot, came: list[Receipt], text: str
) -> None:
    scan(page, qtbot, text)
    assert [(one.command, one.args) for one in came] == [("part.receive", {"part_line_id": "pump", "qty": 1})]
    assert came[0].said == "Received: Water pump kit for 48142 · T-160"
    page.received()
    assert page.scan.text() == "" and page.scan.hasFocus() and not page.matched.isVisible()


def test_an_order_of_several_lines_is_counted_before_it_is_received(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "8841")
    assert came == [] and page.matched.isVisible()
    assert page.matched.says.text() == "Order 8841: 3 lines to receive."
    assert sorted(count.value() for count in page.matched.counts) == [1, 1, 4]
    qtbot.keyClick(focus(), Key.Key_Return)
    assert came[0].command == "part.receive_order"
    assert came[0].args == {"order_no": "8841", "supplier": "SUB", "pieces": {"axle": 1, "coil": 1, "spark": 4}}
    assert came[0].said == "Received: 3 lines of order SUB 8841"


def test_in_part_the_counts_are_typed_with_the_arrows_between_them(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "8841")
    qtbot.keyClicks(focus(), "0")
    qtbot.keyClick(focus(), Key.Key_Down)
    qtbot.keyClicks(focus(), "0")
    qtbot.keyClick(focus(), Key.Key_Down)
    qtbot.keyClicks(focus(), "3")
    qtbot.keyClick(focus(), Key.Key_Return)
    assert [(one.command, one.args) for one in came] == [("part.receive", {"part_line_id": "spark", "qty": 3})]
    assert came[0].said == "Received: 3 of 4 Spark plug set for 48142 · T-160"


def test_more_than_was_ordered_cannot_be_counted(page: CounterPage, qtbot: QtBot, came: list[Receipt]) -> None:
    scan(page, qtbot, "8841")
    qtbot.keyClicks(focus(), "9")
    assert page.matched.counts[0].value() == 1


def test_nothing_counted_receives_nothing_and_says_so(page: CounterPage, qtbot: QtBot, came: list[Receipt]) -> None:
    scan(page, qtbot, "8841")
    for count in page.matched.counts:
        count.setValue(0)
    page.matched.go.click()
    assert came == [] and page.matched.says.text() == NONE_CAME


def test_a_part_number_that_several_wait_for_is_chosen_among_and_never_booked_twice(
    page: CounterPage, qtbot: QtBot, came: list[Receipt], now: datetime, settings: Settings
) -> None:
    rows = [line("one", now, eta=1, order_no="1", number="AB-1"), line("two", now, eta=2, order_no="2", number="AB-1")]
    page.show_rows(rows, now, settings)
    scan(page, qtbot, "ab1")
    assert page.matched.says.text().startswith("2 lines wait for ab1.")
    assert [count.value() for count in page.matched.counts] == [0, 0]
    for count in page.matched.counts:
        count.setValue(1)
    page.matched.go.click()
    assert came == [] and page.matched.says.text() == ONE_ORDER
    page.matched.counts[0].setValue(0)
    page.matched.go.click()
    assert came[0].args == {"part_line_id": "two", "qty": 1}


def test_what_matches_nothing_says_so_in_a_sentence_and_stays(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "PO99999")
    assert came == [] and page.scan.text() == "PO99999" and page.scan.hasFocus()
    assert page.matched.says.text() == (
        "Nothing on order here goes by PO99999. Check the number, or find the line by name."
    )
    qtbot.keyClicks(page.scan, "1")
    assert not page.matched.isVisible()


def test_esc_leaves_the_counting_and_what_was_scanned_is_there_again(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "8841")
    qtbot.keyClick(focus(), Key.Key_Escape)
    assert not page.matched.isVisible() and page.scan.text() == "8841" and page.scan.hasFocus()
    qtbot.keyClick(page.scan, Key.Key_Escape)
    assert page.table.hasFocus() and page.scan.text() == "8841" and came == []


def test_a_refusal_stands_where_the_counts_are_and_they_stay(page: CounterPage, qtbot: QtBot) -> None:
    scan(page, qtbot, "8841")
    qtbot.keyClick(focus(), Key.Key_Return)
    page.refuse_receipt("Everything on order 8841 has been received already.")
    assert page.matched.says.text() == "Everything on order 8841 has been received already."
    assert page.matched.go.isEnabled() and sum(count.value() for count in page.matched.counts) == 6


def test_a_refusal_of_one_piece_brings_the_scanned_text_back(page: CounterPage, qtbot: QtBot) -> None:
    scan(page, qtbot, "77120")
    assert page.scan.text() == ""
    page.refuse_receipt("Water pump kit is received in full already.")
    assert page.scan.text() == "77120" and page.matched.says.text() == "Water pump kit is received in full already."


def test_a_scanner_at_the_next_label_before_the_first_is_answered_loses_neither(
    page: CounterPage, qtbot: QtBot, came: list[Receipt]
) -> None:
    scan(page, qtbot, "77120")
    qtbot.keyClicks(page.scan, "88")
    page.received()
    qtbot.keyClicks(page.scan, "41")
    qtbot.keyClick(page.scan, Key.Key_Return)
    assert len(came) == 1 and page.matched.says.text() == "Order 8841: 3 lines to receive."


def test_r_receives_the_order_of_the_row_in_hand(page: CounterPage, qtbot: QtBot, came: list[Receipt]) -> None:
    page.receive("pump")
    assert came[0].args == {"part_line_id": "pump", "qty": 1}
    page.receive("spark")
    assert page.matched.says.text() == "Order SUB 8841: 3 lines to receive."
    qtbot.keyClick(focus(), Key.Key_Escape)
    assert page.table.hasFocus() and page.scan.text() == ""
