"""Printing from the window: by key with a car in hand, by key at the counter; what cannot be printed is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.conftest import DeskFolder
from tests.ui.support.fake_link import FakeLink
from ui.link.cache import Reader
from ui.shell.layout import Layout
from ui.shell.print_dialog import PrintDialog
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """Maria's window on the demo store's cache, with nobody behind it."""

    def __init__(self, look: Look, folder: DeskFolder, layout: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.session = Session(self.reader, FakeLink(), lambda: datetime.now(UTC))
        self.window = Window(look, self.session, Layout(layout))
        self.window.restore((1366, 768))
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.complete()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def pick(self, **states: frozenset[str]) -> dict[str, Any]:
        """Take an order in hand that has a part in one of ``some`` states, and none in one of ``none``."""
        for id in self.session.board.cards:
            data = self.reader.repair_order(id) or {}
            found = {str(line.get("state")) for line in data["parts"] if line.get("source") != "stock"}
            if found & states.get("some", found) and not found & states.get("none", frozenset()):
                self.window.show_page("board")
                self.window.show_order(id)
                self.window.board.focus_cars()
                return data
        raise AssertionError("the demo store has no such order")

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the keyboard is."""
        self.qtbot.keyClick(self.window.focusWidget() or self.window, key, modifier)

    @property
    def dialog(self) -> PrintDialog | None:
        """What is shown to be printed."""
        return next((one for one in self.window.findChildren(PrintDialog) if one.isVisible()), None)

    @property
    def paper(self) -> str:
        """The name of the paper that is shown; empty for none."""
        return self.dialog.which.current if self.dialog else ""


@pytest.fixture
def desk(qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(look, demo_desk, tmp_path / "window.ini", qtbot)
    yield made
    made.window.close()
    made.reader.close()


def test_control_p_shows_the_customers_copy_of_the_car_in_hand(desk: Desk) -> None:
    data = desk.pick(some=frozenset({"received"}))
    desk.press(Qt.Key.Key_P, CTRL)
    assert desk.paper == "ro_copy"
    assert desk.dialog is not None
    assert str(data["vehicle"]["vin"]) in "\n".join(desk.dialog.document.words())
    assert "Northgate Motors · (555) 010-0100" in desk.dialog.document.under


@pytest.mark.parametrize(
    ("key", "paper"), [(Qt.Key.Key_L, "label"), (Qt.Key.Key_W, "arrival_notice"), (Qt.Key.Key_K, "pick_list")]
)
def test_what_has_come_has_a_label_a_letter_and_a_line_to_pull(desk: Desk, key: Qt.Key, paper: str) -> None:
    desk.pick(some=frozenset({"received"}))
    desk.press(key)
    assert desk.paper == paper
    assert desk.dialog is not None
    assert list(desk.dialog._papers) == ["pick_list", "label", "arrival_notice", "ro_copy"]


def test_an_order_without_arrivals_says_that_there_is_no_label(desk: Desk) -> None:
    desk.pick(none=frozenset({"received", "partly_received"}))
    desk.press(Qt.Key.Key_L)
    assert desk.paper == ""
    assert desk.window.toast._words.text() == "No special order has arrived: there is no label to print."


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_the_menu_of_a_car_offers_every_paper(desk: Desk) -> None:
    desk.pick()
    desk.window._doing.menu(desk.window.mapToGlobal(desk.window.rect().center()))
    menus = [menu for menu in desk.window.findChildren(QMenu) if menu.isVisible()]
    names = {action.objectName() for menu in menus for action in menu.actions()}
    for menu in menus:
        menu.close()
    assert {"ro_copy", "pick_list", "label", "arrival_notice"} <= names


def test_the_orders_own_menu_prints_it(desk: Desk) -> None:
    data = desk.pick()
    desk.window.right.header.menu().actions()[-1].trigger()
    assert desk.paper == "ro_copy"
    assert desk.dialog is not None
    assert desk.dialog.document.title == f"Repair order {data['repair_order']['number']}"


def test_at_the_counter_the_pick_list_is_that_of_the_store(desk: Desk) -> None:
    desk.window.show_page("parts")
    page = desk.window._doing.counter.page
    ids = [line.id for line in page.table.model_.lines if not line.title]
    id = next(id for id in ids if page.row(id).get("state") == "in_stock")
    page.table.go_to(page.table.model_.row_of(id))
    page.table.setFocus()
    desk.press(Qt.Key.Key_P)
    desk.qtbot.waitUntil(lambda: desk.paper == "pick_list")
    assert desk.dialog is not None
    said = "\n".join(desk.dialog.document.words())
    wanted = {str(item.row["order"]["number"]) for one, item in page.items.items() if "l" in page.deeds(one)}
    assert len(wanted) > 1
    assert all(number in said for number in wanted)


def test_at_the_counter_what_has_come_begins_with_its_label(desk: Desk) -> None:
    desk.window.show_page("parts")
    page = desk.window._doing.counter.page
    ids = [line.id for line in page.table.model_.lines if not line.title]
    here = (id for id in ids if page.row(id).get("state") == "received" and page.row(id).get("source") != "stock")
    page.table.go_to(page.table.model_.row_of(next(here)))
    page.table.setFocus()
    desk.press(Qt.Key.Key_P)
    desk.qtbot.waitUntil(lambda: desk.paper == "label")
