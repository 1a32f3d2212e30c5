"""A store whose parts counter has 5,000 open lines, known to its bridge and looked at by the rules like any other."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from advisor_desk.bridge import clockwork, folder, head, records
from advisor_desk.bridge.books import Books, store_ids
from advisor_desk.bridge.records import Stored
from advisor_desk.cache import reads
from advisor_desk.domain import times
from advisor_desk.domain.ids import uuid7
from benches.processes import Bench
from tests.support.bridge import BridgeFolder, BridgeProcess

LINES: Final = 5_000
PERSON: Final = "luis"
"""Who works at the counter."""
_PATIENCE: Final = 600.0
_STATES: Final = ("requested", "quoted", "in_stock", "ordered", "ordered", "ordered", "backordered", "received")
_LEFT: Final = "SELECT id FROM repair_order WHERE stage = 'closed' AND NOT deleted ORDER BY row DESC LIMIT 400"
_THERE: Final = (
    "SELECT count(*) FROM part_line WHERE NOT deleted AND state NOT IN ('pulled', 'installed', 'returned', 'cancelled')"
    " AND repair_order_id IN (SELECT repair_order_id FROM board)"
)


@contextmanager
def crowded(bench: Bench) -> Iterator[tuple[Bench, Path]]:
    """Another bridge with so many open lines, served, and the counter's profile in step with it."""
    profile, data = bench.copy("counter"), bench.folder / "crowd"
    wanted = _wanted(profile, bench.key)
    shutil.rmtree(data, ignore_errors=True)
    made = _copied(bench, data)
    _fill(data, wanted, datetime.now(UTC))
    with BridgeProcess(made) as bridge:
        crowd = Bench(bench.size, bench.folder, bridge, bench.key)
        with crowd.desk(profile, PERSON) as desk:
            desk.wait_live(_PATIENCE)
        yield crowd, profile
    shutil.rmtree(data)


def _copied(bench: Bench, data: Path) -> BridgeFolder:
    bench.bridge.stop()  # nothing is written while its files are copied
    try:
        return bench.bridge.folder.copied(data)
    finally:
        bench.bridge.start()


class _Wanted(NamedTuple):
    """How many lines are wanting, and the orders to put them on: open ones, and some whose car has gone."""

    count: int
    open: Sequence[str]
    gone: Sequence[str]


def _wanted(profile: Path, key: str) -> _Wanted:
    conn = reads.connect(profile / "cache.db", bytes.fromhex(key))
    try:
        there = conn.execute(_THERE).fetchone()[0]
        orders = [row[0] for row in conn.execute("SELECT repair_order_id FROM board")]
        return _Wanted(max(0, LINES - there), orders, [row[0] for row in conn.execute(_LEFT)])
    finally:
        conn.close()


def _fill(data: Path, wanted: _Wanted, now: datetime) -> None:
    """Add the lines, and let the rules say all that is owed for them."""
    shelf = folder.open_books(data)
    try:
        with shelf.read() as conn:
            (store_id,) = store_ids(conn)
        _add(shelf, store_id, wanted, now)
        while clockwork.go_round(shelf, store_id, now):
            pass
    finally:
        shelf.close()


def _add(shelf: Books, store_id: str, wanted: _Wanted, now: datetime) -> None:
    with shelf.write(store_id) as conn:
        head.hold(conn, store_id)
        for number, fields in enumerate(_lines(wanted, now)):
            id = uuid7(now, number.to_bytes(10, "big"))
            seq = head.take(conn, store_id, "part_line", id, 1)
            records.save(conn, store_id, Stored("part_line", id, seq, False, fields, {}, seq))


def _lines(wanted: _Wanted, now: datetime) -> Iterator[dict[str, Any]]:
    """Lines in every state a counter has, a tenth of them special orders whose car has gone."""
    chosen = random.Random(1)
    for number in range(wanted.count):
        gone = number % 10 == 0 and bool(wanted.gone)
        state = "received" if gone else chosen.choice(_STATES)
        at, eta = now - timedelta(hours=chosen.randint(1, 200)), now + timedelta(hours=chosen.randint(-40, 200))
        fields: dict[str, Any] = {
            "repair_order_id": chosen.choice(wanted.gone if gone else wanted.open),
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
        yield fields
