"""The label of a special order on its shelf: whose it is by name and order, and the order's number to scan."""

from __future__ import annotations

from collections.abc import Iterable

from ui.printing import facts
from ui.printing.facts import Data
from ui.printing.sheet import LABEL, Bars, Block, Document, Facts, Words
from ui.printing.shop import Shop


def make(orders: Iterable[Data], shop: Shop, only: frozenset[str] = frozenset()) -> Document | None:
    """A label for each part that came for one of these orders; ``only`` names part lines, none means all of them.

    Anybody can read a shelf, so a label says a name and an order and nothing else of a person.
    """
    parts = [
        _label(data, line, shop)
        for data in orders
        for line in data.get("parts") or ()
        if facts.came_for_this_car(line) and (not only or str(line.get("id")) in only)
    ]
    if not parts:
        return None
    return Document("special-order-labels", "Special-order labels", parts=tuple(parts), kind=LABEL, called="Labels")


def _label(data: Data, line: Data, shop: Shop) -> tuple[Block, ...]:
    order, customer = data.get("repair_order") or {}, data.get("customer") or {}
    wanted, here = facts.quantity(line), line.get("qty_filled") or 0
    count = f"{here} of {wanted}" if line.get("state") == "partly_received" else str(wanted)
    rows = (
        ("Part", str(line.get("number") or "")),
        ("Qty", count),
        ("Bin", str(line.get("bin") or "")),
        ("Arrived", shop.short_day(line.get("received_at"))),
        ("Return by", shop.short_day(line.get("return_by"))),
    )
    blocks: list[Block] = [
        Words(str(customer.get("name") or facts.NO_NAME), "huge"),
        Words(facts.number(order), "large"),
        Words(facts.part_name(line), "strong"),
        Facts(tuple(row for row in rows if row[1])),
    ]
    if line.get("order_no"):
        blocks.append(Bars(str(line["order_no"])))
    return tuple(blocks)
