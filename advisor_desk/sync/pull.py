"""Pull: pages of changes applied with their cursor in one transaction, so that it never runs ahead of its data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from advisor_desk.api.client import Client
from advisor_desk.api.errors import CutShort
from advisor_desk.api.wire import Change, Changes
from advisor_desk.cache import meta, outbox, overruled, records
from advisor_desk.cache.codec import ServerRow, Touched
from advisor_desk.cache.database import Cache
from advisor_desk.domain import times
from advisor_desk.sync.events import Announce
from advisor_desk.sync.wake import Place

_TRIES: Final = 3
"""How often a page is asked for when others come in its place."""


def pull(cache: Cache, client: Client, announce: Announce, now: Callable[[], datetime]) -> Place | None:
    """Take every change since the cursor; raises CursorGone when the bridge no longer knows it.

    Answers the place of the last one; None when there was none, or a newer page was applied meanwhile.

    ``now`` is asked after each reply, which corrects a clock that has jumped: a year ahead, all would be forgotten.
    """
    reached: Place | None = None
    more = True
    while more:
        with cache.read() as conn:
            cursor = meta.get(conn, "cursor") or ""
        page = _page(client, cursor)
        rows = [_row(change) for change in page.changes]
        touched: Touched = {}
        with cache.write() as conn:
            if (meta.get(conn, "cursor") or "") != cursor:
                return None  # a newer page was applied meanwhile
            touched = records.apply_server(conn, rows)
            overruled.note(conn, rows, now())
            if page.next != cursor:
                meta.put(conn, "cursor", page.next)
            meta.put(conn, "last_synced_at", times.to_wire(now()))
            if not page.more:
                outbox.forget(conn, now())
        if touched:
            announce({"event": "changed", "kinds": {kind: sorted(ids) for kind, ids in touched.items()}})
        if page.changes:
            reached = Place(page.epoch, page.changes[-1].seq)
        more = page.more
    return reached


def _row(change: Change) -> ServerRow:
    gave_way = {name: said.model_dump() for name, said in change.overruled.items()}
    return ServerRow(change.kind, change.id, change.rev, change.deleted, change.fields, gave_way)


def _page(client: Client, cursor: str) -> Changes:
    """The page after the cursor; one that answers an earlier or a later question would skip what lies between."""
    for _ in range(_TRIES):
        page = client.changes(cursor)
        if page.after in (None, cursor):
            return page
    raise CutShort
