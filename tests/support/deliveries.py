"""Suppliers whose punctuality is known, and the special orders that came from them over the years; by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from advisor_desk.domain import times
from advisor_desk.domain.suppliers import Days


class Supplier(NamedTuple):
    """How a supplier delivers: its orders a week, the share that is late, by how many working days, and how exactly."""

    name: str
    source: str
    a_week: float
    late: float
    by: float
    spread: float = 0.15
    drift: float = 0.0
    """What its share of late ones grows by in a year."""


def of_one_store(chance: random.Random, many: int) -> list[Supplier]:
    """As many suppliers as one store has, few of them with many orders; the punctual and the unpunctual among them."""
    return [
        Supplier(
            f"Supplier {number}",
            chance.choice(("order", "emergency", "transfer", "aftermarket")),
            a_week=40 / (number + 1),
            late=chance.betavariate(2, 3),
            by=chance.uniform(0.6, 4.0),
            spread=chance.uniform(0.05, 0.3),
            drift=chance.uniform(-0.15, 0.15),
        )
        for number in range(many)
    ]


def deliveries(
    chance: random.Random, who: Supplier, since: datetime, until: datetime, days: Days
) -> Iterator[dict[str, Any]]:
    """The part lines ordered from a supplier in a time, each with its first date and when it came."""
    at = since
    while (at := at + timedelta(weeks=chance.expovariate(who.a_week))) < until:
        ordered = days.moment(days.place(at))
        promised = days.moment(
            int(days.place(ordered)) + chance.choice((1, 1, 2, 3, 5)) + chance.choice((10, 12, 17)) / 24
        )
        came = days.after(promised, lateness(chance, who, (ordered - since) / timedelta(days=365)))
        yield {
            "supplier": who.name,
            "source": who.source,
            "state": "installed",
            "ordered_at": times.to_wire(ordered),
            "eta": times.to_wire(promised),
            "first_eta": times.to_wire(promised),
            "received_at": times.to_wire(max(came, ordered)),
        }


def lateness(chance: random.Random, who: Supplier, years: float) -> float:
    """How many working days after its date one order comes: about on time, or late by a length that varies a lot."""
    share = min(max(who.late + who.drift * years, 0.02), 0.98)
    if chance.random() < share:
        return chance.gammavariate(2, who.by / 2) + 0.05
    return chance.gauss(-who.spread, who.spread)
