"""After an outage: by repair order what became of each edit, what to key by hand, ticked off and printed."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.shell.fakes import FakeDesk
from ui.shell import reconcile_words
from ui.shell.reconcile import EMPTY, ReconcilePage
from ui.shell.reconcile_print import write_pdf
from ui.shell.reconcile_words import Done
from ui.theme.look import Look

NAME = Qt.ItemDataRole.AccessibleTextRole
CHECKED = Qt.ItemDataRole.CheckStateRole


def entry(number: int, order: int = 1, **more: Any) -> dict[str, Any]:
    """An edit made while the line was down, as the cache reads it."""
    return {
        "id": f"m-{number}",
        "outage": "2026-11-23T14:31:00.000Z",
        "kind": "repair_order",
        "record_id": f"ro-{order}",
        "repair_order_id": f"ro-{order}",
        "order": f"T-16{order} · RO 4814{order} · Marchetti, Sofia",
        "title": f"T-16{order} · RO 4814{order} · Marchetti, Sofia",
        "intent": "ro.set_tag",
        "made_at": "2026-11-23T14:40:00.000Z",
        "author": "Maria Keller",
        "set": {"tag": "T-7"},
        "became": "sent",
        "decided": False,
        "by_hand": {},
        "ticked_at": "",
        "ticked_by": "",
    } | more


PROMISE = {"promised_at": "2026-11-23T22:00:00Z"}
ITEMS = [
    entry(1),
    entry(2, intent="ro.repromise", set=PROMISE | {"promise_moves": [{}]}, by_hand=PROMISE),
    entry(3, intent="ro.set_spot", set={"spot": "B 14"}, became="merged"),
    entry(4, 2, intent="part.set_eta", set={"eta": "2026-11-26T17:00:00Z"}, became="clashed"),
    entry(5, 2, intent="ro.hold", set={"hold_reasons": ["parts"]}, became="held"),
]


@pytest.fixture
def page(look: Look, desk: FakeDesk, window: QWidget, settings: Settings, now: datetime, qtbot: QtBot) -> ReconcilePage:
    page = ReconcilePage(look, desk.ask, lambda: now)
    QVBoxLayout(window).addWidget(page)
    page.show_items(ITEMS, settings)
    qtbot.waitUntil(window.isActiveWindow)
    page.setFocus()
    return page


def rows(page: ReconcilePage) -> list[str]:
    model = page.list.model()
    return [str(model.index(row, 0).data(NAME)) for row in range(model.rowCount())]


def place(page: ReconcilePage, row: int, x: int) -> QPoint:
    box = page.list.visualRect(page.list.model().index(row, 0))
    return QPoint(box.left() + x, box.top() + 14)


def test_each_orders_edits_stand_together_with_what_became_of_them(page: ReconcilePage) -> None:
    assert rows(page) == [
        "Offline since 9:31",
        "T-161 · RO 48141 · Marchetti, Sofia, 0 of 3 ticked",
        "Tag, sent, T-7 · Maria Keller, 9:40, not ticked",
        "Re-promise, sent, Key by hand: Promised time 17:00 · Maria Keller, 9:40, not ticked",
        "Spot, merged with another's edit, B 14 · Maria Keller, 9:40, not ticked",
        "T-162 · RO 48142 · Marchetti, Sofia, 0 of 2 ticked",
        "ETA, clashed: decide it, Thu 12:00 · Maria Keller, 9:40, not ticked",
        "Hold, held: an edit before it needs your decision, On hold for parts · Maria Keller, 9:40, not ticked",
    ]
    assert page.head.note.text() == "1 to key by hand"


def test_an_outage_before_has_its_own_heading(page: ReconcilePage, settings: Settings) -> None:
    page.show_items([*ITEMS, entry(9, outage="2026-11-20T20:00:00.000Z")], settings)
    assert [row for row in rows(page) if row.startswith("Offline")] == ["Offline since 9:31", "Offline since Fri 15:00"]
    assert rows(page)[-2] == "T-161 · RO 48141 · Marchetti, Sofia, 0 of 1 ticked"


def test_an_outage_that_is_over_says_until_when(page: ReconcilePage, settings: Settings) -> None:
    over = [
        entry(1, until="2026-11-23T14:52:00Z"),
        entry(2, outage="2026-11-20T20:00:00.000Z", until="2026-11-21T13:00:00Z"),
    ]
    page.show_items(over, settings)
    said = [row for row in rows(page) if row.startswith("Offline")]
    assert said == ["Offline 9:31 to 9:52", "Offline Fri 15:00 to Sat 8:00"]
    page.show_items([entry(1, until="2026-11-23T14:31:40Z")], settings)
    assert rows(page)[0] == "Offline at 9:31"


def test_space_ticks_the_row_in_hand(page: ReconcilePage, desk: FakeDesk, qtbot: QtBot) -> None:
    assert page.list.hasFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert desk.asked == [("reconcile.tick", {"entries": ["m-1"], "done": True})]


def test_a_ticked_row_says_by_whom_and_space_takes_the_tick_back(
    page: ReconcilePage, desk: FakeDesk, settings: Settings, qtbot: QtBot
) -> None:
    ticked = entry(1, ticked_at="2026-11-23T15:00:00Z", ticked_by="Maria Keller")
    page.show_items([ticked, *ITEMS[1:]], settings)
    assert rows(page)[2].endswith("ticked by Maria Keller 10:00")
    assert page.list.model().index(2, 0).data(CHECKED) is Qt.CheckState.Checked
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert desk.asked == [("reconcile.tick", {"entries": ["m-1"], "done": False})]


def test_a_click_in_the_box_ticks_and_one_on_the_words_does_not(
    page: ReconcilePage, desk: FakeDesk, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place(page, 4, 120))
    assert desk.asked == []
    qtbot.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place(page, 4, 20))
    assert desk.asked == [("reconcile.tick", {"entries": ["m-3"], "done": True})]


def test_space_on_an_order_ticks_all_that_is_left_of_it(
    page: ReconcilePage, desk: FakeDesk, settings: Settings, qtbot: QtBot
) -> None:
    page.show_items([entry(1, ticked_at="2026-11-23T15:00:00Z"), *ITEMS[1:]], settings)
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert desk.asked == [("reconcile.tick", {"entries": ["m-2", "m-3"], "done": True})]


def test_enter_and_a_double_click_open_the_order(page: ReconcilePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.order_wanted) as heard:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert heard.args == ["ro-1"]
    with qtbot.waitSignal(page.order_wanted) as heard:
        qtbot.mouseDClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=place(page, 6, 120))
    assert heard.args == ["ro-2"]


def test_the_row_in_hand_stays_while_others_are_ticked(
    page: ReconcilePage, desk: FakeDesk, settings: Settings, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    page.show_items([entry(1, ticked_at="2026-11-23T15:00:00Z"), *ITEMS[1:]], settings)
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    assert desk.asked[-1][1]["entries"] == ["m-2"]


def test_a_clash_that_somebody_decided_asks_for_nothing_more(now: datetime, settings: Settings) -> None:
    assert Done(entry(1, became="clashed", decided=True), now, settings).state == "clashed, decided"


def test_a_refused_tick_is_said_on_the_page(page: ReconcilePage, desk: FakeDesk, qtbot: QtBot) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_Space)
    desk.refuse("not_found", "Those entries are not in the list any more.")
    assert page.fault.text() == "Those entries are not in the list any more." and page.fault.isVisible()


def test_with_nothing_to_look_over_the_page_says_so(page: ReconcilePage, settings: Settings) -> None:
    page.show_items([], settings)
    assert page.empty.isVisible() and page.empty.text == EMPTY
    assert not page.list.isVisible() and not page.print.isVisible()


def test_when_all_is_ticked_the_page_says_so(page: ReconcilePage, settings: Settings) -> None:
    page.show_items([item | {"ticked_at": "2026-11-23T15:00:00Z"} for item in ITEMS], settings)
    assert page.head.note.text() == "all ticked"


def pages_of(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_it_is_printed_to_the_file_that_is_chosen(page: ReconcilePage, tmp_path: Path, qtbot: QtBot) -> None:
    page.choose = lambda over: str(tmp_path / "monday")
    qtbot.keyClick(page.list, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    printed = tmp_path / "monday.pdf"
    assert printed.read_bytes().startswith(b"%PDF-") and pages_of(printed) == 1
    assert not page.fault.isVisible()


def test_a_long_outage_takes_more_pages(tmp_path: Path, now: datetime, settings: Settings) -> None:
    many = reconcile_words.rows([entry(n, n // 3) for n in range(120)], now, settings)
    assert write_pdf(str(tmp_path / "long.pdf"), many, "Harbor Motors", now, settings)
    assert 3 <= pages_of(tmp_path / "long.pdf") <= 8


def test_a_folder_that_cannot_be_written_is_said_and_choosing_nothing_prints_nothing(
    page: ReconcilePage, tmp_path: Path, qtbot: QtBot
) -> None:
    page.choose = lambda over: ""
    page.print.click()
    assert list(tmp_path.iterdir()) == []
    page.choose = lambda over: str(tmp_path / "nowhere" / "monday.pdf")
    page.print.click()
    assert page.fault.text() == "The file could not be written. Choose another folder."


def test_text_from_outside_is_painted_as_it_is(page: ReconcilePage, settings: Settings) -> None:
    page.show_items([entry(1) | {"order": "<b>Bobby</b> & Söhne"}], settings)
    assert rows(page)[1].startswith("<b>Bobby</b> & Söhne")


def test_the_model_keeps_qts_rules(page: ReconcilePage, settings: Settings) -> None:
    tester = QAbstractItemModelTester(page.list.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.show_items([], settings)
    page.show_items(ITEMS, settings)
    page.show_items([entry(1, ticked_at="2026-11-23T15:00:00Z"), *ITEMS[1:]], settings)
    assert tester.model() is page.list.model()


def test_it_paints_in_both_themes(page: ReconcilePage, look: Look) -> None:
    light = page.grab().toImage().pixelColor(3, 3).name()
    look.use("dark")
    assert (light, page.grab().toImage().pixelColor(3, 3).name()) == ("#eef0f3", look.colour("bg").name())


def test_a_contact_logged_without_a_line_reads_as_one_would_tell_of_it(now: datetime, settings: Settings) -> None:
    said = {"channel": "call", "direction": "out", "outcome": "no_answer", "body": "Rang twice."}
    assert Done(entry(6, intent="contact.log", set=said), now, settings).values == "Called, no answer: Rang twice."
