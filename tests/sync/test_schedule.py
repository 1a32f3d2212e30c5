"""When to pull, and the link in words: tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from advisor_desk.sync import schedule

NEW_YORK = timezone(timedelta(hours=-5))
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
SINCE = datetime(2026, 11, 23, 15, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "waiting", "said"),
    [
        ("starting", 0, "Connecting"),
        ("live", 0, "Live"),
        ("live", 1, "Live · 1 change waiting"),
        ("syncing", 3, "Syncing · 3 changes waiting"),
        ("offline", 0, "Offline since 10:42"),
        ("offline", 3, "Offline since 10:42 · 3 changes waiting"),
        ("sign_in", 0, "Sign in"),
        ("sign_in", 2, "Sign in to send 2 changes"),
        ("not_ours", 1, "Not our bridge · 1 change waiting"),
        ("too_new", 0, "Bridge too old"),
        ("too_old", 0, "Update needed"),
        ("disk_full", 4, "Disk full · 4 changes waiting"),
        ("no_bridge", 0, "No bridge set"),
        ("a state of a later version", 0, "Offline since 10:42"),
    ],
)
def test_the_link_in_words(state: str, waiting: int, said: str) -> None:
    assert schedule.words(state, SINCE, waiting, NEW_YORK, NOW) == said


def test_since_yesterday_names_the_day() -> None:
    assert schedule.words("offline", SINCE - timedelta(days=1), 0, NEW_YORK, NOW) == "Offline since Sun 10:42"


def test_the_day_is_the_stores_not_utcs() -> None:
    late = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # still the 23rd in New York
    assert schedule.words("offline", SINCE, 0, NEW_YORK, late) == "Offline since 10:42"
    assert schedule.words("offline", SINCE, 0, UTC, late) == "Offline since Mon 15:42"


def test_offline_without_a_moment_says_no_time() -> None:
    assert schedule.words("offline", None, 0, NEW_YORK, NOW) == "Offline"


@pytest.mark.parametrize("streaming", [True, False])
def test_desks_do_not_pull_in_step(streaming: bool) -> None:
    soon, late = (schedule.until_next_pull(streaming, chance) for chance in (0.0, 1.0))
    middle = schedule.until_next_pull(streaming, 0.5)
    assert soon < middle < late and late - soon == pytest.approx(middle / 2)


def test_without_the_stream_a_desk_pulls_more_often() -> None:
    assert schedule.until_next_pull(False, 1.0) < schedule.until_next_pull(True, 0.0)


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(0), ""),
        (timedelta(seconds=119), ""),
        (timedelta(minutes=5), "This computer's clock is 5 min behind. Set it right."),
        (timedelta(minutes=-90), "This computer's clock is 90 min ahead. Set it right."),
    ],
)
def test_a_clock_that_is_far_off_is_said(offset: timedelta, said: str) -> None:
    assert schedule.skew_words(offset) == said
