"""The simulator's quick tier: whole stores through drawn trouble, and each planted bug found by it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.sync.simulator import plan, planted, run, stage
from tests.sync.simulator.stage import Stage
from tests.sync.simulator.variant import Variant

SEEDS = 40
FOUND_BY = {
    "no idempotency": 1,
    "cursor before data": 39,
    "answer before commit": 107,
    "seq from a bare sequence": 0,
    "lost base on rebase": 292,
}
"""The seed by which a planted bug is found: the first, counted from 0, as ``dev.py soak --planted`` counts."""

FOUND_BUGS = (160, 2524, 5017, 5047, 6494)
"""Seeds that found a bug of the product: healing after a restore, and promises with two owners."""


@pytest.fixture(scope="module")
def made() -> Iterator[Stage]:
    """The store every seed begins from."""
    built = stage.build()
    yield built
    shutil.rmtree(built.base)


def test_forty_seeds_hold_every_invariant(made: Stage) -> None:
    broken = {seed: outcome.fault for seed in range(SEEDS) if (outcome := run.run_seed(seed, made)).fault}
    assert not broken


@pytest.mark.parametrize("seed", FOUND_BUGS)
def test_a_bug_that_a_seed_once_found_stays_mended(made: Stage, seed: int) -> None:
    assert run.run_seed(seed, made).fault == ""


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_seed_ends_the_same_on_sqlalchemys_own_engines(made: Stage, seed: int) -> None:
    thin, real = run.run_seed(seed, made), run.run_as_it_is(plan.draw(seed), made)
    assert (thin.fault, thin.happened, thin.requests, thin.drawn) == ("", real.happened, real.requests, real.drawn)


@pytest.mark.parametrize("variant", planted.PLANTED, ids=lambda variant: str(variant.name))
def test_a_planted_bug_breaks_an_invariant(made: Stage, variant: Variant) -> None:
    first = FOUND_BY[variant.name]
    faults = (run.run_seed(seed, made, variant).fault for seed in range(first, first + 60))
    assert next(filter(None, faults), "").startswith("invariant")
