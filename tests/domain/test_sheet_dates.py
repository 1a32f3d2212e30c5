"""The dates of a supplier's list, read by the store's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain.sheet_cells import Fault
from advisor_desk.domain.sheet_dates import Dates, begin_with_day

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def read(value: Any, *, day_first: bool = False) -> Any:
    return Dates(day_first, ZONE, NOW).read(value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-03", "2026-12-03T22:00"),
        ("2026-12-03 09:30", "2026-12-03T14:30"),
        ("2026-12-03T09:30:00Z", "2026-12-03T09:30"),
        ("2026-12-03 00:00:00", "2026-12-03T22:00"),
        ("20261203", "2026-12-03T22:00"),
        ("12/3/2026", "2026-12-03T22:00"),
        ("12/3/26", "2026-12-03T22:00"),
        ("12/3", "2026-12-03T22:00"),
        ("1/5", "2027-01-05T22:00"),
        ("12/3/2026 10:15 am", "2026-12-03T15:15"),
        ("12/3/2026 1:15 PM", "2026-12-03T18:15"),
        ("Dec 3, 2026", "2026-12-03T22:00"),
        ("3 déc. 2026", "2026-12-03T22:00"),
        (datetime.fromisoformat("2026-12-03"), "2026-12-03T22:00"),
        (datetime.fromisoformat("2026-12-03 09:30"), "2026-12-03T14:30"),
        (date(2026, 12, 3), "2026-12-03T22:00"),
        # The hour that the change to summer time leaves out moves to the next there is.
        ("2027-03-14 02:30", "2027-03-14T07:00"),
    ],
)
def test_a_date_is_read_as_suppliers_write_it(written: Any, meant: str) -> None:
    assert read(written) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize("empty", [None, "", "  ", "-", "---"])
def test_no_date_is_no_eta(empty: Any) -> None:
    assert read(empty) is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2026-11-20", "is in the past (Fri Nov 20, 17:00)"),
        ("11/20/2026", "is in the past (Fri Nov 20, 17:00)"),
        (datetime.fromisoformat("2026-11-23 10:00"), "is in the past (Mon Nov 23, 10:00)"),
        ("2031-01-01", "is more than three years away"),
        ("0001-01-01", "is in the past (Mon Jan 1 1, 17:00)"),
        ("9999-12-31", "is more than three years away"),
        ("soon", "is soon, not a date like 2026-12-03"),
        ("17", "is 17, not a date like 2026-12-03"),
        ("in 3 days", "is in 3 days, not a date like 2026-12-03"),
        ("2/30/2027", "is 2/30/2027, not a date like 2026-12-03"),
        ("12/3/2026 25:00", "is 12/3/2026 25:00, not a date like 2026-12-03"),
        ("2026-13-01", "is 2026-13-01, not a date like 2026-12-03"),
        (46359, "is 46359, not a date like 2026-12-03"),
        (True, "is True, not a date like 2026-12-03"),
        (time(9, 30), "is a time without its day; give a date like 2026-12-03"),
        ("=A1+7", "begins with = like a formula; put the value itself there"),
        ("+2d", "begins with + like a formula; put the value itself there"),
        ("2026-12-\ufffd3", "holds letters that cannot be read; save the file as UTF-8"),
        ("x" * 200, "is " + "x" * 30 + "…, not a date like 2026-12-03"),
    ],
)
def test_what_is_no_date_to_come_says_why(written: Any, why: str) -> None:
    found = read(written)
    assert isinstance(found, Fault) and found == why


def test_a_list_is_read_one_way_and_a_row_that_cannot_be_is_named() -> None:
    assert read("3/12/2026", day_first=True) == read("12/3/2026")
    assert read("12/13/2026", day_first=True) == "has no month 13; say that dates begin with the month, if they do"
    assert read("13/12/2026") == "has no month 13; say that dates begin with the day, if they do"


@pytest.mark.parametrize(
    ("values", "day_first"),
    [
        (["12/3/2026", "1/5/2027"], False),
        (["13/12/2026", "1/5/2027"], True),
        (["13.12.2026"], True),
        (["13/12/2026", "12/13/2026"], False),
        ([None, 5, "2026-12-13", "soon"], False),
    ],
)
def test_which_comes_first_is_told_by_the_dates_that_leave_no_doubt(values: list[Any], day_first: bool) -> None:
    assert begin_with_day(values) is day_first
