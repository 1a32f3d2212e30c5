"""An advisor with a full book leaves: how long the one command takes that hands all of it on."""

from __future__ import annotations

import shutil
import time

from advisor_desk.desk.commands import Commands
from advisor_desk.domain import commands
from advisor_desk.sync.hybrid import HybridClock
from benches.processes import Bench
from benches.table import Row, median
from tests.support.leaving import CUSTOMERS, LEAVES, ORDERS, PROMISES, full_book
from tests.sync.store import HandClock

_TIMES = 5


def measure(bench: Bench) -> Row:
    """The command over a real cache, to its durable answer; each time on a book of its own."""
    took = []
    for number in range(_TIMES):
        folder = bench.folder / f"leaving-{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        cache = full_book(folder / "cache.db")
        given = Commands(cache, HybridClock(HandClock()))
        args = commands.check("employee.deactivate", {"employee_id": LEAVES})
        started = time.perf_counter()
        given.carry_out("employee.deactivate", args, None)
        took.append(time.perf_counter() - started)
        cache.close()
        shutil.rmtree(folder)
    what = f"an advisor leaves: {PROMISES} promises, {ORDERS} ROs, {CUSTOMERS} customers, {_TIMES} times"
    return Row(what, f"p50 {median(took):.2f}, worst {max(took):.2f} s", "–", "< 2 s", max(took) < 2)
