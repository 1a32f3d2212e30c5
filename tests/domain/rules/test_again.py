"""A visit that had kept a promise is called off: what it was for is owed again, once, at desk and bridge alike."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.domain.rules.shop import Records, car, local


def closed(shop: Records, **job: Any) -> str:
    """A car handed over now, perhaps with a declined job; the customer."""
    customer, order = car(shop)
    if job:
        shop.add("job", repair_order_id=order, state="declined", **job)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    return customer


def book(shop: Records, customer: str, starts: str) -> str:
    """A visit booked now."""
    said = {"customer_id": customer, "status": "booked", "booked_at": shop.now, "starts_at": local(starts)}
    return shop.add("appointment", **said)


def call_off(shop: Records, visit: str) -> None:
    """It is called off now."""
    shop.set("appointment", visit, status="cancelled", cancelled_at=shop.now)


def states(shop: Records, rule: str) -> list[str]:
    """What became of a rule's promises, the first raised first."""
    return [row["state"] for row in sorted(shop.promises(rule), key=lambda row: str(row["raised_at"]))]


def open_one(shop: Records, rule: str) -> dict[str, Any]:
    """The one that is open."""
    (found,) = [row for row in shop.promises(rule) if row["state"] == "open"]
    return found


def test_a_next_visit_that_is_called_off_months_later_is_to_be_booked_again_by_when_the_first_was() -> None:
    shop = Records()
    customer = closed(shop)
    visit = book(shop, customer, "2027-03-01 09:00")
    assert states(shop, "book_next_visit") == ["kept"]
    shop.pass_to("2027-02-01 10:00")
    call_off(shop, visit)
    again = open_one(shop, "book_next_visit")
    assert (again["due"], again["owner_role"]) == ("Thu 2027-04-22 18:00", "bdc")
    shop.wait(hours=1)
    other = book(shop, customer, "2027-03-08 09:00")
    assert states(shop, "book_next_visit") == ["kept", "kept"]
    shop.wait(days=3)
    call_off(shop, other)
    assert states(shop, "book_next_visit") == ["kept", "kept", "open"]


def test_when_the_first_due_time_is_past_it_is_due_the_next_working_day() -> None:
    shop = Records()
    customer = closed(shop, severity="red", complaint="Front brakes")
    visit = book(shop, customer, "2026-12-08 09:00")
    assert states(shop, "recover_declined") == ["kept"]
    shop.pass_to("2026-12-04 15:00")
    call_off(shop, visit)
    again = open_one(shop, "recover_declined")
    assert (again["due"], again["title"]) == ("Sat 2026-12-05 14:00", "Ask Marchetti again: Front brakes")
    shop.pass_to("2026-12-05 09:00")
    shop.say(customer)
    assert states(shop, "recover_declined") == ["kept", "kept"]


def test_a_first_service_that_is_called_off_is_to_be_set_again() -> None:
    shop = Records()
    customer = shop.add("customer", name="Marchetti, Sofia", salesperson_id="sal")
    shop.add("deal", customer_id=customer, stage="delivered", delivered_at=shop.now, salesperson_id="sal")
    visit = book(shop, customer, "2027-02-01 09:00")
    assert states(shop, "first_service") == ["kept"]
    shop.pass_to("2027-01-20 10:00")
    call_off(shop, visit)
    again = open_one(shop, "first_service")
    assert (again["owner_id"], again["due"]) == ("sal", "Thu 2027-01-21 18:00")
    shop.wait(hours=1)
    book(shop, customer, "2027-02-02 09:00")
    assert states(shop, "first_service") == ["kept", "kept"]


def test_a_visit_that_was_booked_before_the_order_closed_is_one_promise_when_it_is_called_off() -> None:
    shop = Records()
    customer, order = car(shop)
    visit = book(shop, customer, "2026-12-08 09:00")
    shop.wait(hours=1)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert not shop.promises("book_next_visit")
    shop.wait(hours=2)
    call_off(shop, visit)
    assert states(shop, "book_next_visit") == ["open"]
    shop.pass_to("2026-12-01 10:00")
    assert states(shop, "book_next_visit") == ["open"]


def test_a_visit_that_stands_again_owes_nothing_and_called_off_anew_owes_again() -> None:
    shop = Records()
    customer = closed(shop)
    visit = book(shop, customer, "2026-12-08 09:00")
    shop.wait(hours=1)
    call_off(shop, visit)
    shop.set("appointment", visit, status="booked", cancelled_at=None)
    assert states(shop, "book_next_visit") == ["kept", "cancelled"]
    shop.wait(hours=1)
    call_off(shop, visit)
    assert states(shop, "book_next_visit") == ["kept", "cancelled", "open"]


def test_whoever_was_here_meanwhile_owes_nothing_from_the_order_before() -> None:
    shop = Records()
    customer = closed(shop)
    visit = book(shop, customer, "2026-12-08 09:00")
    shop.pass_to("2026-12-01 10:00")
    shop.add("repair_order", customer_id=customer, stage="repair", opened=shop.now, advisor_id="maria")
    call_off(shop, visit)
    assert states(shop, "book_next_visit") == ["kept"]


def test_work_that_was_talked_over_is_not_asked_for_again_because_a_visit_is_called_off() -> None:
    shop = Records()
    customer = closed(shop, severity="red", complaint="Front brakes")
    shop.pass_to("2026-11-27 10:00")
    shop.say(customer)
    visit = book(shop, customer, "2026-12-08 09:00")
    shop.wait(hours=1)
    call_off(shop, visit)
    assert states(shop, "recover_declined") == ["kept"]


def test_an_order_opened_again_ends_the_second_time_round_too() -> None:
    shop = Records()
    customer, order = car(shop)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    visit = book(shop, customer, "2026-12-08 09:00")
    shop.wait(hours=1)
    call_off(shop, visit)
    shop.set("repair_order", order, stage="repair", closed=None)
    assert states(shop, "book_next_visit") == ["kept", "cancelled"]


@pytest.mark.parametrize("first", ["desk", "bridge"])
def test_desk_and_bridge_that_see_the_same_visit_called_off_raise_the_same(first: str) -> None:
    desk = Records()
    visit = book(desk, closed(desk), "2026-12-08 09:00")
    bridge = copy.deepcopy(desk)
    desk.wait(hours=1)
    call_off(desk, visit)
    bridge.now = desk.now
    if first == "desk":
        bridge.wait(hours=5)
    bridge.take("appointment", visit, desk.rows["appointment"][visit])
    assert bridge.rows["promise"] == desk.rows["promise"]


def test_two_desks_that_call_it_off_apart_leave_one_promise_once_they_know_of_each_other() -> None:
    maria = Records()
    visit = book(maria, closed(maria), "2026-12-08 09:00")
    david = copy.deepcopy(maria)
    maria.wait(hours=1)
    call_off(maria, visit)
    david.wait(hours=2)
    call_off(david, visit)
    for desk, other in ((maria, david), (david, maria)):
        found = copy.deepcopy(other.rows["promise"])
        desk.rows["promise"] |= {id: row for id, row in found.items() if id not in desk.rows["promise"]}
    for desk in (maria, david):
        desk.take("appointment", visit, david.rows["appointment"][visit])  # the later word stands
        desk.look()
    assert open_one(maria, "book_next_visit") == open_one(david, "book_next_visit")
    assert states(maria, "book_next_visit") == ["kept", "cancelled", "open"]
