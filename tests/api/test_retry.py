"""When to try again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.api.retry import CAP, LONGEST, SHORTEST, backoff, retry_after

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "longest"), [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (8, 128.0), (9, 256.0), (10, 300.0), (99, 300.0)]
)
def test_the_wait_doubles_up_to_five_minutes(failures: int, longest: float) -> None:
    assert backoff(failures, 1.0) == pytest.approx(0.1 + longest)
    assert backoff(failures, 0.0) == pytest.approx(0.1)


@given(st.integers(-5, 10**9), st.floats(0, 1))
def test_a_wait_is_never_nought_and_never_longer_than_the_cap(failures: int, chance: float) -> None:
    assert 0.1 <= backoff(failures, chance) <= CAP + 0.1


@given(st.integers(1, 40))
def test_chance_spreads_desks_over_the_whole_wait(failures: int) -> None:
    early, middle, late = (backoff(failures, chance) for chance in (0.0, 0.5, 1.0))
    assert early < middle < late
    assert middle - early == pytest.approx(late - middle)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None),
        ("", None),
        (" ", None),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", SHORTEST),
        ("-30", SHORTEST),
        ("+7", 7.0),
        ("3601", LONGEST),
        ("315360000", LONGEST),  # ten years
        ("9" * 10_000, LONGEST),
        ("-" + "9" * 10_000, SHORTEST),
        ("1_000", None),
        ("１２", None),
        ("5.5", None),
        ("1e3", None),
        ("soon", None),
        ("Mon, 23 Nov 2026 15:10:00 GMT", 120.0),
        ("Mon, 23 Nov 2026 10:10:00 -0500", 120.0),
        ("Monday, 23-Nov-26 15:10:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 15:10:00 GMT", SHORTEST),
        ("Fri, 23 Nov 2036 15:10:00 GMT", LONGEST),
        ("Mon, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_a_server_is_believed_within_a_second_and_an_hour(said: str | None, seconds: float | None) -> None:
    assert retry_after(said, NOW) == seconds


NUMBER = st.integers(-9, 10**6)


@given(st.text() | st.builds("Mon, {} Nov {} {}:{}:00 {}".format, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER | st.text()))
def test_any_retry_after_is_in_bounds_or_nothing(said: str) -> None:
    waits = retry_after(said, NOW)
    assert waits is None or SHORTEST <= waits <= LONGEST
