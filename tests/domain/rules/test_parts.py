"""Parts: quoted, given an ETA, chased, told of, and sent back before it is too late."""

from __future__ import annotations

import pytest

from tests.domain.rules.shop import Records, car, local


def part(shop: Records, **fields: object) -> tuple[str, str, str]:
    """A car with a part line as it is now; answers the customer, the order and the line."""
    customer, order = car(shop, promised_at=local("2026-11-24 17:00"))
    return customer, order, shop.add("part_line", repair_order_id=order, description="Alternator", **fields)


def special(shop: Records, **fields: object) -> tuple[str, str, str]:
    """A special order that is here now while its car is gone; answers the customer, the order and the line."""
    customer, order = car(shop, stage="closed", closed=shop.now)
    said = {"source": "order", "state": "received", "received_at": shop.now, "description": "Alternator", **fields}
    return customer, order, shop.add("part_line", repair_order_id=order, **said)


# quote_parts: a part is requested; parts; 30 minutes; quoted, in stock or ordered.


@pytest.mark.parametrize("answer", ["quoted", "in_stock", "ordered"])
def test_a_part_asked_for_is_answered_for_within_half_an_hour(answer: str) -> None:
    shop = Records()
    customer, _, line = part(shop, state="requested", requested_at=shop.now)
    assert shop.one("quote_parts")["title"] == "Quote Alternator for Marchetti"
    assert (shop.owner("quote_parts"), shop.one("quote_parts")["due"]) == ("any parts", "Mon 2026-11-23 10:30")
    shop.wait(minutes=20)
    shop.say(customer)
    assert shop.state("quote_parts") == "open", "a talk with the customer is no price"
    shop.set("part_line", line, state=answer)
    assert shop.state("quote_parts") == "kept"


def test_a_line_somebody_at_the_counter_has_claimed_is_theirs_and_the_counters_while_they_are_away() -> None:
    shop = Records()
    part(shop, state="requested", requested_at=shop.now, claimed_by="pat")
    assert shop.owner("quote_parts") == "pat"
    away = Records()
    away.rows["employee"]["pat"]["away_until"] = "2026-11-25T12:00:00Z"
    part(away, state="requested", requested_at=away.now, claimed_by="pat")
    assert away.owner("quote_parts") == "any parts"


def test_a_quote_asked_for_before_the_holiday_is_due_after_it_and_over_the_change_of_clocks() -> None:
    shop = Records()
    shop.now = local("2026-11-25 17:45")
    part(shop, state="requested", requested_at=shop.now)
    assert shop.one("quote_parts")["due"] == "Fri 2026-11-27 07:45"
    other = Records()
    other.now = local("2026-10-31 13:45")
    part(other, state="requested", requested_at=other.now)
    assert other.one("quote_parts")["due_at"] == "2026-11-02T12:45:00Z"


def test_a_late_quote_is_kept_late_after_the_manager_heard_and_an_unwanted_one_is_cancelled() -> None:
    shop = Records()
    _, _, line = part(shop, state="requested", requested_at=shop.now)
    shop.wait(minutes=59)
    assert "escalated" not in shop.one("quote_parts")
    shop.wait(minutes=1)
    assert shop.one("quote_parts")["escalated"]["to"] == "manager"
    shop.set("part_line", line, state="quoted")
    assert shop.state("quote_parts") == "kept_late"
    other = Records()
    _, _, line = part(other, state="requested", requested_at=other.now)
    other.set("part_line", line, state="cancelled")
    assert other.state("quote_parts") == "cancelled: The part is not wanted any more."


# give_eta: ordered without an ETA; parts; 2 hours; an ETA set.


def test_a_part_ordered_without_an_eta_gets_one_within_two_hours() -> None:
    shop = Records()
    _, _, line = part(shop, state="ordered", ordered_at=shop.now, source="order")
    assert shop.one("give_eta")["title"] == "Give an ETA for Alternator (Marchetti)"
    assert (shop.owner("give_eta"), shop.one("give_eta")["due"]) == ("any parts", "Mon 2026-11-23 12:00")
    shop.wait(minutes=90)
    shop.set("part_line", line, state="backordered")
    assert shop.state("give_eta") == "open"
    shop.set("part_line", line, eta=local("2026-11-24 10:00"), eta_set_at=shop.now)
    assert shop.state("give_eta") == "kept"


