"""An advisor with a full book, in a cache of its own: what a store has to hand on when one leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from advisor_desk.cache import board, meta, records
from advisor_desk.cache.codec import ServerRow
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.domain import times
from tests.cache.shop import KEY, NOON

LEAVES, MANAGER, OTHERS = "emp-maria", "emp-helen", ("emp-david", "emp-jo", "emp-renee")
PROMISES, ORDERS, CUSTOMERS = 40, 12, 900
_AT = times.to_wire(NOON)
_DUE = "2026-11-27T20:00:00Z"


def full_book(path: Path) -> Cache:
    """The cache of the manager's desk: somebody's open promises, open orders and customers, and their colleagues."""
    cache = open_cache(path, KEY)
    with cache.write() as conn:
        records.load_page(conn, [ServerRow(kind, id, 1, False, fields) for kind, id, fields in _rows()])
        board.rebuild(conn)
        meta.put(conn, "employee_id", MANAGER)
        meta.put(conn, "desk_id", "desk-1")
    return cache


def _rows() -> list[tuple[str, str, dict[str, Any]]]:
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("store", "store-1", {"name": "Harbor Motors", "timezone": "America/New_York"}),
        ("employee", MANAGER, {"name": "Helen Brandt", "roles": ["manager"]}),
        *(("employee", id, {"name": id, "roles": ["advisor"]}) for id in (LEAVES, *OTHERS)),
    ]
    for number in range(CUSTOMERS):
        rows.append(("customer", f"cust-{number}", {"name": f"Customer, {number}", "advisor_id": LEAVES}))
    for number in range(ORDERS):
        of = {"customer_id": f"cust-{number}", "advisor_id": LEAVES, "number": str(1_000 + number)}
        rows.append(("repair_order", f"ro-{number}", {**of, "stage": "repair", "opened": _AT, "stage_since": _AT}))
    for number in range(PROMISES):
        about = {"subject": {"kind": "customer", "id": f"cust-{number}"}, "customer_id": f"cust-{number}"}
        said = {"rule": "by_hand", "title": "Call", "state": "open", "owner_id": LEAVES}
        due = {"due_at": _DUE, "first_due_at": _DUE, "raised_at": _AT}
        rows.append(("promise", f"promise-{number}", {**said, **about, **due}))
    return rows
