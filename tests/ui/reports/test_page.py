"""Figures: a number in words, and the records behind it one key away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.figure import Figure, Line
from ui.reports.page import ReportsPage
from ui.theme.look import Look

FIGURES = [
    Figure(
        "declined_money",
        "Declined work",
        ("jobs", "money", "%"),
        (Line("declined", (2, 118460), (("job", "j-1"), ("job", "j-2"))), Line("recovered", (0, 0, 0.0))),
    ),
    Figure("kept_by_owner", "Promises by owner", ("on time",), (Line("maria", (7,), (("promise", "p-1"),)),)),
]


def test_each_row_says_its_numbers_and_how_many_records_are_behind_them(look: Look, qtbot: QtBot) -> None:
    page = ReportsPage(look)
    qtbot.addWidget(page)
    page.show_figures(FIGURES, {"maria": {"name": "Maria Keller"}})
    said = [line.sentence for line in page.table.model_.lines]
    assert said == [
        "Declined work, 2",
        "Declined, 2 jobs, 2 jobs, $1,184.60",
        "Recovered, 0 jobs, $0.00, 0 %",
        "Promises by owner, 1",
        "Maria Keller, 1 promise, 7 on time",
    ]


def test_a_share_of_nothing_is_a_dash(look: Look, qtbot: QtBot) -> None:
    page = ReportsPage(look)
    qtbot.addWidget(page)
    given_up = Line("maria", (1, ""), (("promise", "p-1"),))
    page.show_figures([Figure("kept_by_rule", "Promises", ("given up", "% on time"), (given_up,))], {})
    assert [cell.first for cell in page.table.model_.lines[1].cells] == ["Maria", "1", "–"]


def test_every_share_is_said_in_whole_percents(look: Look, qtbot: QtBot) -> None:
    page = ReportsPage(look)
    qtbot.addWidget(page)
    shares = tuple(Line(rule, (share,), (("promise", "p-1"),)) for rule, share in (("a", 76.2), ("b", 80.0), ("c", 0)))
    page.show_figures([Figure("kept_by_rule", "Promises", ("% on time",), shares)], {})
    assert [line.cells[1].first for line in page.table.model_.lines[1:]] == ["76", "80", "0"]


def test_without_a_record_behind_any_number_the_page_says_that_there_is_nothing_to_count(
    look: Look, qtbot: QtBot
) -> None:
    page = ReportsPage(look)
    qtbot.addWidget(page)
    page.show_figures([Figure("no_shows", "No-shows", ("how many", "%"), (Line("missed", (0,)),))], {})
    assert not page.table.model_.lines and not page.empty.isHidden()
    page.show_figures(FIGURES, {})
    assert page.empty.isHidden()


def test_enter_opens_the_records_behind_a_number(look: Look, qtbot: QtBot) -> None:
    page = ReportsPage(look)
    qtbot.addWidget(page)
    page.show_figures(FIGURES, {})
    page.table.go_to(1)
    with qtbot.waitSignal(page.records_wanted) as said:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert said.args == ["Declined work: Declined", (("job", "j-1"), ("job", "j-2"))]
