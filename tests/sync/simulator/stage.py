"""What every world begins from: a bridge with two stores, and caches empty and in step, made once a process."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advisor_desk.bridge import folder
from advisor_desk.cache import connecting, migrate
from advisor_desk.desk.commands import Commands
from advisor_desk.sync.engine import Engine
from advisor_desk.sync.hybrid import HybridClock
from tests.cache.shop import NOON, RECORDS
from tests.sync.direct import DirectBridge, DirectClient, Inline
from tests.sync.simulator.desk import KEY, copy, fresh_cache
from tests.sync.store import HandClock

STORE: Final = "store-1"
OTHER_STORE: Final = "store-2"
MANAGER: Final = "emp-helen"
PEOPLE: Final = ("emp-maria", "emp-luis", "emp-helen", "emp-david")
_MORE: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("employee", "emp-david", {"name": "David Kim", "roles": ["advisor"]}),
    ("employee", "emp-helen", {"name": "Helen Brandt", "roles": ["manager", "advisor", "parts"]}),
    ("job", "job-2", {"repair_order_id": "ro-2", "letter": "A", "complaint": "Oil change"}),
    ("part_line", "line-3", {"repair_order_id": "ro-2", "description": "Drain plug", "state": "requested", "qty": 3}),
    ("customer", "cust-3", {"name": "Okafor, Ada", "notes": "Calls back"}),
)
_OTHERS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("store", OTHER_STORE, {"name": "Hill Street", "timezone": "America/Chicago"}),
    ("employee", "emp-other", {"name": "Nobody Here", "roles": ["advisor"]}),
    ("customer", "cust-other", {"name": "Somebody Else's"}),
    ("repair_order", "ro-other", {"number": "1", "customer_id": "cust-other", "stage": "parts"}),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the things to copy are."""

    base: Path
    bridge: Path
    tables: Path
    """A cache's tables, just made: nothing has been opened on them yet."""
    empty: Path
    synced: dict[str, Path]


def build() -> Stage:
    """Make a stage in memory where the system has such a place."""
    shm = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="advisor-desk-sim-", dir=shm if shm.is_dir() else None))
    data = base / "bridge"
    shelf = folder.create(data)
    shelf.import_records(STORE, [*RECORDS, *_MORE])
    shelf.import_records(OTHER_STORE, list(_OTHERS))
    shelf.close()
    tables, empty = base / "tables.db", base / "empty.db"
    make_tables(tables)
    fresh_cache(empty).close()
    return Stage(base, data, tables, empty, {who: _synced(base, data, empty, who) for who in PEOPLE})


def make_tables(path: Path) -> None:
    """A cache's tables, made by the program's own migrations."""
    engine = connecting.engine(path, KEY)
    migrate.to_newest(engine, path)
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    engine.dispose()


def _synced(base: Path, data: Path, empty: Path, who: str) -> Path:
    path = base / f"{who}.db"
    copy(empty, path)
    bridge = DirectBridge(data, lambda: NOON)
    cache, clock = fresh_cache(path), HandClock()
    hybrid = HybridClock(clock)
    client = DirectClient(bridge, STORE, who, clock.now)
    new_id = Commands(cache, hybrid).new_id
    Engine(cache, client, hybrid, lambda _: None, new_id, fetching=Inline).once()  # type: ignore[arg-type]
    cache.close()
    bridge.books.close()
    return path
