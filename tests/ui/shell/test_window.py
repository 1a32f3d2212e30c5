"""The window: what an advisor presses, and what is asked of the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import DeskFolder
from tests.ui.support.fake_link import FakeLink
from ui.link.cache import Reader
from ui.shell.import_dialog import ImportDialog
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A window on a real cache with nobody behind it."""

    def __init__(self, look: Look, folder: DeskFolder, layout: Path) -> None:
        self.link = FakeLink()
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.session = Session(self.reader, self.link, lambda: datetime.now(UTC))
        self.window = Window(look, self.session, Layout(layout))
        self.window.restore((1366, 768))

    def press(self, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the keyboard is."""
        target = self.window.focusWidget() or self.window
        qtbot.keyClick(target, key, modifier)


@pytest.fixture
def desk(qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path) -> Iterator[Desk]:
    """Maria's window, painted and complete."""
    made = Desk(look, demo_desk, tmp_path / "window.ini")
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.complete()
    made.window.activateWindow()
    yield made
    made.window.close()
    made.reader.close()


def test_a_board_without_cars_has_nothing_beside_it_to_pick_one_for(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    link = FakeLink()
    session = Session(Reader(tmp_path / "none.db", b"k" * 32), link, lambda: datetime.now(UTC))
    window = Window(look, session, Layout(tmp_path / "window.ini"))
    qtbot.addWidget(window)
    window.show()
    window.complete()
    assert not window.right.isVisible()
    window._doing.act("repromise")
    assert window.toast._words.text() == "There is no car on the board yet."
    window.close()


def test_the_board_is_painted_before_anything_else_is_there(
    qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path
) -> None:
    made = Desk(look, demo_desk, tmp_path / "window.ini")
    qtbot.addWidget(made.window)
    with qtbot.waitSignal(made.window.first_painted):
        made.window.show()
    assert made.window.board.painter.painted > 0
    assert made.link.started == 0
    assert made.window.right is None
    made.window.close()
    made.reader.close()


def test_a_day_begins_with_the_car_that_needs_someone_most(desk: Desk) -> None:
    card = desk.session.board.cards[desk.session.order_id]
    assert card.advisor_id == desk.session.me["id"]
    assert card.after_promise or card.late or card.untold


def test_a_bracket_moves_the_car_a_stage_and_offers_to_undo_it(desk: Desk, qtbot: QtBot) -> None:
    card = next(card for card in desk.window.board.shown() if card.stage == "repair")
    desk.window.show_order(card.id)
    desk.window.board.focus_cars()
    desk.press(qtbot, Key.Key_BracketRight)
    asked = desk.link.last
    assert (asked.do, asked.args) == ("ro.move_stage", {"repair_order_id": card.id, "stage": "quality"})
    desk.link.answer(change="c1", changed={"repair_order": [card.id]})
    assert desk.window.toast.isVisible()
    desk.press(qtbot, Key.Key_Z, CTRL)
    assert desk.link.last.do == "undo"


def test_typing_in_a_field_gives_no_command(desk: Desk, qtbot: QtBot) -> None:
    desk.press(qtbot, Key.Key_K, CTRL)
    before = len(desk.link.asked)
    focus = desk.window.focusWidget()
    assert isinstance(focus, QWidget)
    qtbot.keyClicks(focus, "rams")
    assert len(desk.link.asked) == before


def test_c_begins_to_log_a_call(desk: Desk, qtbot: QtBot) -> None:
    desk.window.board.focus_cars()
    desk.press(qtbot, Key.Key_C)
    focus = desk.window.focusWidget()
    assert focus is not None and desk.window.right.isAncestorOf(focus)


def test_the_link_is_said_in_words_and_the_board_says_how_old_it_is(desk: Desk) -> None:
    desk.link.link_changed.emit({"state": "offline", "words": "Offline since 9:31 · 3 changes waiting", "trouble": ""})
    assert desk.window.top.link.text() == "Offline since 9:31 · 3 changes waiting"
    assert desk.window.top.as_of.isVisible()
    assert desk.window.top.as_of.text().startswith("board as of ")


def test_a_sign_in_that_is_wanted_is_one_press(desk: Desk, qtbot: QtBot) -> None:
    said = {"state": "sign_in", "words": "Sign in", "trouble": "Sign in to go on syncing."}
    desk.link.link_changed.emit(said)
    assert desk.window.telling.line.isVisible()
    desk.window.telling.line.pressed.emit("sign_in")
    assert desk.link.last.do == "sign_in"


def test_a_first_sync_says_how_far_it_is_and_that_work_can_go_on(desk: Desk) -> None:
    desk.link.progress.emit({"event": "progress", "part": "history", "done": 4_000, "total": 20_000})
    assert desk.window.telling.line.isVisible()
    desk.link.progress.emit({"event": "progress", "part": "history", "done": 20_000, "total": 20_000})
    assert not desk.window.telling.line.isVisible()


def test_the_team_and_the_store_are_a_key_away_and_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.window.board.show_scope("store")
    assert len(desk.window.board.shown()) == len(desk.session.board.cards)
    assert Layout(tmp_path / "window.ini").get("scope") == "store"


def test_a_car_of_somebody_else_is_shown_when_it_is_looked_for(desk: Desk) -> None:
    other = next(card for card in desk.session.board.cards.values() if card.advisor_id != desk.session.me["id"])
    desk.window.search.found.emit({"repair_order_id": other.id, "title": "x"})
    assert desk.session.order_id == other.id
    assert desk.session.board.all.row_of(other.id) is not None


def test_every_page_of_the_rail_opens(desk: Desk, qtbot: QtBot) -> None:
    for number, name in (
        (Key.Key_2, "attention"),
        (Key.Key_3, "outbox"),
        (Key.Key_4, "reconcile"),
        (Key.Key_1, "board"),
    ):
        desk.press(qtbot, number, CTRL)
        assert desk.window.page == name


def test_the_list_shows_the_same_cars_as_the_lanes(desk: Desk, qtbot: QtBot) -> None:
    desk.press(qtbot, Key.Key_L, CTRL)
    assert desk.window.board.list is not None
    assert desk.window.board.list.model().rowCount() == len(desk.window.board.shown())


def test_what_is_owed_next_takes_the_car_in_hand(desk: Desk) -> None:
    tile = desk.window.strip.tiles[0]
    assert tile.item is not None
    tile.click()
    assert desk.session.order_id == tile.item.owed.repair_order_id


def test_what_is_owed_next_is_as_it_stands_when_the_board_is_come_back_to(desk: Desk) -> None:
    assert desk.window.strip.tiles[0].isVisible()
    desk.window.show_page("parts")
    desk.session.promises = []
    desk.session.board.load([])
    desk.window.show_page("board")
    assert not any(tile.isVisible() for tile in desk.window.strip.tiles)


def test_beside_a_promise_stands_its_own_car_and_none_where_no_order_is_open(desk: Desk) -> None:
    car = next(id for id in desk.session.board.cards if id != desk.session.order_id)
    owed = {"title": "Tell them", "due_at": "2026-11-23T17:00:00Z", "owner_id": desk.session.me["id"]}
    desk.session.promises = [{**owed, "id": id, "repair_order_id": id} for id in (car, "closed")]
    desk.window.show_page("promises")
    table = desk.window._doing.places.promises.table
    for id, in_hand in ((car, car), ("closed", ""), (car, car)):
        table.go_to(table.model_.row_of(id))
        assert desk.session.order_id == in_hand
        assert desk.window.right.empty.isVisible() is not bool(in_hand)
    assert desk.window.right.empty.text() == "No repair order is open for this promise"


def test_beside_the_drive_stands_the_car_of_the_visit_in_hand_and_none_where_none_is_written_up(desk: Desk) -> None:
    marked = desk.session.order_id
    desk.window.show_page("drive")
    drive, cars = desk.window._doing.places.drive, desk.session.board.cards
    here = {id: order["id"] for id, visit in drive.visits.items() if (order := visit.get("repair_order"))}
    written = next(id for id, order in here.items() if order in cars and order != marked)
    to_come = next(id for id in drive.visits if id not in here)
    drive.table.go_to(drive.table.model_.row_of(written))
    assert desk.session.order_id == desk.window.right.repair_order_id == here[written]
    desk.window._act("call")
    assert desk.window.focusWidget() is desk.window.right.composer.field
    drive.table.go_to(drive.table.model_.row_of(to_come))
    assert not desk.session.order_id and desk.window.right.empty.isVisible()
    assert desk.window.right.empty.text() == "No repair order is open for this visit"
    desk.window.show_page("board")
    assert desk.session.order_id == marked
    desk.window.show_order("")
    assert desk.window.right.empty.text() == "Pick a car on the board"


def test_closing_lets_the_service_finish(desk: Desk) -> None:
    desk.window.close()
    assert desk.link.closed


def test_the_car_in_hand_stays_in_hand_when_it_moves_a_lane(desk: Desk, qtbot: QtBot) -> None:
    card = next(card for card in desk.window.board.shown() if card.stage == "parts")
    desk.window.show_order(card.id)
    desk.window.board.focus_cars()
    facts = desk.session.board.facts[card.id]
    with qtbot.assertNotEmitted(desk.session.order_changed):
        desk.session.board.update({card.id: facts | {"stage": "repair"}}, [])
    assert desk.session.order_id == card.id
    repair = next(column.lane for column in desk.window.board.lanes.columns if column.lane.stage == "repair")
    assert repair.hasFocus()
    assert repair.currentIndex().row() == repair.list.row_of(card.id)


def test_a_suppliers_list_is_imported_by_whoever_may(desk: Desk, qtbot: QtBot) -> None:
    desk.press(qtbot, Key.Key_I, CTRL)
    assert desk.window.toast.isVisible(), "Maria is an advisor"
    assert not desk.window.findChildren(ImportDialog)
    desk.session.people[desk.session.me["id"]]["roles"] = ["parts"]
    desk.press(qtbot, Key.Key_I, CTRL)
    (dialog,) = desk.window.findChildren(ImportDialog)
    assert dialog.isVisible() and "Ctrl O" in dialog.choose.accessibleDescription()
    dialog.reject()


def test_the_whole_store_with_all_its_counts_fits_the_smallest_screen(desk: Desk, qtbot: QtBot) -> None:
    desk.window.show_page("parts")
    desk.window.board.show_scope("store")
    desk.window.show_page("board")
    for width in (1920, 1366):
        desk.window.resize(width, 768)
    assert desk.window.width() == 1366


class UnseenMenu(QMenu):
    """A menu that says where it would open."""

    opened: ClassVar[list[tuple[QPoint, list[QAction]]]] = []

    def popup(self, place: QPoint) -> None:  # type: ignore[override]
        """Note it."""
        self.opened.append((place, self.actions()))


def test_the_stages_are_offered_at_the_car_they_are_for(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.shell.deeds.Menu", UnseenMenu)
    card = next(card for card in desk.window.board.shown() if card.stage == "parts")
    desk.window.show_order(card.id)
    desk.window.board.focus_cars()
    lane = next(column.lane for column in desk.window.board.lanes.columns if column.lane.hasFocus())
    desk.press(qtbot, Key.Key_M)
    place, (heading, first, *_) = UnseenMenu.opened.pop()
    assert place == lane.viewport().mapToGlobal(lane.visualRect(lane.currentIndex()).bottomLeft())
    assert heading.text() == f"Move {card.tag} to" and not heading.isEnabled()
    assert first.text() == "&1  Write-up"


def test_the_stages_of_a_car_whose_card_is_not_to_be_seen_are_offered_at_its_name(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.shell.deeds.Menu", UnseenMenu)
    stage = desk.session.board.cards[desk.session.order_id].stage
    column = next(column for column in desk.window.board.lanes.columns if column.lane.stage == stage)
    column.forced = True
    desk.window.board.lanes.arrange()
    desk.press(qtbot, Key.Key_M)
    place, _ = UnseenMenu.opened.pop()
    head = desk.window.right.header
    assert place == head.mapToGlobal(head.rect().bottomLeft())
