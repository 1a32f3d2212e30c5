"""The simulator's long tier: ``dev.py soak --minutes N --seed S``, and ``--replay SEED`` of a failure.

``--planted`` looks for each planted bug instead and says how many seeds that took.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from tests.sync.simulator import planted, run, stage
from tests.sync.simulator.run import Outcome

_SHRUNK = 3
"""So many failures are shrunk at the end; the others by their seed, when somebody asks."""


@dataclass(slots=True)
class Tally:
    """What was run."""

    seeds: int = 0
    happened: int = 0
    requests: int = 0
    desks: Counter[int] = field(default_factory=Counter)
    kinds: Counter[int] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Count one more."""
        self.seeds += 1
        self.happened += outcome.happened
        self.requests += outcome.requests
        self.desks[outcome.plan.desks] += 1
        self.kinds[len(outcome.plan.faults)] += 1
        self.drawn += outcome.drawn
        if outcome.fault:
            self.failed.append(outcome)


def main(argv: list[str] | None = None) -> int:
    """Run seeds until the time is up, or replay one; 1 when an invariant did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=0, help="stop after so many, whatever the time")
    parser.add_argument("--promises", action="store_true", help="stretches in which all that people do is of promises")
    parser.add_argument("--commands", type=int, default=0, help="with --promises: stop once so many were given")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--replay", type=int, metavar="SEED", help="run one seed, and shrink it when it fails")
    parser.add_argument("--planted", action="store_true", help="find each planted bug, in --seeds seeds or fewer")
    parser.add_argument("--go-on", action="store_true", help="do not stop at the first failure")
    args = parser.parse_args(argv)
    if args.replay is not None:
        return _replay(args.replay, args.promises)
    if args.planted:
        return _find_planted(args.seed, args.seeds or 1_000)
    tally, began = Tally(), time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # told to stop: say what was run
        outcomes = _outcomes(args.seed, args.seeds, args.minutes, args.jobs, args.promises)
        _run(tally, outcomes, go_on=args.go_on, most=args.commands)
    _report(tally, args.seed, time.monotonic() - began, args.jobs)
    for outcome in tally.failed[:_SHRUNK]:
        print()
        _replay(outcome.plan.seed, args.promises)
    return 1 if tally.failed else 0


def _run(tally: Tally, outcomes: Iterator[Outcome], *, go_on: bool, most: int) -> None:
    began = time.monotonic()
    for outcome in outcomes:
        tally.take(outcome)
        if outcome.fault:
            print(f"seed {outcome.plan.seed}: {outcome.fault}", flush=True)
            if not go_on:
                break
        if tally.seeds % (20 if most else 500) == 0:
            commands = f", {tally.drawn['commands']:,} commands" if most else ""
            print(f"… {tally.seeds:,} seeds{commands} in {time.monotonic() - began:,.0f} s", flush=True)
        if most and tally.drawn["commands"] >= most:
            break


def _outcomes(first: int, most: int, minutes: float, jobs: int, promises: bool) -> Iterator[Outcome]:
    ends = time.monotonic() + minutes * 60
    seeds = range(first, first + most) if most else range(first, sys.maxsize)
    if jobs == 1:
        yield from _one_by_one(seeds, ends, promises)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _begin) as pool:
        for outcome in pool.imap_unordered(partial(_seed, promises=promises), seeds, chunksize=8):
            yield outcome
            if time.monotonic() > ends:
                pool.terminate()
                return


def _one_by_one(seeds: range, ends: float, promises: bool) -> Iterator[Outcome]:
    on = stage.build()
    try:
        for seed in seeds:
            yield run.run_seed(seed, on, promises=promises)
            if time.monotonic() > ends:
                return
    finally:
        shutil.rmtree(on.base, ignore_errors=True)


def _begin() -> None:
    _stages.append(stage.build())


_stages: list[stage.Stage] = []


def _seed(seed: int, promises: bool) -> Outcome:
    return run.run_seed(seed, _stages[0], promises=promises)


def _report(tally: Tally, first: int, seconds: float, jobs: int) -> None:
    rate = tally.seeds / seconds * 60
    ran = f"{tally.seeds:,} schedules from seed {first} to {first + tally.seeds - 1}"
    spent = f", {tally.seeds / time.process_time() * 60:,.0f} a CPU minute" if jobs == 1 else ""
    print(f"{ran} in {seconds:,.0f} s with {jobs} processes: {rate:,.0f} a minute{spent}")
    print(f"{tally.happened:,} things happened, {tally.requests:,} requests answered")
    print("desks      " + ", ".join(f"{count}: {seeds:,}" for count, seeds in sorted(tally.desks.items())))
    print("fault kinds " + ", ".join(f"{count}: {seeds:,}" for count, seeds in sorted(tally.kinds.items())))
    print("drawn      " + ", ".join(f"{name} {count:,}" for name, count in tally.drawn.most_common()))
    print(f"failed     {len(tally.failed)}: {', '.join(str(outcome.plan.seed) for outcome in tally.failed) or 'none'}")


def _replay(seed: int, promises: bool) -> int:
    on = stage.build()
    try:
        outcome = run.run_seed(seed, on, promises=promises)
        print(outcome.plan)
        print(outcome.fault or "every invariant held")
        if outcome.fault:
            print(outcome.trace)
            least = run.shrink(outcome, on)
            print(f"\nwith as little as\n{least.plan}\n{least.fault}")
        return 1 if outcome.fault else 0
    finally:
        shutil.rmtree(on.base, ignore_errors=True)


def _find_planted(first: int, most: int) -> int:
    on = stage.build()
    missed = 0
    try:
        for variant in planted.PLANTED:
            other: Counter[str] = Counter()
            for seed in range(first, first + most):
                fault = run.run_seed(seed, on, variant).fault
                if fault.startswith("invariant"):
                    print(f"{variant.name}: seed {seed}, after {seed - first + 1}: {fault}", flush=True)
                    break
                if fault:
                    other[fault] += 1
            else:
                missed += 1
                print(f"{variant.name}: not found in {most} seeds", flush=True)
            for fault, count in other.items():
                print(f"    {count} ended otherwise: {fault}", flush=True)
        return 1 if missed else 0
    finally:
        shutil.rmtree(on.base, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
