"""The made-up store: the same for the same seed, of the size it says, with real cars and whole stories."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest

from advisor_desk.api import wire
from advisor_desk.bridge.demo import generator
from advisor_desk.bridge.demo.generator import SIZES, Generator, Row, Size
from advisor_desk.domain import times, vin
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
