"""The simulated day: other people at work through the same HTTP API, every act of theirs accepted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from advisor_desk.bridge.demo.day import Day
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.waiting import PATIENCE, until

PEOPLE = ("david", "luis", "helen")


@pytest.fixture
def bridge(bridge_folder: BridgeFolder) -> Iterator[BridgeProcess]:
    """The demo store, served."""
    with BridgeProcess(bridge_folder) as running:
        yield running


@pytest.fixture
def day(bridge: BridgeProcess) -> Day:
    """Its people at their desks."""
    tokens = {name: bridge.folder.token(name) for name in PEOPLE}
    ids = {name: bridge.get("/v1/me", name)["employee"]["id"] for name in PEOPLE}
    return Day(bridge.url, {name: (ids[name], tokens[name]) for name in PEOPLE}, seed=7)


def changes(bridge: BridgeProcess, cursor: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more = True
    while more:
        page = bridge.get("/v1/changes", "helen", cursor=cursor)
        found += page["changes"]
        cursor, more = page["next"], page["more"]
    return found


def test_thirty_acts_are_all_accepted_and_touch_every_side_of_the_store(bridge: BridgeProcess, day: Day) -> None:
    end = bridge.get("/v1/capabilities", "helen")
    acts = [day.act() for _ in range(30)]
    assert {act.outcome for act in acts} <= {"applied", "merged"}, Counter(act.outcome for act in acts)
    done = {act.intent for act in acts}
    assert {"part.set_eta", "part.receive", "ro.move_stage", "contact.log", "job.authorise"} <= done | {"job.decline"}
    kinds = Counter(change["kind"] for change in changes(bridge, f"{end['epoch']}.1"))
    assert kinds["part_line"] > 3
    assert kinds["contact_event"] > 3
    assert kinds["repair_order"] > 3


def test_a_bridge_that_goes_away_is_waited_for_and_the_day_goes_on(bridge: BridgeProcess, day: Day) -> None:
    day.speed = 200.0
    thread = threading.Thread(target=day.run)
    thread.start()
    try:
        until(lambda: day.acted >= 3, what="the day to begin")
        bridge.kill()
        asked = day.waited
        until(lambda: day.waited > asked, what="the day to notice")
        bridge.start()
        acted = day.acted
        until(lambda: day.acted >= acted + 3, what="the day to go on")
    finally:
        day.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_an_answer_that_was_lost_does_not_stop_a_hand_for_good(bridge: BridgeProcess, day: Day) -> None:
    """The bridge has counted an edit whose answer never came: the hand counts anew and goes on."""
    day.act()
    lost = requests.Session.send
    cut = [1]

    def sending(self: requests.Session, request: Any, **more: Any) -> requests.Response:
        reply = lost(self, request, **more)
        if request.method == "POST" and cut:
            cut.pop()
            raise requests.ConnectionError("cut")
        return reply

    day._session.send = sending.__get__(day._session)  # type: ignore[method-assign]
    with pytest.raises(requests.ConnectionError):
        while True:
            day.act()
    day._session.send = lost.__get__(day._session)  # type: ignore[method-assign]
    with pytest.raises(requests.HTTPError, match="409"):
        for _ in range(30):
            day.act()
    for _ in range(12):
        assert day.act().outcome in {"applied", "merged"}
