"""Visits and those who ask for one: answered, confirmed, and called when they did not come."""

from __future__ import annotations

from datetime import timedelta

from tests.domain.rules.shop import Records, local, without


def lead(shop: Records, wants: str = "service", **fields: object) -> tuple[str, str]:
    """A customer who asks for something now; answers the customer and the lead."""
    customer = shop.add("customer", name="Marchetti, Sofia", advisor_id="maria")
    return customer, shop.add("lead", customer_id=customer, wants=wants, received_at=shop.now, **fields)


def visit(shop: Records, starts: str, **fields: object) -> tuple[str, str]:
    """A visit booked now; answers the customer and the visit."""
    customer = shop.add("customer", name="Marchetti, Sofia", advisor_id="maria")
    said = {"starts_at": local(starts), "advisor_id": "maria", "status": "booked", "booked_at": shop.now}
    return customer, shop.add("appointment", customer_id=customer, **{**said, **fields})


# answer_lead: a lead arrives; BDC, else the advisors; 10 minutes; an outbound contact.


def test_a_lead_is_owed_an_answer_by_the_bdc_within_ten_minutes() -> None:
    shop = Records()
    customer, _ = lead(shop)
    assert shop.one("answer_lead")["title"] == "Answer Marchetti: asks about service"
    assert shop.one("answer_lead")["due"] == "Mon 2026-11-23 10:10"
    assert shop.owner("answer_lead") == "any bdc"
    shop.wait(minutes=5)
    shop.say(customer, "note", outcome="sent")
    shop.say(customer, direction="in", outcome="reached")
    shop.say(customer, "email", outcome="failed")
    assert shop.state("answer_lead") == "open", "neither a note, a call of theirs nor a mail that bounced answers it"
    shop.say(customer, outcome="voicemail")
    assert shop.state("answer_lead") == "kept"


def test_a_lead_of_saturday_night_is_answered_when_monday_opens() -> None:
    shop = Records()
    shop.now = local("2026-11-28 21:00")
    lead(shop)
    assert shop.one("answer_lead")["due"] == "Mon 2026-11-30 07:40"


def test_a_lead_of_the_evening_before_thanksgiving_waits_for_friday() -> None:
    shop = Records()
    shop.now = local("2026-11-25 17:55")
    lead(shop)
    assert shop.one("answer_lead")["due"] == "Fri 2026-11-27 07:35"


def test_a_lead_over_the_night_the_clocks_go_back_is_due_by_the_new_clock() -> None:
    shop = Records()
    shop.now = local("2026-10-31 13:55")
    lead(shop)
    assert shop.one("answer_lead")["due"] == "Mon 2026-11-02 07:35"
    assert shop.one("answer_lead")["due_at"] == "2026-11-02T12:35:00Z"


def test_a_lead_goes_to_the_advisors_where_the_store_has_no_bdc() -> None:
    shop = Records(people=without("bea"))
    lead(shop)
    assert shop.owner("answer_lead") == "any advisor"


def test_a_lead_answered_late_is_kept_late_and_the_manager_had_heard_of_it() -> None:
    shop = Records()
    customer, _ = lead(shop)
    shop.wait(minutes=29)
    assert "escalated" not in shop.one("answer_lead")
    shop.wait(minutes=1)
    assert shop.one("answer_lead")["escalated"] == {
        "at": "2026-11-23T15:30:00Z",
        "to": "manager",
        "due": "2026-11-23T15:10:00Z",
    }
    shop.say(customer)
    assert shop.state("answer_lead") == "kept_late"


def test_a_lead_marked_as_answered_where_it_came_in_is_kept() -> None:
    shop = Records()
    _, asked = lead(shop)
    shop.set("lead", asked, first_answered_at=shop.now + timedelta(minutes=3))
    assert shop.state("answer_lead") == "kept"


# answer_reschedule: the customer asks to move a visit; its advisor; 15 minutes; outbound contact or visit moved.


def test_who_asks_for_another_time_is_answered_by_the_advisor_of_the_visit() -> None:
    shop = Records()
    customer, booked = visit(shop, "2026-11-25 09:00", advisor_id="david")
    shop.add("lead", customer_id=customer, wants="reschedule", received_at=shop.now)
    assert shop.owner("answer_reschedule") == "david"
    assert shop.one("answer_reschedule")["due"] == "Mon 2026-11-23 10:15"
    assert not shop.promises("answer_lead"), "one question is one promise"
    shop.wait(minutes=4)
    move = {"at": "2026-11-23T15:04:00Z", "was": "2026-11-25T14:00:00Z", "to": "2026-11-27T14:00:00Z"}
    shop.set("appointment", booked, starts_at=local("2026-11-27 09:00"), moves=[move])
    assert shop.state("answer_reschedule") == "kept"
    assert shop.one("answer_reschedule")["evidence"] == {"kind": "appointment", "id": booked}


