"""The order under way: the customer kept told, the estimate answered, the car said to be ready, the loaner back."""

from __future__ import annotations

from tests.domain.rules.shop import Records, car, local


def test_a_car_that_becomes_ready_promises_its_owner_word_within_a_quarter_of_an_hour() -> None:
    shop = Records()
    customer, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    promise = shop.one("tell_ready")
    assert promise["title"] == "Tell Marchetti: car is ready"
    assert (promise["owner_id"], promise["due"], promise["state"]) == ("maria", "Mon 2026-11-23 10:15", "open")
    shop.wait(minutes=10)
    call = shop.say(customer, outcome="voicemail")
    assert shop.one("tell_ready")["state"] == "kept"
    assert shop.one("tell_ready")["evidence"] == {"kind": "contact_event", "id": call}


def test_a_call_after_the_quarter_of_an_hour_keeps_it_late() -> None:
    shop = Records()
    customer, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.wait(minutes=16)
    shop.say(customer)
    assert shop.one("tell_ready")["state"] == "kept_late"


def test_a_car_ready_at_closing_is_told_of_in_the_morning_and_not_on_sunday() -> None:
    shop = Records()
    shop.now = local("2026-11-28 13:50")  # Saturday, closing at two
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    assert shop.one("tell_ready")["due"] == "Mon 2026-11-30 07:35"


def test_a_car_that_goes_back_to_the_shop_is_not_told_of() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.wait(minutes=5)
    shop.set("repair_order", order, stage="quality", stage_since=shop.now)
    promise = shop.one("tell_ready")
    assert (promise["state"], promise["reason"]) == ("cancelled", "The car went back to the shop.")


def test_an_untold_ready_car_goes_to_the_manager_half_an_hour_later_once() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.wait(minutes=44)
    assert "escalated" not in shop.one("tell_ready")
    shop.wait(minutes=1)
    assert shop.one("tell_ready")["escalated"]["to"] == "manager"
    assert shop.one("tell_ready")["owner_id"] == "maria"
    before = shop.one("tell_ready")
    shop.wait(hours=2)
    assert shop.one("tell_ready") == before
