"""What several papers say of an order in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import parts
from ui.printing.shop import Shop

Data = Mapping[str, Any]
NO_NAME: Final = "No name"


def part_name(line: Data) -> str:
    """What a part is called; its number where nobody described it."""
    return str(line.get("description") or line.get("number") or "Part without a name")


def quantity(line: Data) -> int:
    """How many of it are wanted; one where nobody said."""
    count = line.get("qty")
    return count if isinstance(count, int) and count > 0 else 1


def car(vehicle: Data) -> str:
    """``2021 VW Tiguan SE``."""
    words = (vehicle.get(name) for name in ("year", "make", "model", "trim"))
    return " ".join(str(word) for word in words if word)


def number(order: Data) -> str:
    """``RO 48142``, or that it has none yet."""
    return f"RO {order['number']}" if order.get("number") else "RO without a number"


def printed(shop: Shop, now: datetime) -> str:
    """Whose paper it is and of when."""
    return " · ".join(word for word in (shop.head, f"printed {shop.moment(now)}") if word)


def came_for_this_car(line: Data) -> bool:
    """True for a part that came for this customer alone and lies on the shelf."""
    return parts.is_special(line) and line.get("state") in {"received", "partly_received"}


def spoken_name(customer: Data) -> str:
    """``Sofia Marchetti`` of ``Marchetti, Sofia``; a company's name as it is."""
    name = str(customer.get("name") or "").strip()
    last, comma, first = name.partition(",")
    if comma and not customer.get("is_company") and "," not in first and first.strip():
        return f"{first.strip()} {last.strip()}"
    return name
