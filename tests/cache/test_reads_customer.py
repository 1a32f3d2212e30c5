"""A customer's page: their cars, and both lifecycles on one line of time."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import reads_customer
from tests.cache.shop import ADVISOR, Shop


def page(shop: Shop, id: str = "cust-1", limit: int = 100) -> Any:
    with shop.reader() as conn:
        return reads_customer.customer(conn, id, limit)


def test_all_that_names_the_customer_is_there_newest_first(shop: Shop) -> None:
    shop.create("appointment", "visit-1", customer_id="cust-1", starts_at="2026-12-01T15:00:00Z")
    shop.create("appointment", "visit-2", customer_id="cust-1", starts_at="2026-12-08T15:00:00Z")
    shop.create("appointment", "visit-3", customer_id="cust-2", starts_at="2026-12-08T15:00:00Z")
    found = page(shop)
    assert found["customer"]["name"] == "Marchetti, Sofia"
    assert found["advisor"]["id"] == ADVISOR
    assert {ro["id"] for ro in found["repair_orders"]} == {"ro-1", "ro-old"}
    assert [visit["id"] for visit in found["appointments"]] == ["visit-2", "visit-1"]
    assert found["deals"] == found["promises"] == []
    assert {line["repair_order_id"] for line in found["part_lines"]} == {"ro-1"}  # the other order is closed


def test_a_car_is_found_by_its_owner_and_by_what_was_done_to_it(shop: Shop) -> None:
    assert [car["words"] for car in page(shop)["vehicles"]] == ["2019 CR-V EX"]
    shop.create("vehicle", "car-new", customer_ids=["cust-2"], make="Kia")
    assert {car["id"] for car in page(shop, "cust-2")["vehicles"]} == {"car-2", "car-new"}  # car-2 by its order


def test_the_line_of_time_tells_of_asking_buying_visiting_and_repairing(shop: Shop) -> None:
    who = {"customer_id": "cust-1"}
    shop.create("lead", "lead-1", **who, wants="sales", received_at="2026-11-01T15:00:00Z")
    shop.create("deal", "deal-1", **who, vehicle_id="car-1", sold_on="2026-11-05", delivered_at="2026-11-06T15:00:00Z")
    shop.create(
        "appointment", "visit-1", **who, booked_at="2026-11-10T15:00:00Z", starts_at="2026-11-23T07:30:00Z",
        status="arrived",
    )  # fmt: skip
    shop.create("loaner", "loan-2", **who, unit="L8", out_at="2026-11-23T08:10:00Z")
    line = page(shop)["timeline"]
    told = [(turn["kind"], turn["at"]) for turn in line]
    assert told == [
        ("contact", "2026-11-23T10:00:00Z"),
        ("lent", "2026-11-23T08:10:00Z"),
        ("opened", "2026-11-23T08:00:00Z"),
        ("visit", "2026-11-23T07:30:00Z"),
        ("booked", "2026-11-10T15:00:00Z"),
        ("delivered", "2026-11-06T15:00:00Z"),
        ("sold", "2026-11-05"),
        ("asked", "2026-11-01T15:00:00Z"),
    ]
    assert line[5]["vehicle"] == "2019 CR-V EX"
    assert line[5]["record"]["id"] == "deal-1"


def test_an_order_that_is_not_closed_has_no_end_on_the_line(shop: Shop) -> None:
    shop.edit("repair_order", "ro-1", closed="2026-11-23T09:00:00Z")
    assert "closed" not in {turn["kind"] for turn in page(shop)["timeline"]}
    shop.edit("repair_order", "ro-1", stage="closed")
    assert "closed" in {turn["kind"] for turn in page(shop)["timeline"]}


def test_the_line_goes_back_as_far_as_the_contacts_read(shop: Shop) -> None:
    shop.create("lead", "lead-1", customer_id="cust-1", received_at="2020-11-01T15:00:00Z")
    said = {"customer_id": "cust-1", "channel": "note", "body": "x"}
    shop.create("contact_event", "said-0", **said, at="2020-01-01T10:00:00Z")
    kinds = {turn["kind"] for turn in page(shop, limit=1)["timeline"]}
    assert kinds == {"contact"}
    assert "asked" in {turn["kind"] for turn in page(shop)["timeline"]}


def test_a_customer_who_is_not_here_has_no_page(shop: Shop) -> None:
    assert page(shop, "nobody") is None
