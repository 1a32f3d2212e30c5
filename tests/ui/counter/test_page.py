"""The parts counter: the worst first, counted above, filtered by a press, every deed by its letter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line, morning
from ui.counter.page import CounterPage
from ui.counter.rows import BY_ORDER, BY_SUPPLIER

Key = Qt.Key


def lines(page: CounterPage) -> list[str]:
    """The rows as they stand, headings with a mark."""
    return [f"# {line.title}" if line.title else line.id for line in page.table.model_.lines]


def cells(page: CounterPage, id: str) -> list[tuple[str, str]]:
    """A row's words."""
    found = page.table.model_.lines[page.table.model_.row_of(id)]
    return [(cell.first, cell.second) for cell in found.cells]


def test_the_store_is_grouped_by_what_each_part_needs_the_worst_first(page: CounterPage) -> None:
    assert lines(page) == [
        "# Overdue or past the promise", "pump", "# To quote", "hub", "# On order", "axle", "coil", "spark",
        "# Arrived, customer not told", "mirror", "# To pull", "filter",
    ]  # fmt: skip


def test_a_row_says_part_car_order_eta_what_the_customer_knows_why_and_the_harm(page: CounterPage) -> None:
    assert cells(page, "pump") == [
        ("", ""),
        ("Water pump kit", "06L-121-111-J · 1"),
        ("48142 · T-160", "Marchetti · waits · 12:08"),
        ("VW 77120", "emergency · today"),
        ("Tue 24, 16:08", ""),
        ("not told", ""),
        ("ETA Tue 24 is after the promise (today 12:08).", ""),
        ("waiter at 12:08", ""),
    ]


def test_what_nobody_came_for_says_where_it_lies_and_what_it_costs(page: CounterPage) -> None:
    said = cells(page, "mirror")
    assert said[2] == ("47911 · car gone", "Marchetti · special order")
    assert said[4] == ("in bin S07", "Fri 20") and said[5][0] == "not told" and said[7][0] == "$412"


