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


# tell_ready, what is left of its row.


def test_a_note_a_failed_text_or_a_call_about_another_car_tells_nobody_that_this_one_is_ready() -> None:
    shop = Records()
    customer, order = car(shop)
    other = shop.add("repair_order", customer_id=customer, stage="repair", opened=shop.now, number="RO 1002")
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.say(customer, "note", outcome="sent", repair_order_id=order)
    shop.say(customer, "text", outcome="failed", repair_order_id=order)
    shop.say(customer, repair_order_id=other)
    assert shop.state("tell_ready") == "open"
    shop.say(customer)
    assert shop.state("tell_ready") == "kept", "a call that names no order counts for each"


def test_a_car_handed_over_in_time_needs_no_call_and_one_handed_over_later_went_untold() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.wait(minutes=10)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.state("tell_ready") == "cancelled: The car was handed over before anybody called."
    other = Records()
    _, order = car(other)
    other.set("repair_order", order, stage="ready", stage_since=other.now)
    other.wait(minutes=20)
    other.set("repair_order", order, stage="closed", closed=other.now)
    assert other.state("tell_ready") == "broken: The car was handed over before anybody called."


def test_a_ready_car_is_told_of_by_somebody_who_is_here() -> None:
    shop = Records()
    shop.rows["employee"]["maria"]["away_until"] = "2026-11-24T12:30:00Z"
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    assert shop.owner("tell_ready") == "any advisor"


# update_customer: the cadence runs out since last told; advisor; at once; an outbound contact that reached or was sent.


def test_a_waiter_who_has_heard_nothing_for_45_minutes_is_told_at_once() -> None:
    shop = Records()
    customer, order = car(shop, transport="waiter")
    shop.wait(minutes=44)
    assert not shop.promises("update_customer")
    shop.wait(minutes=1)
    assert shop.one("update_customer")["due"] == "Mon 2026-11-23 10:45"
    assert shop.owner("update_customer") == "maria"
    shop.say(customer, outcome="voicemail", repair_order_id=order)
    assert shop.state("update_customer") == "open", "who was not reached has heard nothing"
    shop.say(customer, "text", outcome="sent", repair_order_id=order)
    assert shop.state("update_customer") == "kept"
    shop.wait(minutes=45)
    assert [promise["state"] for promise in shop.promises("update_customer")] == ["kept", "open"]


def test_an_update_after_it_was_due_is_late_and_an_hour_later_the_manager_hears() -> None:
    shop = Records()
    customer, _ = car(shop, transport="waiter")
    shop.wait(minutes=45)
    shop.wait(minutes=59)
    assert "escalated" not in shop.one("update_customer")
    shop.wait(minutes=1)
    assert shop.one("update_customer")["escalated"]["to"] == "manager"
    shop.say(customer)
    assert shop.state("update_customer") == "kept_late"


def test_a_store_may_give_its_advisors_some_minutes_to_update_and_set_its_own_cadence() -> None:
    shop = Records(store={"rules": {"update_customer": {"due": 15}}, "cadence": {"waiter": 30}})
    customer, _ = car(shop, transport="waiter")
    shop.wait(minutes=30)
    assert shop.one("update_customer")["due"] == "Mon 2026-11-23 10:45"
    shop.wait(minutes=10)
    shop.say(customer)
    assert shop.state("update_customer") == "kept"


def test_a_same_day_car_hears_after_four_open_hours_over_the_night_and_the_holiday() -> None:
    shop = Records()
    shop.now = local("2026-11-25 16:00")
    car(shop, promised_at=local("2026-11-25 18:00"))
    shop.pass_to("2026-11-27 09:29")
    assert not shop.promises("update_customer")
    shop.pass_to("2026-11-27 09:30")  # two hours of Wednesday and two of Friday
    assert shop.one("update_customer")["due"] == "Fri 2026-11-27 09:30"


def test_a_car_that_stays_longer_hears_daily_at_three_and_on_saturday_by_closing() -> None:
    shop = Records()
    shop.now = local("2026-11-27 10:00")
    customer, order = car(shop, promised_at=local("2026-12-02 17:00"))
    shop.pass_to("2026-11-28 14:00")
    assert shop.one("update_customer")["due"] == "Sat 2026-11-28 14:00"
    shop.say(customer, repair_order_id=order)
    shop.pass_to("2026-11-30 15:00")
    assert [promise["due"] for promise in shop.promises("update_customer")][1] == "Mon 2026-11-30 15:00"


