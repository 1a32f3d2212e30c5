"""Older contacts in the story: the cache's first, then the bridge's, and in words when nobody can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.orders import marchetti, said
from tests.ui.support.fake_link import FakeLink
from ui.shell.older import Older
from ui.shell.order import OrderPane
from ui.shell.session import Session
from ui.theme.look import Look

Rows = list[dict[str, Any]]


class FakeReader:
    """A cache with contacts of these moments and nothing else, a hundred a read."""

    def __init__(self) -> None:
        self.kept: Rows = []

    def older_story(self, customer_id: str, before: str) -> Rows:
        """As ``Reader.older_story``."""
        return [row for row in self.kept if row["at"] < before][:100]


class FakeSession(Session):
    """A session of that cache and a link to nobody."""

    def __init__(self, reader: FakeReader, link: FakeLink) -> None:
        self.reader = reader  # type: ignore[assignment]
        self.link = link


class Desk:
    """The right-hand side with what answers its wish for older contacts."""

    def __init__(self, qtbot: QtBot, look: Look, now: datetime) -> None:
        self.reader, self.link = FakeReader(), FakeLink()
        self.pane = OrderPane(look, self.link.ask, lambda: now)
        self._qtbot = qtbot
        qtbot.addWidget(self.pane)
        self.pane.resize(372, 600)
        with qtbot.waitExposed(self.pane):
            self.pane.show()
        self.older = Older(self.pane, FakeSession(self.reader, self.link))

    def press(self) -> None:
        """Press Show older."""
        self._qtbot.mouseClick(self.pane.older.key, Qt.MouseButton.LeftButton)

    @property
    def words(self) -> list[str]:
        """What the story says, without its days."""
        return [entry.words for entry in self.pane.story.entries if not entry.is_day]


@pytest.fixture
def desk(qtbot: QtBot, look: Look, now: datetime, settings: Settings) -> Iterator[Desk]:
    """Sofia Marchetti's order, picked."""
    made = Desk(qtbot, look, now)
    made.pane.show_order(marchetti(), settings)
    yield made


def call(id: str, at: str, body: str) -> dict[str, Any]:
    """A call."""
    return said(id, at, channel="call", body=body)


def test_the_cache_is_read_before_anybody_is_asked(desk: Desk) -> None:
    desk.reader.kept = [call(f"k{n}", f"2026-0{9 - n // 28}-{28 - n % 28:02}T10:00:00Z", f"{n}") for n in range(140)]
    desk.press()
    assert desk.words[-1] == "99" and not desk.link.asked
    desk.press()
    assert desk.words[-1] == "139"
    assert desk.link.last[:2] == ("read.history", {"customer_id": "sofia", "before": desk.reader.kept[-1]["at"]})


def test_the_bridge_is_asked_page_by_page_until_there_is_no_more(desk: Desk) -> None:
    desk.press()
    assert desk.pane.older.note.text() == "Asking the bridge…"
    desk.link.answer(story=[call("a", "2018-03-02T10:00:00Z", "Second visit")], before="2018-03-02T10:00:00Z~a")
    assert desk.words[-1] == "Second visit" and not desk.pane.older.note.isVisible()
    desk.press()
    assert desk.link.last.args == {"customer_id": "sofia", "before": "2018-03-02T10:00:00Z~a"}
    desk.link.answer(story=[call("b", "2017-03-02T10:00:00Z", "First visit")], before=None)
    assert desk.words[-2:] == ["Second visit", "First visit"]
    assert desk.pane.older.note.text() == "That is where the story begins."
    assert not desk.pane.older.key.isVisible()


def test_while_it_is_asked_another_press_asks_nothing(desk: Desk) -> None:
    desk.press()
    desk.press()
    assert len(desk.link.asked) == 1


def test_offline_it_says_what_it_needs_and_tries_again(desk: Desk) -> None:
    desk.press()
    desk.link.refuse("Older history needs the bridge. Try again when the line is up.")
    assert desk.pane.older.note.text().startswith("Older history needs the bridge.")
    desk.press()
    desk.link.answer(story=[call("a", "2018-03-02T10:00:00Z", "Second visit")], before=None)
    assert desk.words[-1] == "Second visit"


def test_an_answer_for_a_car_that_was_put_down_is_not_shown(desk: Desk, settings: Settings) -> None:
    desk.press()
    desk.pane.show_order(marchetti(repair_order={"id": "other"}, story=[]), settings)
    desk.link.answer(story=[call("a", "2018-03-02T10:00:00Z", "Second visit")], before=None)
    assert "Second visit" not in desk.words
    assert desk.pane.older.key.isVisible() and not desk.pane.older.note.isVisible()


def test_a_customer_to_whom_nothing_was_said_lately_is_asked_about_from_the_newest(
    desk: Desk, settings: Settings
) -> None:
    desk.pane.show_order(marchetti(repair_order={"id": "new"}, story=[]), settings)
    desk.press()
    assert desk.link.last.args == {"customer_id": "sofia", "before": ""}