def test_a_visit_moved_before_they_asked_answers_nothing() -> None:
    shop = Records()
    move = {"at": "2026-11-23T14:00:00Z", "was": "2026-11-25T14:00:00Z", "to": "2026-11-27T14:00:00Z"}
    customer, _ = visit(shop, "2026-11-27 09:00", moves=[move])
    shop.add("lead", customer_id=customer, wants="reschedule", received_at=shop.now)
    shop.wait(minutes=20)
    assert shop.state("answer_reschedule") == "open"
    shop.say(customer, "text", outcome="sent")
    assert shop.state("answer_reschedule") == "kept_late"


def test_asked_for_on_a_friday_evening_it_is_answered_on_saturday() -> None:
    shop = Records()
    shop.now = local("2026-11-27 17:50")
    lead(shop, "reschedule")
    assert shop.one("answer_reschedule")["due"] == "Sat 2026-11-28 08:05"


def test_the_customers_own_advisor_answers_while_the_visits_advisor_is_away() -> None:
    shop = Records()
    shop.rows["employee"]["david"]["away_until"] = "2026-12-01T12:00:00Z"
    customer, _ = visit(shop, "2026-11-25 09:00", advisor_id="david")
    shop.add("lead", customer_id=customer, wants="reschedule", received_at=shop.now)
    assert shop.owner("answer_reschedule") == "maria"


# confirm_visit: an appointment is booked; BDC; 17:00 the business day before; status confirmed.


def test_a_visit_is_confirmed_by_five_the_day_before() -> None:
    shop = Records()
    customer, booked = visit(shop, "2026-11-25 09:00")
    assert shop.one("confirm_visit")["due"] == "Tue 2026-11-24 17:00"
    assert shop.owner("confirm_visit") == "any bdc"
    shop.pass_to("2026-11-24 11:00")
    shop.say(customer)
    assert shop.state("confirm_visit") == "open", "a talk is no confirmation until the visit says so"
    shop.set("appointment", booked, status="confirmed", confirmed_at=shop.now)
    assert shop.state("confirm_visit") == "kept"


def test_a_visit_after_thanksgiving_is_confirmed_on_wednesday_and_mondays_before_saturday_closes() -> None:
    shop = Records()
    visit(shop, "2026-11-27 09:00")
    assert shop.one("confirm_visit")["due"] == "Wed 2026-11-25 17:00"
    other = Records()
    visit(other, "2026-11-30 09:00")
    assert other.one("confirm_visit")["due"] == "Sat 2026-11-28 14:00"


def test_a_visit_on_the_monday_after_the_clocks_go_forward_is_confirmed_on_saturday() -> None:
    shop = Records()
    shop.now = local("2027-03-11 10:00")
    visit(shop, "2027-03-15 09:00")
    assert shop.one("confirm_visit")["due_at"] == "2027-03-13T19:00:00Z", "two o'clock of winter time"


def test_a_visit_booked_for_tomorrow_after_five_needs_no_confirming() -> None:
    shop = Records()
    shop.now = local("2026-11-24 17:10")
    visit(shop, "2026-11-25 09:00")
    assert not shop.promises("confirm_visit")


def test_a_moved_visit_wants_confirming_again_even_weeks_after_it_was_booked() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-12-15 09:00")
    shop.pass_to("2026-12-14 10:00")
    move = {"at": "2026-12-14T15:00:00Z", "was": "2026-12-15T14:00:00Z", "to": "2026-12-17T14:00:00Z"}
    shop.set("appointment", booked, starts_at=local("2026-12-17 09:00"), moves=[move])
    first, second = shop.promises("confirm_visit")
    assert (first["state"], first["reason"]) == ("cancelled", "The visit was moved.")
    assert (second["state"], second["due"]) == ("open", "Wed 2026-12-16 17:00")


def test_a_visit_that_begins_unconfirmed_has_broken_it_and_one_called_off_has_not() -> None:
    shop = Records()
    visit(shop, "2026-11-25 09:00")
    shop.pass_to("2026-11-25 09:00")
    assert shop.state("confirm_visit") == "broken: The visit began without being confirmed."
    other = Records()
    _, booked = visit(other, "2026-11-25 09:00")
    other.set("appointment", booked, status="cancelled")
    assert other.state("confirm_visit") == "cancelled: The visit was cancelled."


def test_a_customer_who_comes_early_was_not_waited_for_in_vain() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-25 09:00")
    shop.pass_to("2026-11-25 08:50")
    shop.set("appointment", booked, status="arrived")
    assert shop.state("confirm_visit") == "cancelled: The customer came."


def test_a_visit_confirmed_after_five_is_confirmed_late_and_the_manager_heard_at_half_past() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-25 09:00")
    shop.pass_to("2026-11-24 17:30")
    assert shop.one("confirm_visit")["escalated"]["at"] == "2026-11-24T22:30:00Z"
    shop.set("appointment", booked, status="confirmed", confirmed_at=shop.now)
    assert shop.state("confirm_visit") == "kept_late"


# save_no_show: 60 minutes past the start and not arrived; BDC; close of the same day; reached, or a new visit.


