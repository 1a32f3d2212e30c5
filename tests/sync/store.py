"""A store on a bridge in this process, and desks of it that take their turns by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from advisor_desk.bridge import backups, folder
from advisor_desk.bridge import records as bridge_records
from advisor_desk.cache import meta, outbox, reads, records
from advisor_desk.cache.codec import Stored
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.desk.commands import Commands
from advisor_desk.domain import commands
from advisor_desk.domain.records import KINDS
from advisor_desk.sync.engine import Engine
from advisor_desk.sync.hybrid import HybridClock
from tests.cache.shop import KEY, NOON, RECORDS
from tests.sync.direct import DirectBridge, DirectClient, Inline, Line

STORE = "store-1"
PEOPLE = {"maria": "emp-maria", "david": "emp-david", "luis": "emp-luis", "helen": "emp-helen"}
_HIRED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("employee", "emp-david", {"name": "David Kim", "roles": ["advisor"]}),
    ("employee", "emp-helen", {"name": "Helen Brandt", "roles": ["manager", "advisor", "parts"]}),
)


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return self.at

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return (self.at - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds()

    def later(self, by: timedelta = timedelta(seconds=10)) -> None:
        """Let time pass."""
        self.at += by


def open_bridge(data: Path, now: Callable[[], datetime], page: int = 4_000) -> DirectBridge:
    """A bridge with the shop's records and four people."""
    shelf = folder.create(data)
    shelf.import_records(STORE, [*RECORDS, *_HIRED])
    shelf.close()
    return DirectBridge(data, now, page)


class Desk:
    """One desk: a real cache, real commands and a real engine whose turns are taken by hand."""

    def __init__(self, path: Path, bridge: DirectBridge, who: str, clock: HandClock, line: Line | None = None) -> None:
        self.path = path
        self.events: list[dict[str, Any]] = []
        self._parts = (bridge, who, clock, line)
        self.open()

    def open(self) -> None:
        """Start on what is on disk."""
        bridge, who, clock, line = self._parts
        self.cache: Cache = open_cache(self.path, KEY)
        self.clock = HybridClock(clock)
        self.commands = Commands(self.cache, self.clock)
        self.client = DirectClient(bridge, STORE, PEOPLE[who], clock.now, line)
        self.engine = Engine(
            self.cache,
            self.client,  # type: ignore[arg-type]
            self.clock,
            self.events.append,
            self.commands.new_id,
            chance=lambda: 0.5,
            fetching=Inline,
        )

    def kill(self, to: Path) -> None:
        """End as a power cut would, and start again from what stood on disk."""
        copy_cache(self.path, to)
        self.cache.close()
        self.path = to
        self.open()

    def do(self, name: str, **args: Any) -> str:
        """Give a command; its change's id."""
        answer, _ = self.commands.carry_out(name, commands.check(name, args), None)
        return str(answer["change"])

    def turn(self) -> str:
        """Push and pull once; the state of the line after."""
        self.engine.turn()
        return str(self.engine.line.now()["state"])

    def seen(self, kind: str, id: str) -> Stored | None:
        """A record as the advisor sees it."""
        with self.cache.read() as conn:
            return records.load(conn, kind, id)

    def fields(self, kind: str, id: str) -> dict[str, Any]:
        """A living record's fields."""
        stored = self.seen(kind, id)
        assert stored is not None and not stored.deleted, f"no living {kind} {id} on this desk"
        return stored.fields

    def everything(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every living record of this desk."""
        with self.cache.read() as conn:
            return {(kind, one.id): one.fields for kind in KINDS for one in records.find(conn, kind, deleted=0)}

    def attention(self) -> list[dict[str, Any]]:
        """What a person must decide."""
        conn = reads.connect(self.path, KEY)
        try:
            return reads.attention(conn)
        finally:
            conn.close()

    def waiting(self) -> int:
        """How many edits the bridge has not answered."""
        with self.cache.read() as conn:
            return outbox.waiting(conn)

    def noted(self, name: str) -> str | None:
        """One of the cache's own settings."""
        with self.cache.read() as conn:
            return meta.get(conn, name)


def copy_cache(path: Path, to: Path) -> None:
    """Copy a cache with its log and its journal, as they stand on disk now."""
    for source, target in ((path, to), (path.with_suffix(".journal"), to.with_suffix(".journal"))):
        shutil.copyfile(source, target)
    if (log := Path(f"{path}-wal")).exists():
        shutil.copyfile(log, f"{to}-wal")


def at_bridge(bridge: DirectBridge, kind: str, id: str) -> dict[str, Any]:
    """A living record's fields as the bridge holds them."""
    with bridge.books.read(STORE) as conn:
        stored = bridge_records.load(conn, STORE, kind, id)
    assert stored is not None and not stored.deleted, f"no living {kind} {id} at the bridge"
    return stored.fields


def bridge_everything(bridge: DirectBridge) -> dict[tuple[str, str], dict[str, Any]]:
    """Every living record of the store at the bridge."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    with bridge.books.read(STORE) as conn:
        for kind in KINDS:
            for id, body in conn.exec_driver_sql(
                f"SELECT id, body FROM {kind} WHERE store_id = ? AND deleted = 0", (STORE,)
            ):
                found[kind, id] = json.loads(body)
    return found


def keep_backup(bridge: DirectBridge, to: Path) -> Path:
    """Write a copy of the books."""
    backups.backup(bridge.data, to)
    return to


def put_back(bridge: DirectBridge, source: Path | None = None) -> None:
    """Put a copy of the books back in their place; the books as they are when none is named."""
    copy = source or keep_backup(bridge, bridge.data / "now.backup")
    bridge.books.close()
    backups.restore(bridge.data, copy)
    bridge.reopen()
