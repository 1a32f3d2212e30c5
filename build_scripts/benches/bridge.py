"""The bridge under many desks: one process on SQLite, then two on one PostgreSQL, beside bare equal writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import requests

from advisor_desk.bridge.demo import build
from benches import bridge_floor
from benches.processes import script
from benches.table import Row, median, percentile
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.postgres import Cluster

_PEOPLE: Final = ("maria", "david", "helen")
_EVERY: Final = 10.0
"""Seconds between the edits of one desk at work; a rooftop of fifty then writes five times a second."""


class Load(NamedTuple):
    """How much is asked of the bridge."""

    size: str
    desks: int
    seconds: int


def measure(folder: Path, load: Load) -> list[Row]:
    """Both databases, one after the other, each flat out and at work."""
    rows: list[Row] = []
    with _on_sqlite(folder / "sqlite", load) as bridges:
        flat, work = _driven(bridges, load)
    rate = bridge_floor.on_sqlite(folder / "sqlite", load.seconds)
    rows += _rows("SQLite, one process", load, flat, work, f"{rate:,.0f} bare durable writes a second", rate)
    with Cluster(durable=True) as cluster:
        database = cluster.database()
        with _on_postgresql(folder / "postgresql", cluster.url(database), load) as bridges:
            flat, work = _driven(bridges, load)
        rate = bridge_floor.on_postgresql(cluster, database, folder, load.seconds, load.desks)
    return rows + _rows("PostgreSQL, two processes", load, flat, work, f"{rate:,.0f} of pgbench a second", rate)


@contextmanager
def _on_sqlite(data: Path, load: Load) -> Iterator[list[BridgeProcess]]:
    build.build(data, load.size, 1)
    with BridgeProcess(BridgeFolder(data)) as bridge:
        yield [bridge]


@contextmanager
def _on_postgresql(data: Path, url: str, load: Load) -> Iterator[list[BridgeProcess]]:
    build.build(data, load.size, 1, database=url)
    served = BridgeFolder(data)
    with ExitStack() as stack:
        yield [stack.enter_context(BridgeProcess(served)) for _ in range(2)]


def _driven(bridges: list[BridgeProcess], load: Load) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the desks measured flat out, and at work."""
    first = bridges[0]
    orders, cursor = _open_orders(first)
    people = [
        {"token": first.folder.token(name), "id": first.get("/v1/me", name)["employee"]["id"]} for name in _PEOPLE
    ]
    asked = {"urls": [bridge.url for bridge in bridges], "people": people, "orders": orders, "cursor": cursor}
    asked |= {"desks": load.desks, "seconds": load.seconds}
    flat = script("bridge_desks", asked | {"every": 0})
    asked["cursor"] = _open_orders(first)[1]
    return flat, script("bridge_desks", asked | {"every": _EVERY})


def _open_orders(bridge: BridgeProcess) -> tuple[list[dict[str, str]], str]:
    """The repair orders a desk could work on, and the place from which it would pull."""
    headers = {"Authorization": f"Bearer {bridge.folder.token(_PEOPLE[0])}"}
    orders: list[dict[str, Any]] = []
    after, more = "", True
    while more:
        place = {"after": after, "limit": "20000"}
        reply = requests.get(bridge.url + "/v1/snapshot", place, headers=headers, timeout=60)
        reply.raise_for_status()
        *lines, last = (json.loads(line) for line in reply.content.splitlines())
        if last["end"]["part"] == "open":
            orders += [one for one in lines if one["kind"] == "repair_order" and one["fields"].get("customer_id")]
        after, more = last["end"]["cursor"], last["end"]["more"]
    return [{"id": one["id"], "customer_id": one["fields"]["customer_id"]} for one in orders], after


def _rows(
    where: str, load: Load, flat: dict[str, Any], work: dict[str, Any], floor: str, floor_rate: float
) -> list[Row]:
    rate = len(flat["took"]) / flat["seconds"]
    held = min(flat["held"], work["held"])
    pace = len(work["took"]) / work["seconds"]
    return [
        Row(f"{where}: live streams that were held and heard of every edit", f"{held} of {load.desks}", "–", "all",
            held == load.desks),
        Row(f"{where}: edits a second, {load.desks} desks flat out", f"{rate:,.0f} = {rate / floor_rate:.2f} ×", floor,
            "–", None),
        Row(f"{where}: an edit, flat out", _spread(flat["took"]), f"{flat['busy']} times 503", "–", None),
        Row(f"{where}: an edit, {pace:.1f} a second", _spread(work["took"]), f"{work['busy']} times 503", "–", None),
        Row(f"{where}: nudge to seen, {pace:.1f} edits a second", _spread(work["seen"]), "–", "–", None),
    ]  # fmt: skip


def _spread(took: list[float]) -> str:
    p50, p95, p99 = (1000 * value for value in (median(took), percentile(took, 0.95), percentile(took, 0.99)))
    return f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms, {len(took):,} times"
