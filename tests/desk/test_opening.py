"""An order is written with its number at once, the line up or down, and reaches the bridge as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from advisor_desk.domain import repair_order
from advisor_desk.domain.repair_order import LEASED
from tests.support import board
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop


@pytest.fixture(scope="module")
def shop(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Maria and David, advisors, each at a desk that can be cut off."""
    where = tmp_path_factory.mktemp("opening")
    with Shop(demo_store.copied(where / "bridge"), where) as shop:
        shop.sign_in("maria", "david")
        yield shop


def free_car(desk: DeskProcess) -> dict[str, str]:
    """A customer and their car that has no open order."""
    orders = [ro for (kind, _), ro in sorted(desk.records().items()) if kind == "repair_order" and ro.get("vehicle_id")]
    busy = {ro["vehicle_id"] for ro in orders if repair_order.is_open(ro["stage"])}
    return next(
        {name: ro[name] for name in ("customer_id", "vehicle_id")}
        for ro in orders
        if ro["vehicle_id"] not in busy and ro.get("customer_id")
    )


def opened(desk: DeskProcess, **args: Any) -> dict[str, Any]:
    """Open an order; all that stands beside it."""
    (id,) = desk.ask("ro.open", **args)["changed"]["repair_order"]
    found: dict[str, Any] = desk.ask("read.repair_order", repair_order_id=id)
    return found


def test_an_order_is_on_the_board_with_its_number_and_jobs_and_reaches_the_other_desk(shop: Shop) -> None:
    maria = shop.desks["maria"]
    who = free_car(maria)
    promised = board.hence(hours=4)
    made = opened(
        maria, **who, complaints=["Brakes grind when cold", "Oil light"], tag="T-909", transport="waiter",
        promised_at=promised, odometer=41_207,
    )  # fmt: skip
    ro = made["repair_order"]
    assert ro["number"].isdigit() and (ro["tag"], ro["odometer_in"], ro["stage"]) == ("T-909", 41_207, "write_up")
    assert [(job["letter"], job["complaint"]) for job in made["jobs"]] == [
        ("A", "Brakes grind when cold"),
        ("B", "Oil light"),
    ]
    assert board.card(maria, ro["id"])["number"] == ro["number"]
    maria.wait_live()
    assert shop.wait_seen("david", lambda desk: [row for row in board.cards(desk) if row["id"] == ro["id"]])
    assert maria.ask("read.search", q=ro["number"])["found"]
    assert board.attention(maria) == []


def test_cut_off_two_desks_give_different_numbers_until_theirs_run_out_and_temporary_ones_then(shop: Shop) -> None:
    customer = free_car(shop.desks["maria"])["customer_id"]
    shop.unplug("maria", "david")
    numbers: list[str] = []
    for desk in shop.desks.values():
        numbers += [opened(desk, customer_id=customer)["repair_order"]["number"] for _ in range(LEASED + 1)]
    shop.desks["maria"].restart()
    numbers.append(opened(shop.desks["maria"], customer_id=customer)["repair_order"]["number"])
    assert len(set(numbers)) == len(numbers)
    temporary = [number for number in numbers if number.startswith("TMP-")]
    assert 3 <= len(temporary) <= 4
    shop.plug_in("maria", "david")
    there = shop.wait_same()
    assert set(numbers) <= {ro["number"] for (kind, _), ro in there.items() if kind == "repair_order"}
    assert opened(shop.desks["maria"], customer_id=customer)["repair_order"]["number"].isdigit()


def test_a_car_that_has_an_open_order_is_refused_another_unless_it_is_said_again(shop: Shop) -> None:
    maria = shop.desks["maria"]
    who = free_car(maria)
    first = opened(maria, **who)["repair_order"]["number"]
    with pytest.raises(Refusal) as refused:
        maria.ask("ro.open", **who)
    assert (refused.value.code, set(refused.value.fields)) == ("open_already", {"vehicle_id"})
    assert first in refused.value.message
    assert opened(maria, **who, again=True)["repair_order"]["number"] != first


def test_an_order_opened_by_mistake_is_taken_back(shop: Shop) -> None:
    maria = shop.desks["maria"]
    made = opened(maria, **free_car(maria), complaints=["Nothing"])
    id = made["repair_order"]["id"]
    maria.ask("undo")
    assert id not in {row["id"] for row in board.cards(maria)}
    maria.wait_live()
    assert ("repair_order", id) not in shop.wait_same()


def test_the_same_key_opens_one_order(shop: Shop) -> None:
    maria = shop.desks["maria"]
    who = free_car(maria)
    first = maria.ask("ro.open", key="opened-once", **who)
    assert maria.ask("ro.open", key="opened-once", **who) == first


@pytest.mark.parametrize(
    ("args", "code", "field"),
    [
        ({}, "bad_arguments", "customer_id"),
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"vehicle_id": "no-car"}, "not_found", "vehicle_id"),
        ({"promised_at": "2020-01-01T00:00:00Z"}, "bad_arguments", "promised_at"),
        ({"complaints": ["x"] * 27}, "bad_arguments", "complaints"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_nothing_is_written(
    shop: Shop, args: dict[str, Any], code: str, field: str
) -> None:
    maria = shop.desks["maria"]
    before = len(board.cards(maria))
    known = {} if field == "customer_id" else {"customer_id": free_car(maria)["customer_id"]}
    with pytest.raises(Refusal) as refused:
        maria.ask("ro.open", **(known | args))
    assert (refused.value.code, set(refused.value.fields)) == (code, {field})
    assert len(board.cards(maria)) == before


def test_whoever_does_not_advise_opens_no_order(shop: Shop, tmp_path: Any) -> None:
    customer = free_car(shop.desks["maria"])["customer_id"]
    with DeskProcess(tmp_path / "luis", shop.bridge.url, shop.bridge.folder.token("luis")) as luis:
        luis.wait_live()
        with pytest.raises(Refusal) as refused:
            luis.ask("ro.open", customer_id=customer)
    assert refused.value.code == "forbidden"
