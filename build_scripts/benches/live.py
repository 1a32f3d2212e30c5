"""How soon a change on one desk is readable on another, through the bridge on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import requests

from benches.processes import Bench
from benches.table import Row, median, percentile
from tests.support.desk import DeskProcess

_CHANGES = 200
_TRIPS = 3
"""Requests no way round it can spare: the push, the nudge and the pull."""


def measure(bench: Bench) -> Row:
    """ETAs set on Maria's desk, one after the other, until David's says "changed" and reads the new ETA."""
    mine, other = bench.profile(), bench.copy("david")
    with bench.desk(mine, "maria") as maria, bench.desk(other, "david") as david:
        maria.wait_live()
        david.wait_live()
        floors = _floor(bench)
        took = [_once(maria, david, *asked) for asked in _lines(maria)]
    p95 = percentile(took, 0.95)
    return Row(
        f"change on one desk to read on another, {len(took)} times",
        f"p50 {median(took) * 1000:.0f}, p95 {p95 * 1000:.0f} ms",
        f"p95 {percentile(floors, 0.95) * 1000:.0f} ms, {_TRIPS} bare requests",
        "p95 ≤ 300 ms",
        p95 <= 0.3,
    )


def _once(maria: DeskProcess, david: DeskProcess, ro_id: str, line_id: str, eta: str) -> float:
    seen = len(david.events)
    started = time.perf_counter()
    maria.ask("part.set_eta", part_line_id=line_id, eta=eta)
    david.wait_event(
        lambda event: event["event"] == "changed" and line_id in event["kinds"].get("part_line", ()), since=seen
    )
    lines = david.ask("read.repair_order", repair_order_id=ro_id)["parts"]
    took = time.perf_counter() - started
    assert any(line["id"] == line_id and line["eta"] == eta for line in lines)
    return took


def _lines(desk: DeskProcess) -> Iterator[tuple[str, str, str]]:
    """Repair order, line and a new ETA, over and over the lines that await a part."""
    awaited = []
    for row in desk.ask("read.board")["board"]:
        for line in row["parts"]:
            if line["state"] in {"ordered", "backordered"}:
                awaited.append((row["id"], line["id"]))
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    given = 0
    while given < _CHANGES and awaited:
        ro_id, line_id = awaited[given % len(awaited)]
        eta = (tomorrow + timedelta(minutes=given)).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield ro_id, line_id, eta
        given += 1


def _floor(bench: Bench) -> list[float]:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {bench.token('maria')}"
    took = []
    for _ in range(_CHANGES):
        started = time.perf_counter()
        for _ in range(_TRIPS):
            session.get(f"{bench.url}/v1/capabilities", timeout=30).raise_for_status()
        took.append(time.perf_counter() - started)
    return took
