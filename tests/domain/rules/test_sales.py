"""Where sales and service meet: the first service, the calls after delivery, we-owes, papers, and orphans."""

from __future__ import annotations

import pytest

from tests.domain.rules.shop import Records, car, local, without


def delivered(shop: Records, **fields: object) -> tuple[str, str]:
    """A car handed to its buyer now; answers the customer and the deal."""
    customer = shop.add("customer", name="Okafor, Ada", advisor_id="maria")
    bought = shop.add("vehicle", model="RAV4", year=2026)
    said = {"vehicle_id": bought, "stage": "delivered", "delivered_at": shop.now, "salesperson_id": "sal", **fields}
    return customer, shop.add("deal", customer_id=customer, **said)


def book(shop: Records, customer: str, starts: str, **fields: object) -> str:
    """A visit booked now."""
    said = {"status": "booked", "booked_at": shop.now, "starts_at": local(starts), **fields}
    return shop.add("appointment", customer_id=customer, **said)


# first_service: the car is delivered and no service visit is set; salesperson, then BDC; 7 days; a visit booked.


def test_a_delivered_car_has_its_first_service_set_within_a_week() -> None:
    shop = Records()
    customer, _ = delivered(shop)
    assert shop.one("first_service")["title"] == "Set Okafor's first service for the RAV4"
    assert (shop.owner("first_service"), shop.one("first_service")["due"]) == ("sal", "Mon 2026-11-30 18:00")
    shop.wait(days=1)
    shop.say(customer, employee_id="sal")
    visit = book(shop, customer, "2027-05-03 09:00", status="requested")
    assert shop.state("first_service") == "open", "neither a talk nor a wish is a visit"
    shop.set("appointment", visit, status="booked")
    assert shop.state("first_service") == "kept"


def test_a_first_service_set_at_the_desk_before_delivery_is_set() -> None:
    shop = Records()
    customer = shop.add("customer", name="Okafor, Ada")
    visit = book(shop, customer, "2026-12-01 09:00")
    shop.wait(hours=1)
    said = {"stage": "delivered", "delivered_at": shop.now, "salesperson_id": "sal"}
    shop.add("deal", customer_id=customer, **said)
    assert not shop.promises("first_service")
    shop.pass_to("2026-12-01 09:00")
    shop.set("appointment", visit, status="arrived")
    shop.wait(hours=5)
    assert not shop.promises("first_service"), "it was kept, not missing"


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-22 12:00", "Mon 2026-11-30 18:00"),  # a Sunday's delivery: the Sunday after is shut
        ("2026-11-19 12:00", "Fri 2026-11-27 18:00"),  # a week later is Thanksgiving
        ("2026-10-25 12:00", "Mon 2026-11-02 18:00"),
        ("2027-03-07 12:00", "Mon 2027-03-15 18:00"),
    ],
)
def test_a_week_that_ends_on_a_shut_day_ends_on_the_next_open_one(day: str, due: str) -> None:
    shop = Records()
    shop.now = local(day)
    delivered(shop)
    assert shop.one("first_service")["due"] == due


def test_a_first_service_sales_did_not_set_goes_over_to_the_bdc_and_is_kept_late() -> None:
    shop = Records()
    customer, _ = delivered(shop)
    shop.pass_to("2026-12-02 12:59")
    assert shop.owner("first_service") == "sal"
    shop.pass_to("2026-12-02 13:00")  # sixteen open hours after Monday's close
    assert shop.owner("first_service") == "any bdc"
    assert shop.one("first_service")["handoffs"][0]["reason"] == "It was not kept in time."
    book(shop, customer, "2027-05-03 09:00")
    assert shop.state("first_service") == "kept_late"


def test_a_delivery_taken_back_owes_nothing() -> None:
    shop = Records()
    _, deal = delivered(shop)
    shop.set("deal", deal, stage="pending", delivered_at=None)
    assert shop.state("first_service") == "cancelled: The delivery was taken back."
    assert {row["state"] for row in shop.promises("delivery_touch")} == {"cancelled"}


def test_the_customers_salesperson_stands_in_for_one_who_left_and_else_sales_does() -> None:
    shop = Records()
    shop.rows["employee"]["sal"]["active"] = False
    shop.rows["employee"]["sue"] = {"name": "Sue Hart", "roles": ["sales"]}
    customer = shop.add("customer", name="Okafor, Ada", salesperson_id="sue")
    shop.add("deal", customer_id=customer, stage="delivered", delivered_at=shop.now, salesperson_id="sal")
    assert shop.owner("first_service") == "sue"
    nobody = Records(people=without("sal"))
    delivered(nobody)
    assert nobody.owner("first_service") == "any manager"


