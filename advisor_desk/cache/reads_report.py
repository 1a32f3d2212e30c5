"""What the figures read: the records of a time, and a little before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.cache import reads
from advisor_desk.domain import figures, times
from advisor_desk.domain.figure import Figure, Period, Records
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.rule import Shop

_BEFORE: Final = timedelta(days=100)
"""What ends in a time was raised, opened or asked at most so long before, or is open still."""
_SINCE: Final[Mapping[str, str]] = {
    "promise": "state = 'open' OR due_at >= :since",
    "repair_order": "stage NOT IN ('closed', 'void') OR opened >= :since",
    "contact_event": "at >= :since",
    "appointment": "starts_at >= :since",
    "lead": "received_at >= :since",
    "job": "repair_order_id IN (SELECT id FROM repair_order WHERE stage NOT IN ('closed', 'void') OR opened >= :since)",
    "part_line": "repair_order_id IN"
    " (SELECT id FROM repair_order WHERE stage NOT IN ('closed', 'void') OR opened >= :since)"
    " OR state IN ('received', 'pulled')",
    "deal": "1",
    "survey": "1",
}


def report(conn: Any, names: tuple[str, ...], period: Period, now: datetime) -> list[Figure]:
    """Figures over a time, counted straight from the cache's records."""
    since = times.to_wire(period.since - _BEFORE)
    rows = {kind: _rows(conn, kind, since) for kind in figures.KINDS}
    store = reads.store(conn)
    shop = Shop.of(str(store.get("id") or ""), store, reads.employees(conn), now)
    records = Records(rows, shop)
    return [figures.figure(name, records, period) for name in names]


def _rows(conn: Any, kind: str, since: str) -> list[Row]:
    sql = f"SELECT id, body FROM {kind} WHERE ({_SINCE[kind]}) AND NOT deleted"  # noqa: S608 - our own words
    return [Row(id, json.loads(body)) for id, body in conn.execute(sql, {"since": since})]
