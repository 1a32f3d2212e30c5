"""Hybrid-logical time: the bridge's, and never behind what was stamped before."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.sync.hybrid import HybridClock
from tests.sync.store import HandClock


def test_a_stamp_is_the_bridges_time_with_milliseconds() -> None:
    hybrid = HybridClock(HandClock())
    hybrid.offset = timedelta(minutes=3)
    assert hybrid.stamp() == "2026-11-23T12:03:00.000Z"


def test_stamps_of_one_moment_come_one_after_the_other() -> None:
    hybrid = HybridClock(HandClock())
    assert [hybrid.stamp()[-4:] for _ in range(3)] == ["000Z", "001Z", "002Z"]


def test_it_goes_on_from_the_last_stamp_of_the_run_before() -> None:
    hybrid = HybridClock(HandClock(), last="2026-11-23T13:00:00.500Z")
    assert hybrid.stamp() == "2026-11-23T13:00:00.501Z"


@given(st.lists(st.integers(min_value=-100_000, max_value=100_000), max_size=30))
def test_stamps_only_ever_go_forward_whatever_the_clocks_do(jumps: list[int]) -> None:
    clock = HandClock()
    hybrid = HybridClock(clock)
    stamps = []
    for number, jump in enumerate(jumps):
        if number % 2:
            clock.later(timedelta(seconds=jump))
        else:
            hybrid.offset = timedelta(seconds=jump)
        stamps.append(hybrid.stamp())
    assert stamps == sorted(set(stamps))
