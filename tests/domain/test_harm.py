"""What each open part line needs, and how the counter's list ranks them: the rows of the drawing."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain import harm, times
from advisor_desk.domain.lights import Settings

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
"""Monday, 10:08 in New York."""
STORE = Settings(zone=NEW_YORK)


def at(words: str) -> str:
    """A wire moment of ``23 17:00`` in November 2026, by the store's clock."""
    day, clock = words.split()
    hour, minute = clock.split(":")
    return times.to_wire(datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=NEW_YORK))


def row(state: str, promised: str = "", order: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    made = {"id": "ro-1", "stage": "parts", "opened": at("23 8:00"), "promised_at": promised and at(promised)}
    return {"id": "line-1", "state": state, "source": "order", "order": made | (order or {}), **fields}


def left(**fields: Any) -> dict[str, Any]:
    """A special order that lies here while its car is gone."""
    gone = {"stage": "closed", "closed": at("16 12:00")}
    said = {"received_at": at("20 9:00"), "return_by": "2026-12-18", "amount": 41_200} | fields
    return row(said.pop("state", "received"), order=gone, **said)


ORDERED = {"ordered_at": at("23 9:00")}
RECORD = {"share": 0.6, "of": 38, "late": 1.2, "days": [0.0, 0.0, 0.0, 1.0, 2.0]}
LOANER, WAITER = {"loaner": "L7"}, {"transport": "waiter"}

# the row, its group, its right column, its reason
DRAWING = [
    (row("ordered", "23 12:00", eta=at("24 9:00"), eta_told={"eta": at("23 11:00")}, **ORDERED, **LOANER),
     "overdue", "loaner out", "ETA Tue 24 is after the promise (today 12:00). Customer was told today."),
    (row("ordered", "27 17:00", eta=at("23 8:00"), eta_told={"eta": at("23 8:00")}, **ORDERED),
     "overdue", "promised Fri", "ETA passed 2 h 08 ago, nothing received."),
    (row("backordered", order={"opened": at("11 9:00")}, **ORDERED),
     "overdue", "car down 12 d", "Backordered by the maker, no date."),
    (row("requested", "23 14:00", order=WAITER, requested_at=at("23 9:27")),
     "overdue", "waiter at 14:00", "Asked for a quote 41 min ago."),
    (row("requested", "23 14:00", requested_at=at("23 10:00")), "to_quote", "promised 14:00", "Asked for 8 min ago."),
    (row("quoted", "24 14:00", requested_at=at("23 9:00")), "to_order", "promised Tue", "Quoted, not ordered."),
    (row("ordered", "25 12:00", **ORDERED), "on_order", "promised Wed", "Ordered 1 h 08 ago, ETA to come."),
    (row("ordered", "25 12:00", eta=at("24 12:00"), **ORDERED), "on_order", "promised Wed", ""),
    (row("ordered", "25 12:00", eta=at("25 9:00"), record=RECORD, **ORDERED),
     "on_order", "promised Wed", "Supplier keeps 6 of 10 dates, else usually 1 day late (38 orders)."),
    (row("ordered", "23 9:00", eta=at("22 9:00"), **ORDERED),
     "overdue", "1 h 08 past promise", "ETA passed 1 d 1 h ago, nothing received."),
    (left(), "arrived", "$412", "Arrived Fri 20. Return by Dec 18, $412 at risk."),
    (left(tries=2, amount=28_800), "arrived", "$288", "Arrived Fri 20, 2 tries. Return by Dec 18, $288 at risk."),
    (left(tries=1, return_by=None, amount=None), "arrived", "", "Arrived Fri 20, one try."),
    (left(arrival_told_at=at("20 10:00"), tries=1), "expected", "$412",
     "Arrived Fri 20. Return by Dec 18, $412 at risk."),
    (left(visit_at=at("26 9:00")), "expected", "$412",
     "Arrived Fri 20. Visit Thu 9:00. Return by Dec 18, $412 at risk."),
    (left(return_by="2026-11-28"), "to_return", "$412", "Arrived Fri 20. Return by Nov 28, $412 at risk."),
    (left(state="return_due"), "to_return", "$412", "Arrived Fri 20. Return by Dec 18, $412 at risk."),
    (row("in_stock", "23 12:00", source="stock", waits_for="Water pump kit"), "to_pull", "with Water pump kit", ""),
    (row("in_stock", "23 15:00", source="stock"), "to_pull", "promised 15:00", ""),
    (row("received", "23 17:00"), "to_pull", "promised 17:00", ""),
    (row("ordered", order={"stage": "closed"}, eta=at("25 9:00"), **ORDERED), "on_order", "car gone", ""),
    (row("on_the_moon"), "unclear", "car here", "The parts system says “on_the_moon”, which is not known here."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "need", "words", "why"), DRAWING, ids=[f"{case[1]}: {case[2]}" for case in DRAWING])
def test_a_line_stands_with_what_it_needs_and_says_whom_it_hurts(
    line: dict[str, Any], need: str, words: str, why: str
) -> None:
    found = harm.of(line, NOW, STORE)
    assert (found.need, found.words, found.why) == (need, words, why)


def test_every_group_has_a_row() -> None:
    assert {case[1] for case in DRAWING} == set(harm.NEEDS)


def test_within_a_group_the_worst_comes_first() -> None:
    late = {"eta": at("23 8:00"), **ORDERED}
    ranked = [
        row("ordered", "25 12:00", order=WAITER, **late),
        row("ordered", "23 17:00", **late),
        row("ordered", "25 12:00", **late, **LOANER),
        row("ordered", "25 12:00", **late),
        row("backordered", "25 12:00", **ORDERED),
        row("backordered", "25 12:00", eta=at("30 9:00"), **ORDERED),
        row("backordered", "25 12:00", eta=at("30 9:00"), eta_told={"eta": at("30 9:00")}, **ORDERED),
    ]
    found = [harm.of(line, NOW, STORE) for line in ranked]
    assert [one.rank for one in found] == list(range(7))
    assert all(worse.key < better.key for worse, better in itertools.pairwise(found))
    assert [one.tone for one in found] == ["late"] * 3 + ["soft"] * 4


def test_of_two_alike_the_sooner_promise_the_larger_sum_and_the_longer_wait_come_first() -> None:
    sooner, later = row("in_stock", "23 15:00", source="stock"), row("in_stock", "23 16:00", source="stock")
    dear, cheap = left(amount=90_000), left(amount=1_000)
    older, newer = left(received_at=at("19 9:00")), left(received_at=at("20 9:00"))
    for first, second in ((sooner, later), (dear, cheap), (older, newer)):
        assert harm.of(first, NOW, STORE).key < harm.of(second, NOW, STORE).key


def test_a_part_nobody_came_for_is_to_return_from_the_day_the_store_says() -> None:
    line = left(return_by="2026-12-18", arrival_told_at=at("20 10:00"))
    midnight = datetime(2026, 12, 13, 0, 0, tzinfo=NEW_YORK)
    assert harm.of(line, midnight - timedelta(seconds=1), STORE).need == "expected"
    assert harm.of(line, midnight, STORE).need == "to_return"
    assert harm.of(line, midnight, STORE._replace(return_days=4)).need == "expected"
    assert harm.of(line | {"visit_at": "2026-12-15T14:00:00Z"}, midnight, STORE).need == "expected"
    said = Settings.of_store({"rules": {"return_special_order": {"days_before": 9}}}, NEW_YORK)
    assert said.return_days == 9


def test_what_is_done_is_not_on_the_list_and_what_was_ordered_for_a_car_that_left_is() -> None:
    here, gone, away, void = (
        {"stage": "repair"},
        {"stage": "closed"},
        {"stage": "repair", "spot": "Away"},
        {"stage": "void"},
    )
    for state in ("installed", "returned", "cancelled"):
        assert not any(harm.is_open(row(state), order) for order in (here, gone, void))
    for state in ("ordered", "backordered", "partly_received", "received", "return_due"):
        assert harm.is_open(row(state), here)
        assert harm.is_open(row(state), gone)
        assert not harm.is_open(row(state), void)
        assert not harm.is_open(row(state, source="stock"), gone)
    assert not harm.is_open(row("requested"), gone)
    assert [harm.is_open(row("pulled"), order) for order in (here, away, gone)] == [False, True, True]


def test_the_figures_above_the_list_count_it() -> None:
    rows = [case[0] for case in DRAWING]
    counted = harm.totals((line, harm.of(line, NOW, STORE)) for line in rows)
    assert counted == harm.Totals(overdue=5, to_quote=2, not_told=3, money=41_200 * 5 + 28_800, untold=0)


def test_money_is_said_in_whole_dollars() -> None:
    assert [harm.money(minor) for minor in (41_200, 28_849, 28_850, 123_456_700)] == [
        "$412",
        "$288",
        "$289",
        "$1,234,567",
    ]
