"""A handover between people who do not know of each other: one accountable owner, and whoever lost is told."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.domain import times
from advisor_desk.domain.errors import Refused
from tests.cache.shop import NOON
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, at_bridge, bridge_everything

TITLE = "Send the photos"
DUE = times.to_wire(NOON.replace(hour=21))


def promised(desk: Desk, **more: Any) -> str:
    """A promise made by whoever sits at the desk; its id."""
    desk.do("promise.make", title=TITLE, due_at=DUE, repair_order_id="ro-1", **more)
    (id,) = [id for (kind, id), row in desk.everything().items() if kind == "promise" and row["title"] == TITLE]
    return id


@pytest.mark.parametrize("first", ["maria", "david"])
def test_two_who_accept_one_handover_apart_have_it_once_and_the_second_is_told(
    open_desk: OpenDesk, bridge: DirectBridge, first: str
) -> None:
    helen, maria, david = open_desk("helen"), open_desk("maria"), open_desk("david")
    for desk in (helen, maria, david):
        desk.turn()
    id = promised(helen)
    helen.do("promise.offer", promise_id=id, to_role="advisor")
    for desk in (helen, maria, david):
        desk.turn()
    maria.do("promise.accept", promise_id=id)
    david.do("promise.accept", promise_id=id)
    winner, loser = (maria, david) if first == "maria" else (david, maria)
    for desk in (winner, loser, winner, loser, helen):
        assert desk.turn() == "live"
    stands = at_bridge(bridge, "promise", id)
    assert stands["owner_id"] == f"emp-{first}" and not stands.get("owner_role")
    assert winner.attention() == [] and winner.waiting() == loser.waiting() == 0
    (entry,) = loser.attention()
    assert entry["intent"] == "promise.accept" and entry["theirs"]["owner_id"] == f"emp-{first}"
    assert winner.everything() == loser.everything() == helen.everything() == bridge_everything(bridge)


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({"name": "employee.deactivate"}, "does not work here any more; choose somebody who is here"),
        ({"name": "employee.away", "until": "2026-12-01T14:00:00Z"}, "is away; choose somebody who is here"),
    ],
    ids=["has left", "is away"],
)
@pytest.mark.parametrize("how", ["offered", "promised"])
def test_nothing_is_handed_to_somebody_who_is_not_here_and_nothing_is_half_done(
    open_desk: OpenDesk, gone: dict[str, str], why: str, how: str
) -> None:
    helen = open_desk("helen")
    helen.turn()
    id = promised(helen)
    helen.do(employee_id="emp-david", **gone)
    before = helen.everything()
    with pytest.raises(Refused) as refused:
        if how == "offered":
            helen.do("promise.offer", promise_id=id, to="emp-david")
        else:
            helen.do("promise.make", title="Call", due_at=DUE, repair_order_id="ro-1", to="emp-david")
    assert refused.value.fields == {"to": why}
    assert helen.everything() == before


def test_what_is_offered_to_somebody_who_has_left_meanwhile_stays_with_the_giver(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    helen, maria = open_desk("helen"), open_desk("maria")
    helen.turn(), maria.turn()
    id = promised(maria)
    helen.do("employee.deactivate", employee_id="emp-david")
    maria.do("promise.offer", promise_id=id, to="emp-david")
    for desk in (helen, maria, helen, maria):
        assert desk.turn() == "live"
    stands = at_bridge(bridge, "promise", id)
    assert (stands["owner_id"], stands["state"]) == ("emp-maria", "open")
    assert maria.everything() == helen.everything() == bridge_everything(bridge)


def test_a_promise_to_oneself_is_offered_to_nobody_and_one_for_the_past_is_not_made(open_desk: OpenDesk) -> None:
    maria = open_desk("maria")
    maria.turn()
    id = promised(maria)
    before = maria.everything()
    for command, args, field in (
        ("promise.offer", {"promise_id": id, "to": "emp-maria"}, "to"),
        ("promise.offer", {"promise_id": id}, "to"),
        ("promise.make", {"title": "Call", "customer_id": "cust-1", "due_at": times.to_wire(NOON)}, "due_at"),
        ("promise.move", {"promise_id": id, "due_at": times.to_wire(NOON)}, "due_at"),
    ):
        with pytest.raises(Refused) as refused:
            maria.do(command, **args)
        assert list(refused.value.fields) == [field]
    assert maria.everything() == before


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"rule": "tell_everyone", "on": False}, "rule"),
        ({"rule": "tell_ready", "numbers": {"speed": 3}}, "numbers.speed"),
        ({"rule": "tell_ready", "numbers": {"due": "soon"}}, "numbers.due"),
        ({"rule": "tell_ready", "numbers": {"due": -1}}, "numbers.due"),
    ],
)
def test_an_unknown_rule_or_setting_is_refused_by_name_and_the_rules_stay(
    open_desk: OpenDesk, args: dict[str, Any], field: str
) -> None:
    helen = open_desk("helen")
    helen.turn()
    before = helen.everything()
    with pytest.raises(Refused) as refused:
        helen.do("store.set_rule", **args)
    assert list(refused.value.fields) == [field] and refused.value.message.endswith(".")
    assert helen.everything() == before
