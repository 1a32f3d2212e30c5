"""When the line goes down and when it is up again, noted durably: what is done in between is listed afterwards."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from advisor_desk.cache import meta, reconcile
from advisor_desk.cache.database import Cache
from advisor_desk.cache.errors import CacheError
from advisor_desk.sync.events import Announce


def begin(cache: Cache, now: datetime) -> None:
    """The line is down; noted once, however often it is tried."""
    with suppress(CacheError):  # a full disk: the next try notes it
        with cache.read() as conn:
            if meta.get(conn, "outage") is not None:
                return
        with cache.write() as conn:
            reconcile.begin(conn, now)


def end(cache: Cache, announce: Announce, now: datetime) -> None:
    """The line is up and all that could be sent is answered."""
    with cache.read() as conn:
        if meta.get(conn, "outage") is None:
            return
    with cache.write() as conn:
        listed = reconcile.end(conn, now)
    if listed:
        announce({"event": "changed", "kinds": {"reconcile": sorted(listed)}})
