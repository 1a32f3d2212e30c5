"""What a terminal or a test reads through the pipe is what the screen shows."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.repair_order import LANES
from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.waiting import until


def test_the_board_has_every_open_repair_order_with_four_lights_and_why(
    desk: DeskProcess, bridge: BridgeProcess
) -> None:
    there = {
        id for (kind, id), ro in bridge.records("maria").items() if kind == "repair_order" and ro["stage"] in LANES
    }
    rows = board.cards(desk)
    assert {row["id"] for row in rows} == there
    for row in rows:
        assert [light["light"] for light in row["lights"]] == ["parts", "promise", "told", "approval"]
        assert all(light["why"] and light["tone"] for light in row["lights"])


def test_mine_is_what_the_advisor_is_named_on(desk: DeskProcess) -> None:
    signed = desk.wait_event(lambda event: event["event"] == "signed_in")["employee"]["id"]
    mine = desk.ask("read.board", scope="mine")["board"]
    assert 0 < len(mine) < len(board.cards(desk))
    assert {row["advisor_id"] for row in mine} == {signed}
    owed = desk.ask("read.promises", scope="mine")["promises"]
    assert {item["repair_order_id"] for item in owed if not item["id"]} <= {row["id"] for row in mine}
    assert {item.get("owner_id") for item in owed if item["id"]} <= {signed, None}


def test_promises_come_soonest_first_and_name_what_keeps_them(desk: DeskProcess) -> None:
    owed = desk.ask("read.promises")["promises"]
    assert owed == sorted(owed, key=lambda item: item["due_at"])
    assert {item["keeps"] for item in owed} <= COMMANDS.keys()
    assert all(item["title"] for item in owed)


def test_a_promise_to_tell_goes_when_the_customer_is_told(desk: DeskProcess) -> None:
    row = next(row for row in board.cards(desk) if row["stage"] == "ready" and row.get("customer_id"))
    desk.ask("contact.log", customer_id=row["customer_id"], repair_order_id=row["id"], channel="call", body="Ready")
    owed = desk.ask("read.promises")["promises"]
    assert not [item for item in owed if item["repair_order_id"] == row["id"] and item["rule"] == "tell_ready"]


def test_one_repair_order_comes_with_all_that_stands_beside_it(desk: DeskProcess) -> None:
    row = next(row for row in board.cards(desk) if row["parts"] and row.get("told_at"))
    found = desk.ask("read.repair_order", repair_order_id=row["id"])
    assert found["repair_order"]["number"] == row["number"]
    assert found["customer"]["name"] == row["customer"]
    assert {part["id"] for part in found["parts"]} >= {part["id"] for part in row["parts"]}
    assert found["jobs"] and found["vehicle"]["vin"] and found["advisor"]["name"]
    moments = [item["at"] for item in found["story"]]
    assert moments == sorted(moments, reverse=True)
    assert any(item["kind"] == "contact" for item in found["story"])


def test_a_repair_order_that_is_not_here_is_told_by_its_field(desk: DeskProcess) -> None:
    with pytest.raises(Refusal) as refused:
        desk.ask("read.repair_order", repair_order_id="no-such-order")
    assert (refused.value.code, refused.value.fields) == ("not_found", {"repair_order_id": "not found"})


@pytest.mark.parametrize("by", ["name", "phone", "number", "tag", "plate", "vin"])
def test_a_customer_is_found_by(desk: DeskProcess, by: str) -> None:
    row = next(row for row in board.cards(desk) if row.get("tag") and row.get("customer_id"))
    ro = desk.ask("read.repair_order", repair_order_id=row["id"])
    words: dict[str, Any] = {
        "name": ro["customer"]["name"].split(",")[0],
        "phone": ro["customer"]["phones"][0]["raw"],
        "number": row["number"],
        "tag": row["tag"],
        "plate": ro["vehicle"]["plate"],
        "vin": ro["vehicle"]["vin"][-6:],
    }
    found = desk.ask("read.search", q=words[by])["found"]
    assert row["id"] in {item["repair_order_id"] for item in found}


@pytest.mark.parametrize("q", ['"', "*", "a OR b", 'x" OR "', "🚗", "%", "NEAR(", "-", "()"])
def test_no_search_text_is_taken_for_anything_but_words(desk: DeskProcess, q: str) -> None:
    assert isinstance(desk.ask("read.search", q=q)["found"], list)


def test_an_edit_on_its_way_is_marked_on_the_board_and_in_the_outbox(bridge: BridgeProcess, desk: DeskProcess) -> None:
    row = board.cards(desk)[5]
    desk.wait_live()
    bridge.kill()
    try:
        desk.ask("ro.set_spot", repair_order_id=row["id"], spot="On its way")
        assert "spot" in board.card(desk, row["id"])["pending"]
        found = desk.ask("read.repair_order", repair_order_id=row["id"])
        assert found["pending"] == {row["id"]: ["spot"]}
        (entry,) = desk.ask("read.outbox")["outbox"]
        assert (entry["intent"], entry["repair_order_id"]) == ("ro.set_spot", row["id"])
        assert row["number"] in entry["title"]
    finally:
        bridge.start()
    desk.ask("sync.now")
    desk.wait_live()
    assert board.card(desk, row["id"])["pending"] == []
    assert desk.ask("read.outbox") == {"outbox": []}


def test_the_drive_of_today_has_its_visits_and_a_customers_page_their_history(desk: DeskProcess) -> None:
    day = desk.ask("read.drive")
    starts = [visit["starts_at"] for visit in day["visits"]]
    assert starts and starts == sorted(starts)
    assert desk.ask("read.drive", day=day["day"])["visits"] == day["visits"]
    assert desk.ask("read.drive", day="2001-01-01")["visits"] == []
    page = desk.ask("read.customer", customer_id=day["visits"][0]["customer_id"])
    assert day["visits"][0]["id"] in {visit["id"] for visit in page["appointments"]}
    moments = [turn["at"] for turn in page["timeline"]]
    assert moments and moments == sorted(moments, reverse=True)
    with pytest.raises(Refusal) as refused:
        desk.ask("read.customer", customer_id="nobody")
    assert refused.value.fields == {"customer_id": "not found"}


def test_the_counter_lists_every_open_part_line_grouped_by_need_the_worst_first(desk: DeskProcess) -> None:
    found = desk.ask("read.counter")
    keys = [row["harm"]["key"] for row in found["counter"]]
    assert keys and keys == sorted(keys)
    cards = {row["id"]: row for row in desk.ask("read.board", scope="store")["board"]}
    listed = {row["id"] for row in found["counter"]}
    for card in cards.values():
        for line in card["parts"]:
            assert line["state"] in {"pulled", "installed"} or line["id"] in listed
    assert found["totals"]["overdue"] == sum(row["harm"]["need"] == "overdue" for row in found["counter"])


def test_parts_on_their_way_show_what_their_suppliers_dates_are_worth(desk: DeskProcess) -> None:
    poor, good = {"Tri-County Auto Parts", "Aftermarket Direct"}, {"Maker's depot", "Sister store"}

    def awaited() -> list[dict[str, Any]]:
        lines = (line for row in desk.ask("read.board")["board"] for line in row["parts"] if line.get("record"))
        return [line for line in lines if line.get("supplier") in poor | good]

    until(awaited, what="the suppliers' records")
    assert all(line["record"]["of"] > 100 for line in awaited())
    worth = {line["supplier"]: line["record"]["share"] for line in awaited()}
    assert worth.keys() & poor and worth.keys() & good
    assert max(worth[name] for name in worth.keys() & poor) < 0.6
    assert min(worth[name] for name in worth.keys() & good) > 0.8
