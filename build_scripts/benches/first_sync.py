"""A first sync beside its floor: the same pages fetched and kept with nothing but requests, json and executemany."""

from __future__ import annotations

import secrets
import shutil
import time

from benches.processes import Bench, script
from benches.table import Row, median

_PATIENCE = 1_800.0


def measure(bench: Bench) -> list[Row]:
    """Floor and sync in turn; once on a big store, three times on a small one. Leaves Maria's desk in step."""
    floors, whole, usable = [], [], []
    rows = 0
    for _ in range(1 if bench.size in {"busy", "small"} else 3):
        seconds, rows = _floor(bench)
        floors.append(seconds)
        until_usable, until_whole = _sync(bench)
        usable.append(until_usable)
        whole.append(until_whole)
    ratio = median(whole) / median(floors)
    floor = f"{median(floors):.2f} s, {rows:,} rows"
    return [
        Row(
            "first sync: process start to open work readable",
            f"{median(usable):.2f} s",
            "–",
            "< 2 s",
            median(usable) < 2,
        ),
        Row("first sync: whole time", f"{median(whole):.2f} s = {ratio:.2f} ×", floor, "≤ 2.2 ×", ratio <= 2.2),
    ]


def _floor(bench: Bench) -> tuple[float, int]:
    folder = bench.fresh("floor")
    folder.mkdir()
    asked = {"url": bench.url, "token": bench.token("maria"), "path": str(folder / "floor.db")}
    said = script("floor", {**asked, "key": secrets.token_hex(32)})
    shutil.rmtree(folder)
    return said["seconds"], said["rows"]


def _sync(bench: Bench) -> tuple[float, float]:
    """Seconds from process start to the board's records, and from ready to all of them, on an empty profile."""
    desk = bench.desk(bench.fresh("maria"), "maria")
    started = time.perf_counter()
    with desk:
        ready = time.perf_counter()
        desk.wait_event(lambda event: event["event"] == "changed" and "all" in event["kinds"], _PATIENCE)
        assert desk.ask("read.board")["board"]
        usable = time.perf_counter() - started
        desk.wait_event(lambda event: event["event"] == "link" and event["state"] == "live", _PATIENCE)
        whole = time.perf_counter() - ready
    return usable, whole