def test_one_ordered_with_its_eta_owes_none_and_one_that_just_comes_needs_none() -> None:
    shop = Records()
    eta = {"eta": local("2026-11-24 10:00"), "eta_set_at": shop.now}
    part(shop, state="ordered", ordered_at=shop.now, **eta)
    assert not shop.promises("give_eta")
    other = Records()
    _, _, line = part(other, state="ordered", ordered_at=other.now)
    other.wait(minutes=30)
    other.set("part_line", line, state="received", received_at=other.now)
    assert other.state("give_eta") == "kept"


def test_an_eta_is_owed_over_saturday_the_holiday_and_the_change_of_clocks_in_open_hours() -> None:
    for ordered, due in (
        ("2026-11-28 13:00", "Mon 2026-11-30 08:30"),
        ("2026-11-25 17:00", "Fri 2026-11-27 08:30"),
        ("2027-03-13 13:00", "Mon 2027-03-15 08:30"),
    ):
        shop = Records()
        shop.now = local(ordered)
        part(shop, state="ordered", ordered_at=shop.now)
        assert shop.one("give_eta")["due"] == due


def test_an_eta_that_comes_late_is_late_and_an_order_taken_back_owes_none() -> None:
    shop = Records()
    _, order, line = part(shop, state="ordered", ordered_at=shop.now)
    shop.pass_to("2026-11-23 13:00")
    assert shop.one("give_eta")["escalated"]["to"] == "manager"
    shop.set("part_line", line, eta=local("2026-11-24 10:00"), eta_set_at=shop.now)
    assert shop.state("give_eta") == "kept_late"
    other = Records()
    _, order, _ = part(other, state="ordered", ordered_at=other.now)
    other.set("repair_order", order, stage="void")
    assert other.state("give_eta") == "cancelled: The repair order is void."


# chase_part: the ETA passes and the part is not here; parts; 1 hour; a new ETA, or received.


def awaited(shop: Records, eta: str, **fields: object) -> tuple[str, str, str]:
    """A part on order with its ETA, set now."""
    said = {"state": "ordered", "ordered_at": shop.now, "eta": local(eta), "eta_set_at": shop.now}
    return part(shop, **{**said, **fields})


def test_a_part_that_does_not_come_by_its_eta_is_chased_within_the_hour() -> None:
    shop = Records()
    customer, _, line = awaited(shop, "2026-11-23 14:00")
    shop.pass_to("2026-11-23 13:59")
    assert not shop.promises("chase_part")
    shop.pass_to("2026-11-23 14:00")
    assert shop.one("chase_part")["title"] == "Chase Alternator for Marchetti"
    assert (shop.owner("chase_part"), shop.one("chase_part")["due"]) == ("any parts", "Mon 2026-11-23 15:00")
    shop.wait(minutes=20)
    shop.say(customer)
    shop.set("part_line", line, state="backordered")
    shop.set("part_line", line, state="partly_received", qty=2, qty_filled=1)
    assert shop.state("chase_part") == "open", "half of it is not it"
    shop.set("part_line", line, state="received", received_at=shop.now)
    assert shop.state("chase_part") == "kept"


def test_a_new_eta_keeps_the_chase_until_that_passes_too() -> None:
    shop = Records()
    _, _, line = awaited(shop, "2026-11-23 14:00")
    shop.pass_to("2026-11-23 14:10")
    shop.set("part_line", line, eta=local("2026-11-24 11:00"), eta_set_at=shop.now)
    assert shop.state("chase_part") == "kept"
    shop.pass_to("2026-11-24 11:05")
    first, second = shop.promises("chase_part")
    assert (first["state"], second["state"], second["due"]) == ("kept", "open", "Tue 2026-11-24 12:00")


