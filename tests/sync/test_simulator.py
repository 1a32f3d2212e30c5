"""The simulator's quick tier: whole stores through drawn trouble, and each planted bug found by it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.sync.simulator import planted, run, stage
from tests.sync.simulator.stage import Stage
from tests.sync.simulator.variant import Variant

SEEDS = 40
FOUND_BY = {
    "no idempotency": range(3),
    "cursor before data": range(62, 66),
    "answer before commit": range(4, 8),
}
"""Seeds among which a planted bug is found: the first that a search from seed 0 came upon.

The other planted bugs take more seeds than belong here; the long tier looks for them.
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Stage]:
    """The store every seed begins from."""
    built = stage.build()
    yield built
    shutil.rmtree(built.base)


def test_forty_seeds_hold_every_invariant(made: Stage) -> None:
    broken = {seed: outcome.fault for seed in range(SEEDS) if (outcome := run.run_seed(seed, made)).fault}
    assert not broken


@pytest.mark.parametrize("variant", [v for v in planted.PLANTED if v.name in FOUND_BY], ids=lambda v: str(v.name))
def test_a_planted_bug_is_found(made: Stage, variant: Variant) -> None:
    assert any(run.run_seed(seed, made, variant).fault for seed in FOUND_BY[variant.name])
