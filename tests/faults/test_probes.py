"""The three probes that other sync engines fail: nothing may be lost, silent or blocked."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support import board
from tests.support.board import attention
from tests.support.shop import Shop

pytestmark = pytest.mark.usefixtures("all_decided")


def elsewhere(shop: Shop, kind: str, id: str, op: str = "update", **set_: Any) -> dict[str, Any]:
    """An edit that the manager makes at once, from a desk of her own; the record as it stands then."""
    record = shop.bridge.get(f"/v1/records/{kind}/{id}", "helen")
    was = record["fields"] if op == "delete" else {name: record["fields"].get(name) for name in set_}
    mutation = {
        "id": str(uuid.uuid4()),
        "n": 1,
        "kind": kind,
        "record_id": id,
        "op": op,
        "base_rev": record["rev"],
        "set": set_,
        "was": was,
        "intent": "elsewhere",
        "made_at": board.hence(seconds=0),
        "actor": shop.bridge.get("/v1/me", "helen")["employee"]["id"],
    }
    (answer,) = shop.bridge.push(str(uuid.uuid4()), [mutation], "helen")
    assert answer["outcome"] == "applied", answer
    return answer


def test_probe_a_an_edit_of_what_was_deleted_elsewhere_waits_and_can_bring_it_back(shop: Shop) -> None:
    luis = shop.desks["luis"]
    line = board.lines(luis, "ordered")[0]
    id, eta = line.part["id"], board.hence(days=4)
    shop.unplug("luis")
    luis.ask("part.set_eta", part_line_id=id, eta=eta)
    elsewhere(shop, "part_line", id, "delete")
    shop.plug_in("luis")

    (entry,) = attention(luis)
    assert entry["deleted"] is True
    assert entry["mine"]["eta"] == eta
    assert line.part["description"] in entry["title"]
    assert "Restore it" in entry["problem"]["detail"]
    assert ("part_line", id) not in shop.wait_same()

    luis.ask("attention.resolve", attention_id=entry["id"], action="set_mine")
    luis.wait_live()
    assert attention(luis) == []
    back = shop.wait_same()["part_line", id]
    assert (back["eta"], back["description"], back["repair_order_id"]) == (
        eta, line.part["description"], line.card["id"]
    )  # fmt: skip
    assert any(part["id"] == id for part in board.card(luis, line.card["id"])["parts"])


def test_probe_a_bringing_back_what_ones_role_may_not_is_refused_and_the_text_stays(shop: Shop) -> None:
    maria = shop.desks["maria"]
    id, eta = board.lines(maria, "ordered")[1].part["id"], board.hence(days=4)
    shop.unplug("maria")
    maria.ask("part.set_eta", part_line_id=id, eta=eta)
    elsewhere(shop, "part_line", id, "delete")
    shop.plug_in("maria")
    (entry,) = attention(maria)
    maria.ask("attention.resolve", attention_id=entry["id"], action="set_mine")
    maria.wait_live()
    (again,) = attention(maria)
    assert again["id"] != entry["id"]
    assert again["mine"]["eta"] == eta
    assert "Your role may not do this" in again["problem"]["detail"]


def test_probe_a_letting_it_go_leaves_it_deleted_everywhere(shop: Shop) -> None:
    maria = shop.desks["maria"]
    id = board.lines(maria, "ordered")[2].part["id"]
    shop.unplug("maria")
    maria.ask("part.set_eta", part_line_id=id, eta=board.hence(days=4))
    elsewhere(shop, "part_line", id, "delete")
    shop.plug_in("maria")
    (entry,) = attention(maria)
    maria.ask("attention.resolve", attention_id=entry["id"], action="keep_theirs")
    assert attention(maria) == []
    assert ("part_line", id) not in shop.wait_same()
    assert shop.bridge.get(f"/v1/records/part_line/{id}", "maria")["deleted"] is True


def test_probe_b_edits_of_different_fields_both_stand_and_nobody_is_asked(shop: Shop) -> None:
    luis, maria = shop.desks["luis"], shop.desks["maria"]
    line = board.lines(luis, "ordered")[3]
    shop.unplug("luis", "maria")
    luis.ask("part.receive", part_line_id=line.part["id"], bin="Q4")
    maria.ask(
        "contact.log",
        customer_id=line.card["customer_id"],
        repair_order_id=line.card["id"],
        channel="call",
        body="Told her about the part",
        tells=[] if not line.part.get("eta") else [line.part["id"]],
    )
    shop.plug_in("luis", "maria")
    part = shop.wait_same()["part_line", line.part["id"]]
    assert (part["state"], part["bin"]) == ("received", "Q4")
    if line.part.get("eta"):
        assert part["eta_told"]["eta"] == line.part["eta"]
    assert attention(luis) == attention(maria) == []


def test_probe_c_one_of_ten_is_refused_the_nine_go_through_and_it_stands_when_it_may(shop: Shop) -> None:
    maria = shop.desks["maria"]
    rows = [row for row in board.cards(maria) if row["stage"] == "repair"]
    id, job = next(
        (at[1], fields)
        for at, fields in maria.records().items()
        if at[0] == "job" and fields.get("state") == "in_progress"
    )
    # Not legal on this desk either until the car's job steps back: so it is approved here first, then done elsewhere.
    elsewhere(shop, "job", id, state="approved")
    shop.wait_seen("maria", lambda desk: desk.records()["job", id]["state"] == "approved")
    shop.unplug("maria")
    for number in range(4):
        maria.ask("ro.set_spot", repair_order_id=rows[number]["id"], spot=f"P{number}")
    maria.ask("job.decline", job_id=id, reason="only next month, she says")
    for number in range(5):
        note = {"customer_id": rows[number]["customer_id"], "channel": "note", "body": f"probe c {number}"}
        maria.ask("contact.log", **note)
    elsewhere(shop, "job", id, state="in_progress")
    elsewhere(shop, "job", id, state="done")
    shop.plug_in("maria")

    (entry,) = attention(maria)
    assert entry["mine"]["decline_reason"] == "only next month, she says"
    assert entry["theirs"]["state"] == "done"
    there = shop.wait_same()
    assert [there["repair_order", rows[number]["id"]]["spot"] for number in range(4)] == ["P0", "P1", "P2", "P3"]
    notes = {row.get("body") for at, row in there.items() if at[0] == "contact_event"}
    assert notes >= {f"probe c {number}" for number in range(5)}
    assert there["job", id]["state"] == "done"

    elsewhere(shop, "job", id, state="in_progress")
    elsewhere(shop, "job", id, state="approved")
    shop.wait_seen("maria", lambda desk: desk.records()["job", id]["state"] == "approved")
    maria.ask("attention.resolve", attention_id=entry["id"], action="set_mine")
    maria.wait_live()
    assert attention(maria) == []
    now = shop.wait_same()["job", id]
    assert (now["state"], now["decline_reason"]) == ("declined", "only next month, she says")
    assert job["complaint"] == now["complaint"]


def test_what_depends_on_a_refused_edit_waits_with_it_and_the_rest_goes_on(shop: Shop) -> None:
    maria = shop.desks["maria"]
    line, other = board.lines(maria, "ordered", "backordered")[-2:]
    shop.unplug("maria")
    first, second = board.hence(days=3), board.hence(days=4)
    maria.ask("part.set_eta", part_line_id=line.part["id"], eta=first)
    elsewhere(shop, "part_line", line.part["id"], eta=board.hence(days=8), eta_source="supplier")
    shop.plug_in("maria")
    (entry,) = attention(maria)
    maria.ask("part.set_eta", part_line_id=line.part["id"], eta=second)
    maria.ask("part.set_eta", part_line_id=other.part["id"], eta=second)
    shop.wait_seen("maria", lambda desk: desk.link()["waiting"] == 1)
    (held,) = maria.ask("read.outbox")["outbox"]
    assert (held["state"], held["record_id"]) == ("held", line.part["id"])
    maria.ask("attention.resolve", attention_id=entry["id"], action="keep_theirs")
    maria.wait_live()
    there = shop.wait_same()
    assert attention(maria) == []
    assert there["part_line", other.part["id"]]["eta"] == second
    assert there["part_line", line.part["id"]]["eta"] == second
