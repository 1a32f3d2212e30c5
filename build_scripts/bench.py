"""Each budget of the design beside its floor, measured in the same run on a made-up store."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from benches import bridge, processes
from benches.processes import Bench
from benches.table import Row, show

NAMES = (
    "first_sync",
    "start",
    "commit",
    "live",
    "search",
    "delta",
    "promises",
    "leaving",
    "counter",
    "memory",
    "window",
    "counter_window",
)
_PREFIX = "advisor-desk-bench-"


def main() -> int:
    """Measure and print; 0 when every budget held."""
    args = _parser().parse_args()
    if args.bridge:
        return _bridge(bridge.Load(args.size or "demo", args.desks, args.seconds))
    kept = nullcontext(args.folder) if args.folder else tempfile.TemporaryDirectory(prefix=_PREFIX)
    size = args.size or "busy"
    rows: list[Row] = []
    with kept as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with processes.opened(size, Path(folder).resolve()) as bench:
            for name in args.only or NAMES:
                print(f"{name} …", file=sys.stderr, flush=True)
                some = _measured(name, bench)
                print(show(some), file=sys.stderr, flush=True)
                rows += some
    return _verdict(f"The {size} store, one run", rows)


def _bridge(load: bridge.Load) -> int:
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:
        rows = bridge.measure(Path(folder), load)
    return _verdict(f"The {load.size} store, {load.desks} desks, {load.seconds} s each", rows)


def _verdict(what: str, rows: list[Row]) -> int:
    print(f"\n{what}:\n\n{show(rows)}")
    return 1 if any(row.held is False for row in rows) else 0


def _measured(name: str, bench: Bench) -> list[Row]:
    """A benchmark's rows; one that breaks is a row that did not hold, and the others go on."""
    try:
        found = importlib.import_module(f"benches.{name}").measure(bench)
    except (AssertionError, OSError, RuntimeError, subprocess.SubprocessError) as fault:
        return [Row(name, f"could not be measured: {fault}"[:100], "–", "–", False)]
    return [found] if isinstance(found, Row) else list(found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--size", choices=("demo", "small", "busy"), help="the store (default: busy)")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep the store and the desks, and use them again")
    parser.add_argument("--bridge", action="store_true", help="the bridge under many desks instead (demo store)")
    parser.add_argument("--desks", type=int, default=50, help="how many, with --bridge (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=20, help="of each load, with --bridge (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
