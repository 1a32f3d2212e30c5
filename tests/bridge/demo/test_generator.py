"""The made-up store: the same for the same seed, of the size it says, with real cars and whole stories."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from advisor_desk.api import wire
from advisor_desk.bridge.demo import generator
from advisor_desk.bridge.demo.generator import SIZES, Generator, Size
from advisor_desk.bridge.demo.visits import Row
from advisor_desk.domain import times, vin, visit
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.records import KINDS
from advisor_desk.host.resources import resource
from tests.bridge.rooftop import MONDAY


@pytest.fixture(scope="module")
def demo() -> list[Row]:
    """The demo store of seed 1 on a Monday morning."""
    return list(generator.make("demo", 1, MONDAY).rows())


@pytest.fixture(scope="module")
def ugly() -> list[Row]:
    """The ugly store."""
    return list(generator.make("ugly", 1, MONDAY).rows())


def of(rows: list[Row], kind: str) -> list[dict[str, object]]:
    return [fields for name, _, fields in rows if name == kind]


def test_the_same_seed_makes_the_same_store_and_another_seed_another(demo: list[Row]) -> None:
    assert list(generator.make("demo", 1, MONDAY).rows()) == demo
    assert list(generator.make("demo", 2, MONDAY).rows()) != demo


@pytest.mark.parametrize("size", ["demo", "ugly"])
def test_every_value_is_one_the_bridge_would_take_from_a_desk(request: pytest.FixtureRequest, size: str) -> None:
    for kind, id, fields in request.getfixturevalue(size):
        faults = wire.field_faults(kind, fields)
        # A stage of a newer release is there on purpose: it has to be carried and shown.
        assert not {name: why for name, why in faults.items() if name != "stage"}, (kind, id, faults)
        assert fields.keys() <= KINDS[kind].fields.keys(), (kind, id)


@pytest.mark.parametrize("size", ["demo", "ugly"])
def test_ids_are_unique_and_what_is_referred_to_stands_before_what_refers(
    request: pytest.FixtureRequest, size: str
) -> None:
    seen: set[tuple[str, str]] = set()
    for kind, id, fields in request.getfixturevalue(size):
        for name, value in fields.items():
            ref = KINDS[kind].fields[name].policy.ref
            assert not ref or (ref, value) in seen, (kind, name)
        assert (kind, id) not in seen
        seen.add((kind, id))


def test_every_vin_is_valid_and_says_the_year_the_record_says(demo: list[Row]) -> None:
    cars = of(demo, "vehicle")
    for car in cars:
        number, year = str(car["vin"]), car["year"]
        assert vin.is_valid(number)
        assert vin.model_year(number) == year
        assert car["make"] and car["model"]
    assert len({car["vin"] for car in cars}) > 0.99 * len(cars)
    assert len({car["make"] for car in cars}) >= 10


def test_no_car_is_older_than_its_model_or_comes_in_before_it_was_sold(demo: list[Row]) -> None:
    for car in of(demo, "vehicle"):
        seen = times.from_wire(str(car["odometer_at"]))
        assert isinstance(car["year"], int)
        assert car["year"] <= seen.year + 1
        assert str(car.get("trim", "x")).strip() == car.get("trim", "x")


def test_makes_models_and_years_are_those_of_the_extract(demo: list[Row]) -> None:
    known = json.loads(resource("vehicles.json").read_text(encoding="utf-8"))["vehicles"]
    for car in of(demo, "vehicle"):
        number = str(car["vin"])
        assert any(
            number.startswith(wmi + letters)
            and first <= car["year"] <= last
            and (make, model) == (car["make"], car["model"])
            for wmi, letters, first, last, make, model, _ in known
        ), car


def test_phones_and_mail_are_those_reserved_for_fiction(demo: list[Row], ugly: list[Row]) -> None:
    for customer in [*of(demo, "customer"), *of(ugly, "customer")]:
        for phone in customer.get("phones") or []:
            assert isinstance(phone, dict)
            assert phone["e164"][5:8] == "555"
            assert 100 <= int(phone["e164"][8:]) <= 199
        for mail in customer.get("emails") or []:  # type: ignore[attr-defined]
            assert mail.endswith("@example.com")


def test_the_figures_of_a_busy_rooftop_hold_at_a_hundredth_of_its_size() -> None:
    """180 k repair orders, 396 k jobs, 450 k part lines, 1.08 M contacts; 300 open are added to that."""
    busy = SIZES["busy"]
    assert (busy.history, busy.open) == (180_000, 300)
    part = Size(busy.history // 100, busy.years, 0, busy.advisors)
    count = Counter(kind for kind, _, _ in Generator(part, 1, MONDAY).rows())
    assert count["repair_order"] == 1_800
    assert count["job"] == pytest.approx(3_960, rel=0.04)
    assert count["part_line"] == pytest.approx(4_500, rel=0.06)
    assert count["contact_event"] == pytest.approx(10_800, rel=0.02)


@pytest.mark.parametrize(("size", "open_", "history"), [("demo", 74, 1_600), ("ugly", 1_000, 2_400)])
def test_so_much_work_is_open(request: pytest.FixtureRequest, size: str, open_: int, history: int) -> None:
    orders = of(request.getfixturevalue(size), "repair_order")
    still = [order for order in orders if order["stage"] not in {"closed", "void"}]
    assert len(orders) - len(still) == history
    assert len(still) >= open_


def test_sizes_are_those_that_are_promised() -> None:
    assert {name: (size.history, size.open) for name, size in SIZES.items()} == {
        "demo": (1_600, 74),
        "small": (80_000, 110),
        "busy": (180_000, 300),
        "ugly": (2_400, 1_000),
    }


def test_the_morning_is_in_full_swing(demo: list[Row]) -> None:
    """Every lane has cars, parts come in every state a light tells apart, and some promises are past."""
    orders = [order for order in of(demo, "repair_order") if order["stage"] != "closed"]
    stages = Counter(order["stage"] for order in orders)
    assert set(stages) == {"write_up", "dispatch", "diagnosis", "approval", "parts", "repair", "quality", "ready"}
    open_ids = {id for kind, id, fields in demo if kind == "repair_order" and fields["stage"] != "closed"}
    lines = [line for line in of(demo, "part_line") if line["repair_order_id"] in open_ids]
    states = {line["state"] for line in lines}
    assert {"requested", "ordered", "backordered", "received", "in_stock"} <= states
    assert any("eta" not in line for line in lines if line["state"] == "ordered")
    promised = [times.from_wire(str(order["promised_at"])) for order in orders]
    assert any(at < MONDAY for at in promised)
    assert any(at > MONDAY + timedelta(hours=3) for at in promised)


def test_no_contact_is_from_the_future_and_each_has_its_customer(demo: list[Row]) -> None:
    for event in of(demo, "contact_event"):
        assert times.from_wire(str(event["at"])) <= MONDAY
        assert event["customer_id"]
        assert (event["direction"] == "out") is ("employee_id" in event)


def test_the_ugly_store_is_ugly(ugly: list[Row]) -> None:
    names = {str(customer["name"]) for customer in of(ugly, "customer")}
    assert any(len(name) > 90 for name in names)
    assert any("<b>" in name for name in names)
    assert any("🚗" in name for name in names)
    assert any("\u0590" <= char <= "\u06ff" for name in names for char in name)
    assert any("phones" not in customer for customer in of(ugly, "customer"))
    assert any(order["stage"] == "sublet_from_the_future" for order in of(ugly, "repair_order"))


def calendar_of(rows: list[Row]) -> Calendar:
    (store,) = of(rows, "store")
    return Calendar.of_store(store)


def days_of_visits(rows: list[Row]) -> dict[int, list[dict[str, object]]]:
    """The visits by the store's day, counted from today."""
    calendar, out = calendar_of(rows), {}
    for fields in of(rows, "appointment"):
        day = calendar.local(times.from_wire(str(fields["starts_at"])))
        out.setdefault((day - calendar.local(MONDAY)).days, []).append(fields)
    return out


