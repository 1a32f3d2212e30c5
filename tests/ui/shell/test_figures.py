"""The figures are counted by the service: the window goes on, asks once at a time, and shows the days wanted last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.ui.support.fake_link import FakeLink
from ui.reports.page import WEEK, ReportsPage
from ui.shell.figures import Figures
from ui.shell.session import Session
from ui.theme.look import Look

MARIA = {"maria": {"name": "Maria Keller"}}


class FakeSession(Session):
    """A session with a link to nobody, and a clock moved by hand."""

    def __init__(self, link: FakeLink, at: datetime) -> None:
        self.link = link
        self.people = MARIA
        self.at = at
        self.now = lambda: self.at


class Desk:
    """The page with what answers its wish for figures."""

    def __init__(self, qtbot: QtBot, look: Look, now: datetime) -> None:
        self._qtbot = qtbot
        self.link = FakeLink()
        self.session = FakeSession(self.link, now)
        self.refused: list[dict[str, Any]] = []
        self.page = ReportsPage(look)
        qtbot.addWidget(self.page)
        self.figures = Figures(self.page, self.session, self.refused.append)
        with qtbot.waitExposed(self.page):
            self.page.show()

    def want(self, days: str) -> None:
        """Press the key of so many days."""
        key = next(key for key in self.page.spans.findChildren(QAbstractButton) if key.text().startswith(days))
        self._qtbot.mouseClick(key, Qt.MouseButton.LeftButton)

    def answer(self, kept: int) -> None:
        """The service has counted so many promises of Maria's."""
        line = {"label": "maria", "values": [kept], "records": [["promise", "p-1"]]}
        figure = {"name": "kept_by_owner", "title": "Promises by owner", "columns": ["on time"], "lines": [line]}
        self.link.answer(figures=[figure])

    @property
    def days(self) -> list[int]:
        """Over how many days it was asked, each time."""
        assert {one.do for one in self.link.asked} <= {"read.report"}
        spans = [[datetime.fromisoformat(one.args[end]) for end in ("since", "until")] for one in self.link.asked]
        return [(until - since).days for since, until in spans]

    @property
    def shown(self) -> list[str]:
        """The rows, as they are said."""
        return [line.sentence for line in self.page.table.model_.lines]


@pytest.fixture
def desk(qtbot: QtBot, look: Look, now: datetime) -> Desk:
    """The page, just opened."""
    return Desk(qtbot, look, now)


def test_opening_the_page_asks_the_service_and_the_answer_is_shown(desk: Desk) -> None:
    assert desk.days == [30]
    desk.answer(kept=7)
    assert desk.shown == ["Promises by owner, 1", "Maria Keller, 1 promise, 7 on time"]


def test_whatever_happens_meanwhile_the_service_is_asked_once_at_a_time(desk: Desk) -> None:
    desk.session.at += timedelta(minutes=5)
    desk.figures.look()
    assert desk.days == [30]


def test_other_days_wanted_while_it_counts_are_what_is_shown_in_the_end(desk: Desk) -> None:
    desk.want(WEEK)
    assert desk.days == [30]
    desk.answer(kept=7)
    assert (desk.days, desk.shown) == ([30, 7], [])
    desk.answer(kept=2)
    assert desk.shown[-1] == "Maria Keller, 1 promise, 2 on time"


def test_figures_left_open_are_counted_anew_each_minute_and_not_with_each_change(desk: Desk) -> None:
    desk.answer(kept=7)
    desk.session.at += timedelta(seconds=59)
    desk.figures.look()
    assert desk.days == [30]
    desk.session.at += timedelta(seconds=1)
    desk.figures.look()
    assert desk.days == [30, 30]


def test_figures_opened_again_are_counted_anew_at_once(desk: Desk) -> None:
    desk.answer(kept=7)
    desk.page.hide()
    desk.page.show()
    assert desk.days == [30, 30]


def test_what_the_service_cannot_count_is_said_and_asked_for_again_when_wanted(desk: Desk) -> None:
    desk.link.refuse("The cache cannot be read.")
    assert [error["message"] for error in desk.refused] == ["The cache cannot be read."]
    desk.figures.count()
    assert desk.days == [30, 30]