# delivery_touch: the car is delivered; salesperson; day 1, 7 and 30; an outbound contact.


def touches(shop: Records) -> list[tuple[str, str]]:
    """The three calls: when they are due and what became of them."""
    return [(row["due"], row["state"]) for row in shop.promises("delivery_touch")]


def test_a_buyer_hears_from_sales_on_day_one_seven_and_thirty() -> None:
    shop = Records()
    customer, _ = delivered(shop)
    assert {row["owner_id"] for row in shop.promises("delivery_touch")} == {"sal"}
    assert touches(shop) == [
        ("Tue 2026-11-24 18:00", "open"),
        ("Mon 2026-11-30 18:00", "open"),
        ("Wed 2026-12-23 18:00", "open"),
    ]
    shop.pass_to("2026-11-24 11:00")
    shop.say(customer, "note", outcome="sent")
    assert touches(shop)[0][1] == "open"
    shop.say(customer, outcome="voicemail", employee_id="sal")
    assert [state for _, state in touches(shop)] == ["kept", "open", "open"], "a call keeps the touch whose turn it is"
    shop.pass_to("2026-11-28 11:00")
    shop.say(customer, "text", outcome="sent", employee_id="sal")
    assert [state for _, state in touches(shop)] == ["kept", "kept", "open"]
    shop.pass_to("2026-12-22 11:00")
    shop.say(customer, employee_id="sal")
    assert [state for _, state in touches(shop)] == ["kept", "kept", "kept"]


def test_a_touch_is_late_until_the_next_is_due_and_broken_then() -> None:
    shop = Records()
    customer, _ = delivered(shop)
    shop.pass_to("2026-11-27 11:00")
    shop.say(customer)
    assert [state for _, state in touches(shop)] == ["kept_late", "kept", "open"]
    silent = Records()
    customer, _ = delivered(silent)
    silent.pass_to("2026-11-30 17:59")
    assert [state for _, state in touches(silent)] == ["open", "open", "open"]
    assert silent.promises("delivery_touch")[0]["escalated"]["to"] == "manager"
    silent.pass_to("2026-11-30 18:00")
    assert [state for _, state in touches(silent)] == ["broken", "open", "open"]
    silent.pass_to("2026-12-24 10:00")
    assert [state for _, state in touches(silent)] == ["broken", "broken", "open"], "the last stays until it is made"
    silent.say(customer)
    assert [state for _, state in touches(silent)] == ["broken", "broken", "kept_late"]


def test_a_store_sets_its_own_days_and_a_shut_day_moves_a_touch_to_the_next_open_one() -> None:
    shop = Records(store={"rules": {"delivery_touch": {"first": 2, "second": 8, "third": 25}}})
    shop.now = local("2026-10-30 10:00")  # two days later is the Sunday the clocks go back
    delivered(shop)
    assert [row["due_at"] for row in shop.promises("delivery_touch")] == [
        "2026-11-02T23:00:00Z",
        "2026-11-07T19:00:00Z",
        "2026-11-24T23:00:00Z",
    ]
    holiday = Records()
    holiday.now = local("2026-11-25 10:00")
    delivered(holiday)
    assert touches(holiday)[0][0] == "Fri 2026-11-27 18:00"


# fulfil_we_owe: a we-owe is written; advisor, parts if it needs one; its day; an order closed with it.


def owed(shop: Records, **fields: object) -> tuple[str, str]:
    """What a buyer was promised now; answers the customer and the we-owe."""
    customer = shop.add("customer", name="Okafor, Ada", advisor_id="maria")
    said = {"description": "Roof rack", "promised_on": "2026-12-04", **fields}
    return customer, shop.add("we_owe", customer_id=customer, **said)