def test_daily_at_three_is_three_by_the_stores_clock_on_both_sides_of_a_change() -> None:
    shop = Records()
    shop.now = local("2027-03-13 10:00")
    car(shop, promised_at=local("2027-03-17 17:00"))
    shop.pass_to("2027-03-15 15:00")
    assert shop.one("update_customer")["due_at"] == "2027-03-15T19:00:00Z"


def test_a_talk_about_another_car_updates_nobody_on_this_one() -> None:
    shop = Records()
    customer, order = car(shop, transport="waiter")
    other = shop.add("repair_order", customer_id=customer, stage="repair", opened=shop.now)
    shop.wait(minutes=30)
    shop.say(customer, repair_order_id=other)
    shop.wait(minutes=15)
    assert shop.one("update_customer")["subject"]["id"] == order
    shop.say(customer, repair_order_id=other)
    assert shop.state("update_customer") == "open"


def test_a_call_of_before_that_is_heard_of_later_takes_the_promise_back() -> None:
    shop = Records()
    customer, order = car(shop, transport="waiter")
    shop.wait(minutes=50)
    shop.say(customer, repair_order_id=order, at=local("2026-11-23 10:30"))
    assert shop.state("update_customer") == "cancelled: The customer had been told in time."
    shop.pass_to("2026-11-23 11:15")
    assert [promise["due"] for promise in shop.promises("update_customer")][1] == "Mon 2026-11-23 11:15"


def test_an_update_is_not_owed_once_the_car_is_ready_and_is_broken_by_closing_without_it() -> None:
    shop = Records()
    _, order = car(shop, transport="waiter")
    shop.wait(minutes=45)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    assert shop.state("update_customer") == "cancelled: The car is ready; that is told next."
    other = Records()
    _, order = car(other, transport="waiter")
    other.wait(minutes=45)
    other.set("repair_order", order, stage="closed", closed=other.now)
    assert other.state("update_customer") == "broken: The repair order was closed first."


# get_approval: a recommendation is sent; advisor; 1 hour; approved or declined.


def sent(shop: Records, **fields: object) -> tuple[str, str, str]:
    """An estimate sent now; answers the customer, the order and the job."""
    customer, order = car(shop)
    said = {"state": "sent", "sent_at": shop.now, "complaint": "Front brakes", "letter": "B", **fields}
    return customer, order, shop.add("job", repair_order_id=order, **said)


def test_an_estimate_is_answered_within_the_hour_and_only_by_a_yes_or_no() -> None:
    for answer in ("approved", "declined"):
        shop = Records()
        customer, _, job = sent(shop)
        assert shop.one("get_approval")["title"] == "Get Marchetti's answer: Front brakes"
        assert (shop.owner("get_approval"), shop.one("get_approval")["due"]) == ("maria", "Mon 2026-11-23 11:00")
        shop.say(customer)
        shop.say(customer, direction="in")
        assert shop.state("get_approval") == "open", "a talk is no answer until the job says so"
        shop.wait(minutes=30)
        shop.set("job", job, state=answer)
        assert shop.state("get_approval") == "kept"


def test_an_estimate_sent_before_closing_is_answered_next_morning_and_after_the_holiday() -> None:
    shop = Records()
    shop.now = local("2026-11-25 17:30")
    sent(shop)
    assert shop.one("get_approval")["due"] == "Fri 2026-11-27 08:00"


def test_an_estimate_of_the_saturday_the_clocks_change_is_due_by_the_new_clock() -> None:
    shop = Records()
    shop.now = local("2027-03-13 13:30")
    sent(shop)
    assert (shop.one("get_approval")["due"], shop.one("get_approval")["due_at"]) == (
        "Mon 2027-03-15 08:00",
        "2027-03-15T12:00:00Z",
    )


def test_an_answer_counts_from_when_it_was_given() -> None:
    shop = Records()
    _, _, job = sent(shop)
    shop.wait(minutes=70)
    shop.set("job", job, state="approved", authorised={"at": "2026-11-23T15:50:00Z", "how": "call"})
    assert shop.state("get_approval") == "kept"
    assert shop.one("get_approval")["ended_at"] == "2026-11-23T15:50:00Z"


def test_a_late_answer_is_kept_late_and_the_manager_heard_after_another_hour() -> None:
    shop = Records()
    _, _, job = sent(shop)
    shop.wait(minutes=119)
    assert "escalated" not in shop.one("get_approval")
    shop.wait(minutes=1)
    assert shop.one("get_approval")["escalated"]["to"] == "manager"
    shop.set("job", job, state="declined")
    assert shop.state("get_approval") == "kept_late"


