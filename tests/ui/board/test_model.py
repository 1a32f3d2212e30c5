"""The board's models: lanes kept in step by differences, never reset by a sync."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.board.list import CardTable
from ui.board.model import CARD, Board


def facts(id: str, now: datetime, **more: Any) -> dict[str, Any]:
    """A board row of a car in repair, promised in the afternoon."""
    row = {
        "id": id,
        "number": f"48{id}",
        "tag": f"T-{id}",
        "stage": "repair",
        "stage_since": times.to_wire(now - timedelta(hours=1)),
        "opened": times.to_wire(now - timedelta(hours=2)),
        "promised_at": times.to_wire(now + timedelta(hours=5)),
        "advisor_id": "maria",
        "customer": "Marchetti, Sofia",
        "told_at": times.to_wire(now - timedelta(minutes=10)),
        "parts": [],
    }
    return row | more


def test_a_lane_and_the_list_pass_the_model_tester_through_a_morning(board: Board, now: datetime) -> None:
    testers = [QAbstractItemModelTester(lane, _strict()) for lane in board.lanes.values()]
    table = CardTable(board.all)
    testers.append(QAbstractItemModelTester(table, _strict()))
    board.load([facts(str(number), now) for number in range(5)])
    board.update({"2": facts("2", now, stage="quality")}, ["4"])
    board.update({"1": facts("1", now, promised_at=times.to_wire(now + timedelta(hours=1)))}, [])
    board.filter(lambda card: card.tag != "T-0")
    board.tick()
    assert [card.id for card in board.lanes["quality"].cards] == ["2"]
    assert table.rowCount() == 3


def _strict() -> QAbstractItemModelTester.FailureReportingMode:
    return QAbstractItemModelTester.FailureReportingMode.Fatal


def test_a_sync_repaints_the_changed_card_and_resets_nothing(board: Board, now: datetime, qtbot: QtBot) -> None:
    board.load([facts(str(number), now) for number in range(3)])
    lane = board.lanes["repair"]
    with qtbot.assertNotEmitted(lane.modelReset), qtbot.waitSignal(lane.dataChanged, timeout=0, raising=True) as said:
        board.update({"1": facts("1", now, customer="Haddad, Leila")}, [])
    assert said.args is not None
    assert said.args[0].data(CARD).customer == "Haddad, Leila"


def test_an_eta_after_the_promise_turns_the_card_red_and_counts_it(board: Board, now: datetime) -> None:
    late = {
        "id": "p1",
        "state": "ordered",
        "description": "Water pump kit",
        "eta": times.to_wire(now + timedelta(days=3)),
        "ordered_at": times.to_wire(now - timedelta(days=1)),
    }
    board.load([facts("1", now)])
    assert not board.cards["1"].after_promise
    board.update({"1": facts("1", now, parts=[late])}, [])
    card = board.cards["1"]
    assert card.after_promise
    assert card.lights[0].state == "late"
    assert "Water pump kit" in card.lights[0].why


def test_time_alone_turns_a_promise_amber_then_red(qapp: object, settings: Settings, now: datetime) -> None:
    clock = [now]
    board = Board(settings, lambda: clock[0])
    board.load([facts("1", now, told_at=times.to_wire(now + timedelta(hours=4)))])
    assert board.cards["1"].edge == ""
    clock[0] = now + timedelta(hours=4, minutes=20)
    board.tick()
    assert board.cards["1"].edge == "amber"
    clock[0] = now + timedelta(hours=5, minutes=1)
    board.tick()
    assert board.cards["1"].edge == "late"


def test_a_whole_board_read_again_changes_only_what_differs(board: Board, now: datetime, qtbot: QtBot) -> None:
    rows = [facts(str(number), now) for number in range(4)]
    board.load(rows)
    lane = board.lanes["repair"]
    with qtbot.assertNotEmitted(lane.modelReset), qtbot.assertNotEmitted(lane.rowsInserted):
        board.replace([*rows[:3]])
    assert [card.id for card in lane.cards] == ["0", "1", "2"]


def test_a_stage_nobody_knows_here_stands_with_the_write_ups(board: Board, now: datetime) -> None:
    board.load([facts("1", now, stage="sublet_from_the_future")])
    assert [card.id for card in board.lanes["write_up"].cards] == ["1"]


def test_a_card_reads_as_one_sentence(board: Board, now: datetime) -> None:
    board.load([facts("1", now)])
    assert board.cards["1"].sentence.startswith("T-1, 481, Marchetti, Sofia, promised 15:08. Promised today 15:08.")


def test_a_row_with_nothing_in_it_is_still_a_card(board: Board) -> None:
    board.load([{"id": "1"}])
    assert board.cards["1"].customer == "No customer"
