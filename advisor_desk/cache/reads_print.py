"""What the papers of many orders are made from; the order pane reads more of one, its story above all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advisor_desk.cache import reads
from advisor_desk.cache.reads import Row


def orders(conn: Any, ids: Iterable[str]) -> list[Row]:
    """Each order that is there with its customer, its jobs and their technicians, and its parts."""
    names = {id: str(person.get("name") or "") for id, person in reads.employees(conn).items()}
    return [_beside(conn, order, names) for id in dict.fromkeys(ids) if (order := reads.one(conn, "repair_order", id))]


def _beside(conn: Any, order: Row, names: dict[str, str]) -> Row:
    jobs = reads.of(conn, "job", "repair_order_id", order["id"])
    lines = reads.of(conn, "part_line", "repair_order_id", order["id"])
    return {
        "repair_order": order,
        "customer": reads.one(conn, "customer", str(order.get("customer_id") or "")),
        "jobs": [{**job, "technician": names.get(str(job.get("technician_id")), "")} for job in jobs],
        "parts": sorted(lines, key=lambda line: str(line.get("description") or "")),
    }
