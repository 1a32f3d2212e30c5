"""Search as you type, over every customer, car and repair order in the cache."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Iterator
from typing import Any

from advisor_desk.cache import reads
from benches.processes import Bench
from benches.table import Row, median, percentile

_CUSTOMERS = 200
_LONGEST = 8


def measure(bench: Bench) -> Row:
    """Every keystroke of some names, phone tails and VIN tails, on a read-only connection as the screen has it."""
    conn = reads.connect(bench.profile() / "cache.db", bytes.fromhex(bench.key))
    try:
        total = conn.execute("SELECT count(*) FROM customer").fetchone()[0]
        asked = list(_keystrokes(conn))
        bare = [_timed(lambda text=text: _match(conn, text)) for text in asked]
        took = [_timed(lambda text=text: reads.search(conn, text)) for text in asked]
    finally:
        conn.close()
    p95 = percentile(took, 0.95)
    return Row(
        f"search as you type, {total:,} customers, {len(asked):,} keystrokes",
        f"p50 {median(took) * 1000:.1f}, p95 {p95 * 1000:.1f} ms",
        f"p95 {percentile(bare, 0.95) * 1000:.1f} ms, 20 bare rowids",
        "p95 ≤ 16 ms",
        p95 <= 0.016,
    )


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _match(conn: Any, text: str) -> None:
    terms = " ".join(f'"{term}"*' for term in re.findall(r"\w+", text))
    conn.execute("SELECT rowid FROM search WHERE search MATCH ? LIMIT 20", (terms,)).fetchall()


def _keystrokes(conn: Any) -> Iterator[str]:
    chosen = random.Random(1)
    last = conn.execute("SELECT max(row) FROM customer").fetchone()[0]
    rows = [chosen.randint(1, last) for _ in range(_CUSTOMERS)]
    marks = ",".join("?" * len(rows))
    found = [json.loads(row[0]) for row in conn.execute(f"SELECT body FROM customer WHERE row IN ({marks})", rows)]
    for customer in found:
        yield from _typed(str(customer.get("name") or ""))
        for phone in (customer.get("phones") or [])[:1]:
            yield from _typed(re.sub(r"\D", "", str(phone.get("raw") or ""))[-7:])
    for (body,) in conn.execute("SELECT body FROM vehicle ORDER BY row LIMIT 50").fetchall():
        yield from _typed(str(json.loads(body).get("vin") or "")[-8:])


def _typed(text: str) -> Iterator[str]:
    for end in range(1, min(len(text), _LONGEST) + 1):
        if re.search(r"\w", text[:end]):
            yield text[:end]
