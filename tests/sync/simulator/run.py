"""Run a seed, and shrink one that fails to the few things it takes."""

from __future__ import annotations

import gc
import logging
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.sync.simulator import checks, thin
from tests.sync.simulator.network import Endless
from tests.sync.simulator.plan import Plan, draw, draw_promises
from tests.sync.simulator.stage import Stage
from tests.sync.simulator.variant import REAL, Variant
from tests.sync.simulator.world import World


@dataclass(slots=True)
class Outcome:
    """How one plan went; ``fault`` is empty when every invariant held."""

    plan: Plan
    fault: str = ""
    trace: str = ""
    drawn: Counter[str] = field(default_factory=Counter)
    happened: int = 0
    requests: int = 0


def run(plan: Plan, stage: Stage, variant: Variant = REAL) -> Outcome:
    """Let a plan happen in a world of its own."""
    gc.disable()  # a world is small: what it leaves is collected after it
    try:
        with thin.in_place(stage.tables):
            return run_as_it_is(plan, stage, variant)
    finally:
        gc.enable()


def run_as_it_is(plan: Plan, stage: Stage, variant: Variant = REAL) -> Outcome:
    """The same on SQLAlchemy's engines."""
    world = World(plan, stage, Path(tempfile.mkdtemp(dir=stage.base)), variant)
    outcome = Outcome(plan)
    try:
        with variant.planted(), _Quiet():
            world.run()
    except (checks.Broken, Endless) as broken:
        outcome.fault = str(broken)
    except Exception as error:
        outcome.fault = f"{type(error).__name__}: {error}"
        outcome.trace = traceback.format_exc()
    finally:
        outcome.drawn, outcome.happened, outcome.requests = world.drawn, world.happened, world.requests
        world.close()
    return outcome


def run_seed(seed: int, stage: Stage, variant: Variant = REAL, *, promises: bool = False) -> Outcome:
    """Draw a seed's plan, one of promises or of all kinds of work, and let it happen."""
    return run((draw_promises if promises else draw)(seed), stage, variant)


class _Quiet:
    """What the desks log is looked at only when it is a fault of the program."""

    def __enter__(self) -> None:
        self._level = logging.getLogger("advisor_desk").level
        logging.getLogger("advisor_desk").setLevel(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("advisor_desk").setLevel(self._level)


def shrink(failed: Outcome, stage: Stage, variant: Variant = REAL, tries: int = 400) -> Outcome:
    """The same fault with as few things happening as can be found."""
    kind = failed.fault.split(":", 1)[0]
    best = failed

    def still(plan: Plan) -> Outcome | None:
        outcome = run(plan, stage, variant)
        return outcome if outcome.fault.split(":", 1)[0] == kind else None

    size = max(1, best.plan.parts // 2)
    while size >= 1 and tries > 0:
        best, tries, smaller = _pass(best, size, tries, still)
        if not smaller:
            size //= 2
    return best


def _pass(best: Outcome, size: int, tries: int, still: Callable[[Plan], Outcome | None]) -> tuple[Outcome, int, bool]:
    smaller, at = False, 0
    while at < best.plan.parts and tries > 0:
        tries -= 1
        fewer = best.plan.without(set(range(at, at + size)))
        if fewer.parts < best.plan.parts and (outcome := still(fewer)) is not None:
            best, smaller = outcome, True
        else:
            at += size
    return best, tries, smaller
