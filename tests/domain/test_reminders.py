"""Somebody is reminded of what is theirs and due: once, in the store's hours, in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain import reminders, times
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.rules.people import People

ZONE = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
DAY = {"opens": "08:00", "closes": "18:00"}
STORE = Calendar.of_store(
    {"timezone": "America/New_York", "hours": [DAY] * 5 + [None, None], "holidays": {"country": "US"}}
)
PEOPLE = {
    "maria": {"roles": ["advisor"]},
    "david": {"roles": ["advisor"]},
    "bea": {"roles": ["bdc"]},
    "gone": {"roles": ["bdc"], "active": False},
}


def promised(id: str, due: datetime, **more: Any) -> dict[str, Any]:
    """A promise of Maria's, unless it says another's."""
    at = times.to_wire(due)
    said = {"id": id, "title": "Tell Petrov: car is ready", "due_at": at, "first_due_at": at, "state": "open"}
    return said | {"owner_id": "maria", "tag": "T-155", "number": "48136"} | more


def due(
    *promises: dict[str, Any], at: datetime = MONDAY, me: str = "maria", minutes: int = 10, told: Any = ()
) -> list[str]:
    """The ids somebody is reminded of."""
    found = reminders.due(promises, me, People(PEOPLE, at), STORE, minutes, frozenset(told))
    return [one.id for one in found]


@pytest.mark.parametrize(("minutes", "reminded"), [(11, False), (10, True), (0, True), (-90, True)])
def test_a_promise_is_reminded_of_ten_minutes_before_it_is_due_and_after(minutes: int, reminded: bool) -> None:
    assert due(promised("p", MONDAY + timedelta(minutes=minutes))) == ["p"] * reminded


def test_who_sets_no_minutes_is_reminded_when_it_is_due() -> None:
    promise = promised("p", MONDAY + timedelta(minutes=1))
    assert due(promise, minutes=0) == []
    assert due(promise, minutes=0, at=MONDAY + timedelta(minutes=1)) == ["p"]


def test_nobody_is_reminded_of_what_a_colleague_owes() -> None:
    assert due(promised("p", MONDAY, owner_id="david")) == []


def test_a_queue_reminds_the_only_one_who_is_here_to_work_it() -> None:
    bdc = promised("p", MONDAY, owner_id=None, owner_role="bdc")
    advisors = promised("q", MONDAY, owner_id=None, owner_role="advisor")
    assert due(bdc, advisors, me="bea") == ["p"]
    assert due(bdc, advisors) == []


def test_each_due_time_is_said_once_and_a_moved_promise_again() -> None:
    promise = promised("p", MONDAY)
    told = reminders.marks([promise])
    assert due(promise, told=told) == []
    moved = promised("p", MONDAY + timedelta(minutes=5))
    assert due(moved, told=told) == ["p"]
    assert reminders.marks([moved]).isdisjoint(told)


def test_what_is_kept_or_has_no_due_time_reminds_nobody() -> None:
    assert due(promised("p", MONDAY, state="kept"), promised("q", MONDAY, due_at="soon")) == []


@pytest.mark.parametrize(
    "shut",
    [
        datetime(2026, 11, 23, 7, 59, tzinfo=ZONE),
        datetime(2026, 11, 23, 18, 0, tzinfo=ZONE),
        datetime(2026, 11, 22, 12, 0, tzinfo=ZONE),
        datetime(2026, 11, 26, 12, 0, tzinfo=ZONE),
    ],
    ids=["before it opens", "after it closes", "on a Sunday", "on Thanksgiving"],
)
def test_nobody_is_reminded_while_the_store_is_shut(shut: datetime) -> None:
    assert due(promised("p", shut), at=shut) == []


def test_what_fell_due_overnight_is_said_when_the_store_opens() -> None:
    assert due(promised("p", MONDAY - timedelta(hours=10)), at=MONDAY.replace(hour=8)) == ["p"]


def test_the_soonest_stands_first() -> None:
    assert due(promised("later", MONDAY + timedelta(minutes=9)), promised("sooner", MONDAY)) == ["sooner", "later"]


def sentence(*promises: dict[str, Any]) -> str:
    """What is said of these at ten on Monday."""
    found = reminders.due(promises, "maria", People(PEOPLE, MONDAY), STORE, 30, frozenset())
    return reminders.said(found, MONDAY.astimezone(UTC), ZONE)


def test_one_is_said_with_its_car_and_its_time() -> None:
    assert sentence(promised("p", MONDAY + timedelta(minutes=5))) == "Tell Petrov: car is ready · T-155 · due 10:05"
    assert sentence(promised("p", MONDAY - timedelta(minutes=5), tag="")).endswith("· RO 48136 · was due 9:55")


def test_several_are_one_sentence() -> None:
    said = sentence(*(promised(str(n), MONDAY + timedelta(minutes=n), title=f"Call {n}") for n in range(4)))
    assert said == "4 promises due by 10:03: Call 0 · T-155 (10:00), Call 1 · T-155 (10:01) and 2 more"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ((-9, -3), "2 promises are late: "),
        ((-3, 4), "1 promise is late, 1 due by 10:04: "),
        ((1, 2), "2 promises due by 10:02: "),
    ],
)
def test_what_is_late_is_not_said_to_be_still_to_come(minutes: tuple[int, ...], words: str) -> None:
    assert sentence(*(promised(str(at), MONDAY + timedelta(minutes=at)) for at in minutes)).startswith(words)


def test_a_number_or_an_address_typed_into_a_promise_is_not_shown_on_a_locked_screen() -> None:
    for reached_by in ("+1 (716) 555-0100", "716.555.0100", "7165550100", "irina@petrov.example"):
        said = sentence(promised("p", MONDAY, title=f"Call {reached_by} on 48136", tag="", number=""))
        assert said == "Call … on 48136 · due 10:00"


def test_how_much_is_owed_and_how_much_of_it_is_late() -> None:
    rows = [
        promised("p", MONDAY - timedelta(minutes=1)),
        promised("q", MONDAY),
        promised("d", MONDAY, owner_id="david"),
    ]
    assert reminders.owed(rows, "maria", People(PEOPLE, MONDAY)) == (2, 1)
