"""A simulated month, with and without people acting on promises: the figures are what a recount of the records says."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from advisor_desk.bridge.demo.generator import SIZES, Size
from tests.desk.month import run
from tests.desk.month.run import Counted
from tests.desk.month.store import START, fill

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
SIZE, DAYS = (SIZES["small"], 30) if LONG else (Size(history=240, years=1, open=16, advisors=3, a_day=10), 3)

SEED = 4


def months() -> dict[bool, Counted]:
    """Both months from the same morning, each counted twice and alike; the counts by whether people acted."""
    out = {}
    with run.in_memory() as folder:
        fill(folder / "made.db", SIZE, SEED)
        for acting in (False, True):
            with run.opened(folder / "made.db", SEED) as store:
                run.lived(store, DAYS, SIZE.a_day, acting=acting, say=print)
                until = START + timedelta(days=DAYS)
                assert not store.refused
                out[acting] = run.reported(store, until)
                assert out[acting] == run.recounted(store, until)
    return out


@pytest.fixture(scope="module")
def lived() -> dict[bool, Counted]:
    """Both months."""
    return months()


def test_who_acts_on_promises_keeps_more_of_them(lived: dict[bool, Counted]) -> None:
    assert lived[True].on_time > lived[False].on_time


def test_no_shows_are_saved_by_those_who_call(lived: dict[bool, Counted]) -> None:
    (missed, saved), (_, left) = lived[True].no_shows, lived[False].no_shows
    assert missed > 0
    assert (saved > 0, left) == (True, 0)


def test_the_same_work_is_declined_and_won_back_only_by_asking_again(lived: dict[bool, Counted]) -> None:
    assert lived[False].declined[0] > 0
    assert lived[False].declined[2:] == (0, 0)
    assert lived[True].declined[3] >= lived[False].declined[3]


def test_first_services_are_set_by_those_who_look_ahead(lived: dict[bool, Counted]) -> None:
    assert lived[True].first_services[0] > 0
    assert lived[True].first_services[1] >= lived[False].first_services[1]


def test_customers_are_told_in_time_by_those_who_look_at_the_light(lived: dict[bool, Counted]) -> None:
    shares = {acting: good / (good + late) for acting, (good, late) in ((one, lived[one].told) for one in lived)}
    assert shares[True] > shares[False]
