"""The rules: what they cost after one change, and a round over the whole store."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from advisor_desk.cache.database import open_cache
from advisor_desk.cache.files import CacheBooks
from advisor_desk.domain.rules.file import keys_of, open_file
from advisor_desk.domain.rules.settle import settle
from benches.processes import Bench
from benches.table import Row, median, percentile

_CHANGES = 400


def measure(bench: Bench) -> list[Row]:
    """Raise and check, as a command does, after a change of an open order; then everything that is due."""
    cache = open_cache(bench.profile() / "cache.db", bytes.fromhex(bench.key))
    now = datetime.now(UTC)
    try:
        with cache.read() as conn:
            books, chosen = CacheBooks(conn), random.Random(1)
            orders = "SELECT id FROM repair_order WHERE stage NOT IN ('closed', 'void') AND NOT deleted"
            ids = [row[0] for row in conn.exec_driver_sql(orders)]
            took = []
            for _ in range(_CHANGES):
                started = time.perf_counter()
                shop = books.shop(now)
                for key in keys_of(books, "repair_order", [chosen.choice(ids)]):
                    settle(open_file(books, key, now), shop, books)
                took.append(time.perf_counter() - started)
            started = time.perf_counter()
            shop, due = books.shop(now), books.due(now)
            for key in due:
                settle(open_file(books, key, now), shop, books)
            sweep = time.perf_counter() - started
    finally:
        cache.close()
    p95 = percentile(took, 0.95)
    change = f"p50 {median(took) * 1000:.1f}, p95 {p95 * 1000:.1f} ms"
    return [
        Row(f"rules after one change, {_CHANGES} changes", change, "–", "p95 < 5 ms", p95 < 0.005),
        Row(f"rules over the whole store, {len(due):,} files", f"{sweep:.2f} s", "–", "< 5 s", sweep < 5),
    ]