def test_an_estimate_taken_back_sent_again_or_left_open_at_closing_ends_its_promise() -> None:
    shop = Records()
    _, _, job = sent(shop)
    shop.wait(minutes=10)
    shop.set("job", job, sent_at=shop.now)
    first, second = shop.promises("get_approval")
    assert (first["state"], first["reason"]) == ("cancelled", "The estimate was sent again.")
    assert (second["state"], second["due"]) == ("open", "Mon 2026-11-23 11:10")
    shop.set("job", job, state="recommended")
    assert shop.promises("get_approval")[1]["reason"] == "The estimate was taken back."
    other = Records()
    _, order, _ = sent(other)
    other.set("repair_order", order, stage="closed", closed=other.now)
    assert other.state("get_approval") == "broken: The repair order was closed first."


# front_line_ready: a recon order is opened; service manager; the store's recon target; the order closed.


def recon(shop: Records) -> str:
    """A car of the store's own, written up now."""
    return shop.add("repair_order", is_recon=True, stage="dispatch", opened=shop.now, number="RO 2001")


def test_a_recon_car_is_front_line_ready_by_the_stores_target_over_the_holiday_weekend() -> None:
    shop = Records()
    order = recon(shop)
    assert shop.one("front_line_ready")["title"] == "Get recon RO 2001 front-line ready"
    assert shop.owner("front_line_ready") == "any manager"
    # Tuesday, Wednesday, and after Thanksgiving Friday and Saturday.
    assert shop.one("front_line_ready")["due"] == "Sat 2026-11-28 14:00"
    shop.pass_to("2026-11-27 12:00")
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    assert shop.state("front_line_ready") == "open"
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.state("front_line_ready") == "kept"
    assert not shop.promises("tell_ready"), "a car of the store's own has nobody to tell"


def test_a_store_sets_its_own_recon_target_and_a_void_order_has_none() -> None:
    shop = Records(store={"rules": {"front_line_ready": {"due": 2}}})
    order = recon(shop)
    assert shop.one("front_line_ready")["due"] == "Wed 2026-11-25 18:00"
    shop.set("repair_order", order, stage="void")
    assert shop.state("front_line_ready") == "cancelled: The repair order is void."


def test_a_recon_car_over_the_night_the_clocks_go_forward_is_late_a_day_after_the_target() -> None:
    shop = Records(store={"rules": {"front_line_ready": {"due": 1}}})
    shop.now = local("2027-03-13 09:00")
    order = recon(shop)
    assert shop.one("front_line_ready")["due_at"] == "2027-03-15T22:00:00Z"
    shop.pass_to("2027-03-16 15:29")
    assert "escalated" not in shop.one("front_line_ready")
    shop.pass_to("2027-03-16 15:30")
    assert shop.one("front_line_ready")["escalated"]["to"] == "manager"
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.state("front_line_ready") == "kept_late"


# return_loaner: a loaner is due; advisor; its due time; back.


def loaner(shop: Records, due: str) -> str:
    """A loaner lent now; answers its record."""
    customer, order = car(shop)
    lent = {"out_at": shop.now, "due_at": local(due), "unit": "L7"}
    return shop.add("loaner", customer_id=customer, repair_order_id=order, **lent)


def test_a_loaner_is_back_when_it_is_due() -> None:
    shop = Records()
    lent = loaner(shop, "2026-11-25 17:00")
    assert shop.one("return_loaner")["title"] == "Get loaner L7 back from Marchetti"
    assert (shop.owner("return_loaner"), shop.one("return_loaner")["due"]) == ("maria", "Wed 2026-11-25 17:00")
    shop.pass_to("2026-11-25 16:00")
    shop.set("loaner", lent, back_at=shop.now)
    assert shop.state("return_loaner") == "kept"


def test_a_loaner_kept_too_long_is_the_managers_an_open_hour_later_and_late_when_it_comes() -> None:
    shop = Records()
    lent = loaner(shop, "2026-11-25 17:30")
    shop.pass_to("2026-11-27 07:59")
    assert "escalated" not in shop.one("return_loaner")
    shop.pass_to("2026-11-27 08:00")  # half an hour of Wednesday and half an hour of Friday
    assert shop.one("return_loaner")["escalated"]["to"] == "manager"
    shop.set("loaner", lent, back_at=shop.now)
    assert shop.state("return_loaner") == "kept_late"


def test_another_day_agreed_for_a_loaner_is_another_promise() -> None:
    shop = Records()
    lent = loaner(shop, "2026-11-25 17:00")
    shop.set("loaner", lent, due_at=local("2026-11-27 17:00"))
    first, second = shop.promises("return_loaner")
    assert (first["state"], first["reason"]) == ("cancelled", "Another day was agreed for the loaner.")
    assert (second["state"], second["due"]) == ("open", "Fri 2026-11-27 17:00")


