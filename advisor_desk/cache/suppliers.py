"""The table of how each supplier's dates held, made anew once a day from the orders that came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from advisor_desk.cache import codec, meta, raw, reads
from advisor_desk.cache.database import Cache
from advisor_desk.domain import lights, supplier_history, times
from advisor_desk.domain.supplier_history import REACH, Arrival

EVERY: Final = timedelta(days=1)
"""A day's orders change little of what years have told, and finding them means looking at every part line."""
_MOST: Final = 20_000
"""The newest orders; on a store that has more in two years they are from its last months."""
_CAME: Final = (
    "SELECT json_extract(body, '$.supplier'), json_extract(body, '$.source'), json_extract(body, '$.first_eta'),"
    " json_extract(body, '$.received_at') AS came FROM part_line"
    " WHERE NOT deleted AND came >= ? AND json_extract(body, '$.first_eta') > '' ORDER BY came DESC LIMIT ?"
)
_FIELDS: Final = ("supplier", "source", "first_eta", "received_at")


def is_due(conn: Connection, now: datetime) -> bool:
    """True when the records were made a day ago or never; false before there is anything to make them of."""
    if meta.get(conn, "first_sync_done") != "1":
        return False
    made = lights.moment(meta.get(conn, "suppliers_at"))
    return made is None or not timedelta(0) <= now - made < EVERY


def renew(cache: Cache, now: datetime) -> bool:
    """Make the records anew, if that is due; True when one of them has changed."""
    with cache.read() as conn:
        if not is_due(conn, now):
            return False
        arrivals = _arrivals(conn, reads.settings(raw.driver(conn)), now)
    made = supplier_history.records(arrivals, now)
    rows = {(*key, codec.encode(record)) for key, record in made.items()}
    with cache.write() as conn:
        before = {tuple(row) for row in conn.exec_driver_sql("SELECT supplier, source, record FROM supplier_record")}
        meta.put(conn, "suppliers_at", times.to_wire(now))
        if rows != before:
            conn.exec_driver_sql("DELETE FROM supplier_record")
            if rows:
                conn.exec_driver_sql("INSERT INTO supplier_record VALUES (?, ?, ?)", sorted(rows))
    return rows != before


def _arrivals(conn: Connection, settings: lights.Settings, now: datetime) -> list[Arrival]:
    days = settings.days
    found = conn.exec_driver_sql(_CAME, (times.to_wire(now - REACH), _MOST))
    lines = (dict(zip(_FIELDS, row, strict=True)) for row in found)
    return [arrival for line in lines if (arrival := supplier_history.arrival(line, days))]
