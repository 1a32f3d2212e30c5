"""Moments as people type them at the counter."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor_desk.domain import moments
from advisor_desk.domain.moments import Unreadable

NEW_YORK = ZoneInfo("America/New_York")
# A Monday before Thanksgiving, 10:08 by the store's clock.
NOW = datetime(2026, 11, 23, 15, 8, 30, tzinfo=UTC)


def local(text: str, now: datetime = NOW, **more: object) -> str:
    return moments.read(text, now=now, zone=NEW_YORK, **more).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("17:00", "2026-11-23 17:00"),
        ("5pm", "2026-11-23 17:00"),
        ("5 pm", "2026-11-23 17:00"),
        ("5p", "2026-11-23 17:00"),
        ("5 p.m.", "2026-11-23 17:00"),
        ("5:30 pm", "2026-11-23 17:30"),
        ("5:30PM", "2026-11-23 17:30"),
        ("5:30", "2026-11-23 17:30"),  # no service drive is open at 5:30 in the morning
        ("05:30", "2026-11-24 05:30"),  # a leading zero is the clock of 24 hours
        ("17h30", "2026-11-23 17:30"),
        ("17h", "2026-11-23 17:00"),
        ("17.30", "2026-11-23 17:30"),
        ("12am", "2026-11-24 00:00"),
        ("12pm", "2026-11-23 12:00"),
        ("noon", "2026-11-23 12:00"),
        ("11", "2026-11-23 11:00"),
        ("10:08", "2026-11-24 10:08"),  # that minute has begun
        ("10:09", "2026-11-23 10:09"),
        ("9am", "2026-11-24 09:00"),  # past today, so tomorrow
        ("today 16:30", "2026-11-23 16:30"),
        ("today", "2026-11-23 17:00"),
        ("today at noon", "2026-11-23 12:00"),
        ("tomorrow 10", "2026-11-24 10:00"),
        ("tom 10am", "2026-11-24 10:00"),
        ("10am tomorrow", "2026-11-24 10:00"),
        ("tmrw @ 3", "2026-11-24 15:00"),
        ("TOMORROW", "2026-11-24 17:00"),
        ("fri", "2026-11-27 17:00"),
        ("fri 3pm", "2026-11-27 15:00"),
        ("3pm on friday", "2026-11-27 15:00"),
        ("Thurs 3", "2026-11-26 15:00"),
        ("sat 10", "2026-11-28 10:00"),
        ("mon 3pm", "2026-11-30 15:00"),  # it is Monday: who means today says today
        ("+2h", "2026-11-23 12:08"),
        ("+30m", "2026-11-23 10:38"),
        ("+1h30m", "2026-11-23 11:38"),
        ("+2d", "2026-11-25 10:08"),
        ("+1 week", "2026-11-30 10:08"),
        ("in 2 hours", "2026-11-23 12:08"),
        ("12/3", "2026-12-03 17:00"),
        ("12/3 10:00", "2026-12-03 10:00"),
        ("12/3/26", "2026-12-03 17:00"),
        ("12/3/2027", "2027-12-03 17:00"),
        ("13/12", "2026-12-13 17:00"),  # there is no thirteenth month
        ("11/22", "2027-11-22 17:00"),  # yesterday, so next year
        ("11/23 16:00", "2026-11-23 16:00"),
        ("dec 3", "2026-12-03 17:00"),
        ("dec 3 10:00", "2026-12-03 10:00"),
        ("Dec. 3rd, 10am", "2026-12-03 10:00"),
        ("3 dec", "2026-12-03 17:00"),
        ("december 3 2027", "2027-12-03 17:00"),
        ("jan 2 noon", "2027-01-02 12:00"),
        ("thu dec 3 3pm", "2026-12-03 15:00"),
        ("2026-12-03", "2026-12-03 17:00"),
        ("2026-12-03T10:00", "2026-12-03 10:00"),
        ("mar 3", "2027-03-03 17:00"),  # beside a number it is March ...
        ("mar", "2026-11-24 17:00"),  # ... alone martes or mardi
        ("mar 3pm", "2026-11-24 15:00"),
        ("2/29/28", "2028-02-29 17:00"),
        ("mañana", "2026-11-24 17:00"),
        ("manana a las 10", "2026-11-24 10:00"),
        ("viernes 15:00", "2026-11-27 15:00"),
        ("miércoles", "2026-11-25 17:00"),
        ("sáb 10", "2026-11-28 10:00"),
        ("hoy 16:30", "2026-11-23 16:30"),
        ("3 de diciembre a las 10", "2026-12-03 10:00"),
        ("dic 3 a las 10", "2026-12-03 10:00"),
        ("mediodía", "2026-11-23 12:00"),
        ("demain 9h", "2026-11-24 09:00"),
        ("aujourd’hui 16h30", "2026-11-23 16:30"),
        ("vendredi à 15h", "2026-11-27 15:00"),
        ("3 décembre", "2026-12-03 17:00"),
        ("mardi midi", "2026-11-24 12:00"),
        ("dans 2 heures", "2026-11-23 12:08"),
        ("+2 días", "2026-11-25 10:08"),
        ("+3 jours", "2026-11-26 10:08"),
        ("  fri   3pm  ", "2026-11-27 15:00"),
    ],
)
def test_what_people_type_is_the_moment_they_mean(typed: str, meant: str) -> None:
    assert local(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "soon", "asap", "25:00", "17:60", "13pm", "0am", "fri sat", "today tomorrow", "5pm 6pm", "next fri",
        "+0m", "+2", "+2h 5pm", "+2h tomorrow", "2h ago", "13/13", "2/30", "feb 30", "dec", "dec 32", "10-12",
        "1/2/3/4", "5pm!", "<b>5pm</b>", "99", "-2h", "+9999w", "2099-01-01", "0000-01-01", "9999-12-31", "dec 3 9999",
        "fri fri", "noon 5pm", "17:00:00:00", "⁵⁵⁵",
    ],
)  # fmt: skip
def test_what_names_no_moment_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Unreadable) as refused:
        local(typed)
    assert refused.value.message.endswith(".")
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("typed", ["today 9am", "today 10:00", "11/23 9:00", "2026-11-22", "2020-01-01 10:00"])
def test_a_past_time_that_was_said_outright_is_refused_and_not_moved(typed: str) -> None:
    with pytest.raises(Unreadable, match="past"):
        local(typed)


def test_2h_alone_asks_whether_a_span_or_a_time_of_day_is_meant() -> None:
    with pytest.raises(Unreadable, match=r"Type \+2h"):
        local("2h")


def test_a_weekday_that_does_not_fit_its_date_is_pointed_out() -> None:
    with pytest.raises(Unreadable, match="Dec 3 is a Thu"):
        local("fri dec 3")


def test_a_day_alone_means_the_stores_own_default_time() -> None:
    assert local("fri", default_time=time(16, 30)) == "2026-11-27 16:30"


def test_a_day_without_leap_day_this_year_or_next_is_no_such_day() -> None:
    with pytest.raises(Unreadable, match="no such day"):
        local("2/29")
    assert local("2/29", now=datetime(2027, 6, 1, tzinfo=UTC)) == "2028-02-29 17:00"


@pytest.mark.parametrize(
    ("typed", "now", "meant"),
    [
        # Clocks go from 02:00 to 03:00 on March 14, 2027.
        ("mar 14 02:30", datetime(2027, 3, 13, 12, 0, tzinfo=UTC), datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        ("mar 14 03:00", datetime(2027, 3, 13, 12, 0, tzinfo=UTC), datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        ("+1d", datetime(2027, 3, 13, 15, 0, tzinfo=UTC), datetime(2027, 3, 14, 14, 0, tzinfo=UTC)),
        ("+24h", datetime(2027, 3, 13, 15, 0, tzinfo=UTC), datetime(2027, 3, 14, 15, 0, tzinfo=UTC)),
        # And from 02:00 back to 01:00 on November 1, 2026: 01:30 strikes twice.
        ("nov 1 01:30", datetime(2026, 10, 31, 12, 0, tzinfo=UTC), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("01:30", datetime(2026, 11, 1, 5, 45, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("01:30", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
        ("+30m", datetime(2026, 11, 1, 5, 45, tzinfo=UTC), datetime(2026, 11, 1, 6, 15, tzinfo=UTC)),
        # The store's today is not yet London's tomorrow.
        ("23:00", datetime(2026, 11, 24, 3, 0, tzinfo=UTC), datetime(2026, 11, 24, 4, 0, tzinfo=UTC)),
    ],
)
def test_the_stores_clock_is_right_across_summer_time(typed: str, now: datetime, meant: datetime) -> None:
    assert moments.read(typed, now=now, zone=NEW_YORK) == meant


def test_a_day_an_island_skipped_moves_to_the_next_that_came() -> None:
    apia = ZoneInfo("Pacific/Apia")  # there was no December 30, 2011
    read = moments.read("12/30 10:00", now=datetime(2011, 12, 29, 12, 0, tzinfo=UTC), zone=apia)
    assert moments.say(read, read, apia) == "Sat Dec 31, 00:00"


def test_what_was_understood_is_said_back_with_its_year_when_it_is_another() -> None:
    thursday = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
    assert moments.say(thursday, NOW, NEW_YORK) == "Thu Nov 26, 15:00"
    assert moments.say(datetime(2027, 1, 2, 14, 5, tzinfo=UTC), NOW, NEW_YORK) == "Sat Jan 2 2027, 09:05"


NOWS = st.integers(0, 100 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(0, seconds)
)
ZONES = st.sampled_from(["America/New_York", "America/Denver", "Pacific/Apia", "Asia/Kolkata", "UTC"]).map(ZoneInfo)
WORDS = st.lists(
    st.sampled_from(
        (
            "fri",
            "mar",
            "dec",
            "feb",
            "3",
            "12",
            "29",
            "10:30",
            "5pm",
            "17h",
            "noon",
            "today",
            "tom",
            "+2h",
            "+3d",
            "in",
            "2",
            "weeks",
            "12/3",
            "2027-02-28",
            "2028",
            "de",
            "a",
            "las",
            "at",
            ",",
        ),
    ),
    max_size=5,
).map(" ".join)


@given(text=st.one_of(st.text(), WORDS), now=NOWS, zone=ZONES)
def test_any_text_is_a_moment_to_come_or_refused(text: str, now: datetime, zone: ZoneInfo) -> None:
    try:
        read = moments.read(text, now=now, zone=zone)
    except Unreadable:
        return
    assert read > now
    assert read.utcoffset() == timedelta(0)
    assert moments.say(read, now, zone)


@given(now=NOWS, ahead=st.integers(1, 500 * 24 * 60))
def test_what_is_said_back_can_be_typed_again(now: datetime, ahead: int) -> None:
    moment = (now + timedelta(minutes=ahead)).replace(second=0, microsecond=0)
    assume(moment > now)
    said = moments.say(moment, now, NEW_YORK)
    again = moments.read(said, now=now, zone=NEW_YORK)
    assert moments.say(again, now, NEW_YORK) == said
