"""How long a command waits for its answer, which comes only after a durable commit."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from benches.processes import Bench
from benches.table import Row, median, percentile
from tests.support.desk import DeskProcess

_COMMANDS = 400


def measure(bench: Bench) -> Row:
    """Several hundred commands of three kinds over the pipe of a live desk, one after the other."""
    profile = bench.profile()
    floors = _floor(bench.folder / "commit-floor.db")
    with bench.desk(profile, "maria") as desk:
        desk.wait_live()
        took = [_timed(desk, *asked) for asked in _work(desk)]
        desk.wait_live(120)  # whoever copies this profile must find nothing unsent
    p95 = percentile(took, 0.95)
    return Row(
        f"local edit: command to durable answer, {len(took)} times",
        f"p50 {median(took) * 1000:.1f}, p95 {p95 * 1000:.1f} ms",
        f"p95 {percentile(floors, 0.95) * 1000:.1f} ms, bare durable commit",
        "p95 ≤ 15 ms",
        p95 <= 0.015,
    )


def _timed(desk: DeskProcess, do: str, args: dict[str, Any]) -> float:
    started = time.perf_counter()
    desk.ask(do, **args)
    return time.perf_counter() - started


def _work(desk: DeskProcess) -> list[tuple[str, dict[str, Any]]]:
    """Tags, spots and logged calls on open repair orders in turn."""
    rows = [row for row in desk.ask("read.board")["board"] if row.get("customer_id")]
    out: list[tuple[str, dict[str, Any]]] = []
    for number in range(_COMMANDS):
        row = rows[number % len(rows)]
        id = row["id"]
        call = {"customer_id": row["customer_id"], "repair_order_id": id, "channel": "call", "direction": "out"}
        out.append(
            (
                ("ro.set_tag", {"repair_order_id": id, "tag": f"T{number}"}),
                ("ro.set_spot", {"repair_order_id": id, "spot": f"Row {number}"}),
                ("contact.log", {**call, "outcome": "reached", "body": "Told them the car is next in line."}),
            )[number % 3]
        )
    return out


def _floor(path: Path) -> list[float]:
    """As many commits of one row, as durable and as encrypted as the cache's."""
    path.unlink(missing_ok=True)
    conn = sqlcipher.connect(str(path), isolation_level=None)
    conn.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")
    took = []
    for _ in range(_COMMANDS):
        started = time.perf_counter()
        conn.execute("INSERT INTO record (body) VALUES (?)", ("x" * 500,))
        took.append(time.perf_counter() - started)
    conn.close()
    return took