def test_the_visits_of_the_next_weeks_lie_within_the_stores_hours_and_what_it_can_work(demo: list[Row]) -> None:
    (store,) = of(demo, "store")
    calendar = calendar_of(demo)
    days = {ahead: visits for ahead, visits in days_of_visits(demo).items() if ahead > 0}
    assert 250 <= sum(map(len, days.values())) <= 750
    assert len(days[1]) > len(days[8])
    for visits in days.values():
        for booked in visits:
            assert calendar.is_open(times.from_wire(str(booked["starts_at"]))), booked
        for skill, hours in visit.load(visits).items():
            assert hours <= store["capacity"][skill]  # type: ignore[index]
    assert 3 not in days, "nobody is booked on Thanksgiving"
    assert {booked["status"] for booked in days[1]} >= {"booked", "confirmed"}


def test_today_some_have_come_some_were_missed_and_some_are_awaited(demo: list[Row]) -> None:
    today = days_of_visits(demo)[0]
    assert 40 <= len(today) <= 70
    states = Counter(str(booked["status"]) for booked in today)
    assert states["arrived"] >= 5
    assert states["no_show"] >= 1
    assert states["booked"] and states["confirmed"]
    for booked in today:
        starts = times.from_wire(str(booked["starts_at"]))
        assert booked["status"] != "no_show" or starts <= MONDAY - timedelta(minutes=60), booked
    assert all(times.from_wire(str(booked["booked_at"])) < MONDAY for booked in today)


