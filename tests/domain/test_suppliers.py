"""What a supplier's record says of a date: in the store's working days, with its count, and never as fact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import suppliers
from advisor_desk.domain.suppliers import Days

NEW_YORK = ZoneInfo("America/New_York")
SHOP = Days(NEW_YORK, frozenset(range(6)))
"""Open Monday to Saturday."""
RECORD = {"of": 38, "share": 0.6, "late": 1.4, "days": [-0.2, -0.1, 0.0, 1.0, 1.5, 2.5]}


def at(words: str) -> datetime:
    """A moment of ``27 17:00`` in November 2026 by the store's clock; the 27th is a Friday."""
    day, clock = words.split()
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, int(day), hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("eta", "came", "days"),
    [
        ("24 12:00", "24 12:00", 0),
        ("24 12:00", "25 12:00", 1),
        ("27 12:00", "28 12:00", 1),  # Friday to Saturday
        ("28 12:00", "30 12:00", 1),  # Saturday to Monday: the Sunday between does not count
        ("27 12:00", "30 0:00", 1.5),
        ("28 12:00", "29 9:00", 0.5),  # brought on the Sunday: as good as first thing on Monday
        ("25 12:00", "24 18:00", -0.75),
    ],
)
def test_lateness_is_counted_in_the_stores_working_days(eta: str, came: str, days: float) -> None:
    assert SHOP.between(at(eta), at(came)) == pytest.approx(days)


def test_a_clock_that_changes_makes_nobody_late() -> None:
    # The night to November 1, 2026 has an hour more.
    assert Days(NEW_YORK).between(at("1 0:30"), at("2 0:30")) == pytest.approx(1)


def test_two_days_after_a_friday_is_a_monday() -> None:
    assert SHOP.after(at("27 10:00"), 2) == at("30 10:00")
    assert Days(NEW_YORK, frozenset({0, 1, 2, 3, 4})).after(at("27 10:00"), 1) == at("30 10:00")


@given(
    st.integers(0, 6 * 365 * 24 * 60),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from(["UTC", "Asia/Kolkata"]),
)
def test_a_moment_on_a_working_day_is_found_again_by_its_place(
    minutes: int, weekdays: frozenset[int], zone: str
) -> None:
    days = Days(ZoneInfo(zone), weekdays)
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    again = days.moment(days.place(moment))
    if moment.astimezone(days.zone).weekday() in weekdays:
        assert abs(again - moment) <= timedelta(minutes=1)
    else:
        local = again.astimezone(days.zone)
        assert again > moment and (local.hour, local.minute) == (0, 0) and local.weekday() in weekdays


@pytest.mark.parametrize(
    ("store", "open_"),
    [
        ({}, range(7)),
        ({"hours": "always"}, range(7)),
        ({"hours": [{"opens": ""}] * 7}, range(7)),
        ({"hours": [*[{"opens": "07:30", "closes": "18:00"}] * 5, None, {"opens": "", "closes": ""}]}, range(5)),
    ],
)
def test_the_stores_days_are_those_on_which_it_opens(store: dict[str, Any], open_: range) -> None:
    assert suppliers.weekdays(store) == frozenset(open_)


def test_a_supplier_is_the_same_however_its_name_is_typed() -> None:
    typed = suppliers.key({"supplier": "  Tri-County   AUTO ", "source": "order"})
    assert typed == suppliers.key({"supplier": "Tri-county Auto", "source": "order"})
    assert typed != suppliers.key({"supplier": "Tri-county Auto", "source": "emergency"})
    assert suppliers.key({}) == ("", "")


def test_a_span_and_its_odds_fit_each_other() -> None:
    for share in (0.0, 0.1, 0.37, 0.5, 0.9, 1.0):
        assert suppliers.chance(RECORD, suppliers.quantile(RECORD, share)) == pytest.approx(share)
    assert suppliers.chance(RECORD, -5) == 0 and suppliers.chance(RECORD, 99) == 1


def test_where_many_come_on_the_dot_all_of_them_are_in_time() -> None:
    dot = RECORD | {"days": [0.0, 0.0, 0.0, 0.0, 0.0, 2.0]}
    assert suppliers.chance(dot, 0.0) == pytest.approx(0.8)
    assert suppliers.chance(dot, -0.01) == 0


def test_a_forecast_has_a_usual_day_and_a_span_around_it() -> None:
    found = suppliers.forecast(RECORD, at("27 10:00"), at("23 9:00"), SHOP)
    assert found.usual == SHOP.after(at("27 10:00"), 0.5)
    assert found.first == SHOP.after(at("27 10:00"), -0.15) and found.last == SHOP.after(at("27 10:00"), 2.0)


def test_a_part_that_is_overdue_is_expected_later_than_when_its_date_was_given() -> None:
    given_, overdue = (suppliers.forecast(RECORD, at("24 10:00"), at(now), SHOP) for now in ("23 9:00", "25 10:00"))
    assert overdue.first >= at("25 10:00") and overdue.usual > given_.usual
    beyond = suppliers.forecast(RECORD, at("2 10:00"), at("23 9:00"), SHOP)
    assert beyond.first == beyond.usual == beyond.last == at("23 9:00")  # nothing seen tells of it


def test_the_odds_of_coming_in_time_fall_while_a_part_is_not_here() -> None:
    eta, by = at("24 10:00"), at("25 18:00")
    odds = [suppliers.in_time(RECORD, eta, by, at(now), SHOP) for now in ("23 9:00", "24 12:00", "25 12:00")]
    assert odds[0] is not None and odds[1] is not None and odds[2] is not None
    assert 1 > odds[0] > odds[1] > odds[2] > 0
    assert suppliers.in_time(RECORD, eta, by, at("28 9:00"), SHOP) is None


FEW = RECORD | {"of": 3, "store": 812}


@pytest.mark.parametrize(
    ("record", "keeps", "usually"),
    [
        (RECORD, "Supplier keeps 6 of 10 dates, else usually 1 day late (38 orders).",
         "usually on the day they say (38 orders)"),
        (RECORD | {"late": 0.3}, "Supplier keeps 6 of 10 dates, else usually later the same day (38 orders).",
         "usually on the day they say (38 orders)"),
        (RECORD | {"late": None, "share": 0.97, "days": [-2.4, -1.2]},
         "Supplier keeps 10 of 10 dates (38 orders).",
         "usually 2 days before what they say (38 orders)"),
        (FEW | {"days": [1, 3.2]},
         "Only 3 orders of this supplier; with the store's 812, 6 of 10 dates hold.",
         "usually 2 days after what they say (only 3 orders, so by the store's 812)"),
        (FEW | {"of": 1, "days": [1, 1]},
         "Only 1 order of this supplier; with the store's 812, 6 of 10 dates hold.",
         "usually 1 day after what they say (only 1 order, so by the store's 812)"),
    ],
)  # fmt: skip
def test_a_record_is_told_as_a_person_would_and_always_with_its_count(
    record: dict[str, Any], keeps: str, usually: str
) -> None:
    assert (suppliers.keeps(record), suppliers.usually(record)) == (keeps, usually)