def test_a_loaner_that_is_kept_for_weeks_is_still_asked_for_on_the_day_agreed_last() -> None:
    shop = Records()
    lent = loaner(shop, "2026-12-11 17:00")
    shop.pass_to("2026-12-11 16:00")
    shop.set("loaner", lent, due_at=local("2026-12-18 17:00"))
    assert [(one["state"], one["due"]) for one in shop.promises("return_loaner")] == [
        ("cancelled", "Fri 2026-12-11 17:00"),
        ("open", "Fri 2026-12-18 17:00"),
    ]


# offer_trade: the car meets the store's trade rule; sales; before the car leaves; handoff answered.


def old_car(shop: Records) -> tuple[str, str]:
    """A customer's car of six years and 80,000 miles in the shop; answers the customer and the order."""
    car_id = shop.add("vehicle", year=2020, model="Accord", odometer=80_000)
    return car(shop, vehicle_id=car_id, promised_at=local("2026-11-23 16:00"))


def test_a_car_worth_an_offer_is_offered_for_before_it_leaves() -> None:
    shop = Records()
    customer, order = old_car(shop)
    assert shop.one("offer_trade")["title"] == "Offer Marchetti a trade for the Accord"
    assert (shop.owner("offer_trade"), shop.one("offer_trade")["due"]) == ("any sales", "Mon 2026-11-23 16:00")
    shop.say(customer, employee_id="maria")
    assert shop.state("offer_trade") == "open", "the advisor's talk about brakes is no offer"
    shop.say(customer, "in_person", employee_id="sal", repair_order_id=order)
    assert shop.state("offer_trade") == "kept"


def test_sales_that_answers_the_handoff_has_kept_it_whatever_it_says() -> None:
    for answer in ("accepted", "declined"):
        shop = Records()
        old_car(shop)
        said = {"to_role": "sales", "answer": answer, "at": "2026-11-23T16:00:00Z"}
        shop.wait(hours=2)
        shop.set("promise", str(shop.one("offer_trade")["id"]), handoffs=[said])
        assert shop.state("offer_trade") == "kept"
    bounced = Records()
    old_car(bounced)
    bounced.wait(hours=2)
    unanswered = {"to_role": "sales", "answer": "unanswered", "at": "2026-11-23T16:00:00Z"}
    bounced.set("promise", str(bounced.one("offer_trade")["id"]), handoffs=[unanswered])
    assert bounced.state("offer_trade") == "open"


def test_a_car_that_stays_over_the_holiday_is_offered_for_by_its_promise() -> None:
    shop = Records()
    old = shop.add("vehicle", year=2020, model="Accord", odometer=80_000)
    car(shop, vehicle_id=old, promised_at=local("2026-11-27 16:00"))
    assert shop.one("offer_trade")["due"] == "Fri 2026-11-27 16:00"
    salesman = Records()
    old = salesman.add("vehicle", year=2020, model="Accord", odometer=80_000)
    customer = salesman.add("customer", name="Marchetti, Sofia", salesperson_id="sal")
    salesman.add("repair_order", customer_id=customer, vehicle_id=old, stage="repair", opened=salesman.now)
    assert salesman.owner("offer_trade") == "sal"


def test_a_car_that_left_without_an_offer_broke_it_and_a_younger_one_meets_no_rule() -> None:
    shop = Records()
    _, order = old_car(shop)
    shop.wait(hours=5)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.state("offer_trade") == "broken: The car left without an offer."
    for fields in ({"year": 2022}, {"odometer": 59_999}):
        young = Records()
        car_id = young.add("vehicle", **{"year": 2020, "odometer": 80_000, **fields})
        car(young, vehicle_id=car_id)
        assert not young.promises("offer_trade")
    keen = Records(store={"rules": {"offer_trade": {"years": 3, "odometer": 30_000}}})
    car(keen, vehicle_id=keen.add("vehicle", year=2023, odometer=31_000))
    assert keen.state("offer_trade") == "open"


def test_the_manager_hears_half_an_hour_after_the_offer_should_have_been_made() -> None:
    shop = Records()
    old_car(shop)
    shop.pass_to("2026-11-23 16:29")
    assert "escalated" not in shop.one("offer_trade")
    shop.pass_to("2026-11-23 16:30")
    assert shop.one("offer_trade")["escalated"]["to"] == "manager"
    shop.say(str(shop.one("offer_trade")["customer_id"]), employee_id="sal")
    assert shop.state("offer_trade") == "kept_late"
