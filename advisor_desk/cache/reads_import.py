"""What an import is matched against: the part lines that are not done with, and the number of the order each is on."""

from __future__ import annotations

import json
from typing import Any, Final

from advisor_desk.cache.reads import Row

_LINES: Final = (
    "SELECT part_line.id, part_line.body, repair_order.body ->> 'number' FROM part_line"
    " LEFT JOIN repair_order ON repair_order.id = part_line.repair_order_id AND NOT repair_order.deleted"
    " WHERE NOT part_line.deleted AND part_line.state NOT IN ('installed', 'returned', 'cancelled')"
)


def lines(conn: Any) -> list[tuple[str, Row, str]]:
    """Each line's id, wire fields and RO number; those that are here already too, so that they are told apart."""
    return [(id, json.loads(body), str(ro or "")) for id, body, ro in conn.execute(_LINES)]