def test_an_hour_after_its_start_a_missed_visit_is_the_bdcs_until_closing() -> None:
    shop = Records()
    customer, _ = visit(shop, "2026-11-23 11:00", status="confirmed")
    shop.pass_to("2026-11-23 11:59")
    assert not shop.promises("save_no_show")
    shop.pass_to("2026-11-23 12:00")
    assert shop.one("save_no_show")["title"] == "Call Marchetti: missed the visit Nov 23 11:00"
    assert (shop.owner("save_no_show"), shop.one("save_no_show")["due"]) == ("any bdc", "Mon 2026-11-23 18:00")
    shop.say(customer, outcome="voicemail")
    shop.say(customer, "text", outcome="sent")
    shop.say(customer, "note", outcome="reached")
    assert shop.state("save_no_show") == "open", "a voicemail, a text or a note saves nobody"
    shop.say(customer, direction="in", outcome="received")
    assert shop.state("save_no_show") == "kept", "they called back"


def test_a_saturday_visit_is_saved_before_two_unless_that_hour_ends_at_closing() -> None:
    shop = Records()
    shop.now = local("2026-11-28 08:00")
    visit(shop, "2026-11-28 13:00")
    shop.pass_to("2026-11-28 14:00")
    assert shop.one("save_no_show")["due"] == "Mon 2026-11-30 18:00"
    other = Records()
    other.now = local("2026-11-28 08:00")
    visit(other, "2026-11-28 12:30")
    other.pass_to("2026-11-28 13:30")
    assert other.one("save_no_show")["due"] == "Sat 2026-11-28 14:00"


def test_a_last_visit_before_thanksgiving_is_saved_on_friday() -> None:
    shop = Records()
    visit(shop, "2026-11-25 17:30")
    shop.pass_to("2026-11-25 18:40")
    assert shop.one("save_no_show")["due"] == "Fri 2026-11-27 18:00"


def test_a_new_visit_saves_a_no_show_and_one_only_asked_for_does_not() -> None:
    shop = Records()
    customer, _ = visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 12:30")
    again = {"customer_id": customer, "starts_at": local("2026-11-24 09:00"), "booked_at": shop.now}
    asked = shop.add("appointment", status="requested", **again)
    assert shop.state("save_no_show") == "open"
    shop.set("appointment", asked, status="booked")
    assert shop.state("save_no_show") == "kept"
    assert shop.one("save_no_show")["evidence"] == {"kind": "appointment", "id": asked}


def test_moving_the_missed_visit_saves_it_and_a_move_of_before_takes_it_back() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 12:30")
    move = {"at": "2026-11-23T17:30:00Z", "was": "2026-11-23T16:00:00Z", "to": "2026-11-24T14:00:00Z"}
    shop.set("appointment", booked, starts_at=local("2026-11-24 09:00"), moves=[move])
    assert shop.state("save_no_show") == "kept"
    other = Records()
    _, booked = visit(other, "2026-11-23 11:00")
    other.pass_to("2026-11-23 12:30")
    other.set(
        "appointment", booked, starts_at=local("2026-11-24 09:00"), moves=[{**move, "at": "2026-11-23T15:30:00Z"}]
    )
    assert other.state("save_no_show") == "cancelled: The visit was moved."


def test_who_comes_late_was_no_no_show_and_whom_nobody_reached_in_three_days_is_lost() -> None:
    shop = Records()
    _, booked = visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 12:10")
    shop.set("appointment", booked, status="arrived")
    assert shop.state("save_no_show") == "cancelled: The customer came late."
    other = Records()
    visit(other, "2026-11-23 11:00")
    other.pass_to("2026-11-23 12:10")
    other.pass_to("2026-11-27 18:00")  # Tuesday, Wednesday and, after the holiday, Friday
    assert other.state("save_no_show") == "open"
    other.pass_to("2026-11-27 18:01")
    assert other.state("save_no_show") == "broken: Nobody got hold of the customer in time."


def test_a_no_show_reached_the_next_day_is_saved_late_and_the_manager_heard_first() -> None:
    shop = Records()
    customer, _ = visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 12:10")
    shop.pass_to("2026-11-24 08:29")
    assert "escalated" not in shop.one("save_no_show")
    shop.pass_to("2026-11-24 08:30")
    assert shop.one("save_no_show")["escalated"]["to"] == "manager"
    shop.say(customer)
    assert shop.state("save_no_show") == "kept_late"


def test_a_store_may_wait_longer_or_never_call_at_all() -> None:
    patient = Records(store={"rules": {"save_no_show": {"wait": 90}}})
    visit(patient, "2026-11-23 11:00")
    patient.pass_to("2026-11-23 12:29")
    assert not patient.promises("save_no_show")
    patient.pass_to("2026-11-23 12:30")
    assert patient.state("save_no_show") == "open"
    off = Records(store={"rules": {"save_no_show": {"on": False}}})
    visit(off, "2026-11-23 11:00")
    off.pass_to("2026-11-23 17:00")
    assert not off.promises("save_no_show")