def test_an_eta_before_the_holiday_or_the_weekend_is_chased_when_the_counter_opens() -> None:
    shop = Records()
    awaited(shop, "2026-11-25 17:30")
    shop.pass_to("2026-11-25 18:00")
    assert shop.one("chase_part")["due"] == "Fri 2026-11-27 08:00"
    other = Records()
    other.now = local("2026-10-30 10:00")
    awaited(other, "2026-10-31 13:30")
    other.pass_to("2026-11-02 07:30")
    assert other.one("chase_part")["due_at"] == "2026-11-02T13:00:00Z"


def test_a_late_chase_is_kept_late_and_a_part_called_off_is_not_chased() -> None:
    shop = Records()
    _, _, line = awaited(shop, "2026-11-23 14:00")
    shop.pass_to("2026-11-23 14:00")
    shop.pass_to("2026-11-23 15:59")
    assert "escalated" not in shop.one("chase_part")
    shop.pass_to("2026-11-23 16:00")
    assert shop.one("chase_part")["escalated"]["to"] == "manager"
    shop.set("part_line", line, state="received", received_at=shop.now)
    assert shop.state("chase_part") == "kept_late"
    other = Records()
    _, _, line = awaited(other, "2026-11-23 14:00", claimed_by="pat")
    other.pass_to("2026-11-23 14:30")
    assert other.owner("chase_part") == "pat"
    other.set("part_line", line, state="cancelled")
    assert other.state("chase_part") == "cancelled: The part is not wanted any more."


# tell_eta: an ETA is set or moved, the promise affected or the customer told another; advisor; 1 hour; a contact that
# names it.


def test_an_eta_that_endangers_the_promise_is_told_within_the_hour() -> None:
    shop = Records()
    customer, order, line = awaited(shop, "2026-11-24 16:30")  # within the margin of 17:00
    assert shop.one("tell_eta")["title"] == "Tell Marchetti: Alternator Tue 16:30"
    assert (shop.owner("tell_eta"), shop.one("tell_eta")["due"]) == ("maria", "Mon 2026-11-23 11:00")
    shop.wait(minutes=10)
    shop.say(customer, repair_order_id=order)
    assert shop.state("tell_eta") == "open", "they spoke, and not of the part"
    shop.say(customer, outcome="voicemail", keeps=[shop.one("tell_eta")["id"]])
    assert shop.state("tell_eta") == "open", "what was not heard was not told"
    call = shop.say(customer, repair_order_id=order, keeps=[shop.one("tell_eta")["id"]])
    assert shop.state("tell_eta") == "kept"
    assert shop.one("tell_eta")["evidence"] == {"kind": "contact_event", "id": call}
    assert shop.get("part_line", line)


def test_marking_the_line_as_told_keeps_it_with_the_contact_of_that_moment() -> None:
    shop = Records()
    customer, order, line = awaited(shop, "2026-11-25 10:00")
    shop.wait(minutes=10)
    told = {"eta": "2026-11-25T15:00:00Z", "at": "2026-11-23T15:10:00Z", "by": "maria"}
    call = shop.say(customer, repair_order_id=order)
    shop.set("part_line", line, eta_told=told)
    assert shop.state("tell_eta") == "kept"
    assert shop.one("tell_eta")["evidence"] == {"kind": "contact_event", "id": call}


def test_an_eta_in_good_time_need_not_be_told_unless_the_customer_believes_another() -> None:
    shop = Records()
    _, _, line = awaited(shop, "2026-11-24 12:00")
    assert not shop.promises("tell_eta")
    shop.set("part_line", line, eta_told={"eta": "2026-11-24T17:00:00Z", "at": "2026-11-23T15:00:00Z"})
    assert not shop.promises("tell_eta")
    shop.set("part_line", line, eta=local("2026-11-24 13:00"), eta_set_at=shop.now)
    assert shop.state("tell_eta") == "open", "in time still, and not what they were told"


