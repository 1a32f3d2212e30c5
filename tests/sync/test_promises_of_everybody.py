"""Promises at several desks through outages: one owner each, none twice, none that just goes; the quick tier."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.sync.simulator import run, stage
from tests.sync.simulator.stage import Stage

SEEDS = (0, 1, 2, 300_006, 330_198, 500_139, 700_034)
"""The long tier is ``dev.py soak --promises --commands 50000``; the last four found a push without an end, a promise
kept of which only a part was there, a first ETA replaced after a bridge was put back, and a refused edit that waits
behind another after its cache was rebuilt."""


@pytest.fixture(scope="module")
def made() -> Iterator[Stage]:
    """The store every seed begins from."""
    built = stage.build()
    yield built
    shutil.rmtree(built.base)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_has_one_owner_whatever_people_do(made: Stage, seed: int) -> None:
    outcome = run.run_seed(seed, made, promises=True)
    assert outcome.fault == ""
    assert outcome.drawn["commands"] > 0
