"""Whether 500 changes cost the same in a small cache and in one of years."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import requests

from advisor_desk.cache import board, records
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.domain.records import KINDS
from benches.processes import Bench
from benches.table import Row

_CHANGES = 500
_ROUNDS = 25
_FIELD = {"repair_order": "spot", "job": "complaint", "part_line": "bin", "contact_event": "body", "customer": "name"}


def measure(bench: Bench) -> Row:
    """The same changes to the open work, in turn, applied to a cache of the open work alone and to the whole one."""
    first = _open_work(bench)
    of_all = [row for row in first if row.kind in _FIELD]
    changing = of_all[:: max(1, len(of_all) // _CHANGES)][:_CHANGES]  # of each kind as many as its share of the work
    small = open_cache(_fresh(bench.folder / "delta.db"), secrets.token_bytes(32))
    with small.write() as conn:
        records.load_page(conn, first)
        board.rebuild(conn)
    big = open_cache(bench.copy("delta") / "cache.db", bytes.fromhex(bench.key))
    little, much = _count(small), _count(big)
    took: dict[str, list[_Cost]] = {"small": [], "big": []}
    for number in range(_ROUNDS):
        rows = [_changed(row, number) for row in changing]
        took["small"].append(_apply(small, rows))
        took["big"].append(_apply(big, rows))
    small.close()
    big.close()
    # The quickest round of each: what else the machine does only ever adds, and would be taken for a slope.
    low, high = (min(cost.seconds for cost in took[name]) for name in ("small", "big"))
    work = min(cost.cpu for cost in took["big"]) / min(cost.cpu for cost in took["small"])
    return Row(
        f"{len(changing)} changes applied with {much:,} rows cached",
        f"{high * 1000:.0f} ms = {high / low:.2f} × (in CPU time {work:.2f} ×)",
        f"{low * 1000:.0f} ms, {little:,} rows cached",
        "0.8 to 1.2 ×",
        0.8 <= high / low <= 1.2,
    )


def _open_work(bench: Bench) -> list[ServerRow]:
    """The first pages of the snapshot, until all that is open has come."""
    rows: list[ServerRow] = []
    after, part = "", "open"
    while part == "open":
        reply = requests.get(
            f"{bench.url}/v1/snapshot",
            params={"after": after} if after else {},
            headers={"Authorization": f"Bearer {bench.token('maria')}"},
            timeout=60,
        )
        reply.raise_for_status()
        *lines, last = (json.loads(line) for line in reply.content.splitlines())
        after, part = last["end"]["cursor"], last["end"]["part"]
        if part == "open" or not rows:
            rows += [ServerRow(one["kind"], one["id"], one["rev"], False, one["fields"]) for one in lines]
    return rows


def _changed(row: ServerRow, number: int) -> ServerRow:
    fields: dict[str, Any] = {**row.fields, _FIELD[row.kind]: f"Changed {number}"}
    return ServerRow(row.kind, row.id, 10**12 + number, False, fields)


class _Cost(NamedTuple):
    """What one delta took, and how much of it was this process's own work."""

    seconds: float
    cpu: float


def _apply(cache: Cache, rows: Sequence[ServerRow]) -> _Cost:
    started, worked = time.perf_counter(), time.process_time()
    with cache.write() as conn:
        records.apply_server(conn, rows)
    return _Cost(time.perf_counter() - started, time.process_time() - worked)


def _count(cache: Cache) -> int:
    with cache.read() as conn:
        return sum(conn.exec_driver_sql(f"SELECT count(*) FROM {kind}").scalar_one() for kind in KINDS)


def _fresh(path: Path) -> Path:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    return path
