"""What waits to be sent: in order, since when, and why something is held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from ui.shell.outbox import EMPTY, OutboxPage
from ui.theme.look import Look

LINK = {"words": "Offline since 9:31 · 3 changes waiting"}
CALL = {"channel": "call", "direction": "out", "outcome": "no_answer", "body": "Rang twice."}
NAME = Qt.ItemDataRole.AccessibleTextRole


def edit(number: int, **more: Any) -> dict[str, Any]:
    """A change that waits."""
    return {
        "id": f"m-{number}",
        "kind": "part_line",
        "record_id": f"part-{number}",
        "repair_order_id": f"ro-{number}",
        "title": f"T-16{number} · RO 4814{number} · Marchetti, Sofia",
        "intent": "part.set_eta",
        "made_at": "2026-11-23T14:31:00.000Z",
        "set": {"eta": "2026-11-26T17:00:00Z", "eta_set_at": "2026-11-23T14:31:00Z"},
        "state": "waiting",
    } | more


@pytest.fixture
def page(look: Look, window: QWidget, settings: Settings, now: datetime, qtbot: QtBot) -> OutboxPage:
    page = OutboxPage(look, lambda: now)
    QVBoxLayout(window).addWidget(page)
    page.show_items([edit(1), edit(2, state="held"), edit(3, intent="contact.log", set=CALL)], LINK, settings)
    qtbot.waitUntil(window.isActiveWindow)
    page.setFocus()
    return page


def rows(page: OutboxPage) -> list[str]:
    model = page.list.model()
    return [str(model.index(row, 0).data(NAME)) for row in range(model.rowCount())]


def test_edits_stand_in_the_order_they_go_with_since_when_and_why_one_is_held(page: OutboxPage) -> None:
    assert rows(page) == [
        "ETA → Thu 12:00, T-161 · RO 48141 · Marchetti, Sofia, since 9:31 · 37 min, waits for the bridge",
        "ETA → Thu 12:00, T-162 · RO 48142 · Marchetti, Sofia, since 9:31 · 37 min, "
        "held: an edit before it needs your decision",
        "Contact: Called, no answer: Rang twice., T-163 · RO 48143 · Marchetti, Sofia, since 9:31 · 37 min, "
        "waits for the bridge",
    ]
    assert page.head.note.text() == "Offline since 9:31 · 3 changes waiting"


def test_an_edit_the_bridge_is_too_old_for_says_so(page: OutboxPage, settings: Settings) -> None:
    page.show_items([edit(1, state="later")], LINK, settings)
    assert rows(page)[0].endswith("held: the bridge must be updated first")


def test_enter_and_a_double_click_open_the_repair_order(page: OutboxPage, qtbot: QtBot) -> None:
    assert page.list.hasFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.order_wanted) as heard:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert heard.args == ["ro-2"]
    place = page.list.visualRect(page.list.model().index(2, 0)).center()
    with qtbot.waitSignal(page.order_wanted) as heard:
        qtbot.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.args == ["ro-3"]


def test_a_double_click_opens_it_once(page: OutboxPage, qtbot: QtBot) -> None:
    opened: list[str] = []
    page.order_wanted.connect(opened.append)
    place = page.list.visualRect(page.list.model().index(0, 0)).center()
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["ro-1"]


def test_the_row_in_hand_stays_while_others_are_sent(page: OutboxPage, settings: Settings, qtbot: QtBot) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    page.show_items([edit(3), edit(2)], LINK, settings)
    assert page.list.currentIndex().row() == 1
    with qtbot.waitSignal(page.order_wanted) as heard:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert heard.args == ["ro-2"]


def test_an_edit_without_a_repair_order_opens_nothing(page: OutboxPage, settings: Settings, qtbot: QtBot) -> None:
    page.show_items([edit(1, repair_order_id="")], LINK, settings)
    with qtbot.assertNotEmitted(page.order_wanted):
        qtbot.keyClick(page.list, Qt.Key.Key_Return)


def test_with_nothing_waiting_the_page_says_so(page: OutboxPage, settings: Settings) -> None:
    page.show_items([], {"words": "Live"}, settings)
    assert page.empty.isVisible()
    assert page.empty.text == EMPTY
    assert not page.list.isVisible()


def test_the_model_keeps_qts_rules(page: OutboxPage, settings: Settings) -> None:
    tester = QAbstractItemModelTester(page.list.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.show_items([], LINK, settings)
    page.show_items([edit(1), edit(4)], LINK, settings)
    page.show_items([edit(1, state="sent"), edit(4)], LINK, settings)
    assert rows(page)[0].endswith("sent, not answered yet")
    assert tester.model() is page.list.model()


def test_it_paints_in_both_themes(page: OutboxPage, look: Look) -> None:
    light = page.grab().toImage().pixelColor(3, 3).name()
    look.use("dark")
    assert (light, page.grab().toImage().pixelColor(3, 3).name()) == ("#eef0f3", look.colour("bg").name())


def test_what_was_changed_just_now_does_not_say_how_long_ago(
    page: OutboxPage, settings: Settings, now: datetime
) -> None:
    page.show_items([edit(1, made_at="2026-11-23T15:07:40.000Z")], LINK, settings)
    assert ", since 10:07, waits" in rows(page)[0]
