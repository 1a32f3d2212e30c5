"""After the visit: a call, declined work asked for again, the next visit, and a bad mark answered."""

from __future__ import annotations

import pytest

from tests.domain.rules.shop import Records, car, local, without


def visit_over(shop: Records, *jobs: dict[str, object]) -> tuple[str, str, list[str]]:
    """A car worked on and handed over now; answers the customer, the order and the jobs."""
    customer, order = car(shop)
    made = [shop.add("job", repair_order_id=order, **job) for job in jobs]
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    return customer, order, made


def declined(severity: str = "red", complaint: str = "Front brakes") -> dict[str, object]:
    """A job the customer said no to."""
    return {"state": "declined", "severity": severity, "complaint": complaint}


# follow_up_visit: the order is closed; advisor; 1 business day; outbound reached, or two tries.


def test_a_customer_is_asked_how_the_visit_was_within_a_business_day() -> None:
    shop = Records()
    customer, order, _ = visit_over(shop)
    assert shop.one("follow_up_visit")["title"] == "Ask Marchetti how the visit was"
    assert (shop.owner("follow_up_visit"), shop.one("follow_up_visit")["due"]) == ("maria", "Tue 2026-11-24 18:00")
    shop.pass_to("2026-11-24 09:00")
    shop.say(customer, outcome="voicemail", repair_order_id=order)
    shop.say(customer, "note", outcome="reached", repair_order_id=order)
    assert shop.state("follow_up_visit") == "open", "one voicemail is one try"
    shop.wait(hours=3)
    second = shop.say(customer, outcome="no_answer", repair_order_id=order)
    assert shop.state("follow_up_visit") == "kept"
    assert shop.one("follow_up_visit")["evidence"]["id"] == second


def test_reaching_them_once_is_enough() -> None:
    shop = Records()
    customer, _, _ = visit_over(shop)
    shop.pass_to("2026-11-24 09:00")
    shop.say(customer)
    assert shop.state("follow_up_visit") == "kept"


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        ("2026-11-25 16:00", "Fri 2026-11-27 18:00"),
        ("2026-11-27 16:00", "Sat 2026-11-28 14:00"),
        ("2026-11-28 12:00", "Mon 2026-11-30 18:00"),
        ("2026-10-31 12:00", "Mon 2026-11-02 18:00"),
        ("2027-03-13 12:00", "Mon 2027-03-15 18:00"),
    ],
)
def test_a_business_day_is_one_the_store_works(closed: str, due: str) -> None:
    shop = Records()
    shop.now = local(closed)
    visit_over(shop)
    assert shop.one("follow_up_visit")["due"] == due


def test_a_late_call_is_late_the_manager_heard_and_an_order_opened_again_owes_none() -> None:
    shop = Records()
    customer, _, _ = visit_over(shop)
    shop.pass_to("2026-11-25 15:29")
    assert "escalated" not in shop.one("follow_up_visit")
    shop.pass_to("2026-11-25 15:30")  # eight open hours
    assert shop.one("follow_up_visit")["escalated"]["to"] == "manager"
    shop.say(customer)
    assert shop.state("follow_up_visit") == "kept_late"
    other = Records()
    _, order, _ = visit_over(other)
    other.set("repair_order", order, stage="repair", closed=None)
    assert other.state("follow_up_visit") == "cancelled: The repair order was opened again."


def test_somebody_who_left_asks_nobody_how_it_was() -> None:
    shop = Records()
    shop.rows["employee"]["maria"]["active"] = False
    visit_over(shop)
    assert shop.owner("follow_up_visit") == "any advisor"


# recover_declined: the order is closed with a declined job; advisor, then BDC; red 3 days, yellow 30, else 90; approved
# later, a visit booked, or reached.


@pytest.mark.parametrize(
    ("severity", "due"),
    [
        ("red", "Fri 2026-11-27 18:00"),  # day 3 is Thanksgiving
        ("yellow", "Wed 2026-12-23 18:00"),
        ("green", "Mon 2027-02-22 18:00"),  # day 90 is a Sunday
        ("none", "Mon 2027-02-22 18:00"),
    ],
)
def test_declined_work_is_asked_for_again_the_sooner_the_worse_it_is(severity: str, due: str) -> None:
    shop = Records()
    visit_over(shop, declined(severity), {"state": "done", "severity": "red", "complaint": "Oil"})
    assert shop.one("recover_declined")["due"] == due
    assert shop.one("recover_declined")["title"] == "Ask Marchetti again: Front brakes"
    assert shop.owner("recover_declined") == "maria"


