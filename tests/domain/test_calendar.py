"""The store's working time: its week, its holidays, and the nights on which an hour is missing or comes twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain.calendar import Calendar, clock_of

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAY, SATURDAY, SHUT = {"opens": "07:30", "closes": "18:00"}, {"opens": "08:00", "closes": "14:00"}, {}
STORE = {
    "timezone": "America/New_York",
    "hours": [*[WEEKDAY] * 5, SATURDAY, SHUT],
    "holidays": {"country": "US", "subdivision": "NY", "extra": ["2026-12-24"]},
}
DAY = Calendar.of_store(STORE)
NIGHT = Calendar.of_store({"timezone": "America/New_York", "hours": [{"opens": "00:30", "closes": "23:30"}] * 7})
"""Open over both hours at which the clocks change."""
ALWAYS = Calendar.of_store({"timezone": "America/New_York"})
NEVER = Calendar.of_store({"timezone": "America/New_York", "hours": [{"opens": "18:00", "closes": "07:00"}] * 7})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(NEW_YORK):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 07:29", False),
        ("2026-11-23 07:30", True),
        ("2026-11-23 17:59", True),
        ("2026-11-23 18:00", False),
        ("2026-11-28 13:59", True),
        ("2026-11-28 14:00", False),  # Saturday is short
        ("2026-11-29 12:00", False),  # Sunday
        ("2026-11-26 12:00", False),  # Thanksgiving
        ("2026-12-24 12:00", False),  # a day the store has named itself
        ("2026-12-23 12:00", True),
    ],
)
def test_a_store_is_open_in_its_hours_and_not_on_its_holidays(moment: str, is_open: bool) -> None:
    assert DAY.is_open(at(moment)) is is_open


def test_holidays_are_those_of_the_state_and_an_unknown_state_has_none() -> None:
    patriots = date(2026, 4, 20)  # a holiday of Massachusetts
    massachusetts = Calendar.of_store({**STORE, "holidays": {"country": "US", "subdivision": "MA"}})
    assert massachusetts.hours(patriots) is None
    assert DAY.hours(patriots) is not None
    for said in ({"country": "Atlantis"}, {"country": "US", "subdivision": "XX"}, None, "all of them", {"extra": [7]}):
        assert Calendar.of_store({**STORE, "holidays": said}).hours(date(2026, 11, 26)) is not None


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("2026-11-23 10:00", 0, "Mon 2026-11-23 10:00"),
        ("2026-11-23 10:00", 15, "Mon 2026-11-23 10:15"),
        ("2026-11-23 17:45", 15, "Mon 2026-11-23 18:00"),
        ("2026-11-23 17:45", 16, "Tue 2026-11-24 07:31"),
        ("2026-11-23 06:00", 0, "Mon 2026-11-23 07:30"),
        ("2026-11-23 18:00", 0, "Mon 2026-11-23 18:00"),
        ("2026-11-23 18:01", 0, "Tue 2026-11-24 07:30"),
        ("2026-11-25 17:45", 30, "Fri 2026-11-27 07:45"),
        ("2026-11-27 17:45", 30, "Sat 2026-11-28 08:15"),
        ("2026-11-28 13:45", 30, "Mon 2026-11-30 07:45"),
        ("2026-11-23 10:00", 630, "Tue 2026-11-24 10:00"),  # the whole of one day's hours
        ("2026-10-31 13:30", 60, "Mon 2026-11-02 08:00"),
        ("2027-03-13 13:30", 60, "Mon 2027-03-15 08:00"),
    ],
)
def test_minutes_count_only_while_the_store_is_open(moment: str, minutes: int, due: str) -> None:
    assert clock(DAY.after(at(moment), minutes)) == due


def test_the_hour_that_is_missing_is_not_worked_and_the_one_that_comes_twice_is_worked_twice() -> None:
    assert clock(NIGHT.after(at("2027-03-14 01:30"), 60)) == "Sun 2027-03-14 03:30"
    assert clock(NIGHT.after(at("2026-11-01 00:30"), 120)) == "Sun 2026-11-01 01:30"
    assert NIGHT.after(at("2026-11-01 00:30"), 120) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC), (
        "the second half past one"
    )
    whole = NIGHT.hours(date(2027, 3, 14)), NIGHT.hours(date(2026, 11, 1))
    assert [hours and hours.closes - hours.opens for hours in whole] == [timedelta(hours=22), timedelta(hours=24)]


def test_a_time_in_the_gap_lies_as_far_behind_it_and_a_doubled_one_is_the_first() -> None:
    assert clock(DAY.at(date(2027, 3, 14), time(2, 30))) == "Sun 2027-03-14 03:30"
    assert DAY.at(date(2026, 11, 1), time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    spring = Calendar.of_store({"timezone": "America/New_York", "hours": [{"opens": "02:30", "closes": "03:15"}] * 7})
    assert spring.hours(date(2027, 3, 14)) is None, "opening in the gap it would open after it closes"
    assert spring.hours(date(2027, 3, 15)) is not None


def test_a_store_that_says_nothing_of_its_hours_is_always_open() -> None:
    assert ALWAYS.is_open(at("2026-11-29 03:00"))
    assert Calendar.of_store({}).zone == ZoneInfo("UTC")
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        assert Calendar.of_store({"timezone": zone}).zone == ZoneInfo("UTC")


def test_a_store_that_never_opens_counts_by_the_clock() -> None:
    moment = at("2026-11-23 10:00")
    assert NEVER.after(moment, 90) == moment + timedelta(minutes=90)
    assert NEVER.close_of(moment) == moment
    assert NEVER.days_after(moment, 3) == moment + timedelta(days=3)
    assert NEVER.business_days_after(moment, 2) == moment + timedelta(days=2)
    assert NEVER.business_day_before(moment) == date(2026, 11, 22)
    assert NEVER.next_clock(moment, time(15)) == moment + timedelta(days=1)
    assert clock(NEVER.clock_before(moment, time(17))) == "Sun 2026-11-22 17:00"


def test_a_time_too_long_to_count_ends_with_the_last_day_looked_at() -> None:
    moment = at("2026-11-23 10:00")
    long, longer = DAY.after(moment, 300_000), DAY.after(moment, 500_000)
    assert moment + timedelta(days=390) < long == longer < moment + timedelta(days=401)


def test_days_end_with_the_working_day_they_fall_on_or_the_next() -> None:
    monday = at("2026-11-23 10:00")
    assert clock(DAY.close_of(monday)) == "Mon 2026-11-23 18:00"
    assert clock(DAY.close_of(at("2026-11-23 18:00"))) == "Tue 2026-11-24 18:00"
    assert clock(DAY.days_after(monday, 3)) == "Fri 2026-11-27 18:00"
    assert clock(DAY.days_after(monday, 6)) == "Mon 2026-11-30 18:00"
    assert clock(DAY.business_days_after(monday, 1)) == "Tue 2026-11-24 18:00"
    assert clock(DAY.business_days_after(monday, 3)) == "Fri 2026-11-27 18:00"
    assert clock(DAY.business_days_after(monday, 0)) == "Mon 2026-11-23 18:00"
    assert clock(DAY.business_days_after(at("2026-11-29 12:00"), 1)) == "Mon 2026-11-30 18:00"


def test_a_clock_on_another_day_is_that_time_or_the_closing_before_it() -> None:
    assert clock(DAY.next_clock(at("2026-11-23 16:00"), time(15))) == "Tue 2026-11-24 15:00"
    assert clock(DAY.next_clock(at("2026-11-27 10:00"), time(15))) == "Sat 2026-11-28 14:00"
    assert clock(DAY.clock_before(at("2026-11-24 09:00"), time(17))) == "Mon 2026-11-23 17:00"
    assert clock(DAY.clock_before(at("2026-11-30 09:00"), time(17))) == "Sat 2026-11-28 14:00"
    assert clock(DAY.clock_before(at("2026-11-27 09:00"), time(17))) == "Wed 2026-11-25 17:00"


@pytest.mark.parametrize("text", ["", "25:00", "noon", None, 730, "7:3"])
def test_what_is_no_time_of_day_is_none(text: object) -> None:
    assert clock_of(text) is None
    hours = [{"opens": text, "closes": "18:00"}, *[WEEKDAY] * 4, SATURDAY, SHUT]
    assert Calendar.of_store({**STORE, "hours": hours}).hours(date(2026, 11, 23)) is None


CALENDARS = st.sampled_from([DAY, NIGHT, ALWAYS])
MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2027, 4, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)
MINUTES = st.integers(0, 6_000)


@given(CALENDARS, MOMENTS, MINUTES)
def test_nothing_is_due_while_the_store_is_shut(calendar: Calendar, moment: datetime, minutes: int) -> None:
    due = calendar.after(moment, minutes)
    hours = calendar.hours(calendar.local(due))
    assert due >= moment
    assert hours
    assert hours.opens <= due <= hours.closes


@given(CALENDARS, MOMENTS, MOMENTS, MINUTES)
def test_what_begins_later_is_never_due_sooner(calendar: Calendar, one: datetime, two: datetime, minutes: int) -> None:
    assert calendar.after(min(one, two), minutes) <= calendar.after(max(one, two), minutes)


@given(CALENDARS, MOMENTS, MINUTES, MINUTES)
def test_minutes_may_be_counted_in_one_go_or_in_two(calendar: Calendar, moment: datetime, m: int, n: int) -> None:
    assert calendar.after(moment, m + n) == calendar.after(calendar.after(moment, m), n)
