"""How suppliers' dates held, for whoever reads part lines: plain SQL, importable without SQLAlchemy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from advisor_desk.domain import parts, suppliers
from advisor_desk.domain.suppliers import Key, Record


def records(conn: Any) -> dict[Key, Record]:
    """The suppliers' records by supplier and kind of order; none in the cache of a release that kept none."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'supplier_record'").fetchone():
        return {}
    rows = conn.execute("SELECT supplier, source, record FROM supplier_record")
    return {(supplier, source): json.loads(record) for supplier, source, record in rows}


def add(lines: Iterable[dict[str, Any]], known: dict[Key, Record]) -> None:
    """Give each awaited line the ``record`` of its supplier, where there is one."""
    for line in lines:
        if line.get("state") in parts.AWAITED and (record := known.get(suppliers.key(line))):
            line["record"] = record
