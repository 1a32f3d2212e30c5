"""What one desk alone refuses, done at two without a line: where they meet it is resolved, and whoever lost is told."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.cache import reads
from advisor_desk.domain import times
from tests.cache.shop import KEY, NOON
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, at_bridge, bridge_everything

DUE = times.to_wire(NOON.replace(hour=21))
BY_TURNS = pytest.mark.parametrize("first", [0, 1], ids=["the one", "the other"])


@pytest.fixture
def people(open_desk: OpenDesk, bridge: DirectBridge) -> dict[str, Desk]:
    """The manager and two advisors at desks of their own, in step."""
    desks = {name: open_desk(name) for name in ("helen", "maria", "david")}
    meet(bridge, *desks.values())
    return desks


def meet(bridge: DirectBridge, *desks: Desk) -> None:
    """The line is back: each sends and fetches, in this order, until all hold what the bridge holds."""
    for desk in (*desks, *desks):
        assert desk.turn() == "live"
    for desk in desks:
        assert desk.waiting() == 0 and desk.everything() == bridge_everything(bridge)


def promised(desk: Desk, **more: Any) -> str:
    """A promise made at a desk; its id."""
    known = desk.everything().keys()
    desk.do("promise.make", title="Send the photos", due_at=DUE, repair_order_id="ro-1", **more)
    (id,) = [id for kind, id in desk.everything().keys() - known if kind == "promise"]
    return id


@BY_TURNS
def test_two_who_take_one_promise_out_of_their_roles_queue_have_it_once(
    people: dict[str, Desk], bridge: DirectBridge, first: int
) -> None:
    id = promised(people["helen"], to_role="advisor")
    meet(bridge, *people.values())
    for name in ("maria", "david"):
        people[name].do("promise.accept", promise_id=id)
    names = ("maria", "david") if first == 0 else ("david", "maria")
    winner, loser = (people[name] for name in names)
    meet(bridge, winner, loser, people["helen"])
    assert at_bridge(bridge, "promise", id)["owner_id"] == f"emp-{names[0]}"
    assert winner.attention() == []
    (entry,) = loser.attention()
    assert entry["intent"] == "promise.accept" and entry["theirs"]["owner_id"] == f"emp-{names[0]}"
    assert entry["problem"]["detail"] == "Somebody else changed the same thing. Keep theirs, or set yours again."


@BY_TURNS
def test_what_is_offered_to_somebody_who_has_taken_it_meanwhile_is_on_offer_no_more(
    people: dict[str, Desk], bridge: DirectBridge, first: int
) -> None:
    helen, david = people["helen"], people["david"]
    id = promised(helen, to_role="advisor")
    meet(bridge, *people.values())
    david.do("promise.accept", promise_id=id)
    helen.do("promise.offer", promise_id=id, to="emp-david")
    meet(bridge, *((helen, david) if first == 0 else (david, helen)), people["maria"])
    stands = at_bridge(bridge, "promise", id)
    assert stands["owner_id"] == "emp-david" and "handoff" not in stands
    assert helen.attention() == david.attention() == []


@BY_TURNS
def test_what_somebody_accepts_who_was_let_go_meanwhile_is_with_those_who_are_here(
    people: dict[str, Desk], bridge: DirectBridge, first: int
) -> None:
    helen, maria, david = people.values()
    id = promised(maria)
    maria.do("promise.offer", promise_id=id, to="emp-david")
    meet(bridge, maria, david, helen)
    helen.do("employee.deactivate", employee_id="emp-david")
    david.do("promise.accept", promise_id=id)
    meet(bridge, *((helen, david) if first == 0 else (david, helen)), maria)
    stands = at_bridge(bridge, "promise", id)
    assert stands["state"] == "open" and stands.get("owner_id") != "emp-david"
    assert bool(stands.get("owner_id")) is not bool(stands.get("owner_role"))
    assert stands["handoffs"][-1]["reason"] in ("Handed on.", "The owner is not here.")


@BY_TURNS
def test_what_is_promised_for_somebody_who_was_let_go_meanwhile_is_with_those_who_are_here(
    people: dict[str, Desk], bridge: DirectBridge, first: int
) -> None:
    helen, maria, david = people.values()
    helen.do("employee.deactivate", employee_id="emp-david")
    id = promised(maria, to="emp-david")
    meet(bridge, *((helen, maria) if first == 0 else (maria, helen)), david)
    stands = at_bridge(bridge, "promise", id)
    assert stands["state"] == "open" and stands.get("owner_id") != "emp-david"
    assert bool(stands.get("owner_id")) is not bool(stands.get("owner_role"))
    assert stands["handoffs"][-1]["reason"] in ("Handed on.", "The owner is not here.")


def test_a_car_that_two_wrote_up_says_so_on_either_order_until_one_is_void(
    people: dict[str, Desk], bridge: DirectBridge
) -> None:
    maria, david = people["maria"], people["david"]
    maria.do("ro.void", repair_order_id="ro-2", reason="Written up anew")
    meet(bridge, maria, david)
    for desk in (maria, david):
        desk.do("ro.open", customer_id="cust-2", vehicle_id="car-2", complaints=["Pulls left"])
        assert also_open(desk, *of_car(desk)) == [[]]
    meet(bridge, maria, david)
    for desk in (maria, david):
        mine, other = orders = of_car(desk)
        numbers = [desk.fields("repair_order", id)["number"] for id in (other, mine)]
        assert [[row["number"] for row in rows] for rows in also_open(desk, *orders)] == [[one] for one in numbers]
    assert sorted(rows[0]["advisor"] for rows in also_open(maria, *of_car(maria))) == ["David Kim", "Maria Oakes"]
    one, twin = of_car(maria)
    maria.do("ro.void", repair_order_id=twin, reason="Written up twice")
    assert also_open(maria, one, twin) == [[], []]


def of_car(desk: Desk) -> list[str]:
    """The open orders of the second car."""
    found = desk.everything().items()
    return [id for (_, id), row in found if row.get("vehicle_id") == "car-2" and row.get("stage") == "write_up"]


def also_open(desk: Desk, *orders: str) -> list[list[dict[str, Any]]]:
    """Of each order, the car's others as its page shows them."""
    conn = reads.connect(desk.path, KEY)
    try:
        return [(reads.repair_order(conn, order) or {})["also_open"] for order in orders]
    finally:
        conn.close()
