"""The parts counter's list with 5,000 open lines: read, ranked, and one order of it read again."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from advisor_desk.cache import reads, reads_counter
from advisor_desk.domain import harm
from benches.crowd import LINES, crowded
from benches.processes import Bench
from benches.table import Row, median, percentile

_ROUNDS = 20
_CHANGES = 200


def measure(bench: Bench) -> list[Row]:
    """What opening the page and a change to one order cost, on a connection as the screen has it."""
    with crowded(bench) as (crowd, profile):
        return _measured(crowd, profile)


def _measured(bench: Bench, profile: Path) -> list[Row]:
    conn = reads.connect(profile / "cache.db", bytes.fromhex(bench.key))
    try:
        settings, now = reads.settings(conn), datetime.now(UTC)
        rows = reads_counter.counter(conn)
        bare = [_timed(lambda: _bodies(conn)) for _ in range(_ROUNDS)]
        read = [_timed(lambda: reads_counter.counter(conn)) for _ in range(_ROUNDS)]
        ranked = [_timed(lambda: sorted(harm.of(row, now, settings).key for row in rows)) for _ in range(_ROUNDS)]
        orders = random.Random(1).choices(sorted({row["order"]["id"] for row in rows}), k=_CHANGES)
        again = [_timed(lambda order=order: reads_counter.counter_of(conn, [order])) for order in orders]
    finally:
        conn.close()
    p95 = percentile(again, 0.95)
    return [
        Row(f"the counter's {len(rows):,} open lines, read", _ms(read), f"{_ms(bare)}, bare", "–", None),
        Row("the same, ranked", _ms(ranked), "–", "–", None),
        Row(f"one order of them again, {_CHANGES} times", _ms(again), "–", "in p95 ≤ 50 ms to painted", p95 <= 0.05),
    ]


def _bodies(conn: Any) -> None:
    for (body,) in conn.execute(f"SELECT body FROM part_line ORDER BY row DESC LIMIT {LINES}").fetchall():
        json.loads(body)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ms(took: Sequence[float]) -> str:
    return f"p50 {median(took) * 1000:.1f}, p95 {percentile(took, 0.95) * 1000:.1f} ms"
