"""The counter in the window: who works there begins there, and what changes is read by the order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import DeskFolder
from tests.ui.support.fake_link import FakeLink
from ui.counter.page import CounterPage
from ui.link.cache import Reader
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

Key = Qt.Key


class Counter:
    """A window on the demo store's cache, with nobody behind it and Luis of parts before it."""

    def __init__(self, look: Look, folder: DeskFolder, layout: Path, roles: tuple[str, ...] = ("parts",)) -> None:
        self.link = FakeLink()
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.session = Session(self.reader, self.link, lambda: datetime.now(UTC))
        self.session.people[str(self.session.status["employee_id"])]["roles"] = list(roles)
        self.layout = Layout(layout)
        self.window = Window(look, self.session, self.layout)
        self.window.restore((1600, 860))

    @property
    def page(self) -> CounterPage:
        """The counter's page."""
        page: CounterPage = self.window._doing.counter.page
        return page

    def first(self, *states: str) -> str:
        """The worst line in one of these states, taken in hand."""
        lines = self.page.table.model_.lines
        id = next(line.id for line in lines if not line.title and self.page.row(line.id).get("state") in states)
        self.page.table.go_to(self.page.table.model_.row_of(id))
        return id

    def asked(self) -> tuple[str, dict[str, Any]]:
        """What was asked of the service last."""
        return self.link.last.do, self.link.last.args

    def press(self, qtbot: QtBot, key: Qt.Key) -> None:
        """Press a key on the row in hand, which asks the service for something."""
        before = len(self.link.asked)
        qtbot.keyClick(self.page.table, key)
        qtbot.waitUntil(lambda: len(self.link.asked) > before)

    def open(self, qtbot: QtBot) -> None:
        """Show the window, whole."""
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.complete()
        self.window.activateWindow()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
        self.reader.close()


@pytest.fixture
def counter(qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path) -> Iterator[Counter]:
    """Luis's window, complete."""
    made = Counter(look, demo_desk, tmp_path / "window.ini")
    qtbot.addWidget(made.window)
    made.open(qtbot)
    yield made
    made.close()


def test_who_works_at_the_counter_begins_there_and_an_advisor_at_the_board(
    counter: Counter, qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path
) -> None:
    assert counter.window.page == "parts" and counter.page.items
    assert counter.page.table.hasFocus()
    advisor = Counter(look, demo_desk, tmp_path / "advisor.ini", roles=("advisor",))
    qtbot.addWidget(advisor.window)
    advisor.open(qtbot)
    assert advisor.window.page == "board"
    advisor.close()


def test_a_window_left_at_the_board_begins_there_and_the_view_is_remembered(
    counter: Counter, qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path
) -> None:
    counter.page.views.chosen.emit("supplier")
    counter.window.show_page("board")
    counter.window.close()
    again = Counter(look, demo_desk, tmp_path / "window.ini")
    qtbot.addWidget(again.window)
    again.open(qtbot)
    assert again.window.page == "board"
    again.window.show_page("parts")
    assert again.page.views.current == "supplier"
    again.close()


def test_the_counter_takes_the_whole_width_and_the_board_has_its_right_side_again(counter: Counter) -> None:
    assert not counter.window.right.isVisible()
    counter.window.show_page("board")
    assert counter.window.right.isVisible()


def test_what_changed_is_read_by_its_order_alone(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    whole = counter.reader.counter

    def counted(orders: set[str] | None = None) -> list[dict[str, Any]]:
        read.append(orders)
        return whole(orders)

    monkeypatch.setattr(counter.reader, "counter", counted)
    id = counter.first("ordered")
    order = counter.page.row(id)["order"]["id"]
    counter.link.changed.emit({"part_line": [id]})
    counter.session._take_changes()
    assert read == [{order}] and counter.page.table.current_id() == id


def test_k_takes_a_part_in_hand(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    counter.press(qtbot, Key.Key_K)
    assert counter.asked() == ("part.claim", {"part_line_id": id})


def test_k_once_more_takes_over_what_a_colleague_has_in_hand(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    counter.press(qtbot, Key.Key_K)
    has_it = "Luis has that part in hand. Ask them, or say again to take it over."
    assert counter.link.last.error
    counter.link.last.error({"code": "claimed_already", "message": has_it})
    counter.press(qtbot, Key.Key_K)
    assert counter.asked() == ("part.claim", {"part_line_id": id, "again": True})


def test_g_shows_the_repair_order_on_the_board(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    order = counter.page.row(id)["order"]["id"]
    qtbot.keyClick(counter.page.table, Key.Key_G)
    qtbot.waitUntil(lambda: counter.window.page == "board")
    assert counter.session.order_id == order


def test_one_eta_for_every_line_of_an_order_is_one_command(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    counter.page.edit_eta(id)
    counter.page.eta.entry.setText("+2d")
    moment = counter.page.eta.said.moment
    assert moment is not None
    counter.page.eta_wanted.emit(id, moment, ["another"])
    do, args = counter.asked()
    assert do == "part.set_eta" and args["part_line_id"] == id and args["also"] == ["another"]
    counter.link.answer(change="c-1", changed={"part_line": [id]})
    assert counter.page.eta.row == "" and counter.page.table.hasFocus()
    assert counter.window.toast.isVisible()


def test_a_refused_eta_says_why_beneath_and_keeps_the_words(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    counter.page.edit_eta(id)
    counter.page.eta.entry.setText("+2d")
    qtbot.keyClick(counter.page.eta.entry, Key.Key_Return)
    counter.link.refuse("Some values cannot be used.", eta="is in the past; give a time to come")
    assert counter.page.eta.entry.text() == "+2d"
    assert counter.page.eta.said.words == "ETA is in the past; give a time to come."


def test_f3_comes_to_the_scan_box_from_any_page(counter: Counter, qtbot: QtBot) -> None:
    counter.window.show_page("board")
    qtbot.keyClick(counter.window.focusWidget() or counter.window, Key.Key_F3)
    assert counter.window.page == "parts" and counter.page.scan.hasFocus()


def test_a_scanned_order_is_received_and_the_box_is_ready_for_the_next(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    qtbot.keyClicks(counter.page.scan, str(counter.page.row(id)["order_no"]))
    qtbot.keyClick(counter.page.scan, Key.Key_Return)
    if counter.page.matched.isVisible():
        counter.page.matched.send()
    assert counter.asked() == ("part.receive", {"part_line_id": id, "qty": counter.page.row(id).get("qty") or 1})
    counter.link.answer(change="c-1", changed={"part_line": [id]})
    assert counter.page.scan.text() == "" and counter.window.toast.isVisible()
    assert not counter.page.matched.isVisible()


def test_a_refused_receipt_says_why_where_it_was_scanned(counter: Counter, qtbot: QtBot) -> None:
    id = counter.first("ordered")
    counter.page.receive(id)
    if counter.page.matched.isVisible():
        counter.page.matched.send()
    counter.link.refuse("It is received in full already.")
    assert counter.page.matched.says.text() or counter.page.matched.isVisible()