def test_between_a_tenth_and_a_fifth_of_those_booked_were_missed() -> None:
    rows = list(Generator(Size(3_600, 1, 0, 5), 1, MONDAY).rows())
    before = [booked for ahead, visits in days_of_visits(rows).items() if ahead < 0 for booked in visits]
    missed = sum(booked["status"] == "no_show" for booked in before)
    assert len(before) > 300
    assert 0.1 <= missed / len(before) <= 0.2


def test_orders_name_the_visit_of_their_customer_they_were_written_up_from(demo: list[Row]) -> None:
    visits = {id: fields for kind, id, fields in demo if kind == "appointment"}
    linked = [ro for ro in of(demo, "repair_order") if ro.get("appointment_id")]
    assert sum(ro["stage"] != "closed" for ro in linked) > 30
    for ro in linked:
        booked = visits[str(ro["appointment_id"])]
        assert (booked["status"], booked["customer_id"], booked["vehicle_id"]) == (
            "arrived", ro["customer_id"], ro["vehicle_id"]
        )  # fmt: skip


def test_deals_stand_at_every_stage_and_what_is_delivered_was_sold_here(demo: list[Row]) -> None:
    deals, cars = of(demo, "deal"), {id: fields for kind, id, fields in demo if kind == "vehicle"}
    assert {deal["stage"] for deal in deals} == {"pending", "in_finance", "delivered", "funded"}
    for deal in deals:
        assert cars[str(deal["vehicle_id"])]["sold_here"]
        done = all(paper["done"] for paper in deal["documents"])  # type: ignore[attr-defined]
        assert bool(deal.get("delivered_at")) is (deal["stage"] in {"delivered", "funded"})
        assert done or not deal.get("delivered_at")
        assert not deal.get("delivered_at") or times.from_wire(str(deal["delivered_at"])) <= MONDAY
    assert any(not all(paper["done"] for paper in deal["documents"]) for deal in deals)  # type: ignore[attr-defined]
    assert {owed["deal_id"] for owed in of(demo, "we_owe")} <= {id for kind, id, _ in demo if kind == "deal"}


def test_leads_are_answered_by_a_contact_but_the_newest(demo: list[Row]) -> None:
    leads = of(demo, "lead")
    waiting = [asked for asked in leads if "first_answered_at" not in asked]
    assert 0 < len(waiting) < len(leads) / 3
    assert {asked["wants"] for asked in leads} == {"service", "reschedule", "sales", "parts"}
    said = {(event["customer_id"], event["at"]) for event in of(demo, "contact_event") if event["direction"] == "out"}
    for asked in leads:
        if "first_answered_at" in asked:
            assert (asked["customer_id"], asked["first_answered_at"]) in said
            assert str(asked["received_at"]) < str(asked["first_answered_at"]) <= times.to_wire(MONDAY)


def test_customers_of_closed_orders_were_asked_and_some_answered(demo: list[Row]) -> None:
    orders = {id: fields for kind, id, fields in demo if kind == "repair_order"}
    surveys = of(demo, "survey")
    assert {"score" in asked for asked in surveys} == {True, False}
    for asked in surveys:
        assert orders[str(asked["repair_order_id"])]["stage"] == "closed"
        assert str(orders[str(asked["repair_order_id"])]["closed"]) < str(asked["sent_at"]) <= times.to_wire(MONDAY)
        assert str(asked.get("answered_at") or "") <= times.to_wire(MONDAY)


@pytest.mark.parametrize("days", range(8))
def test_a_demo_is_open_whatever_day_it_is(days: int) -> None:
    now = MONDAY + timedelta(days=days)  # Thanksgiving and a Sunday among them
    made = Generator(Size(30, 1, 5, 5), 1, now)
    calendar = calendar_of(list(made.rows()))
    assert calendar.is_open(now)


def test_loaners_are_out_with_open_orders_and_back_from_closed_ones(demo: list[Row]) -> None:
    orders = {id: fields for kind, id, fields in demo if kind == "repair_order"}
    loaners = of(demo, "loaner")
    assert any("back_at" in lent for lent in loaners) and any("back_at" not in lent for lent in loaners)
    for lent in loaners:
        assert ("back_at" in lent) is (orders[str(lent["repair_order_id"])]["stage"] == "closed")