def test_each_declined_job_is_a_promise_of_its_own_and_over_the_change_of_clocks_it_ends_with_the_day() -> None:
    shop = Records()
    shop.now = local("2027-03-12 10:00")
    visit_over(shop, declined(), declined("red", "Rear brakes"))
    assert [row["due_at"] for row in shop.promises("recover_declined")] == ["2027-03-15T22:00:00Z"] * 2


def test_the_call_after_the_visit_is_not_yet_the_second_asking() -> None:
    shop = Records()
    customer, order, _ = visit_over(shop, declined(), declined("yellow", "Belt"))
    shop.pass_to("2026-11-24 10:00")
    shop.say(customer, repair_order_id=order)
    assert shop.state("follow_up_visit") == "kept"
    assert [row["state"] for row in shop.promises("recover_declined")] == ["open", "open"]
    shop.pass_to("2026-11-27 10:00")
    shop.say(customer, outcome="voicemail", repair_order_id=order)
    assert [row["state"] for row in shop.promises("recover_declined")] == ["open", "open"]
    shop.say(customer, repair_order_id=order)
    assert [row["state"] for row in shop.promises("recover_declined")] == ["kept", "open"]


def test_a_talk_that_names_it_keeps_it_at_any_time_and_a_text_does_not() -> None:
    shop = Records()
    customer, order, _ = visit_over(shop, declined("yellow"))
    keeps = [shop.one("recover_declined")["id"]]
    shop.pass_to("2026-11-24 10:00")
    shop.say(customer, "text", outcome="sent", repair_order_id=order, keeps=keeps)
    assert shop.state("recover_declined") == "open"
    shop.say(customer, repair_order_id=order, keeps=keeps)
    assert shop.state("recover_declined") == "kept"


def test_work_approved_after_all_or_a_visit_booked_keeps_it() -> None:
    shop = Records()
    _, _, (job,) = visit_over(shop, declined())
    shop.wait(days=1)
    shop.set("job", job, state="approved", authorised={"at": "2026-11-24T15:00:00Z", "how": "call"})
    assert shop.state("recover_declined") == "kept"
    assert shop.one("recover_declined")["evidence"] == {"kind": "job", "id": job}
    other = Records()
    customer, _, _ = visit_over(other, declined())
    other.wait(days=1)
    other.add("appointment", customer_id=customer, status="booked", starts_at=local("2026-12-01 09:00"))
    assert other.state("recover_declined") == "kept"


def test_work_nobody_asked_for_again_goes_over_to_the_bdc_two_working_days_later_once() -> None:
    shop = Records()
    customer, _, _ = visit_over(shop, declined())
    shop.pass_to("2026-11-27 18:00")
    shop.pass_to("2026-11-30 17:29")  # six hours of Saturday, ten of Monday but a minute
    assert shop.owner("recover_declined") == "maria"
    shop.pass_to("2026-11-30 17:30")
    assert shop.owner("recover_declined") == "any bdc"
    passed = shop.one("recover_declined")
    assert passed["escalated"] == {"at": "2026-11-30T22:30:00Z", "to": "bdc", "due": passed["due_at"]}
    assert [(entry["from"], entry["to_role"]) for entry in passed["handoffs"]] == [("maria", "bdc")]
    shop.pass_to("2026-12-02 17:30")
    assert shop.one("recover_declined") == passed
    shop.say(customer)
    assert shop.state("recover_declined") == "kept_late"


def test_a_store_without_a_bdc_leaves_it_in_the_advisors_queue() -> None:
    shop = Records(people=without("bea"))
    visit_over(shop, declined())
    shop.pass_to("2026-11-30 17:30")
    assert shop.owner("recover_declined") == "any advisor"


def test_a_store_sets_its_own_days_and_may_not_ask_again_at_all() -> None:
    shop = Records(store={"rules": {"recover_declined": {"red": 1, "due": 10}}})
    visit_over(shop, declined(), declined("green", "Wipers"))
    assert [row["due"] for row in shop.promises("recover_declined")] == ["Tue 2026-11-24 18:00", "Thu 2026-12-03 18:00"]
    off = Records(store={"rules": {"recover_declined": {"on": False}}})
    visit_over(off, declined())
    assert not off.promises("recover_declined")


# book_next_visit: the order is closed and no visit is to come; BDC; before the next interval; a visit booked.


