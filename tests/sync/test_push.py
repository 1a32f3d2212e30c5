"""Push: in order, once, whatever becomes of the request or its reply; a bad edit steps aside for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from advisor_desk.api.errors import Said
from advisor_desk.cache import outbox
from advisor_desk.cache.codec import Touched
from tests.sync.broken_line import BrokenLine, PowerCut
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import STORE, Desk, at_bridge, bridge_everything, copy_cache

RO = ("repair_order", "ro-1")


def _ledger(bridge: DirectBridge) -> list[tuple[str, str]]:
    with bridge.books.read(STORE) as conn:
        rows = conn.exec_driver_sql("SELECT id, answer FROM ledger ORDER BY rowid").all()
    return [(id, answer) for id, answer in rows]


def _edits(desk: Desk, times: int = 3) -> None:
    for n in range(times):
        desk.do("contact.log", customer_id="cust-1", channel="note", body=f"Note {n}")


def test_everything_that_waits_is_at_the_bridge_after_a_turn(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    desk = open_desk("maria")
    desk.turn()
    _edits(desk, 150)
    desk.turn()
    assert desk.waiting() == 0
    assert desk.everything() == bridge_everything(bridge)


@pytest.mark.parametrize("fault", ["lose_request", "lose_reply", "twice"])
def test_each_edit_takes_effect_once_whatever_becomes_of_the_request(
    open_desk: OpenDesk, bridge: DirectBridge, fault: str
) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    _edits(desk)
    getattr(line, fault)("push")
    desk.turn()
    desk.turn()
    assert desk.waiting() == 0 and len(_ledger(bridge)) == 3
    with bridge.books.read(STORE) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM feed").scalar() == 3


@pytest.mark.parametrize("before", [True, False])
def test_a_kill_while_a_push_is_under_way_loses_and_doubles_nothing(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path, before: bool
) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    _edits(desk)
    line.cut_power("push", before=before)
    with pytest.raises(PowerCut):
        desk.turn()
    desk.kill(tmp_path / "again.db")
    assert desk.waiting() == 3
    desk.turn()
    assert desk.waiting() == 0 and len(_ledger(bridge)) == 3
    assert desk.everything() == bridge_everything(bridge)


def test_a_kill_while_the_answers_are_taken_loses_and_doubles_nothing(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk("maria")
    desk.turn()
    _edits(desk, 25)
    settle, taken = outbox.settle, list[int]()

    def some(conn: Connection, results: Iterable[dict[str, Any]], now: datetime) -> Touched:
        if taken:
            raise PowerCut
        answers = list(results)
        taken.append(len(answers))
        return settle(conn, answers, now)

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(outbox, "settle", some)
        desk.turn()
    desk.kill(tmp_path / "again.db")
    assert 0 < desk.waiting() == 25 - taken[0]
    desk.turn()
    assert desk.waiting() == 0 and len(_ledger(bridge)) == 25
    assert desk.everything() == bridge_everything(bridge)


def test_an_edit_made_while_a_push_is_under_way_stays_pending_until_its_own_answer(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    line.on_the_way_back("push", lambda: desk.do("ro.set_tag", repair_order_id="ro-1", tag="X2"))
    line.well("push", 0)
    seen: list[str] = []
    line.meanwhile("push", lambda: seen.append(desk.fields(*RO)["tag"]))
    desk.turn()
    assert seen == ["X2"] and desk.fields(*RO)["tag"] == "X2" and desk.waiting() == 0


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_edit_the_bridge_cannot_read_steps_aside_and_the_rest_goes(
    open_desk: OpenDesk, bridge: DirectBridge, status: int
) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    _edits(desk, 5)
    line.refuse("push", Said("unreadable", status)).well("push", 2).refuse("push", Said("unreadable", status))
    desk.turn()
    assert desk.waiting() == 0
    (entry,) = desk.attention()
    assert entry["mine"]["body"] == "Note 2" and entry["problem"]["type"].endswith("unreadable")
    bodies = {fields.get("body") for (kind, _), fields in bridge_everything(bridge).items() if kind == "contact_event"}
    assert {"Note 0", "Note 1", "Note 3", "Note 4"} <= bodies and "Note 2" not in bodies


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_bridge_keeps_everything_waiting(open_desk: OpenDesk, status: int) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    _edits(desk)
    line.refuse("push", Said("busy", status))
    assert desk.turn() == "offline"
    assert desk.waiting() == 3 and desk.attention() == []
    assert desk.turn() == "live" and desk.waiting() == 0


def test_a_refused_edit_needs_a_decision_and_unrelated_ones_go_through(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    here, there = open_desk("maria"), open_desk("david")
    here.turn(), there.turn()
    there.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-24T15:00:00Z")
    there.turn()
    here.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-25T15:00:00Z")
    _edits(here, 2)
    here.turn()
    (entry,) = here.attention()
    assert entry["mine"]["promised_at"] == "2026-11-25T15:00:00Z"
    assert entry["theirs"]["promised_at"] == "2026-11-24T15:00:00Z" and entry["by"] == "David Kim"
    assert here.waiting() == 0
    here.do("attention.resolve", attention_id=entry["id"], action="set_mine")
    here.turn(), there.turn()
    assert here.attention() == []
    assert there.fields(*RO)["promised_at"] == at_bridge(bridge, *RO)["promised_at"] == "2026-11-25T15:00:00Z"


def test_what_builds_on_a_refused_edit_waits_with_it_and_goes_when_it_is_decided(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    here, there = open_desk("maria"), open_desk("david")
    here.turn(), there.turn()
    there.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-24T15:00:00Z")
    there.turn()
    here.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-25T15:00:00Z")
    here.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-26T15:00:00Z")
    here.turn()
    (entry,) = here.attention()
    assert here.waiting() == 1 and at_bridge(bridge, *RO)["promised_at"] == "2026-11-24T15:00:00Z"
    here.do("attention.resolve", attention_id=entry["id"], action="set_mine")
    here.turn(), here.turn()
    assert here.attention() == [] and here.waiting() == 0
    assert at_bridge(bridge, *RO)["promised_at"] == "2026-11-26T15:00:00Z"


def test_two_edits_of_one_field_made_offline_are_no_conflict_with_each_other(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    desk = open_desk("maria")
    desk.turn()
    for day in (24, 25, 26):
        desk.do("ro.repromise", repair_order_id="ro-1", promised_at=f"2026-11-{day}T15:00:00Z")
    desk.turn()
    assert desk.attention() == []
    assert at_bridge(bridge, *RO)["promised_at"] == "2026-11-26T15:00:00Z"
    assert len(at_bridge(bridge, *RO)["promise_moves"]) == 3


def test_a_contact_logged_and_undone_offline_leaves_nothing_and_asks_nobody(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    desk = open_desk("maria")
    desk.turn()
    change = desk.do("contact.log", customer_id="cust-1", channel="note", body="Wrong customer")
    desk.do("undo", change=change)
    desk.turn()
    assert desk.attention() == [] and desk.waiting() == 0
    assert desk.everything() == bridge_everything(bridge)


def test_a_cloned_cache_counts_anew_and_loses_nothing(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path
) -> None:
    original, clone = open_desk("maria"), open_desk("maria")
    original.turn()
    _edits(original, 1)
    original.turn()
    clone.cache.close()
    copy_cache(original.path, clone.path)
    clone.open()
    original.do("contact.log", customer_id="cust-1", channel="note", body="From the original")
    clone.do("contact.log", customer_id="cust-1", channel="note", body="From the clone")
    original.turn(), clone.turn()
    assert original.waiting() == clone.waiting() == 0
    assert original.noted("desk_id") != clone.noted("desk_id")
    bodies = {fields.get("body") for (kind, _), fields in bridge_everything(bridge).items() if kind == "contact_event"}
    assert {"From the original", "From the clone"} <= bodies


def test_a_cache_put_back_from_a_copy_sends_again_what_it_does_not_know_was_sent(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path
) -> None:
    desk = open_desk("maria")
    desk.turn()
    _edits(desk, 2)
    copy_cache(desk.path, tmp_path / "copy.db")
    desk.turn()
    desk.cache.close()
    copy_cache(tmp_path / "copy.db", desk.path)
    desk.open()
    assert desk.waiting() == 2
    desk.turn()
    assert desk.waiting() == 0 and len(_ledger(bridge)) == 2


def test_the_edits_of_whoever_was_signed_in_before_wait_for_them(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    line.down = True
    _edits(desk, 1)
    desk._parts = (bridge, "david", *desk._parts[2:3], None)
    desk.cache.close()
    desk.open()
    desk.turn()
    assert desk.noted("employee_id") == "emp-david" and desk.waiting() == 1
    assert _ledger(bridge) == []
