"""What past orders tell of suppliers: forecasts that hold as often as they say; few orders lean on the store."""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain import supplier_history, suppliers
from advisor_desk.domain.supplier_history import Arrival
from advisor_desk.domain.suppliers import Days, Key
from tests.support.deliveries import deliveries, lateness, of_one_store

DAYS = Days(ZoneInfo("America/New_York"), frozenset(range(6)))
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SINCE = NOW - timedelta(days=900)
CUT = NOW - timedelta(days=120)
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


class History(NamedTuple):
    """A simulated store's orders: what is known at the cut, and what came after it and is to be forecast."""

    past: list[Arrival]
    to_come: list[Arrival]

    def records(self) -> dict[Key, dict[str, Any]]:
        return supplier_history.records(self.past, CUT)


@functools.cache
def history(seed: int) -> History:
    chance = random.Random(seed)
    lines = [line for who in of_one_store(chance, 14) for line in deliveries(chance, who, SINCE, NOW, DAYS)]
    came = [found for line in lines if (found := supplier_history.arrival(line, DAYS))]
    assert len(came) == len(lines)
    return History([one for one in came if one.at < CUT], [one for one in came if one.at >= CUT])


def pinball(forecast: float, came: float, share: float) -> float:
    """What a forecast of one quantile loses on what came."""
    return max(share * (came - forecast), (share - 1) * (came - forecast))


@pytest.mark.parametrize("seed", range(3))
def test_80_percent_of_the_80_percent_spans_hold_on_what_was_not_yet_known(seed: int) -> None:
    known = history(seed)
    records = known.records()
    held = [
        suppliers.quantile(record, 0.1) <= late <= suppliers.quantile(record, 0.9)
        for key, _, late in known.to_come
        if (record := records.get(key))
    ]
    assert len(held) > 2_000
    assert 0.76 <= fmean(held) <= 0.84


@pytest.mark.parametrize("seed", range(3))
def test_a_forecast_loses_less_than_the_eta_as_given_and_than_a_plain_median(seed: int) -> None:
    known = history(seed)
    records = known.records()
    past: dict[Key, list[float]] = {}
    for key, _, late in known.past:
        past.setdefault(key, []).append(late)
    to_come = [one for one in known.to_come if one.key in records]

    def loss(forecasts: Sequence[Sequence[float]]) -> float:
        return fmean(
            pinball(forecast, one.late, share)
            for one, some in zip(to_come, forecasts, strict=True)
            for forecast, share in zip(some, SHARES, strict=True)
        )

    ours = loss([[suppliers.quantile(records[one.key], share) for share in SHARES] for one in to_come])
    as_given = loss([[0.0] * len(SHARES)] * len(to_come))
    plain = loss([[median(past[one.key])] * len(SHARES) for one in to_come])
    assert ours < 0.9 * plain and ours < 0.8 * as_given


def test_with_three_past_orders_a_record_says_so_and_leans_on_the_stores_average() -> None:
    known = history(2)
    everyone = fmean(one.late <= 0 for one in known.past)
    newcomer = ("newcomer", "order")
    late_thrice = [Arrival(newcomer, CUT - timedelta(days=day), 9.0) for day in (2, 12, 20)]
    records = supplier_history.records([*known.past, *late_thrice], CUT)
    record = records[newcomer]
    assert record["of"] == 3 and record["store"] > 10_000
    assert "Only 3 orders of this supplier; with the store's" in suppliers.keeps(record)
    assert "only 3 orders" in suppliers.usually(record)
    # Not one of three was in time, yet nearer to the store's share than to none at all.
    assert everyone / 2 < record["share"] < everyone
    assert suppliers.quantile(record, 0.5) < 4 < suppliers.quantile(record, 0.9)
    oldest = max(records.values(), key=lambda each: each["of"])
    assert oldest["of"] > 500 and "store" not in oldest


