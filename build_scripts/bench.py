"""Each budget of the design beside its floor, measured in the same run on a made-up store."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from benches import processes
from benches.processes import Bench
from benches.table import Row, show

NAMES = ("first_sync", "start", "commit", "live", "search", "delta", "memory", "window")


def main() -> int:
    """Measure and print; 0 when every budget held."""
    args = _parser().parse_args()
    kept = nullcontext(args.folder) if args.folder else tempfile.TemporaryDirectory(prefix="advisor-desk-bench-")
    rows: list[Row] = []
    with kept as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with processes.opened(args.size, Path(folder).resolve()) as bench:
            for name in args.only or NAMES:
                print(f"{name} …", file=sys.stderr, flush=True)
                some = _measured(name, bench)
                print(show(some), file=sys.stderr, flush=True)
                rows += some
    print(f"\nThe {args.size} store, one run:\n\n{show(rows)}")
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
    parser.add_argument("--size", choices=("demo", "small", "busy"), default="busy")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep the store and the desks, and use them again")
    return parser


if __name__ == "__main__":
    sys.exit(main())