def test_an_eta_moved_again_an_arrival_or_the_end_of_the_order_takes_it_back() -> None:
    shop = Records()
    _, order, line = awaited(shop, "2026-11-25 10:00")
    shop.wait(minutes=5)
    shop.set("part_line", line, eta=local("2026-11-27 10:00"), eta_set_at=shop.now)
    first, second = shop.promises("tell_eta")
    assert (first["state"], first["reason"]) == ("cancelled", "A newer ETA took its place.")
    assert (second["state"], second["due"]) == ("open", "Mon 2026-11-23 11:05")
    shop.set("part_line", line, state="received", received_at=shop.now)
    assert shop.promises("tell_eta")[1]["reason"] == "The part is here."
    other = Records()
    _, order, _ = awaited(other, "2026-11-25 10:00")
    other.set("repair_order", order, stage="closed", closed=other.now)
    assert other.state("tell_eta") == "cancelled: The repair order ended."


def test_an_eta_learnt_at_closing_is_told_on_the_next_working_day() -> None:
    for learnt, due in (
        ("2026-11-25 17:30", "Fri 2026-11-27 08:00"),
        ("2026-11-28 13:30", "Mon 2026-11-30 08:00"),
        ("2026-10-31 13:30", "Mon 2026-11-02 08:00"),
    ):
        shop = Records()
        shop.now = local(learnt)
        awaited(shop, "2026-12-04 10:00")
        assert shop.one("tell_eta")["due"] == due


def test_an_eta_told_late_is_kept_late_and_the_manager_heard_before() -> None:
    shop = Records()
    customer, _, _ = awaited(shop, "2026-11-25 10:00")
    shop.pass_to("2026-11-23 11:59")
    assert "escalated" not in shop.one("tell_eta")
    shop.pass_to("2026-11-23 12:00")
    assert shop.one("tell_eta")["escalated"]["to"] == "manager"
    shop.say(customer, keeps=[shop.one("tell_eta")["id"]])
    assert shop.state("tell_eta") == "kept_late"


# tell_arrival: the last part of a special order arrives and the car is not here; advisor; same day, day 3, then weekly;
# reached, or a visit booked.


def test_an_arrival_is_told_the_same_day_and_only_by_reaching_them() -> None:
    shop = Records()
    customer, order, _ = special(shop)
    assert shop.one("tell_arrival")["title"] == "Tell Marchetti: Alternator is here"
    assert (shop.owner("tell_arrival"), shop.one("tell_arrival")["due"]) == ("maria", "Mon 2026-11-23 18:00")
    shop.wait(hours=1)
    shop.say(customer, outcome="voicemail", repair_order_id=order)
    shop.say(customer, "text", outcome="sent", repair_order_id=order)
    assert shop.state("tell_arrival") == "open"
    shop.say(customer, repair_order_id=order)
    assert shop.state("tell_arrival") == "kept"


def test_only_the_last_part_of_several_counts_and_stock_is_no_special_order() -> None:
    shop = Records()
    _, order = car(shop, stage="closed", closed=shop.now)
    said = {"repair_order_id": order, "source": "order", "state": "ordered", "ordered_at": shop.now}
    one = shop.add("part_line", description="Alternator", **said)
    two = shop.add("part_line", description="Belt", **said)
    shop.add("part_line", repair_order_id=order, source="stock", state="requested", requested_at=shop.now)
    shop.set("part_line", one, state="received", received_at=shop.now)
    assert not shop.promises("tell_arrival")
    shop.set("part_line", two, state="received", received_at=shop.now)
    assert shop.one("tell_arrival")["title"] == "Tell Marchetti: Alternator and 1 more is here"


def test_a_part_that_comes_while_the_car_is_here_is_no_news_until_the_car_has_gone_without_it() -> None:
    shop = Records()
    _, order, line = part(shop, source="order", state="ordered", ordered_at=shop.now)
    shop.set("part_line", line, state="received", received_at=shop.now)
    assert not shop.promises("tell_arrival")
    shop.pass_to("2026-11-27 16:00")
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.one("tell_arrival")["due"] == "Fri 2026-11-27 18:00", "it counts from when they left"


