"""The first sync: open work first, page by page, resumed where it was cut, with nothing lost between its pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sync.broken_line import BrokenLine, PowerCut
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import PEOPLE, STORE, Desk, bridge_everything, put_back


def _same(desk: Desk, bridge: DirectBridge) -> bool:
    return desk.everything() == bridge_everything(bridge)


def test_it_ends_with_all_the_bridge_holds_and_a_board_of_it(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    desk = open_desk("maria")
    assert desk.turn() == "live"
    assert _same(desk, bridge)
    assert desk.noted("first_sync_done") == "1" and desk.noted("snapshot_after") is None
    with desk.cache.read() as conn:
        cards = conn.exec_driver_sql("SELECT repair_order_id FROM board ORDER BY 1").scalars().all()
    assert cards == ["ro-1", "ro-2"]


def test_the_board_is_painted_from_the_open_work_before_the_history_comes(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    cards: list[int] = []

    def look() -> None:
        with desk.cache.read() as conn:
            cards.append(int(conn.exec_driver_sql("SELECT count(*) FROM board").scalar_one()))

    for _ in range(12):
        line.meanwhile("snapshot", look)
    desk.turn()
    parts = [event["part"] for event in desk.events if event["event"] == "progress"]
    assert parts == sorted(parts, reverse=True), "open before history"
    assert cards[parts.index("history") + 1] == 2


def test_progress_counts_up_to_the_whole(open_desk: OpenDesk) -> None:
    desk = open_desk("maria")
    desk.turn()
    done = [(event["done"], event["total"]) for event in desk.events if event["event"] == "progress"]
    assert [count for count, _ in done] == sorted(count for count, _ in done)
    assert done[-1][0] == done[-1][1] > 0


@pytest.mark.parametrize("pages", range(1, 7))
def test_a_kill_between_two_pages_goes_on_from_the_next(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path, pages: int
) -> None:
    line = BrokenLine().well("snapshot", pages).cut_power("snapshot")
    desk = open_desk("maria", line)
    with pytest.raises(PowerCut):
        desk.turn()
    desk.kill(tmp_path / "again.db")
    line.carried.clear()
    assert desk.turn() == "live"
    assert _same(desk, bridge)
    whole = open_desk("david", counting := BrokenLine())
    whole.turn()
    # The page in hand when it died was not yet written, so it is asked for again; none before it is.
    assert line.carried.count("snapshot") == counting.carried.count("snapshot") - max(0, pages - 1)


def test_what_changes_between_two_pages_is_caught_up_after_the_last(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    busy, desk = open_desk("helen"), open_desk("maria", line)
    busy.turn()
    tags = iter(f"X{n}" for n in range(100))

    def work() -> None:
        busy.do("ro.set_tag", repair_order_id="ro-1", tag=next(tags))
        busy.do("contact.log", customer_id="cust-2", channel="note", body=f"Note {next(tags)}")
        busy.turn()

    for _ in range(6):
        line.meanwhile("snapshot", work)
    desk.turn()
    assert _same(desk, bridge)
    assert desk.fields("repair_order", "ro-1")["tag"] == "X10"


def test_what_is_deleted_between_two_pages_does_not_come_back(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    busy, desk = open_desk("maria"), open_desk("david", line)
    busy.turn()
    change = busy.do("contact.log", customer_id="cust-2", channel="note", body="Wrong customer")
    busy.turn()

    def undo() -> None:
        busy.do("undo", change=change)
        busy.turn()

    line.well("snapshot", 6).meanwhile("snapshot", undo)
    desk.turn()
    assert _same(desk, bridge)


def test_a_line_that_breaks_goes_on_at_the_next_turn(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine().well("snapshot", 2).lose_reply("snapshot")
    desk = open_desk("maria", line)
    assert desk.turn() == "offline"
    assert desk.noted("cursor") is None
    assert desk.turn() == "live"
    assert _same(desk, bridge)


def test_a_place_in_a_snapshot_that_is_gone_begins_it_afresh(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine().well("snapshot", 2).lose_request("snapshot")
    desk = open_desk("maria", line)
    desk.turn()
    put_back(bridge)
    desk.turn()
    assert desk.turn() == "live"
    assert _same(desk, bridge)


def test_commands_given_during_it_are_kept_and_sent(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    line.well("snapshot", 5).meanwhile("snapshot", lambda: desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1"))
    desk.turn()
    assert desk.fields("repair_order", "ro-1")["tag"] == "X1"
    desk.turn()
    assert desk.waiting() == 0 and _same(desk, bridge)


def test_the_store_is_never_mixed_with_another(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    bridge.books.import_records("store-2", [("store", "store-2", {"name": "Hill Street"}), ("customer", "x", {})])
    desk = open_desk("maria")
    desk.turn()
    assert desk.noted("store_id") == STORE and desk.seen("customer", "x") is None


def test_what_was_said_before_the_window_stays_at_the_bridge(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    there = open_desk("david")
    there.turn()
    for years in (4, 6):
        at = f"{2026 - years}-11-01T10:00:00Z"
        there.do("contact.log", customer_id="cust-1", channel="note", body=f"{years} years ago", at=at)
    there.turn()
    here = open_desk("maria")
    here.turn()
    left_out = bridge_everything(bridge).keys() - here.everything().keys()
    assert [bridge_everything(bridge)[at]["body"] for at in left_out] == ["6 years ago"]
    progress = [event for event in here.events if event["event"] == "progress"]
    assert progress[-1]["done"] == progress[-1]["total"], "the screen is told that it is done"


def test_a_page_of_an_earlier_snapshot_does_not_end_this_one(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    maria = bridge.caller(STORE, PEOPLE["maria"])
    after = ""
    while (end := json.loads(bridge.snapshot(maria, after).splitlines()[-1])["end"])["more"]:
        after = end["cursor"]
    line.well("snapshot", 2).mistake("snapshot", lambda: bridge.snapshot(maria, after))
    assert desk.turn() == "offline" and desk.noted("first_sync_done") is None
    assert desk.turn() == "live"
    assert _same(desk, bridge)