def test_who_leaves_without_a_next_visit_is_booked_one_before_the_next_interval() -> None:
    shop = Records()
    customer, _, _ = visit_over(shop)
    assert shop.one("book_next_visit")["title"] == "Book Marchetti's next visit"
    assert (shop.owner("book_next_visit"), shop.one("book_next_visit")["due"]) == ("any bdc", "Thu 2027-04-22 18:00")
    shop.wait(days=30)
    shop.say(customer)
    visit = shop.add("appointment", customer_id=customer, status="requested", starts_at=local("2027-03-01 09:00"))
    assert shop.state("book_next_visit") == "open", "neither a talk nor a wish is a visit"
    shop.set("appointment", visit, status="booked")
    assert shop.state("book_next_visit") == "kept"


def test_who_has_a_visit_to_come_needs_none_booked_even_after_that_visit_was_kept() -> None:
    shop = Records()
    customer, order = car(shop)
    booked = {"customer_id": customer, "status": "booked", "booked_at": shop.now}
    visit = shop.add("appointment", starts_at=local("2026-11-30 09:00"), **booked)
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert not shop.promises("book_next_visit")
    shop.pass_to("2026-11-30 09:05")
    shop.set("appointment", visit, status="arrived")
    shop.wait(hours=4)
    assert not shop.promises("book_next_visit")
    called_off = Records()
    customer, order = car(called_off)
    visit = called_off.add("appointment", customer_id=customer, status="booked", starts_at=local("2026-11-30 09:00"))
    called_off.set("repair_order", order, stage="closed", closed=called_off.now)
    called_off.wait(days=1)
    called_off.set("appointment", visit, status="cancelled")
    assert called_off.state("book_next_visit") == "open"


def test_a_next_visit_booked_too_late_is_late_and_the_manager_heard() -> None:
    shop = Records(store={"rules": {"book_next_visit": {"due": 2, "escalate": 60}}})
    shop.now = local("2026-10-30 10:00")  # two days later is Sunday, the night the clocks go back
    customer, _, _ = visit_over(shop)
    assert shop.one("book_next_visit")["due_at"] == "2026-11-02T23:00:00Z"
    shop.pass_to("2026-11-04 08:29")
    assert "escalated" not in shop.one("book_next_visit")
    shop.pass_to("2026-11-04 08:30")  # Election Day is a holiday in New York
    assert shop.one("book_next_visit")["escalated"]["to"] == "manager"
    shop.add("appointment", customer_id=customer, status="booked", starts_at=local("2026-12-01 09:00"))
    assert shop.state("book_next_visit") == "kept_late"


# answer_survey: a score below the store's line; service manager; 1 business day; outbound reached.


def test_a_bad_mark_is_answered_by_the_manager_within_a_business_day() -> None:
    shop = Records()
    customer, order, _ = visit_over(shop)
    shop.pass_to("2026-11-25 12:00")
    shop.add("survey", customer_id=customer, repair_order_id=order, answered_at=shop.now, score=79)
    assert shop.one("answer_survey")["title"] == "Call Marchetti about the survey: 79 of 100"
    assert (shop.owner("answer_survey"), shop.one("answer_survey")["due"]) == ("any manager", "Fri 2026-11-27 18:00")
    shop.say(customer, "email", outcome="sent")
    shop.say(customer, outcome="voicemail")
    assert shop.state("answer_survey") == "open", "a bad mark is talked about"
    shop.say(customer, employee_id="helen")
    assert shop.state("answer_survey") == "kept"


def test_a_mark_at_the_line_is_good_enough_and_the_store_draws_it() -> None:
    shop = Records()
    customer = shop.add("customer", name="Marchetti, Sofia")
    shop.add("survey", customer_id=customer, answered_at=shop.now, score=80)
    shop.add("survey", customer_id=customer, sent_at=shop.now)
    assert not shop.promises("answer_survey")
    strict = Records(store={"rules": {"answer_survey": {"line": 95}}})
    customer = strict.add("customer", name="Marchetti, Sofia")
    strict.add("survey", customer_id=customer, answered_at=strict.now, score=94)
    assert strict.state("answer_survey") == "open"


def test_a_mark_of_the_saturday_the_clocks_change_is_answered_on_monday_or_late() -> None:
    shop = Records()
    shop.now = local("2027-03-13 12:00")
    customer = shop.add("customer", name="Marchetti, Sofia")
    shop.add("survey", customer_id=customer, answered_at=shop.now, score=10)
    assert shop.one("answer_survey")["due_at"] == "2027-03-15T22:00:00Z"
    shop.pass_to("2027-03-16 15:30")
    assert shop.one("answer_survey")["escalated"]["to"] == "manager"
    shop.say(customer)
    assert shop.state("answer_survey") == "kept_late"