def test_a_long_suppliers_name_never_hides_the_orders_number_kind_and_day(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    page.show_rows([line("pump", now, supplier="Regional parts hub", eta=1)], now, settings)
    assert cells(page, "pump")[3] == ("77120", "emergency · today · Regional parts hub")


def test_under_its_suppliers_heading_a_row_does_not_say_the_supplier_again(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    page.show_rows([line("pump", now), line("spark", now, supplier="Regional parts hub")], now, settings)
    page.show_view(BY_SUPPLIER)
    assert cells(page, "pump")[3] == cells(page, "spark")[3] == ("77120", "emergency · today")
    page.show_view(BY_ORDER)
    assert cells(page, "pump")[3] == ("VW 77120", "emergency · today")


def test_the_customers_word_is_marked_once_it_is_no_longer_so(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    told = {"eta": "2026-11-24T17:00:00Z", "at": "2026-11-23T14:00:00Z", "by": "maria"}
    since = "2026-11-20T14:00:00Z"
    held = line("held", now, eta_told=told, told_by="Maria Keller") | {"eta": told["eta"]}
    moved = line("moved", now, eta_told=told, eta=72)
    page.show_rows(
        [held, moved, line("long", now, eta_told=told | {"at": since}) | {"eta": told["eta"]}], now, settings
    )
    assert cells(page, "long")[5] == ("told Tue 24", "on Fri 9:00")
    assert cells(page, "held")[5] == ("told Tue 24", "at 9:00 · Maria K.")
    assert cells(page, "moved")[5] == ("told Tue 24", "not this ETA")


def test_the_chips_count_the_store_and_show_only_what_they_count(page: CounterPage, qtbot: QtBot) -> None:
    assert [chip.text() for chip in (page.overdue, page.to_quote, page.not_told, page.untold, page.money)] == [
        "1 overdue", "1 to quote", "1 arrived, not told", "5 not told", "$412 at risk of no return",
    ]  # fmt: skip
    page.overdue.click()
    page.money.click()
    assert lines(page) == ["# Overdue or past the promise", "pump", "# Arrived, customer not told", "mirror"]
    assert page.foot.words.endswith("2 of 7 open lines")
    page.overdue.click()
    page.money.click()
    assert page.foot.words.endswith("7 of 7 open lines")


def test_every_eta_and_arrival_that_nobody_told_the_customer_is_one_press_away(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    eta = {"eta": times.to_wire(now + timedelta(hours=24))}
    told = line("told", now, eta_told=eta) | eta
    moved = line("moved", now, eta=72, eta_told=eta)
    ours = line("ours", now, eta=24, customer="", customer_id="")
    page.show_rows([*morning(now), told, moved, ours, line("dateless", now)], now, settings)
    assert page.untold.text() == "6 not told"
    page.untold.click()
    assert {id for id in lines(page) if not id.startswith("#")} == {"pump", "spark", "axle", "coil", "mirror", "moved"}
    page.show_changed({"ro-moved"}, [line("moved", now, eta_told=eta) | eta], now, settings)
    assert page.untold.text() == "5 not told" and "moved" not in lines(page)


def test_a_chip_that_finds_nothing_leaves_the_table_and_its_way_back(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    page.show_rows([line("pump", now, eta=24)], now, settings)
    page.to_quote.click()
    assert lines(page) == [] and page.table.isVisible() and not page.empty.isVisible()


def test_by_supplier_and_by_ro_the_same_rows_stand_under_other_headings(page: CounterPage, qtbot: QtBot) -> None:
    page.show_view(BY_SUPPLIER)
    assert lines(page) == [
        "# VW", "pump", "mirror", "# SUB", "axle", "coil", "spark",
        "# Not ordered yet", "hub", "# From the shelf", "filter",
    ]  # fmt: skip
    page.show_view(BY_ORDER)
    assert lines(page)[0] == "# 48142 · T-160 · Marchetti · waits · 12:08"


def test_by_ro_the_heading_says_whose_the_rows_are_and_they_do_not_say_it_again(page: CounterPage) -> None:
    page.show_view(BY_ORDER)
    titles = [column.title for column in page.table.grid.columns if column.shown]
    assert "RO" not in titles and "Why" in titles
    page.table.go_to(page.table.model_.row_of("coil"))
    page.show_view(BY_SUPPLIER)
    assert page.table.current_id() == "coil" and all(column.shown for column in page.table.grid.columns)


def test_another_view_begins_with_its_first_row_unless_a_row_was_chosen(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    asked = line("belt", now, "requested", promised=1, supplier="", order_no="", order={"transport": "waiter"})
    page.show_rows([*morning(now), asked], now, settings)
    page.table.go_first()
    assert page.table.current_id() == "belt"
    page.views.choose(BY_SUPPLIER)
    page.views.chosen.emit(BY_SUPPLIER)
    assert page.table.current_id() == "pump"
    page.table.go_to(page.table.model_.row_of("hub"))
    page.views.choose(BY_ORDER)
    page.views.chosen.emit(BY_ORDER)
    assert page.table.current_id() == "hub"


def test_a_changed_order_changes_its_rows_alone_and_the_row_in_hand_stays(
    page: CounterPage, now: datetime, settings: Settings
) -> None:
    page.table.go_to(page.table.model_.row_of("coil"))
    page.show_changed({"ro-spark", "ro-hub"}, [line("spark", now, eta=-1)], now, settings)
    assert lines(page)[:3] == ["# Overdue or past the promise", "pump", "spark"] and "hub" not in lines(page)
    assert page.table.current_id() == "coil"


def test_time_alone_makes_an_eta_late(page: CounterPage, qtbot: QtBot, now: datetime, settings: Settings) -> None:
    page.tick(now + timedelta(hours=25), settings)
    qtbot.waitUntil(lambda: page.overdue.text() == "4 overdue")
    assert {"spark", "axle"} < set(lines(page)[: lines(page).index("# On order")])


@pytest.mark.parametrize(
    ("row", "key", "command"),
    [
        ("pump", Key.Key_R, "part.receive"),
        ("pump", Key.Key_K, "part.claim"),
        ("pump", Key.Key_U, "part.backorder"),
        ("pump", Key.Key_T, "part.tell"),
        ("hub", Key.Key_Q, "part.quote"),
        ("hub", Key.Key_O, "part.order"),
        ("filter", Key.Key_L, "part.pull"),
        ("mirror", Key.Key_V, "part.return"),
    ],
)
def test_a_key_does_its_deed_on_the_row_in_hand(
    page: CounterPage, qtbot: QtBot, row: str, key: Qt.Key, command: str
) -> None:
    page.table.go_to(page.table.model_.row_of(row))
    with qtbot.waitSignal(page.wanted) as said:
        qtbot.keyClick(page.table, key)
    assert said.args == [command, row]


def test_the_foot_says_what_the_keys_do_and_to_how_many_lines(page: CounterPage) -> None:
    page.table.go_to(page.table.model_.row_of("spark"))
    assert page.foot.words.startswith(
        "Applies to 3 lines of order SUB 8841. Enter: set ETA, Shift Enter: all lines of the order, R: receive"
    )
    page.table.go_to(page.table.model_.row_of("hub"))
    assert page.foot.words.startswith("Applies to Hub assembly, front. Enter: quote, K: claim, O: order")


@pytest.mark.parametrize("row", ["hub", "mirror", "filter"])
def test_the_foot_names_a_deed_once_where_enter_does_what_its_letter_does(page: CounterPage, row: str) -> None:
    page.table.go_to(page.table.model_.row_of(row))
    said = [part.partition(": ")[2] for part in page.foot.words.split(". ")[1].split(", ")]
    assert len(said) == len(set(said))


def test_a_store_without_open_lines_says_so(page: CounterPage, now: datetime, settings: Settings) -> None:
    page.show_rows([], now, settings)
    assert page.empty.isVisible() and not page.table.isVisible()
    assert page.empty.text == "No part is open."
