"""The parts counter's list with 5,000 open lines: read, ranked, and one order of it read again."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from advisor_desk.cache import board, reads, reads_counter, records
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import open_cache
from advisor_desk.domain import harm, times
from advisor_desk.domain.ids import uuid7
from benches.processes import Bench
from benches.table import Row, median, percentile

LINES = 5_000
_ROUNDS = 20
_CHANGES = 200


def measure(bench: Bench) -> list[Row]:
    """What opening the page and a change to one order cost, on a connection as the screen has it."""
    conn = reads.connect(crowded(bench) / "cache.db", bytes.fromhex(bench.key))
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


def crowded(bench: Bench) -> Path:
    """A desk's profile like Maria's with so many open lines; the bridge knows nothing of those that are added."""
    folder = bench.copy("counter")
    cache = open_cache(folder / "cache.db", bytes.fromhex(bench.key))
    try:
        with cache.write() as conn:
            open_orders = [row[0] for row in conn.exec_driver_sql("SELECT repair_order_id FROM board")]
            closed = "SELECT id FROM repair_order WHERE stage = 'closed' AND NOT deleted ORDER BY row DESC LIMIT 400"
            left = [row[0] for row in conn.exec_driver_sql(closed)]
            there = conn.exec_driver_sql(_OPEN_LINES).scalar_one()
            records.load_page(conn, list(_lines(max(0, LINES - there), open_orders, left)))
            board.rebuild(conn)
    finally:
        cache.close()
    return folder


_OPEN_LINES = (
    "SELECT count(*) FROM part_line WHERE NOT deleted AND state NOT IN ('pulled', 'installed', 'returned', 'cancelled')"
    " AND repair_order_id IN (SELECT repair_order_id FROM board)"
)


def _lines(count: int, open_orders: Sequence[str], left: Sequence[str]) -> Iterator[ServerRow]:
    """Lines in every state a counter has, a tenth of them special orders whose car has gone."""
    chosen, now = random.Random(1), datetime.now(UTC)
    for number in range(count):
        gone = number % 10 == 0
        state = "received" if gone else chosen.choice(_STATES)
        at, eta = now - timedelta(hours=chosen.randint(1, 200)), now + timedelta(hours=chosen.randint(-40, 200))
        fields: dict[str, Any] = {
            "repair_order_id": chosen.choice(left if gone and left else open_orders),
            "number": f"06L-{chosen.randint(1_000, 1_400)}-J",
            "description": chosen.choice(("Water pump kit", "Rear caliper, left", "Door mirror, heated", "Oil filter")),
            "qty": 1,
            "state": state,
            "source": "stock" if state == "in_stock" else "order",
            "amount": chosen.randint(900, 90_000),
            "requested_at": times.to_wire(at),
        }
        if state not in ("requested", "quoted", "in_stock"):
            fields |= {"supplier": "Regional parts hub", "order_no": f"PO{chosen.randint(10_000, 11_000)}"}
            fields |= {"ordered_at": times.to_wire(at), "eta": times.to_wire(eta), "eta_set_at": times.to_wire(at)}
        if state == "received":
            day = times.day_to_wire((now + timedelta(days=chosen.randint(2, 40))).date())
            fields |= {"received_at": times.to_wire(at), "qty_filled": 1, "return_by": day}
        yield ServerRow("part_line", uuid7(now, number.to_bytes(10, "big")), 1, False, fields)


_STATES = ("requested", "quoted", "in_stock", "ordered", "ordered", "ordered", "backordered", "received")


def _bodies(conn: Any) -> None:
    for (body,) in conn.execute(f"SELECT body FROM part_line ORDER BY row DESC LIMIT {LINES}").fetchall():
        json.loads(body)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _ms(took: Sequence[float]) -> str:
    return f"p50 {median(took) * 1000:.1f}, p95 {percentile(took, 0.95) * 1000:.1f} ms"
