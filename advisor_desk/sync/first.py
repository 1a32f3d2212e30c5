"""The first sync: the bridge's snapshot, page by page, each page with its resume key; the open work comes first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.api.client import Client
from advisor_desk.api.errors import CutShort
from advisor_desk.api.wire import SnapshotEnd
from advisor_desk.cache import board, meta, records
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import Cache
from advisor_desk.sync.events import Announce, Stopped

_SLICE: Final = 1_000
"""Rows of one transaction, so that a command never waits long for the writer."""


WINDOW: Final = timedelta(days=5 * 366)
"""How far back a desk keeps what was said; older contacts are fetched when somebody asks to see them."""


def one_ahead() -> Executor:
    """What fetches the next page while this one is written: SQLite lets go of the interpreter."""
    return ThreadPoolExecutor(1, "first-sync")


def first_sync(
    cache: Cache,
    client: Client,
    announce: Announce,
    stopped: Callable[[], bool],
    now: datetime,
    fetching: Callable[[], Executor] = one_ahead,
) -> None:
    """Take the whole snapshot, going on where an earlier try stopped; leaves the cursor at the head it began from."""
    since = (now - WINDOW).date().isoformat()
    with cache.read() as conn:
        after = meta.get(conn, "snapshot_after") or ""
    with fetching() as ahead:
        coming = ahead.submit(client.snapshot, after, since)
        more = True
        while more:
            page, end = coming.result()
            if end.after not in (None, after):
                raise CutShort  # the answer to another question: what lies between would be missing
            if stopped():
                raise Stopped
            more = end.more
            if more:
                after = end.cursor
                coming = ahead.submit(client.snapshot, after, since)
            _write(cache, page, end)
            total = end.total if more else end.done  # it counts what lies outside the window too
            announce({"event": "progress", "part": end.part, "done": end.done, "total": total})
            if end.part == "open":
                announce({"event": "changed", "kinds": {"all": []}})
    announce({"event": "changed", "kinds": {"all": []}})


def _write(cache: Cache, page: list[dict[str, Any]], end: SnapshotEnd) -> None:
    rows = [ServerRow(record["kind"], record["id"], record["rev"], False, record["fields"]) for record in page]
    slices = [rows[start : start + _SLICE] for start in range(0, len(rows), _SLICE)] or [[]]
    for number, some in enumerate(slices, 1):
        with cache.write() as conn:
            records.load_page(conn, some)
            if number < len(slices):
                continue
            if end.more:
                meta.put(conn, "snapshot_after", end.cursor)
            else:
                records.drop_unconfirmed(conn)
                meta.put(conn, "snapshot_after", None)
                meta.put(conn, "cursor", end.cursor)
                meta.put(conn, "first_sync_done", 1)
            if end.part == "open" or not end.more:
                board.rebuild(conn)
