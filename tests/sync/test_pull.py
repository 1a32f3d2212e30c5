"""Pull: pages applied with their cursor, so that a cut anywhere leaves a place to go on from and nothing skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor_desk.sync import pull as pulling
from tests.sync.broken_line import BrokenLine, PowerCut
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import PEOPLE, STORE, Desk, HandClock, at_bridge, bridge_everything

RO = ("repair_order", "ro-1")


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes come two a page."""
    from tests.sync.direct import DirectClient

    whole = DirectClient.changes
    monkeypatch.setattr(DirectClient, "changes", lambda self, cursor, limit=2: whole(self, cursor, 2))


def _busy(desk: Desk, times: int) -> None:
    for n in range(times):
        desk.do("contact.log", customer_id="cust-1", channel="note", body=f"Note {n}")
        desk.do("ro.set_tag", repair_order_id="ro-1", tag=f"X{n}")
    desk.turn()


def _cursor(desk: Desk) -> int:
    return int((desk.noted("cursor") or "").rpartition(".")[2])


def test_another_desks_edit_is_here_after_a_pull(open_desk: OpenDesk) -> None:
    here, there = open_desk("maria"), open_desk("david")
    here.turn(), there.turn()
    there.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    there.turn()
    here.events.clear()
    here.turn()
    assert here.fields(*RO)["tag"] == "X1"
    assert {"event": "changed", "kinds": {"repair_order": ["ro-1"]}} in here.events


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("pages", range(5))
def test_a_kill_between_any_two_pages_skips_nothing(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path, pages: int
) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()
    _busy(there, 5)
    line.well("changes", pages).cut_power("changes", before=False)
    with pytest.raises(PowerCut):
        here.turn()
    here.kill(tmp_path / "again.db")
    here.turn()
    assert here.everything() == bridge_everything(bridge)


@pytest.mark.usefixtures("small_pages")
def test_the_cursor_is_never_ahead_of_what_was_taken(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()
    _busy(there, 4)
    places: list[int] = []

    def check() -> None:
        places.append(_cursor(here))
        with bridge.books.read("store-1") as conn:
            feed = conn.exec_driver_sql("SELECT kind, id FROM feed WHERE seq <= ?", (places[-1],)).all()
            for kind, id in feed:
                rev = conn.exec_driver_sql(f"SELECT rev FROM {kind} WHERE id = ?", (id,)).scalar_one()
                stored = here.seen(kind, id)
                assert rev > places[-1] or (stored is not None and stored.rev >= rev)

    for _ in range(5):
        line.meanwhile("changes", check)
    here.turn()
    assert places == sorted(places) and len(set(places)) == 4


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("ahead", [2, -2], ids=["a later page", "a stale page"])
def test_a_page_that_answers_another_question_is_dropped_and_asked_for_again(
    open_desk: OpenDesk, bridge: DirectBridge, ahead: int
) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()
    _busy(there, 2)
    here.turn()
    at, epoch = _cursor(here), (here.noted("cursor") or "").rpartition(".")[0]
    _busy(there, 3)
    david = bridge.caller(STORE, PEOPLE["david"])
    line.mistake("changes", lambda: bridge.changes(david, f"{epoch}.{at + ahead}", 2))
    places: list[int] = []
    line.meanwhile("changes", lambda: places.append(_cursor(here)))
    assert here.turn() == "live"
    assert places == [at], "the cursor stood where it was"
    assert here.everything() == bridge_everything(bridge)


@pytest.mark.usefixtures("small_pages")
def test_a_line_that_mixes_up_every_page_is_no_line(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()
    _busy(there, 3)
    at, cursor = _cursor(here), here.noted("cursor") or ""
    david = bridge.caller(STORE, PEOPLE["david"])
    for _ in range(3):
        line.mistake("changes", lambda: bridge.changes(david, f"{cursor.rpartition('.')[0]}.{at + 2}", 2))
    assert here.turn() == "offline" and here.noted("cursor") == cursor
    assert here.turn() == "live"
    assert here.everything() == bridge_everything(bridge)


def test_a_page_that_was_overtaken_is_dropped(open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()

    def overtaken() -> None:
        there.do("ro.set_tag", repair_order_id="ro-1", tag="X2")
        there.turn()
        pulling.pull(here.cache, here.client, here.events.append, clock.now)  # type: ignore[arg-type]

    there.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    there.turn()
    line.on_the_way_back("changes", overtaken)
    here.turn()
    assert here.fields(*RO)["tag"] == at_bridge(bridge, *RO)["tag"] == "X2"
    here.turn()
    assert here.everything() == bridge_everything(bridge)


def test_a_pull_that_brings_nothing_still_says_as_of_when_the_desk_is_in_step(
    open_desk: OpenDesk, clock: HandClock
) -> None:
    here = open_desk("maria")
    here.turn()
    before = here.noted("last_synced_at")
    clock.later()
    here.turn()
    assert (before or "") < (here.noted("last_synced_at") or "")


def test_unsent_work_is_laid_over_what_a_pull_brings(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    here, there = open_desk("maria", line), open_desk("david")
    here.turn(), there.turn()
    line.down = True
    here.do("ro.set_tag", repair_order_id="ro-1", tag="MINE")
    here.turn()
    there.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    there.do("ro.set_tag", repair_order_id="ro-1", tag="THEIRS")
    there.turn()
    line.down = False
    line.lose_request("push")
    here.turn()
    pulling.pull(here.cache, here.client, here.events.append, here.clock.now)  # type: ignore[arg-type]
    assert (here.fields(*RO)["tag"], here.fields(*RO)["spot"]) == ("MINE", "C2")


def test_a_place_the_bridge_has_forgotten_is_begun_afresh_without_touching_the_outbox(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    here, there = open_desk("maria"), open_desk("david")
    here.turn(), there.turn()
    _busy(there, 2)
    with bridge.books.write("store-1") as conn:
        conn.exec_driver_sql("UPDATE head SET oldest = seq")
        conn.exec_driver_sql("DELETE FROM feed")
    here.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    here.turn()
    while here.turn() != "live":
        pass
    here.turn()
    assert here.waiting() == 0 and at_bridge(bridge, *RO)["spot"] == "C2"
    assert here.everything() == bridge_everything(bridge)
