"""RO numbers lent to desks, so that an order written while the line is down has its number at once."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from advisor_desk.bridge import head
from advisor_desk.bridge.judge import Caller
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import TABLES, lease, numbering
from advisor_desk.domain import times
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.repair_order import LEASED

FIRST: Final = 100_001
"""The first number of a store that has none yet."""
_LONGEST: Final = 12
"""Digits of the longest number that counts as one of a row; what is longer is no number to go on from."""


def lend(conn: Connection, caller: Caller, desk: str, now: datetime) -> dict[str, int]:
    """Lend the next block of the store's numbers; raises Problem for a role that opens no repair orders.

    The store's row is held until this commits, by every process of the bridge: no two are lent the same block.
    """
    if not KINDS["repair_order"].fields["number"].policy.writers & caller.roles:
        raise Problem(403, "forbidden", "Your role opens no repair orders, so it needs no numbers.")
    head.hold(conn, caller.store_id)
    first = _first(conn, caller.store_id)
    last = first + LEASED - 1
    _go_on(conn, caller.store_id, last + 1)
    conn.execute(
        insert(lease).values(
            store_id=caller.store_id,
            first=first,
            last=last,
            desk=desk,
            employee_id=caller.employee_id,
            at=times.to_wire(now),
        )
    )
    return {"from": first, "to": last}


def _first(conn: Connection, store_id: str) -> int:
    """Where the next block begins: after all that were lent, and never among numbers that orders have already."""
    first = conn.execute(select(numbering.c.next).where(numbering.c.store_id == store_id)).scalar_one_or_none()
    if first is not None and _is_free(conn, store_id, first):
        return int(first)
    return max(int(first or 0), _highest(conn, store_id) + 1)


def _is_free(conn: Connection, store_id: str, first: int) -> bool:
    orders = TABLES["repair_order"]
    wanted = [str(number) for number in range(first, first + LEASED)]
    taken = select(func.count()).where(orders.c.store_id == store_id, orders.c.number.in_(wanted))
    return not conn.execute(taken).scalar_one()


def _highest(conn: Connection, store_id: str) -> int:
    """The highest number an order has; read through only once a store, or when the dealer system's have overtaken."""
    orders = TABLES["repair_order"]
    numbers = conn.execute(select(orders.c.number).where(orders.c.store_id == store_id)).scalars()
    found = (
        int(number)
        for number in numbers
        if number and number.isascii() and number.isdigit() and len(number) <= _LONGEST
    )
    return max(found, default=FIRST - 1)


def _go_on(conn: Connection, store_id: str, next: int) -> None:
    if not conn.execute(update(numbering).where(numbering.c.store_id == store_id).values(next=next)).rowcount:
        conn.execute(insert(numbering).values(store_id=store_id, next=next))