def test_who_has_taken_the_car_home_with_the_order_open_is_told_too() -> None:
    shop = Records()
    _, order, line = part(shop, source="order", state="ordered", ordered_at=shop.now)
    shop.set("repair_order", order, spot="Away")
    shop.set("part_line", line, state="received", received_at=shop.now)
    assert shop.state("tell_arrival") == "open"


def test_who_was_told_and_does_not_come_is_told_again_on_day_three_and_then_weekly() -> None:
    shop = Records()
    customer, order, _ = special(shop)
    shop.say(customer, repair_order_id=order)
    shop.pass_to("2026-11-26 09:59")
    assert len(shop.promises("tell_arrival")) == 1
    shop.pass_to("2026-11-26 10:00")  # Thanksgiving: due on Friday
    assert [row["due"] for row in shop.promises("tell_arrival")] == ["Mon 2026-11-23 18:00", "Fri 2026-11-27 18:00"]
    shop.pass_to("2026-11-27 09:00")
    shop.say(customer, repair_order_id=order)
    shop.pass_to("2026-12-03 10:00")
    shop.say(customer, repair_order_id=order)
    shop.pass_to("2026-12-10 10:00")
    assert [(row["due"], row["state"]) for row in shop.promises("tell_arrival")[2:]] == [
        ("Thu 2026-12-03 18:00", "kept"),
        ("Thu 2026-12-10 18:00", "open"),
    ]


def test_while_they_are_not_told_the_first_promise_stands_and_no_second_comes_beside_it() -> None:
    shop = Records()
    special(shop)
    shop.pass_to("2026-11-27 10:00")
    shop.pass_to("2026-12-04 10:00")
    assert shop.one("tell_arrival")["due"] == "Mon 2026-11-23 18:00"
    late = Records()
    special(late)
    late.rows["promise"].clear()  # a desk that was off all the while
    late.pass_to("2026-12-04 10:00")
    assert late.one("tell_arrival")["id"] == shop.one("tell_arrival")["id"]


def test_a_visit_to_come_keeps_it_and_the_rounds_wait_for_it() -> None:
    shop = Records()
    customer, _, _ = special(shop)
    visit = shop.add(
        "appointment",
        customer_id=customer,
        status="booked",
        booked_at=shop.now,
        starts_at=local("2026-12-01 09:00"),
    )
    assert shop.state("tell_arrival") == "kept"
    shop.pass_to("2026-11-30 12:00")
    assert len(shop.promises("tell_arrival")) == 1
    shop.pass_to("2026-12-01 12:00")
    shop.set("appointment", visit, status="no_show")
    assert [row["state"] for row in shop.promises("tell_arrival")] == ["kept", "open"]


def test_parts_installed_or_sent_back_are_no_news_any_more() -> None:
    for state, words in (("installed", "The parts are installed."), ("returned", "The parts went back.")):
        shop = Records()
        _, _, line = special(shop)
        shop.set("part_line", line, state=state)
        assert shop.state("tell_arrival") == f"cancelled: {words}"


def test_told_the_next_day_is_late_and_the_manager_heard_two_open_hours_after_closing() -> None:
    shop = Records()
    shop.now = local("2026-10-31 11:00")
    customer, _, _ = special(shop)
    assert shop.one("tell_arrival")["due"] == "Sat 2026-10-31 14:00"
    shop.pass_to("2026-11-02 09:29")
    assert "escalated" not in shop.one("tell_arrival")
    shop.pass_to("2026-11-02 09:30")
    assert shop.one("tell_arrival")["escalated"]["at"] == "2026-11-02T14:30:00Z"
    shop.say(customer)
    assert shop.state("tell_arrival") == "kept_late"


# return_special_order: arrived, not installed; parts; 5 days before it must go back; installed, visit booked, returned.


