"""What the rules called off is owed again once what ended it no longer holds: the same promise, open as it stood."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from advisor_desk.domain import promise
from tests.domain.rules.shop import Records, car, local
from tests.domain.rules.test_visits import visit


def states(shop: Records, rule: str) -> list[str]:
    """What became of a rule's promises, the one due first first."""
    return [str(row["state"]) for row in shop.promises(rule)]


def move(shop: Records, booked: str, to: str) -> None:
    """The visit is moved now."""
    row = shop.rows["appointment"][booked]
    moves = [*row.get("moves", []), {"at": shop.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "was": row["starts_at"]}]
    shop.set("appointment", booked, starts_at=local(to), moves=moves)


def test_a_visit_moved_and_moved_back_is_to_be_confirmed() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-25 09:00")
    shop.wait(minutes=5)
    move(shop, booked, "2026-11-27 09:00")
    assert states(shop, "confirm_visit") == ["cancelled", "open"]
    shop.wait(minutes=5)
    move(shop, booked, "2026-11-25 09:00")
    assert states(shop, "confirm_visit") == ["open", "cancelled"]
    (again, _) = shop.promises("confirm_visit")
    assert "reason" not in again and again["due_at"] == again["first_due_at"]


def test_a_loaner_due_on_another_day_and_then_on_the_first_after_all_is_to_come_back() -> None:
    shop = Records()
    customer = shop.add("customer", name="Marchetti, Sofia", advisor_id="maria")
    said = {"customer_id": customer, "unit": "L7", "out_at": shop.now}
    loaner = shop.add("loaner", **said, due_at=local("2026-11-24 17:00"))
    shop.set("loaner", loaner, due_at=local("2026-11-27 17:00"))
    shop.set("loaner", loaner, due_at=local("2026-11-24 17:00"))
    assert states(shop, "return_loaner") == ["open", "cancelled"]


def test_a_loaner_that_is_out_for_weeks_and_extended_is_still_to_come_back() -> None:
    shop = Records()
    customer = shop.add("customer", name="Marchetti, Sofia", advisor_id="maria")
    said = {"customer_id": customer, "unit": "L7", "out_at": shop.now}
    loaner = shop.add("loaner", **said, due_at=local("2026-12-15 17:00"))
    shop.pass_to("2026-12-14 10:00")
    shop.set("loaner", loaner, due_at=local("2026-12-21 17:00"))
    assert states(shop, "return_loaner") == ["cancelled", "open"]


def test_an_eta_that_is_the_old_one_again_is_still_to_be_told() -> None:
    shop = Records()
    _, order = car(shop, promised_at=local("2026-11-23 16:00"))
    first, other = local("2026-11-24 12:00"), local("2026-11-25 12:00")
    said = {"state": "ordered", "source": "order", "ordered_at": shop.now, "eta": first, "eta_set_at": shop.now}
    line = shop.add("part_line", repair_order_id=order, **said)
    for eta in (other, first):
        shop.wait(minutes=5)
        shop.set("part_line", line, eta=eta, eta_set_at=shop.now)
    assert states(shop, "tell_eta") == ["open", "cancelled"]


def test_what_stands_again_is_with_somebody_who_is_here() -> None:
    shop = Records()
    _, order = car(shop, stage="ready", stage_since=shop.now)
    shop.set("repair_order", order, stage="void")
    assert shop.state("tell_ready") == "cancelled: The repair order is void."
    shop.rows["employee"]["maria"]["active"] = False
    shop.set("repair_order", order, stage="ready")
    assert (shop.state("tell_ready"), shop.owner("tell_ready")) == ("open", "any advisor")
    assert shop.one("tell_ready")["handoffs"][-1]["reason"] == "The owner is not here."


@pytest.mark.parametrize("how", [promise.cancel, promise.keep])
def test_what_a_person_ended_stays_ended(how: Any) -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-25 09:00")
    row = shop.one("confirm_visit")
    for edit in how(row["id"], row, reason="They said so.", now=shop.now):
        shop.apply(edit)
    before = shop.state("confirm_visit")
    for to in ("2026-11-27 09:00", "2026-11-25 09:00"):
        move(shop, booked, to)
    assert (shop.promises("confirm_visit")[0]["state"], shop.promises("confirm_visit")[0]["reason"]) == tuple(
        before.split(": ")
    )


def test_what_was_taken_back_is_owed_again_when_it_comes_to_be_after_all() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 11:20")
    shop.set("appointment", booked, status="no_show", no_show_at=shop.now)
    row = shop.one("save_no_show")
    taken_back = promise.taken_back(row["id"], row)
    assert taken_back is not None
    shop.apply(taken_back)
    shop.set("appointment", booked, status="booked", no_show_at=None)
    assert shop.state("save_no_show") == "cancelled: It was taken back."
    shop.pass_to("2026-11-23 11:59")
    assert shop.state("save_no_show").startswith("cancelled"), "they may still come"
    shop.pass_to("2026-11-23 12:00")
    assert shop.state("save_no_show") == "open"


def test_desk_and_bridge_that_look_apart_open_the_same_one_alike() -> None:
    desk = Records()
    _, booked = visit(desk, "2026-11-25 09:00")
    move(desk, booked, "2026-11-27 09:00")
    bridge = copy.deepcopy(desk)
    move(desk, booked, "2026-11-25 09:00")
    bridge.wait(hours=2)
    bridge.take("appointment", booked, desk.rows["appointment"][booked])
    assert bridge.rows["promise"] == desk.rows["promise"]
