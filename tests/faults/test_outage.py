"""The bridge dies under two desks: both work on, and afterwards all three hold every edit of both."""

from __future__ import annotations

import re
import uuid

import pytest

from tests.support import board
from tests.support.shop import Shop
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("all_decided")


def test_an_eta_after_the_promise_turns_the_light_red_on_the_other_desk(shop: Shop) -> None:
    luis, maria = shop.desks["luis"], shop.desks["maria"]
    line = board.awaited_alone(luis)
    id, part_id = line.card["id"], line.part["id"]

    def parts_light() -> dict[str, str]:
        return board.light(board.card(maria, id), "parts")

    luis.ask("part.set_eta", part_line_id=part_id, eta=board.hence(days=1))
    maria.ask("ro.repromise", repair_order_id=id, promised_at=board.hence(days=3), reason="waits for the part")
    until(lambda: parts_light()["tone"] == "amber", what="the light to be amber")
    since = len(maria.events)
    luis.ask("part.set_eta", part_line_id=part_id, eta=board.hence(days=5))
    maria.wait_event(lambda event: part_id in event.get("kinds", {}).get("part_line", ()), since=since)
    # The word of the first ETA may come as late as that of the second.
    until(lambda: parts_light()["tone"] == "late", what="the light to be red")
    light = parts_light()
    assert line.part["description"] in light["why"] and "after the promise" in light["why"]


def test_with_the_bridge_dead_both_work_on_and_after_its_restart_all_three_agree(shop: Shop) -> None:
    luis, maria = shop.desks["luis"], shop.desks["maria"]
    bridge = shop.bridge
    rows = [row for row in board.cards(maria) if row["stage"] not in {"ready"}]
    awaited = board.lines(luis, "ordered")
    bridge.kill()
    for desk in (luis, maria):
        link = desk.wait_state("offline")
        assert re.fullmatch(r"Offline since (\w{3} )?\d{1,2}:\d\d", link["words"]), link["words"]
        assert "Work goes on" in link["trouble"]

    notes = [f"said while the bridge was dead {uuid.uuid4().hex}" for _ in range(6)]
    for row, note in zip(rows, notes, strict=False):
        maria.ask("contact.log", customer_id=row["customer_id"], repair_order_id=row["id"], channel="call", body=note)
    maria.ask("ro.set_tag", repair_order_id=rows[0]["id"], tag="DARK-1")
    maria.ask("ro.move_stage", repair_order_id=rows[1]["id"], stage="quality")
    promised = board.after(rows[2]["promised_at"], hours=5)
    maria.ask("ro.repromise", repair_order_id=rows[2]["id"], promised_at=promised)
    luis.ask("ro.set_spot", repair_order_id=rows[0]["id"], spot="Bay 12")
    luis.ask("part.receive", part_line_id=awaited[0].part["id"], bin="Z9")
    eta = board.hence(days=2)
    luis.ask("part.set_eta", part_line_id=awaited[1].part["id"], eta=eta)

    assert maria.link()["words"].endswith("· 9 changes waiting")
    assert luis.link()["words"].endswith("· 3 changes waiting")
    assert board.card(maria, rows[0]["id"])["tag"] == "DARK-1"
    assert board.card(luis, rows[0]["id"])["tag"] != "DARK-1"
    assert board.part(luis, awaited[0])["state"] == "received"
    assert len(maria.ask("read.outbox")["outbox"]) == 9

    bridge.start()
    luis.wait_live()
    maria.wait_live()
    there = shop.wait_same()
    assert maria.ask("read.attention") == luis.ask("read.attention") == {"attention": []}
    assert sorted(note for note in notes) == sorted(
        event["body"] for (kind, _), event in there.items() if kind == "contact_event" and event.get("body") in notes
    )
    first = there["repair_order", rows[0]["id"]]
    assert (first["tag"], first["spot"]) == ("DARK-1", "Bay 12")
    assert there["repair_order", rows[1]["id"]]["stage"] == "quality"
    assert there["repair_order", rows[2]["id"]]["promised_at"] == promised
    assert there["part_line", awaited[0].part["id"]]["state"] == "received"
    assert there["part_line", awaited[1].part["id"]]["eta"] == eta


def test_a_desk_that_starts_while_the_bridge_is_dead_shows_what_it_has_and_sends_later(shop: Shop) -> None:
    maria, bridge = shop.desks["maria"], shop.bridge
    row = board.cards(maria)[3]
    bridge.kill()
    maria.restart()
    maria.wait_state("offline")
    assert len(board.cards(maria)) > 50
    maria.ask("ro.set_spot", repair_order_id=row["id"], spot="Row 7")
    maria.restart()
    assert board.card(maria, row["id"])["spot"] == "Row 7"
    assert maria.link()["waiting"] == 1
    bridge.start()
    maria.ask("sync.now")
    maria.wait_live()
    assert bridge.get(f"/v1/records/repair_order/{row['id']}", "maria")["fields"]["spot"] == "Row 7"
