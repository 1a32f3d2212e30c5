"""Moments and days as the wire writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import times

MOMENTS = st.integers(0, 299 * 365 * 86_400).map(
    lambda seconds: datetime(1900, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(MOMENTS)
def test_a_moment_goes_over_the_wire_and_back(moment: datetime) -> None:
    assert times.from_wire(times.to_wire(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_moments_sort_as_text_as_they_sort_in_time(one: datetime, other: datetime) -> None:
    assert (times.to_wire(one) < times.to_wire(other)) == (one < other)


def test_a_moment_is_written_in_utc_with_whole_seconds() -> None:
    eastern = timezone(timedelta(hours=-5))
    assert times.to_wire(datetime(2026, 11, 23, 10, 8, 30, 999_999, tzinfo=eastern)) == "2026-11-23T15:08:30Z"


def test_a_moment_without_a_zone_is_neither_written_nor_read() -> None:
    with pytest.raises(ValueError, match="time zone"):
        times.to_wire(datetime(2026, 11, 23))  # noqa: DTZ001 - the fault under test
    with pytest.raises(ValueError, match="time zone"):
        times.from_wire("2026-11-23T10:00:00")


@pytest.mark.parametrize(
    "text", ["", "soon", "17:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_what_is_no_moment_of_a_store_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        times.from_wire(text)


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_a_value_error(text: str) -> None:
    try:
        read = times.from_wire(text)
    except ValueError:
        return
    assert read.utcoffset() == timedelta(0)


@given(st.dates())
def test_a_day_goes_over_the_wire_and_back(day: date) -> None:
    assert times.day_from_wire(times.day_to_wire(day)) == day
