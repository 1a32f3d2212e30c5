"""The engine: who answers is settled first, the state of the line is true, and a restored bridge is healed."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from advisor_desk.api.errors import NotOurs, Offline, SignInNeeded, TooNew, WrongServer
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import HandClock, at_bridge, bridge_everything, keep_backup, open_bridge, put_back

RO = ("repair_order", "ro-1")


@pytest.mark.parametrize(
    ("error", "state"),
    [(Offline(), "offline"), (SignInNeeded(), "sign_in"), (NotOurs(), "not_ours"), (TooNew(), "too_old")],
)
def test_the_state_of_the_line_says_what_is_wrong_and_is_live_again_after(
    open_desk: OpenDesk, error: Exception, state: str
) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    line.refuse("changes", error)  # type: ignore[arg-type]
    assert desk.turn() == state
    assert desk.engine.line.now()["trouble"] == error.message  # type: ignore[attr-defined]
    assert desk.turn() == "live" and desk.engine.line.now()["trouble"] == ""


def test_offline_since_is_when_it_began_and_not_the_last_try(open_desk: OpenDesk, clock: HandClock) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    line.down = True
    clock.later(timedelta(minutes=5))
    for _ in range(3):
        desk.turn()
        clock.later(timedelta(minutes=5))
    assert desk.engine.line.now()["since"] == "2026-11-23T12:05:00Z"
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    assert desk.engine.line.now()["words"].endswith(" · 1 change waiting")


def test_the_line_is_announced_only_when_it_says_something_new(open_desk: OpenDesk) -> None:
    desk = open_desk("maria")
    desk.turn()
    desk.events.clear()
    desk.turn(), desk.turn()
    assert [event for event in desk.events if event["event"] == "link"] == []


def test_tries_come_further_and_further_apart_and_close_again_after_success(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    line.down = True
    waits = [desk.engine.turn() for _ in range(12)]
    assert waits == sorted(waits) and waits[0] < 3 and waits[-1] <= 301
    line.down = False
    desk.engine.turn()
    line.down = True
    assert desk.engine.turn() == waits[0]


def test_how_long_the_bridge_asks_to_wait_is_how_long_the_desk_waits(open_desk: OpenDesk) -> None:
    from advisor_desk.api.errors import Said

    line = BrokenLine()
    desk = open_desk("maria", line)
    line.refuse("capabilities", Said("busy", 503, retry_after=77.0))
    assert desk.engine.turn() == 77.0


@pytest.mark.expected_log(logging.ERROR, "sync step failed: ZeroDivisionError")
def test_a_fault_of_ours_is_logged_and_the_work_goes_on(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    line.meanwhile("changes", lambda: 1 / 0)
    assert desk.turn() == "offline"
    assert desk.turn() == "live"


def test_a_cache_is_never_mixed_with_another_bridges(open_desk: OpenDesk, tmp_path: Path, clock: HandClock) -> None:
    desk = open_desk("maria")
    desk.turn()
    before = desk.everything()
    other = open_bridge(tmp_path / "other", clock.now)
    desk._parts = (other, *desk._parts[1:])
    desk.cache.close()
    desk.open()
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    assert desk.turn() == "not_ours"
    assert desk.engine.line.now()["trouble"] == WrongServer().message
    assert desk.waiting() == 1 and desk.everything().keys() == before.keys()
    with other.books.read("store-1") as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 0
    other.books.close()


def test_the_desks_clock_is_corrected_by_the_bridges(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    ahead = timedelta(hours=2)
    true = bridge.now
    bridge.now = lambda: true() + ahead
    desk = open_desk("maria")
    desk.turn()
    assert desk.clock.offset == ahead
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    with desk.cache.read() as conn:
        assert conn.exec_driver_sql("SELECT made_at FROM mutation").scalar() == "2026-11-23T14:00:00.000Z"
    assert "behind" in desk.engine.line.now()["trouble"]


def test_a_bridge_put_back_from_a_backup_is_healed_by_its_desks(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path
) -> None:
    here, there = open_desk("maria"), open_desk("luis")
    here.turn(), there.turn()
    here.do("ro.set_tag", repair_order_id="ro-1", tag="KEPT")
    here.turn()
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    here.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    here.do("contact.log", customer_id="cust-1", channel="note", body="Said after the backup")
    there.do("part.set_eta", part_line_id="line-1", eta="2026-11-25T15:00:00Z")
    here.turn(), there.turn(), here.turn()
    before = bridge_everything(bridge)
    put_back(bridge, copy)
    assert bridge_everything(bridge) != before
    for _ in range(3):
        here.turn(), there.turn()
    assert bridge_everything(bridge) == before == here.everything() == there.everything()
    assert here.attention() == there.attention() == [] and here.waiting() == there.waiting() == 0


def test_unsent_work_goes_with_what_is_offered_again(open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path) -> None:
    desk = open_desk("maria")
    desk.turn()
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    desk.turn()
    put_back(bridge, copy)
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X2")
    assert desk.fields(*RO)["tag"] == "X2"
    for _ in range(3):
        desk.turn()
    assert at_bridge(bridge, *RO)["tag"] == desk.fields(*RO)["tag"] == "X2"
    assert desk.attention() == []