def test_a_special_order_nobody_comes_for_goes_back_five_days_before_it_no_longer_can() -> None:
    for state in ("installed", "return_due", "returned"):
        shop = Records()
        customer, _, line = special(shop, return_by="2026-12-09")
        assert shop.one("return_special_order")["title"] == "Return Alternator or get Marchetti in"
        assert shop.owner("return_special_order") == "any parts"
        assert shop.one("return_special_order")["due"] == "Fri 2026-12-04 18:00"
        shop.say(customer)
        assert shop.state("return_special_order") == "open", "a talk installs nothing"
        shop.set("part_line", line, state=state)
        assert shop.state("return_special_order") == "kept"


def test_five_days_before_a_friday_is_sunday_so_it_is_monday_and_the_holiday_moves_it_on() -> None:
    shop = Records()
    special(shop, return_by="2026-12-11")
    assert shop.one("return_special_order")["due"] == "Mon 2026-12-07 18:00"
    holiday = Records()
    special(holiday, return_by="2026-12-01")
    assert holiday.one("return_special_order")["due"] == "Fri 2026-11-27 18:00"
    clocks = Records(store={"rules": {"return_special_order": {"days_before": 2}}})
    clocks.now = local("2027-03-12 10:00")
    special(clocks, return_by="2027-03-17")
    assert clocks.one("return_special_order")["due_at"] == "2027-03-15T22:00:00Z"


def test_a_visit_keeps_it_and_one_that_comes_to_nothing_raises_it_again() -> None:
    shop = Records()
    customer, _, _ = special(shop, return_by="2026-12-31")
    visit = {"customer_id": customer, "status": "booked", "starts_at": local("2026-12-10 09:00")}
    shop.wait(hours=1)
    booked = shop.add("appointment", booked_at=shop.now, **visit)
    assert shop.state("return_special_order") == "kept"
    shop.pass_to("2026-12-10 12:00")
    assert len(shop.promises("return_special_order")) == 1, "they may be at the counter now"
    shop.set("appointment", booked, status="no_show")
    kept, again = sorted(shop.promises("return_special_order"), key=lambda row: str(row["raised_at"]))
    assert (kept["state"], again["state"], again["due"]) == ("kept", "open", "Sat 2026-12-26 14:00")


def test_another_return_date_or_an_unwanted_part_ends_it_and_a_late_return_is_late() -> None:
    shop = Records()
    _, _, line = special(shop, return_by="2026-12-09")
    shop.set("part_line", line, return_by="2026-12-16")
    first, second = shop.promises("return_special_order")
    assert (first["state"], first["reason"]) == ("cancelled", "Another return date took its place.")
    assert second["due"] == "Fri 2026-12-11 18:00"
    shop.pass_to("2026-12-14 09:29")
    assert "escalated" not in shop.promises("return_special_order")[1]
    shop.pass_to("2026-12-14 09:30")  # eight open hours: six of Saturday and two of Monday
    assert shop.promises("return_special_order")[1]["escalated"]["to"] == "manager"
    shop.set("part_line", line, state="returned")
    assert shop.promises("return_special_order")[1]["state"] == "kept_late"


def test_a_return_date_that_is_first_known_weeks_after_the_arrival_still_asks_for_the_part() -> None:
    shop = Records()
    _, _, line = special(shop)
    shop.pass_to("2026-12-15 10:00")
    assert not shop.promises("return_special_order")
    shop.set("part_line", line, return_by="2026-12-21")
    assert shop.one("return_special_order")["due"] == "Wed 2026-12-16 18:00"


def test_one_that_should_have_gone_back_long_ago_asks_for_nothing_any_more() -> None:
    shop = Records()
    _, _, line = special(shop)
    shop.pass_to("2027-02-01 10:00")
    shop.set("part_line", line, return_by="2027-01-10")
    assert not shop.promises("return_special_order")


def test_no_part_goes_back_while_the_car_is_here() -> None:
    shop = Records()
    part(shop, source="order", state="received", received_at=shop.now, return_by="2026-12-09")
    assert not shop.promises("return_special_order")
