"""Two people change the same thing apart: what stands, what waits for a person, and how it is decided."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support import board
from tests.support.board import Line, attention
from tests.support.desk import Refusal
from tests.support.shop import Shop


@pytest.fixture
def line(shop: Shop, request: pytest.FixtureRequest) -> Line:
    """An ordered part that no other test of this module works on."""
    taken: set[str] = request.module.__dict__.setdefault("_TAKEN", set())
    found = next(line for line in board.lines(shop.desks["luis"], "ordered") if line.part["id"] not in taken)
    taken.add(found.part["id"])
    return found


pytestmark = pytest.mark.usefixtures("all_decided")


def clash(shop: Shop, line: Line) -> tuple[str, str, dict[str, Any]]:
    """Luis and Maria set the ETA of one part while both are cut off, Luis comes back first; Maria's clash."""
    shop.unplug("luis", "maria")
    his, hers = board.hence(days=2), board.hence(days=5)
    shop.desks["luis"].ask("part.set_eta", part_line_id=line.part["id"], eta=his, source="supplier")
    shop.desks["maria"].ask("part.set_eta", part_line_id=line.part["id"], eta=hers, source="customer")
    shop.plug_in("luis", "maria")
    (entry,) = attention(shop.desks["maria"])
    return his, hers, entry


def eta_everywhere(shop: Shop, line: Line) -> str:
    """The ETA once all desks and the bridge agree."""
    eta: str = shop.wait_same()["part_line", line.part["id"]]["eta"]
    return eta


def test_the_parts_counters_eta_stands_and_the_advisors_waits_with_her_own_values(shop: Shop, line: Line) -> None:
    his, hers, entry = clash(shop, line)
    assert eta_everywhere(shop, line) == his
    assert attention(shop.desks["luis"]) == []
    assert entry["mine"]["eta"] == hers and entry["mine"]["eta_source"] == "customer"
    assert entry["theirs"]["eta"] == his
    assert (entry["author"], entry["by"]) == ("Maria Keller", "Luis Romero")
    assert entry["intent"] == "part.set_eta"
    assert entry["repair_order_id"] == line.card["id"]
    assert line.part["description"] in entry["title"]
    assert "Keep theirs" in entry["problem"]["detail"]
    assert shop.desks["maria"].link()["attention"] == 1


def test_keeping_theirs_lets_the_advisors_go(shop: Shop, line: Line) -> None:
    his, _, entry = clash(shop, line)
    maria = shop.desks["maria"]
    maria.ask("attention.resolve", attention_id=entry["id"], action="keep_theirs")
    assert attention(maria) == []
    assert maria.link()["attention"] == 0
    assert eta_everywhere(shop, line) == his


def test_setting_mine_again_is_judged_afresh_and_stands(shop: Shop, line: Line) -> None:
    _, hers, entry = clash(shop, line)
    maria = shop.desks["maria"]
    maria.ask("attention.resolve", attention_id=entry["id"], action="set_mine")
    maria.wait_live()
    assert attention(maria) == []
    assert eta_everywhere(shop, line) == hers


def test_an_edited_value_stands_in_place_of_both(shop: Shop, line: Line) -> None:
    _, _, entry = clash(shop, line)
    maria, third = shop.desks["maria"], board.hence(days=9)
    with pytest.raises(Refusal) as refused:
        maria.ask("attention.resolve", attention_id=entry["id"], action="edit")
    assert set(refused.value.fields) == {"set"}
    maria.ask("attention.resolve", attention_id=entry["id"], action="edit", set={"eta": third})
    maria.wait_live()
    assert attention(maria) == []
    assert eta_everywhere(shop, line) == third


def test_a_decision_is_made_once_and_answers_the_same_when_asked_again_by_its_key(shop: Shop, line: Line) -> None:
    _, _, entry = clash(shop, line)
    maria, key = shop.desks["maria"], uuid.uuid4().hex
    asked = {"attention_id": entry["id"], "action": "keep_theirs"}
    first = maria.ask("attention.resolve", key=key, **asked)
    assert maria.ask("attention.resolve", key=key, **asked) == first
    with pytest.raises(Refusal) as refused:
        maria.ask("attention.resolve", **asked)
    assert refused.value.code == "not_found"


def test_what_waits_for_a_decision_survives_a_restart_and_is_decided_offline(shop: Shop, line: Line) -> None:
    _, hers, entry = clash(shop, line)
    maria = shop.desks["maria"]
    maria.restart()
    assert [one["id"] for one in attention(maria)] == [entry["id"]]
    shop.unplug("maria")
    maria.ask("attention.resolve", attention_id=entry["id"], action="set_mine")
    assert maria.link()["waiting"] == 1
    assert board.part(maria, line)["eta"] == hers
    shop.plug_in("maria")
    assert eta_everywhere(shop, line) == hers


def test_the_parts_counters_eta_stands_too_when_the_advisors_came_first(shop: Shop, line: Line) -> None:
    shop.unplug("luis", "maria")
    his, hers = board.hence(days=3), board.hence(days=6)
    shop.desks["luis"].ask("part.set_eta", part_line_id=line.part["id"], eta=his)
    shop.desks["maria"].ask("part.set_eta", part_line_id=line.part["id"], eta=hers)
    shop.plug_in("maria", "luis")
    assert eta_everywhere(shop, line) == his


def test_two_different_fields_of_one_repair_order_both_stand(shop: Shop, line: Line) -> None:
    id = line.card["id"]
    shop.unplug("luis", "maria")
    shop.desks["luis"].ask("ro.set_spot", repair_order_id=id, spot="Lift 3")
    shop.desks["maria"].ask("ro.set_tag", repair_order_id=id, tag="BOTH-1")
    shop.plug_in("maria", "luis")
    ro = shop.wait_same()["repair_order", id]
    assert (ro["spot"], ro["tag"]) == ("Lift 3", "BOTH-1")
    assert attention(shop.desks["luis"]) == attention(shop.desks["maria"]) == []


def test_reasons_to_hold_that_two_people_add_are_both_kept(shop: Shop, line: Line) -> None:
    id = line.card["id"]
    shop.unplug("luis", "maria")
    shop.desks["luis"].ask("ro.hold", repair_order_id=id, reasons=["parts"])
    shop.desks["maria"].ask("ro.hold", repair_order_id=id, reasons=["customer"])
    shop.plug_in("luis", "maria")
    assert set(shop.wait_same()["repair_order", id]["hold_reasons"]) == {"parts", "customer"}
    assert attention(shop.desks["maria"]) == []


def test_an_advisors_two_promises_in_one_outage_do_not_clash_with_each_other(shop: Shop, line: Line) -> None:
    id, maria = line.card["id"], shop.desks["maria"]
    shop.unplug("maria")
    first, second = board.hence(days=1), board.hence(days=2)
    maria.ask("ro.repromise", repair_order_id=id, promised_at=first, reason="first guess")
    maria.ask("ro.repromise", repair_order_id=id, promised_at=second, reason="better guess")
    shop.plug_in("maria")
    ro = shop.wait_same()["repair_order", id]
    assert attention(maria) == []
    assert ro["promised_at"] == second
    assert [move["reason"] for move in ro["promise_moves"][-2:]] == ["first guess", "better guess"]
