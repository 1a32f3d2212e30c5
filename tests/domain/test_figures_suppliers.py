"""The forecasts of arrivals are scored by what came since, beside the simplest forecasts there are."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from advisor_desk.domain import figures
from advisor_desk.domain.figure import Line, Period, Records
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.rule import Shop
from tests.support.deliveries import Supplier, deliveries

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
MONTH = Period(NOW - timedelta(days=30), NOW)
QUARTER = Period(NOW - timedelta(days=90), NOW)
SHOP = Shop.of("store-1", {"timezone": "America/New_York"}, {}, NOW)
ORDER = {"supplier": "HON", "source": "order"}


def lines_of(rows: list[dict[str, Any]], period: Period = MONTH) -> dict[str, Line]:
    """What the figure counts of these part lines, by supplier."""
    records = Records({"part_line": [Row(f"line-{number}", row) for number, row in enumerate(rows)]}, SHOP)
    return {line.label: line for line in figures.figure("forecasts", records, period).lines}


def came(day: int, late: int) -> dict[str, Any]:
    """An order of HON's that came on a day of November at noon, so many days after its date."""
    at = datetime(2026, 11, day, 17, tzinfo=UTC)
    wire = "%Y-%m-%dT%H:%M:%SZ"
    return ORDER | {"first_eta": f"{at - timedelta(days=late):{wire}}", "received_at": f"{at:{wire}}"}


def test_of_the_spans_for_8_in_10_about_8_in_10_held_and_the_forecast_was_nearest() -> None:
    chance = random.Random(5)
    days = SHOP.lights.days
    stock = [
        Supplier("Punctual", "order", a_week=20, late=0.1, by=1.0),
        Supplier("Slow", "order", a_week=20, late=0.6, by=3.0),
        Supplier("Slowest", "emergency", a_week=12, late=0.9, by=4.0),
    ]
    rows = [line for who in stock for line in deliveries(chance, who, NOW - timedelta(days=190), NOW, days)]
    found = lines_of(rows, QUARTER)
    assert found.keys() == {"all suppliers", "Punctual", "Slow", "Slowest"}
    count, within, off, as_given, plain = found["all suppliers"].values
    assert count == len(found["all suppliers"].records) == sum(found[who.name].values[0] for who in stock) > 500
    assert 74 <= float(within) <= 86
    assert float(off) < float(as_given) and float(off) < float(plain) * 1.05


def test_what_came_is_forecast_from_what_had_come_the_week_before_and_no_later() -> None:
    # Until the month began this supplier was always a day late; since, it is on time: the forecast does not know yet.
    before = [
        ORDER | {"first_eta": f"2026-10-{day:02}T17:00:00Z", "received_at": f"2026-10-{day + 1:02}T17:00:00Z"}
        for day in range(1, 21)
    ]
    found = lines_of([*before, came(2, 0)])
    assert found["HON"].values == (1, 0.0, 1.0, 0.0, 1.0)
    assert found["HON"].records == (("part_line", "line-20"),)


def test_an_order_before_which_nothing_came_is_no_forecast_and_none_is_counted_twice() -> None:
    assert lines_of([came(2, 0)]) == {}
    assert lines_of([]) == {}
    found = lines_of([came(2, 0), came(20, 0), came(21, 0)])
    assert [line.values[0] for line in found.values()] == [2, 2]
