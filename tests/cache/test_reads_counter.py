"""The parts counter's list as the cache reads it: which lines, whose, and what stands beside each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.cache import reads_counter
from tests.cache.shop import ADVISOR, PARTS, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "cache.db").stock()
    yield made
    made.cache.close()


def counter(shop: Shop) -> dict[str, dict[str, Any]]:
    with shop.reader() as conn:
        rows = reads_counter.counter(conn)
        orders = {row["repair_order_id"] for row in rows}
        assert sorted(reads_counter.counter_of(conn, orders), key=_id) == sorted(rows, key=_id)
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: row for row in rows}


def _id(row: dict[str, Any]) -> str:
    return str(row["id"])


def part(shop: Shop, order: str, state: str, **fields: Any) -> str:
    id = shop.new_id()
    shop.create("part_line", id, repair_order_id=order, state=state, **{"source": "order", **fields})
    return id


def test_every_open_line_is_listed_with_its_order_its_customer_and_its_car(shop: Shop) -> None:
    rows = counter(shop)
    assert rows.keys() == {"line-1", "line-2"}
    row = rows["line-1"]
    assert row["order"] == {
        "id": "ro-1", "number": "104417", "tag": "T21", "stage": "repair", "promised_at": "2026-11-23T21:00:00Z",
        "transport": None, "opened": "2026-11-23T08:00:00Z", "closed": None, "spot": None, "advisor_id": ADVISOR,
        "customer_id": "cust-1", "vehicle_id": "car-1",
    }  # fmt: skip
    assert (row["customer"], row["customer_id"], row["vehicle"], row["advisor"]) == (
        "Marchetti, Sofia", "cust-1", "2019 CR-V EX", "Maria Oakes",
    )  # fmt: skip
    assert (row["description"], row["order_no"], row["claimed"], row["told_by"]) == ("Front pads", "PO-771", "", "")
    assert rows["line-2"]["advisor"] == "", "nobody looks after that order"


def test_who_has_it_in_hand_who_told_the_eta_and_what_is_not_sent_yet_stand_in_the_row(shop: Shop) -> None:
    told = {"eta": "2026-11-24T15:00:00Z", "at": "2026-11-23T12:00:00Z", "by": ADVISOR}
    shop.edit("part_line", "line-1", claimed_by=PARTS, eta_told=told)
    row = counter(shop)["line-1"]
    assert (row["claimed"], row["told_by"], row["pending"]) == ("Luis Prado", "Maria Oakes", ["claimed_by", "eta_told"])


def test_a_finished_line_leaves_the_list_and_one_ordered_for_a_car_that_left_stays(shop: Shop) -> None:
    for state in ("installed", "returned", "cancelled", "pulled"):
        part(shop, "ro-1", state)
    special = {part(shop, "ro-old", state) for state in ("ordered", "received", "pulled", "return_due")}
    part(shop, "ro-old", "received", source="stock")
    part(shop, "ro-old", "requested")
    assert counter(shop).keys() == {"line-1", "line-2"} | special
    shop.edit("repair_order", "ro-1", stage="void")
    shop.edit("part_line", "line-2", state="cancelled")
    assert counter(shop).keys() == special
    with shop.reader() as conn:
        assert reads_counter.counter_of(conn, ["ro-1", "ro-2", "no such order"]) == []


def test_a_loaner_that_is_out_is_named_until_it_is_back(shop: Shop) -> None:
    shop.edit("loaner", "loan-1", out_at="2026-11-23T08:30:00Z")
    assert counter(shop)["line-1"]["loaner"] == "L7"
    assert counter(shop)["line-2"]["loaner"] == ""
    shop.edit("loaner", "loan-1", back_at="2026-11-23T11:00:00Z")
    assert counter(shop)["line-1"]["loaner"] == ""


def test_what_is_on_the_shelf_names_the_part_the_order_still_waits_for(shop: Shop) -> None:
    shelf = part(shop, "ro-1", "in_stock", source="stock")
    part(shop, "ro-1", "ordered", description="Rotor", eta="2026-11-25T15:00:00Z")
    assert counter(shop)[shelf]["waits_for"] == "Front pads", "that one has no ETA at all"
    shop.edit("part_line", "line-1", eta="2026-11-24T15:00:00Z")
    assert counter(shop)[shelf]["waits_for"] == "Rotor"
    assert counter(shop)["line-1"]["waits_for"] == ""


def test_a_part_left_here_says_whether_its_customer_was_tried_and_has_a_visit_to_come(shop: Shop) -> None:
    line = part(shop, "ro-old", "received", received_at="2026-11-20T14:00:00Z")
    call = {"customer_id": "cust-1", "channel": "call", "direction": "out", "outcome": "voicemail"}
    shop.create("contact_event", "said-2", **call, at="2026-11-20T13:59:00Z")
    shop.create("contact_event", "said-3", **call, at="2026-11-20T14:00:00Z")
    shop.create("contact_event", "said-4", **call, at="2026-11-21T14:00:00Z", repair_order_id="ro-old")
    shop.create("contact_event", "said-5", **call, at="2026-11-22T14:00:00Z", repair_order_id="ro-1")
    row = counter(shop)[line]
    assert (row["tries"], row["visit_at"]) == (2, "")
    shop.create("appointment", "visit-1", customer_id="cust-1", status="booked", starts_at="2026-11-27T14:00:00Z")
    shop.create("appointment", "visit-2", customer_id="cust-1", status="cancelled", starts_at="2026-11-30T14:00:00Z")
    assert counter(shop)[line]["visit_at"] == "2026-11-27T14:00:00Z"
    assert counter(shop)["line-1"]["tries"] == 0, "her car is here"
