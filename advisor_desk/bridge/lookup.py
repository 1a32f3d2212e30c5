"""What lies outside a desk's window: a customer's older contacts, and a search of the whole store."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Connection, select, tuple_

from advisor_desk.bridge.records import folded
from advisor_desk.bridge.schema import TABLES

_SEPARATOR: Final = "~"
_LAST: Final = "\U0010ffff"


def history(conn: Connection, store_id: str, customer_id: str, before: str, limit: int) -> dict[str, Any]:
    """A customer's contacts before a moment, or before the place an earlier page ended at, newest first."""
    table = TABLES["contact_event"]
    asked = select(table.c.id, table.c.rev, table.c.body, table.c.at).where(
        table.c.store_id == store_id, table.c.customer_id == customer_id, table.c.deleted == 0
    )
    if before:
        # Two contacts can share a second: the place is the moment and, of those in it, the id.
        at, _, id = before.partition(_SEPARATOR)
        asked = asked.where(tuple_(table.c.at, table.c.id) < (at, id))
    rows = conn.execute(asked.order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)).all()
    place = f"{rows[-1].at}{_SEPARATOR}{rows[-1].id}" if len(rows) == limit else None
    return {"events": [_out("contact_event", row) for row in rows], "before": place}


def search(conn: Connection, store_id: str, words: str, limit: int) -> list[dict[str, Any]]:
    """Records by the start of a customer's name or an RO's number; a desk searches its own cache first."""
    start = folded(words)
    out: list[dict[str, Any]] = []
    for kind, column in (("customer", "name"), ("repair_order", "number")):
        table = TABLES[kind]
        key = table.c[column]
        rows = conn.execute(
            select(table.c.id, table.c.rev, table.c.body)
            .where(table.c.store_id == store_id, key >= start, key < start + _LAST, table.c.deleted == 0)
            .order_by(key, table.c.id.desc())
            .limit(limit)
        )
        out += [_out(kind, row) for row in rows]
    return out[:limit]


def _out(kind: str, row: Any) -> dict[str, Any]:
    return {"kind": kind, "id": row.id, "rev": row.rev, "deleted": False, "fields": json.loads(row.body)}
