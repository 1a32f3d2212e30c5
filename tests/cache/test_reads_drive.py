"""A day of the service drive, as the screen reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from advisor_desk.cache import reads_drive
from tests.cache.shop import ADVISOR, NOON, Shop

WEEK = [{"opens": "08:00", "closes": "17:00"}] * 5 + [{}, {}]
MONDAY = date(2026, 11, 23)


def book(shop: Shop, id: str, starts_at: str, **fields: Any) -> None:
    said = {"customer_id": "cust-1", "vehicle_id": "car-1", "starts_at": starts_at, "advisor_id": ADVISOR}
    shop.create("appointment", id, **said | fields)


def drive(shop: Shop, day: date) -> Any:
    with shop.reader() as conn:
        return reads_drive.drive(conn, day)


def test_a_day_has_its_visits_in_order_with_who_comes_and_what_is_written_up(shop: Shop) -> None:
    shop.edit("store", "store-1", hours=WEEK, capacity={"general": 8.0})
    book(shop, "late", "2026-11-23T20:00:00Z", hours=2.0, customer_id="cust-2", vehicle_id="car-2")
    book(shop, "early", "2026-11-23T13:30:00Z", hours=1.5, status="arrived")
    book(shop, "gone", "2026-11-23T14:00:00Z", hours=4.0, status="no_show")
    book(shop, "before", "2026-11-23T04:59:00Z")  # still Sunday in New York
    book(shop, "after", "2026-11-24T05:00:00Z")
    shop.edit("repair_order", "ro-1", appointment_id="early")
    day = drive(shop, MONDAY)
    assert (day["day"], day["opens"], day["closes"]) == ("2026-11-23", "2026-11-23T13:00:00Z", "2026-11-23T22:00:00Z")
    assert [visit["id"] for visit in day["visits"]] == ["early", "gone", "late"]
    early, _, late = day["visits"]
    assert (early["customer"], early["phone"], early["advisor"]) == (
        "Marchetti, Sofia", "(555) 010-4477", "Maria Oakes"
    )  # fmt: skip
    assert early["vehicle"] == "2019 CR-V EX"
    assert early["repair_order"] == {"id": "ro-1", "number": "104417", "tag": "T21", "stage": "repair"}
    assert (late["status"], late["repair_order"], late["phone"]) == ("booked", None, "555-010-9911")
    assert day["booked"] == {"general": 3.5}
    assert day["capacity"] == {"general": 8.0}


def test_an_empty_day_of_a_shut_store_is_a_day_too(shop: Shop) -> None:
    shop.edit("store", "store-1", hours=WEEK, holidays={"country": "US"})
    thanksgiving = drive(shop, date(2026, 11, 26))
    assert (thanksgiving["opens"], thanksgiving["holiday"], thanksgiving["visits"]) == (None, True, [])
    sunday = drive(shop, date(2026, 11, 22))
    assert (sunday["opens"], sunday["holiday"]) == (None, False)


def test_today_is_the_stores_day(shop: Shop) -> None:
    with shop.reader() as conn:
        assert reads_drive.today(conn, NOON) == MONDAY
        assert reads_drive.today(conn, NOON.replace(hour=3)) == date(2026, 11, 22)