def test_what_a_buyer_is_owed_is_done_by_its_day_on_an_order_that_closed() -> None:
    shop = Records()
    customer, debt = owed(shop)
    assert shop.one("fulfil_we_owe")["title"] == "Do what Okafor is owed: Roof rack"
    assert (shop.owner("fulfil_we_owe"), shop.one("fulfil_we_owe")["due"]) == ("maria", "Fri 2026-12-04 18:00")
    shop.wait(days=2)
    order = shop.add("repair_order", customer_id=customer, stage="repair", opened=shop.now)
    shop.set("we_owe", debt, repair_order_id=order)
    shop.say(customer)
    assert shop.state("fulfil_we_owe") == "open"
    shop.set("repair_order", order, stage="closed", closed=shop.now)
    assert shop.state("fulfil_we_owe") == "kept"
    assert shop.one("fulfil_we_owe")["evidence"] == {"kind": "repair_order", "id": order}


def test_what_needs_a_part_is_the_counters() -> None:
    shop = Records()
    owed(shop, part_number="PT278-42180")
    assert shop.owner("fulfil_we_owe") == "any parts"


@pytest.mark.parametrize(
    ("promised", "due"),
    [
        ("2026-11-26", "Fri 2026-11-27 18:00"),
        ("2026-11-29", "Mon 2026-11-30 18:00"),
        ("2026-11-28", "Sat 2026-11-28 14:00"),
        ("2027-03-14", "Mon 2027-03-15 18:00"),
        (None, "Mon 2026-12-07 18:00"),  # two weeks where nobody said when
    ],
)
def test_a_day_the_store_is_shut_is_the_next_it_is_open(promised: str | None, due: str) -> None:
    shop = Records()
    owed(shop, **({"promised_on": promised} if promised else {"promised_on": ""}))
    assert shop.one("fulfil_we_owe")["due"] == due


def test_a_debt_paid_late_is_late_after_a_day_of_the_managers_and_a_deleted_one_is_none() -> None:
    shop = Records()
    customer, debt = owed(shop)
    shop.pass_to("2026-12-07 09:29")
    assert "escalated" not in shop.one("fulfil_we_owe")
    shop.pass_to("2026-12-07 09:30")  # six hours of Saturday and two of Monday
    assert shop.one("fulfil_we_owe")["escalated"]["to"] == "manager"
    order = shop.add("repair_order", customer_id=customer, stage="closed", opened=shop.now, closed=shop.now)
    shop.set("we_owe", debt, repair_order_id=order)
    assert shop.state("fulfil_we_owe") == "kept_late"
    other = Records()
    customer, debt = owed(other)
    other.rows["we_owe"].pop(debt)
    other.gone.add(debt)
    other.look()
    assert other.state("fulfil_we_owe") == "cancelled: What it was about was deleted."


# finish_documents: a deal in finance with a missing document; F&I; before delivery; all done.


def in_finance(shop: Records, **fields: object) -> str:
    """A deal in finance with two papers missing."""
    customer = shop.add("customer", name="Okafor, Ada")
    papers = [{"name": "Title", "done": False}, {"name": "Odometer", "done": True}, {"name": "GAP", "done": False}]
    return shop.add("deal", customer_id=customer, **{"stage": "in_finance", "documents": papers, **fields})


def test_missing_papers_are_finances_until_the_last_is_done() -> None:
    shop = Records()
    deal = in_finance(shop)
    assert shop.one("finish_documents")["title"] == "Finish Okafor's papers: Title, GAP"
    assert (shop.owner("finish_documents"), shop.one("finish_documents")["due"]) == (
        "any finance",
        "Wed 2026-11-25 18:00",
    )
    shop.wait(hours=3)
    shop.set("deal", deal, documents=[{"name": "Title", "done": True}, {"name": "GAP", "done": False}])
    assert shop.state("finish_documents") == "open", "all but one is not all"
    shop.set("deal", deal, documents=[{"name": "Title", "done": True}, {"name": "GAP", "done": True}])
    assert shop.state("finish_documents") == "kept"


def test_papers_are_due_before_the_delivery_that_is_planned() -> None:
    shop = Records()
    in_finance(shop, delivery_at=local("2026-11-24 11:00"))
    assert shop.one("finish_documents")["due"] == "Tue 2026-11-24 11:00"


def test_two_business_days_skip_the_holiday_and_the_sunday_the_clocks_change() -> None:
    for day, due in (("2026-11-25 10:00", "Sat 2026-11-28 14:00"), ("2027-03-12 10:00", "Mon 2027-03-15 18:00")):
        shop = Records()
        shop.now = local(day)
        in_finance(shop)
        assert shop.one("finish_documents")["due"] == due


