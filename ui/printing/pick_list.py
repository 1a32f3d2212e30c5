"""The pick list: what is on the shelf for cars in the shop and has not been pulled, bin by bin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from advisor_desk.domain import repair_order
from ui.printing import facts
from ui.printing.facts import Data
from ui.printing.sheet import Column, Document, Group, Table, Words
from ui.printing.shop import Shop

_TO_PULL: Final = frozenset({"in_stock", "received"})
_COLUMNS: Final = (
    Column("Part", 34),
    Column("Number", 22),
    Column("Qty", 7, right=True),
    Column("RO", 13),
    Column("Tag", 10),
    Column("Technician", 20),
)
_NO_BIN: Final = "No bin: look it up"


def make(orders: Iterable[Data], shop: Shop, now: datetime) -> Document | None:
    """The list for these orders as the order pane reads them; None when nothing is to be pulled."""
    bins: dict[str, list[tuple[str, ...]]] = {}
    for data in orders:
        order = data.get("repair_order") or {}
        if not repair_order.is_open(str(order.get("stage") or "")):
            continue
        jobs = {str(job.get("id")): str(job.get("technician") or "") for job in data.get("jobs") or ()}
        for line in data.get("parts") or ():
            if line.get("state") in _TO_PULL:
                row = _row(line, order, jobs.get(str(line.get("job_id")), ""))
                bins.setdefault(str(line.get("bin") or "").strip(), []).append(row)
    if not bins:
        return None
    groups = tuple(Group(f"Bin {bin}" if bin else _NO_BIN, tuple(sorted(bins[bin]))) for bin in sorted(bins, key=_walk))
    count = sum(len(group.rows) for group in groups)
    said = Words(f"{count} line{'s' if count != 1 else ''} to pull")
    table = Table(_COLUMNS, groups, ticked=True)
    return Document("pick-list", "Pick list", facts.printed(shop, now), ((said, table),))


def _row(line: Data, order: Data, technician: str) -> tuple[str, ...]:
    number = str(line.get("number") or "") if line.get("description") else ""
    what, count = facts.part_name(line), str(facts.quantity(line))
    return (what, number, count, str(order.get("number") or ""), str(order.get("tag") or ""), technician)


def _walk(bin: str) -> tuple[bool, list[tuple[int, int, str]]]:
    """Bins in the order somebody walks past them: C2 before C10, and what has none last."""
    pieces = re.findall(r"\d+|\D+", bin.casefold())
    return not bin, [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
