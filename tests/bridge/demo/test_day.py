"""The simulated day: other people at work through the same HTTP API, every act of theirs accepted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from advisor_desk.bridge.demo import front
from advisor_desk.bridge.demo.day import Day
from advisor_desk.bridge.demo.line import Act
from advisor_desk.bridge.demo.people import AT_WORK
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.waiting import PATIENCE, until

PEOPLE = AT_WORK


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
    acts = [day.act() for _ in range(48)]
    assert {act.outcome for act in acts} <= {"applied", "merged"}, Counter(act.outcome for act in acts)
    done = {act.intent for act in acts}
    assert {"part.set_eta", "part.receive", "ro.move_stage", "contact.log", "job.authorise"} <= done | {"job.decline"}
    assert {"visit.confirm", "visit.book", "lead.take", "lead.answer", "deal.open", "deal.document", "ro.close"} <= done
    assert done & {"visit.arrive", "ro.open"}
    kinds = Counter(change["kind"] for change in changes(bridge, f"{end['epoch']}.1"))
    assert kinds["part_line"] > 3
    assert kinds["contact_event"] > 3
    assert kinds["repair_order"] > 3
    assert kinds["appointment"] > 3


def does(day: Day, *names: str) -> list[Act | None]:
    """What comes of these turns at the front, one after the other."""
    turns = {turn.__name__: turn for turn in front.turns(day.line)}
    acts = []
    for name in names:
        day.line.look()
        acts.append(turns[name]())
    day.line.look()
    return acts


def orders_of(bridge: BridgeProcess) -> dict[str, Any]:
    return {id: ro for (kind, id), ro in bridge.records("helen").items() if kind == "repair_order"}


def test_whoever_drives_up_is_written_up_once_with_a_number_of_the_stores(bridge: BridgeProcess, day: Day) -> None:
    before = orders_of(bridge)
    acts = [act for act in does(day, *["arrive"] * 8) if act]
    assert {act.outcome for act in acts} == {"applied"}
    after = orders_of(bridge)
    new = [after[id] for id in after.keys() - before.keys()]
    assert len(new) == sum(act.intent == "ro.open" for act in acts) >= 1
    assert len({ro["number"] for ro in after.values()}) == len(after)
    assert len({ro["appointment_id"] for ro in new}) == len(new)
    visits = {id: seen for (kind, id), seen in bridge.records("helen").items() if kind == "appointment"}
    jobs = {job["repair_order_id"]: job for (kind, _), job in bridge.records("helen").items() if kind == "job"}
    for id in after.keys() - before.keys():
        seen = visits[after[id]["appointment_id"]]
        assert (seen["status"], seen["customer_id"]) == ("arrived", after[id]["customer_id"])
        assert (jobs[id]["letter"], jobs[id]["complaint"]) == ("A", seen["concerns"])


def test_nobody_who_has_said_no_to_texts_is_texted(bridge: BridgeProcess, day: Day) -> None:
    for _ in range(60):
        day.act()
    day.line.look()
    customers = day.line.all("customer")
    today = [said for said in day.line.all("contact_event").values() if said["channel"] == "text"]
    assert today
    assert all(customers[said["customer_id"]]["consent"]["text"]["state"] == "yes" for said in today)


def test_a_car_that_is_sold_is_delivered_once_its_papers_are_done(bridge: BridgeProcess, day: Day) -> None:
    assert does(day, "deliver") == [None]
    done = does(day, "sell", "deliver", "finish_paper", "finish_paper", "finish_paper", "deliver", "deliver")
    assert [act.intent if act else "" for act in done] == [
        "deal.open", "", "deal.document", "deal.document", "", "deal.deliver", ""
    ]  # fmt: skip
    assert {act.outcome for act in done if act} == {"applied"}
    (deal,) = day.line.all("deal").values()
    assert deal["stage"] == "delivered"
    assert all(paper["done"] for paper in deal["documents"])


def test_a_lead_is_called_back_and_a_car_that_left_is_asked_about(bridge: BridgeProcess, day: Day) -> None:
    done = does(day, "take_lead", "answer_lead", "answer_lead", "close", "survey", "survey", "no_show", "move")
    assert {act.outcome for act in done if act} <= {"applied", "merged"}
    (lead,) = day.line.all("lead").values()
    assert lead["first_answered_at"] >= lead["received_at"]
    (survey,) = day.line.all("survey").values()
    assert survey["answered_at"]
    order = bridge.get(f"/v1/records/repair_order/{survey['repair_order_id']}", "helen")["fields"]
    assert order["stage"] == "closed"


def test_who_is_not_at_work_does_nothing(bridge: BridgeProcess) -> None:
    ids = {name: bridge.get("/v1/me", name)["employee"]["id"] for name in ("david", "luis", "helen")}
    few = Day(bridge.url, {name: (id, bridge.folder.token(name)) for name, id in ids.items()}, seed=7)
    done = {few.act().intent for _ in range(12)}
    assert "contact.log" in done
    assert {turn.__name__ for turn in front.turns(few.line)} == {"arrive", "close", "loaner_back", "survey"}


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

    day.line.session.send = sending.__get__(day.line.session)  # type: ignore[method-assign]
    with pytest.raises(requests.ConnectionError):
        while True:
            day.act()
    day.line.session.send = lost.__get__(day.line.session)  # type: ignore[method-assign]
    with pytest.raises(requests.HTTPError, match="409"):
        for _ in range(30):
            day.act()
    for _ in range(12):
        assert day.act().outcome in {"applied", "merged"}
