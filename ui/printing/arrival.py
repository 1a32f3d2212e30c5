"""The arrival notice: a letter that tells the customer that their part is here, and until when it is kept."""

from __future__ import annotations

from datetime import datetime

from ui.printing import facts
from ui.printing.facts import Data
from ui.printing.sheet import Block, Column, Document, Facts, Group, Table, Words
from ui.printing.shop import Shop

_COLUMNS = (Column("Part", 60), Column("Number", 30), Column("Qty", 10, right=True))


def make(data: Data, shop: Shop, now: datetime) -> Document | None:
    """The letter for an order; None when no part has come for it in full."""
    lines = [
        line for line in data.get("parts") or () if facts.came_for_this_car(line) and line.get("state") == "received"
    ]
    if not lines:
        return None
    order, customer = data.get("repair_order") or {}, data.get("customer") or {}
    many = len(lines) > 1
    name, car = facts.spoken_name(customer), facts.car(data.get("vehicle") or {})
    ordered = f"The part{'s' if many else ''} you ordered{f' for your {car}' if car else ''}"
    rows = tuple((facts.part_name(line), str(line.get("number") or ""), str(facts.quantity(line))) for line in lines)
    blocks: list[Block] = [
        Words("\n".join(text for text in (name, str(customer.get("address") or "")) if text)),
        Words(shop.day(now)),
        Words(f"Dear {name}," if name else "Dear customer,"),
        Words(f"{ordered} {'are' if many else 'is'} here."),
        Table(_COLUMNS, (Group("", rows),)),
        Words(_until(lines, shop, "them" if many else "it")),
        Words(f"{_call(shop)} to set a time to have {'them' if many else 'it'} installed."),
        Words("\n".join(text for text in ("Thank you,", shop.name) if text)),
        Facts((("Your order", facts.number(order)),)),
    ]
    stem = f"arrival-notice-{order['number']}" if order.get("number") else "arrival-notice"
    title = "Your parts are here" if many else "Your part is here"
    return Document(stem, title, shop.head, (tuple(blocks),), called="Arrival notice")


def _until(lines: list[Data], shop: Shop, them: str) -> str:
    """Until when they are kept: the first day on which one must go back."""
    days = sorted(str(line["return_by"]) for line in lines if line.get("return_by"))
    if not days:
        return f"We keep {them} for you. Please come soon."
    return f"We keep {them} for you until {shop.day(days[0])}. After that day we may have to send {them} back."


def _call(shop: Shop) -> str:
    return f"Please call us at {shop.phone}" if shop.phone else "Please call us"