def test_late_papers_are_late_the_manager_heard_and_a_deal_taken_back_owes_none() -> None:
    shop = Records()
    deal = in_finance(shop)
    shop.pass_to("2026-11-27 11:29")
    assert "escalated" not in shop.one("finish_documents")
    shop.pass_to("2026-11-27 11:30")
    assert shop.one("finish_documents")["escalated"]["to"] == "manager"
    shop.set("deal", deal, stage="delivered", delivered_at=shop.now)
    assert shop.state("finish_documents") == "open", "a car driven home does not finish its papers"
    shop.set("deal", deal, documents=[{"name": "Title", "done": True}])
    assert shop.state("finish_documents") == "kept_late"
    other = Records()
    deal = in_finance(other)
    other.set("deal", deal, stage="pending")
    assert other.state("finish_documents") == "cancelled: The deal is not in finance any more."


def test_a_store_without_finance_has_its_sales_finish_the_papers() -> None:
    shop = Records(people=without("fin"))
    in_finance(shop)
    assert shop.owner("finish_documents") == "any sales"
    complete = Records()
    in_finance(complete, documents=[{"name": "Title", "done": True}])
    assert not complete.promises("finish_documents")


# adopt_orphan: the customer's advisor or salesperson leaves; manager; 1 business day; a new owner set and introduced.


def test_whose_advisor_left_gets_a_new_one_and_is_introduced() -> None:
    shop = Records()
    customer, _ = car(shop)
    shop.pass_to("2026-11-25 10:00")
    shop.rows["employee"]["maria"]["active"] = False
    shop.look()
    assert shop.one("adopt_orphan")["title"] == "Give Marchetti somebody new, and introduce them"
    assert (shop.owner("adopt_orphan"), shop.one("adopt_orphan")["due"]) == ("any manager", "Fri 2026-11-27 18:00")
    shop.say(customer, employee_id="david")
    assert shop.state("adopt_orphan") == "open", "a talk with somebody is no introduction"
    shop.set("customer", customer, advisor_id="david")
    assert shop.state("adopt_orphan") == "kept", "he had talked with her as she became his"
    early = Records()
    customer, _ = car(early)
    early.rows["employee"]["maria"]["active"] = False
    early.look()
    early.set("customer", customer, advisor_id="david")
    early.say(customer, employee_id="bea")
    early.say(customer, outcome="voicemail", employee_id="david")
    assert early.state("adopt_orphan") == "open"
    early.say(customer, "email", outcome="sent", employee_id="david")
    assert early.state("adopt_orphan") == "kept"


def test_somebody_away_orphans_nobody_and_a_customer_without_business_waits_for_some() -> None:
    shop = Records()
    car(shop)
    shop.rows["employee"]["maria"]["away_until"] = "2026-12-20T12:00:00Z"
    shop.look()
    assert not shop.promises("adopt_orphan")
    quiet = Records()
    customer = quiet.add("customer", name="Marchetti, Sofia", advisor_id="maria", salesperson_id="sal")
    quiet.rows["employee"]["maria"]["active"] = False
    quiet.look()
    assert not quiet.promises("adopt_orphan")
    book(quiet, customer, "2026-12-01 09:00")
    assert quiet.state("adopt_orphan") == "open"


def test_who_loses_advisor_and_salesperson_is_two_promises() -> None:
    shop = Records()
    customer, _ = car(shop)
    shop.set("customer", customer, salesperson_id="sal")
    shop.rows["employee"]["maria"]["active"] = False
    shop.rows["employee"]["sal"]["active"] = False
    shop.look()
    assert len(shop.promises("adopt_orphan")) == 2


def test_an_orphan_of_the_saturday_the_clocks_change_is_mondays_and_late_after_it() -> None:
    shop = Records()
    shop.now = local("2027-03-13 12:00")
    customer, _ = car(shop)
    shop.rows["employee"]["maria"]["active"] = False
    shop.look()
    assert shop.one("adopt_orphan")["due_at"] == "2027-03-15T22:00:00Z"
    shop.pass_to("2027-03-16 15:29")
    assert "escalated" not in shop.one("adopt_orphan")
    shop.pass_to("2027-03-16 15:30")
    assert shop.one("adopt_orphan")["escalated"]["to"] == "manager"
    shop.set("customer", customer, advisor_id="david")
    shop.say(customer, employee_id="david")
    assert shop.state("adopt_orphan") == "kept_late"
