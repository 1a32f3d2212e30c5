"""A manager sets when the store is open, and what is no day, no time or no country is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import shop_hours
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.shop_hours import WEEK

LONG, SHORT, SHUT = {"opens": "07:30", "closes": "18:00"}, {"opens": "08:00", "closes": "14:00"}, {}
STORE_WEEK: list[dict[str, str]] = [*[LONG] * 5, SHORT, SHUT]
TODAY = date(2026, 11, 23)
NEW_YORK = {"country": "US", "subdivision": "NY", "extra": ["2026-12-24"]}


def refusal(call: Any, *args: Any) -> dict[str, str]:
    """What is at fault."""
    with pytest.raises(BadArguments) as refused:
        call(*args)
    return refused.value.fields


def test_the_week_is_said_as_it_is_typed() -> None:
    said = shop_hours.week_words(STORE_WEEK)
    assert (said["mon"], said["sat"], said["sun"]) == ("7:30-18:00", "8:00-14:00", "")
    assert set(shop_hours.week_words(None).values()) == {"0:00-23:59"}


@pytest.mark.parametrize(
    ("typed", "opens", "closes"),
    [
        ("7:30-18:00", "07:30", "18:00"),
        ("8 - 17", "08:00", "17:00"),
        ("8am to 5:30 PM", "08:00", "17:30"),
        ("12am–12pm", "00:00", "12:00"),
        ("  ", "", ""),
    ],
)
def test_a_day_is_set_as_people_write_it_and_the_others_stay(typed: str, opens: str, closes: str) -> None:
    week = shop_hours.set_hours(STORE_WEEK, {"sat": typed})
    assert week[5] == {"opens": opens, "closes": closes}
    assert week[0] == LONG and week[6] == {"opens": "", "closes": ""}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("18:00-7:30", "closes before it opens"),
        ("8-8", "closes before it opens"),
        ("7:30", "is no time of day"),
        ("25-26", "is no time of day"),
        ("0am-5pm", "is no time of day"),
        ("8:60-17:00", "is no time of day"),
        ("all day", "is no time of day"),
    ],
)
def test_hours_that_are_none_are_refused_by_their_day(typed: str, says: str) -> None:
    fields = refusal(shop_hours.set_hours, STORE_WEEK, {"tue": typed})
    assert list(fields) == ["tue"] and says in fields["tue"] and "7:30-18:00" in fields["tue"]


def test_a_store_that_is_never_open_is_refused() -> None:
    fields = refusal(shop_hours.set_hours, STORE_WEEK, dict.fromkeys(WEEK, ""))
    assert "leaves no day" in fields["mon"]


@given(st.dictionaries(st.sampled_from([*WEEK]), st.text(max_size=12)))
def test_whatever_is_typed_the_week_is_whole_or_refused_by_day(said: dict[str, str]) -> None:
    try:
        week = shop_hours.set_hours(STORE_WEEK, said)
    except BadArguments as refused:
        assert set(refused.fields) <= set(WEEK)
    else:
        calendar = Calendar.of_store({"hours": week})
        assert len(week) == 7 and any(calendar.week)
        assert shop_hours.set_hours(week, shop_hours.week_words(week)) == week


def test_a_country_and_a_state_are_set_whatever_their_case_and_the_rest_stays() -> None:
    said = shop_hours.set_holidays(NEW_YORK, {"country": "us", "subdivision": "ma"}, TODAY)
    assert said == {"country": "US", "subdivision": "MA", "extra": ["2026-12-24"], "worked": []}


def test_days_are_kept_in_order_and_once() -> None:
    said = shop_hours.set_holidays(NEW_YORK, {"extra": ["2027-01-02", "2026-12-24", "2027-01-02"]}, TODAY)
    assert said["extra"] == ["2026-12-24", "2027-01-02"]


def test_a_store_may_have_no_public_holidays_at_all() -> None:
    said = shop_hours.set_holidays(NEW_YORK, {"country": "", "subdivision": ""}, TODAY)
    assert [one.day for one in shop_hours.coming(said, TODAY)] == [date(2026, 12, 24)]


@pytest.mark.parametrize(
    ("said", "field", "says"),
    [
        ({"country": "ZZ"}, "country", "is unknown"),
        ({"country": "CA"}, "subdivision", "is unknown in CA"),
        ({"country": "", "subdivision": "NY"}, "country", "is missing"),
        ({"extra": ["2026-12-24", "christmas"]}, "extra", "'christmas', which is no day"),
        ({"extra": ["2026-02-30"]}, "extra", "'2026-02-30', which is no day"),
        ({"worked": ["Thanksgiving Day", "Pi Day"]}, "worked", "'Pi Day', which is no holiday there"),
    ],
)
def test_what_is_unknown_is_refused_by_its_name(said: dict[str, Any], field: str, says: str) -> None:
    fields = refusal(shop_hours.set_holidays, NEW_YORK, said, TODAY)
    assert list(fields) == [field] and says in fields[field]


def test_the_days_to_come_are_listed_soonest_first_with_those_the_store_has_named() -> None:
    days = shop_hours.coming(NEW_YORK, TODAY)
    assert [(one.day.isoformat(), one.name, one.shut, one.own) for one in days[:3]] == [
        ("2026-11-26", "Thanksgiving Day", True, False),
        ("2026-12-24", "", True, True),
        ("2026-12-25", "Christmas Day", True, False),
    ]
    assert days[-1].day < date(2027, 11, 24)


def test_a_holiday_is_worked_or_not_at_one_press_and_the_calendar_follows() -> None:
    thanksgiving = shop_hours.coming(NEW_YORK, TODAY)[0]
    worked = shop_hours.set_holidays(NEW_YORK, shop_hours.switched(NEW_YORK, thanksgiving), TODAY)
    assert Calendar.of_store({"hours": STORE_WEEK, "holidays": worked}).hours(thanksgiving.day)
    again = shop_hours.coming(worked, TODAY)[0]
    assert not again.shut
    back = shop_hours.set_holidays(worked, shop_hours.switched(worked, again), TODAY)
    assert Calendar.of_store({"hours": STORE_WEEK, "holidays": back}).hours(thanksgiving.day) is None


def test_a_day_the_store_named_itself_is_taken_off_the_list() -> None:
    (own,) = [one for one in shop_hours.coming(NEW_YORK, TODAY) if one.own]
    assert shop_hours.switched(NEW_YORK, own) == {"extra": []}


def test_a_damaged_list_of_days_is_read_as_far_as_it_goes() -> None:
    days = shop_hours.coming({"country": "Atlantis", "extra": ["soon", "2026-12-24"]}, TODAY)
    assert [one.day for one in days] == [date(2026, 12, 24)]
