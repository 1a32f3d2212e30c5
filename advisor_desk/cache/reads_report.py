"""What the figures read: the records of a time and a little before it, and of the years behind as little as can be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.cache import reads
from advisor_desk.domain import figures, parts, times
from advisor_desk.domain.figure import Figure, Period, Records
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.rule import Shop

_BEFORE: Final = timedelta(days=100)
"""What ends in a time was raised, opened or asked at most so long before, or is open still."""
_OF_ORDERS: Final = "repair_order_id IN (SELECT value FROM json_each(:orders))"
# Each customer that has contacts in turn, and theirs of the time: what was said lies by customer and time alone.
_SAID: Final = (
    "WITH RECURSIVE who (id) AS (SELECT min(customer_id) FROM contact_event UNION ALL"
    " SELECT (SELECT min(customer_id) FROM contact_event WHERE customer_id > who.id) FROM who WHERE who.id IS NOT NULL)"
    " SELECT said.id, said.body FROM who"
    " CROSS JOIN contact_event AS said ON said.customer_id = who.id AND said.at >= :since WHERE NOT said.deleted"
)


def _living(kind: str, *wheres: str) -> str:
    """The living records for which one of these holds, each by its own index; those of two come twice."""
    return " UNION ALL ".join(f"SELECT id, body FROM {kind} WHERE {where} AND NOT deleted" for where in wheres)  # noqa: S608


ALL: Final[Mapping[str, str]] = {
    "promise": _living("promise", "state = 'open'", "due_at >= :since"),
    "repair_order": _living("repair_order", "(stage NOT IN ('closed', 'void') OR opened >= :since)"),
    "job": _living("job", _OF_ORDERS),
    "part_line": _living(
        "part_line",
        _OF_ORDERS,
        # What lies here, by the indexes on what is under way and what is left here.
        f"state IN {parts.UNDER_WAY} AND state = 'received'",
        f"state IN {parts.LEFT_HERE} AND state = 'pulled'",
    ),
    "contact_event": _SAID,
    "appointment": _living("appointment", "starts_at >= :since"),
    "deal": _living("deal", "1"),
    "lead": _living("lead", "received_at >= :since"),
    "survey": _living("survey", "1"),
}
"""How each kind is read; those of repair orders after the orders."""


def report(conn: Any, names: tuple[str, ...], period: Period, now: datetime) -> list[Figure]:
    """Figures over a time, counted straight from the cache's records."""
    store = reads.store(conn)
    shop = Shop.of(str(store.get("id") or ""), store, reads.employees(conn), now)
    records = Records(since(conn, period.since - _BEFORE), shop)
    return [figures.figure(name, records, period) for name in names]


def since(conn: Any, at: datetime) -> dict[str, list[Row]]:
    """The records of each kind since a moment, and what is open or lies here from before."""
    asked = {"since": times.to_wire(at), "orders": "[]"}
    rows: dict[str, list[Row]] = {}
    for kind, sql in ALL.items():
        rows[kind] = [Row(id, json.loads(body)) for id, body in dict(conn.execute(sql, asked)).items()]
        if kind == "repair_order":
            asked["orders"] = json.dumps([row.id for row in rows[kind]])
    return rows
