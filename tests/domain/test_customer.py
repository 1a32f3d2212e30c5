"""Customers and their cars as a desk writes them down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor_desk.domain import customer
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
VIN = "1HGCM82633A004352"


def after(was: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    (edit,) = edits
    assert edit.was == {name: was.get(name) for name in edit.set}
    return was | dict(edit.set)


def test_a_new_customer_has_an_advisor_from_the_first_day() -> None:
    edit = customer.added("c1", {"name": "Okafor, Ngozi", "emails": ["n@example.com"], "notes": ""}, "e1")
    assert edit.set == {"name": "Okafor, Ngozi", "emails": ["n@example.com"], "advisor_id": "e1"}
    assert "advisor_id" not in customer.added("c1", {"name": "Okafor, Ngozi"}, "").set


def test_what_is_corrected_changes_and_an_empty_text_takes_it_away() -> None:
    was = {"name": "Okafor", "notes": "prefers texts", "language": "en", "emails": ["n@example.com"]}
    now = after(was, customer.edit("c1", was, {"name": "Okafor, Ngozi", "notes": "", "language": "en", "emails": []}))
    assert (now["name"], now["notes"], now["emails"]) == ("Okafor, Ngozi", None, None)
    assert customer.edit("c1", was, {"name": "Okafor"}) == []


@pytest.mark.parametrize("address", ["ngozi", "@example.com", "n@example", "n @example.com", "n@"])
def test_what_is_no_email_address_is_refused(address: str) -> None:
    with pytest.raises(BadArguments) as refused:
        customer.edit("c1", {}, {"emails": ["n@example.com", address]})
    assert refused.value.fields == {"emails": "holds something that is no e-mail address"}


def test_a_customer_is_not_left_without_a_name() -> None:
    with pytest.raises(BadArguments, match="Name is missing"):
        customer.edit("c1", {"name": "Okafor"}, {"name": ""})


def test_consent_says_since_when_and_how_and_the_other_channels_stay() -> None:
    was = {"consent": {"email": {"state": "yes", "at": "2026-01-01T00:00:00Z"}}}
    said = {"category": "service", "source": "on the phone", "now": NOW}
    now = after(was, customer.set_consent("c1", was, "text", "no", **said))
    assert now["consent"] == {
        **was["consent"],
        "text": {"state": "no", "category": "service", "at": NOW_WIRE, "source": "on the phone"},
    }
    assert customer.set_consent("c1", now, "text", "no", **said | {"now": datetime(2027, 1, 1, tzinfo=UTC)}) == []
    assert after(now, customer.set_consent("c1", now, "text", "yes", **said))["consent"]["text"]["state"] == "yes"


def test_a_customer_is_adopted_by_somebody() -> None:
    assert after({}, customer.adopt("c1", {}, advisor_id="e1", salesperson_id="e2")) == {
        "advisor_id": "e1", "salesperson_id": "e2",
    }  # fmt: skip
    assert customer.adopt("c1", {"advisor_id": "e1"}, advisor_id="e1") == []
    with pytest.raises(BadArguments):
        customer.adopt("c1", {}, advisor_id="")


def test_a_known_phone_number_takes_saying_again() -> None:
    with pytest.raises(Refused, match="is here already"):
        customer.check_is_new(["c2"], again=False)
    customer.check_is_new(["c2"], again=True)
    customer.check_is_new([], again=False)


def test_a_car_takes_its_year_from_its_vin_and_its_odometer_has_a_date() -> None:
    edit = customer.car_added("v1", "c1", {"vin": " 1hgcm82633a 004352 ", "odometer": 41_200}, NOW)
    assert edit.set == {
        "customer_ids": ["c1"], "vin": VIN, "year": 2003, "odometer": 41_200, "odometer_at": NOW_WIRE
    }  # fmt: skip
    assert customer.car_added("v1", "c1", {"vin": VIN, "year": 2004}, NOW).set["year"] == 2004
    with pytest.raises(BadArguments) as refused:
        customer.car_added("v1", "c1", {"colour": "blue"}, NOW)
    assert refused.value.fields.keys() == {"vin"}


def test_a_cars_plate_is_corrected_and_its_odometer_dated_only_when_it_is_another() -> None:
    car = {"plate": "KLM-4821", "odometer": 41_200, "odometer_at": "2026-01-01T00:00:00Z", "year": 2003}
    now = after(car, customer.car_edit("v1", car, {"plate": "", "odometer": 41_200}, NOW))
    assert (now["plate"], now["odometer_at"]) == (None, "2026-01-01T00:00:00Z")
    assert after(car, customer.car_edit("v1", car, {"odometer": 42_000}, NOW))["odometer_at"] == NOW_WIRE


def test_a_doubtful_vin_is_said() -> None:
    assert customer.doubt(VIN) == customer.doubt("") == ""
    assert customer.doubt("1HGCM82643A004352") == "That VIN's check digit is not right. Read it off the car again."
    assert customer.doubt("VF1") == "That VIN has 3 characters instead of 17. Read it off the car again."
