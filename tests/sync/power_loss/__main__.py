"""The long tier: ``python -m tests.sync.power_loss --images N --traces T --seed S``, with its two controls."""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.sync.power_loss.judge import Judge, quiet
from tests.sync.power_loss.record import build_shim, record
from tests.sync.power_loss.replay import Found, Verdict, replay
from tests.sync.power_loss.trace import Trace

_TRIES: Final = 5


def main() -> int:
    """Record and replay; 1 when something said to be saved was not there, or a control did not find that."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.power_loss", description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--traces", type=int, default=20, help="of these every second one has a bridge beside")
    parser.add_argument("--commands", type=int, default=20, help="in each of a trace's two lives")
    parser.add_argument("--control", type=int, default=2_000, help="images of each control")
    parser.add_argument("--every", type=int, default=10, help="start the desk's own code on every so many images")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what was recorded there, and use it again")
    args = parser.parse_args()
    began, shm = time.monotonic(), Path("/dev/shm")
    full, normal, lies = Found(), Found(), Found()
    with (
        quiet(),
        tempfile.TemporaryDirectory() as made,
        tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as scratch,
    ):
        shim = build_shim(Path(made))
        kept = args.keep or Path(made)
        kept.mkdir(exist_ok=True)
        judge = Judge(Path(scratch) / "image", args.every)
        for bridge in (False, True):
            weak = _recorded(kept, shim, args.seed, args.commands, weak=True, bridge=bridge)
            replay(weak, args.control // 2, args.seed, judge, normal)
        print(f"NORMAL: {_report(normal)}", flush=True)
        judge.different = judge.started = 0
        for seed in range(args.seed, args.seed + args.traces):
            trace = _recorded(kept, shim, seed, args.commands, weak=False, bridge=seed % 2 == 0)
            replay(trace, args.images // args.traces, seed, judge, full)
            print(f"seed {seed}, {len(trace.ops):,} operations, {time.monotonic() - began:,.0f} s: FULL so far")
            print(f"{_report(full)}; {judge.different:,} different, {judge.started:,} started on", flush=True)
        replay(trace, args.control, args.seed, Judge(Path(scratch) / "lies", every=1), lies, lies=True)
        print(f"fsync lies: {_report(lies)}")
    for line in (full.whole.bad + full.alone.bad)[:20]:
        print(line)
    held = not full.whole.bad and not full.alone.bad
    return 0 if held and normal.alone.lost and lies.whole.lost and lies.alone.lost else 1


def _recorded(kept: Path, shim: Path, seed: int, commands: int, *, weak: bool, bridge: bool) -> Trace:
    """A trace, recorded now or before; on a machine too busy for a desk to start in time, the next try's."""
    file = kept / f"{'weak' if weak else 'full'}-{'bridge' if bridge else 'alone'}-{seed}-{commands}.trace"
    tries = 0
    while not file.exists():
        tries += 1
        with tempfile.TemporaryDirectory(dir=kept) as folder:
            try:
                trace = record(Path(folder), shim, seed, commands, weak=weak, bridge=bridge)
            except AssertionError as late:
                if tries == _TRIES:
                    raise
                print(f"not recorded, and tried again: {late}", flush=True)
                continue
        file.write_bytes(pickle.dumps(trace))
    trace = pickle.loads(file.read_bytes())
    assert isinstance(trace, Trace)
    return trace


def _report(found: Found) -> str:
    return (
        f"{found.images:,} images, {found.acknowledged:,} acknowledgements looked for; "
        f"whole: {_verdict(found.whole)}; cache alone: {_verdict(found.alone)}"
    )


def _verdict(verdict: Verdict) -> str:
    return (
        f"{len(verdict.lost):,} lost some, {len(verdict.torn):,} torn, {len(verdict.unreadable):,} unreadable "
        f"({verdict.from_journal:,} took work from the journal, {verdict.rebuilt:,} were rebuilt)"
    )


if __name__ == "__main__":
    raise SystemExit(main())