def test_spans_of_suppliers_with_three_orders_hold_too() -> None:
    held = []
    for seed in range(60):
        chance = random.Random(1_000 + seed)
        stock = of_one_store(chance, 14)
        past = [
            Arrival((who.name, who.source), CUT - timedelta(days=chance.uniform(1, 300)), lateness(chance, who, 0))
            for number, who in enumerate(stock)
            for _ in range(60 if number < 10 else 3)
        ]
        records = supplier_history.records(past, CUT)
        for who in stock[10:]:
            record = records[who.name, who.source]
            low, high = suppliers.quantile(record, 0.1), suppliers.quantile(record, 0.9)
            held += [low <= lateness(chance, who, 0) <= high for _ in range(20)]
    assert 0.74 <= fmean(held) <= 0.86


def test_recent_orders_weigh_more() -> None:
    def share(good: int, bad: int) -> float:
        key = ("hon", "order")
        came = [Arrival(key, NOW - timedelta(days=good), 0.0)] * 30 + [
            Arrival(key, NOW - timedelta(days=bad), 2.0)
        ] * 30
        return float(supplier_history.records(came, NOW)[key]["share"])

    assert share(good=10, bad=10 + supplier_history.HALF_LIFE.days) == pytest.approx(2 / 3, abs=0.01)
    assert share(good=10 + supplier_history.HALF_LIFE.days, bad=10) == pytest.approx(1 / 3, abs=0.01)
    assert share(good=supplier_history.REACH.days, bad=10) == 0


def test_suppliers_that_are_alike_lean_on_each_other_more_than_those_that_differ() -> None:
    chance = random.Random(3)

    def strength(lates: Sequence[float]) -> float:
        groups = [sorted((chance.gauss(late, 0.5), 1.0) for _ in range(40)) for late in lates]
        shape = supplier_history.points(sorted(pair for some in groups for pair in some), [n / 100 for n in range(100)])
        return supplier_history.strength(groups, shape)

    assert strength([1.0] * 8) == max(supplier_history.STRENGTHS)
    assert strength([0, 2, 4, 6, 8, 10, 12, 14]) == min(supplier_history.STRENGTHS)


ORDER = {
    "supplier": "HON",
    "source": "order",
    "first_eta": "2026-11-20T15:00:00Z",
    "received_at": "2026-11-23T15:00:00Z",
}


def test_an_order_tells_how_many_working_days_after_its_first_date_it_came() -> None:
    found = supplier_history.arrival(ORDER | {"eta": "2026-11-23T15:00:00Z"}, DAYS)
    assert found == Arrival(("hon", "order"), NOW, 2.0)  # Friday to Monday; the date moved since does not count


@pytest.mark.parametrize(
    "line",
    [
        ORDER | {"source": "stock"}, ORDER | {"source": None}, ORDER | {"supplier": " "}, ORDER | {"received_at": None},
        ORDER | {"first_eta": ""}, ORDER | {"first_eta": "soon"}, {},
    ],
)  # fmt: skip
def test_what_came_from_the_shelf_or_without_a_date_tells_nothing(line: dict[str, Any]) -> None:
    assert supplier_history.arrival(line, DAYS) is None


def test_a_slip_of_the_pen_is_no_more_than_very_late() -> None:
    found = supplier_history.arrival(ORDER | {"first_eta": "2006-11-20T15:00:00Z"}, DAYS)
    assert found is not None and found.late == supplier_history.FURTHEST


def test_nothing_is_told_by_what_is_to_come_or_long_ago() -> None:
    key = ("hon", "order")
    assert supplier_history.records([], NOW) == {}
    assert supplier_history.records([Arrival(key, NOW + timedelta(seconds=1), 0.0)], NOW) == {}
    assert supplier_history.records([Arrival(key, NOW - supplier_history.REACH, 0.0)], NOW) == {}
    assert supplier_history.records([Arrival(key, NOW, 0.0)], NOW)[key]["of"] == 1
