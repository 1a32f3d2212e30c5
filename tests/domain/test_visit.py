"""Visits: booked within the store's hours, confirmed, moved, missed, called off, and come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain import moments, times, visit
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)  # a Monday, 10:08 in New York
NOW_WIRE = "2026-11-23T15:08:00Z"
FRIDAY = "2026-11-27T15:00:00Z"
STORE: dict[str, Any] = {
    "timezone": "America/New_York",
    "hours": [{"opens": "07:30", "closes": "18:00"}] * 5 + [{"opens": "08:00", "closes": "14:00"}, {}],
    "holidays": {"country": "US", "subdivision": "NY"},
}
CALENDAR = Calendar.of_store(STORE)
BOOKED: dict[str, Any] = {"status": "booked", "starts_at": FRIDAY, "customer_id": "c1", "vehicle_id": "v1"}


def book(starts_at: str, now: datetime = NOW, **more: Any) -> dict[str, Any]:
    edit = visit.booked("a1", {"customer_id": "c1", "starts_at": starts_at} | more, by="e1", calendar=CALENDAR, now=now)
    assert (edit.kind, edit.record_id, edit.op) == ("appointment", "a1", "create")
    return dict(edit.set)


def test_a_visit_is_booked_with_who_booked_it_and_when() -> None:
    assert book("2026-11-27T10:00:00-05:00", vehicle_id="v1", hours=1.5, concerns="Brakes") == {
        "customer_id": "c1", "vehicle_id": "v1", "starts_at": FRIDAY, "hours": 1.5, "concerns": "Brakes",
        "source": "phone", "status": "booked", "booked_at": NOW_WIRE, "booked_by": "e1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("starts_at", "why"),
    [
        (NOW_WIRE, "is in the past; book a time to come"),
        ("2026-11-20T15:00:00Z", "is in the past; book a time to come"),
        ("2026-11-26T15:00:00Z", "is a holiday; book another day"),  # Thanksgiving
        ("2026-11-29T15:00:00Z", "is a day the store is shut; book another day"),  # Sunday
        ("2026-11-27T12:29:00Z", "is outside the store's hours; that day it is open 07:30 to 18:00"),
        ("2026-11-27T23:00:00Z", "is outside the store's hours; that day it is open 07:30 to 18:00"),
        ("2026-11-28T19:30:00Z", "is outside the store's hours; that day it is open 08:00 to 14:00"),
    ],
)
def test_a_visit_at_a_time_nobody_is_there_is_refused(starts_at: str, why: str) -> None:
    with pytest.raises(BadArguments) as refused:
        book(starts_at)
    assert refused.value.fields == {"starts_at": why}
    with pytest.raises(BadArguments):
        move(BOOKED, starts_at)


@pytest.mark.parametrize(
    ("opens", "shut"), [("00:30", ""), ("07:30", "is outside the store's hours; that day it is open 07:30 to 18:00")]
)
def test_a_visit_in_the_hour_that_the_clocks_skip_begins_behind_it_or_is_refused(opens: str, shut: str) -> None:
    zone = ZoneInfo("America/New_York")
    store = Calendar.of_store({"timezone": zone.key, "hours": [{"opens": opens, "closes": "18:00"}] * 7})
    saturday = datetime(2027, 3, 13, 15, tzinfo=UTC)
    typed = times.to_wire(moments.read("sun 2:30am", now=saturday, zone=zone))
    said = {"customer_id": "c1", "starts_at": typed}
    if shut:
        with pytest.raises(BadArguments) as refused:
            visit.booked("a1", said, by="e1", calendar=store, now=saturday)
        assert refused.value.fields == {"starts_at": shut}
    else:
        booked = visit.booked("a1", said, by="e1", calendar=store, now=saturday)
        assert booked.set["starts_at"] == "2027-03-14T07:00:00Z", "3:00, the first minute there is"


@pytest.mark.parametrize(
    "opens", ["2027-03-12T12:30:00Z", "2027-03-15T11:30:00Z"]
)  # before and after the clocks change
def test_the_first_visit_of_the_day_follows_the_change_to_summer_time(opens: str) -> None:
    assert book(opens)["starts_at"] == opens
    with pytest.raises(BadArguments):
        book(times.to_wire(times.from_wire(opens) - timedelta(minutes=1)))


def test_a_second_visit_of_a_car_on_one_day_takes_saying_again() -> None:
    with pytest.raises(Refused, match="booked on that day already") as refused:
        visit.check_car_is_free([{"status": "cancelled"}, BOOKED], again=False)
    assert refused.value.fields.keys() == {"vehicle_id"}
    visit.check_car_is_free([BOOKED], again=True)
    visit.check_car_is_free([{"status": "cancelled"}, {"status": "arrived"}, {"status": "no_show"}], again=False)


def after(edits: list[Any], was: dict[str, Any]) -> dict[str, Any]:
    (edit,) = edits
    assert edit.was == {name: was.get(name) for name in edit.set}
    return was | dict(edit.set)


def move(was: dict[str, Any], to: str, reason: str = "") -> dict[str, Any]:
    return after(visit.move("a1", was, to, reason=reason, by="e1", calendar=CALENDAR, now=NOW), was)


def test_a_confirmed_visit_says_since_when() -> None:
    sure = after(visit.confirm("a1", BOOKED, NOW), BOOKED)
    assert (sure["status"], sure["confirmed_at"]) == ("confirmed", NOW_WIRE)
    assert visit.confirm("a1", sure, NOW + timedelta(hours=1)) == []


def test_a_moved_visit_keeps_every_move_and_wants_confirming_again() -> None:
    sure = BOOKED | {"status": "confirmed", "confirmed_at": NOW_WIRE}
    once = move(sure, "2026-11-30T15:00:00Z", "no ride")
    assert (once["status"], once["confirmed_at"], once["starts_at"]) == ("booked", None, "2026-11-30T15:00:00Z")
    twice = move(once, "2026-12-01T15:00:00Z")
    assert twice["moves"] == [
        {"at": NOW_WIRE, "by": "e1", "was": FRIDAY, "to": "2026-11-30T15:00:00Z", "reason": "no ride"},
        {"at": NOW_WIRE, "by": "e1", "was": "2026-11-30T15:00:00Z", "to": "2026-12-01T15:00:00Z"},
    ]  # fmt: skip
    again = visit.move("a1", twice, "2026-12-01T10:00:00-05:00", reason="", by="e1", calendar=CALENDAR, now=NOW)
    assert again == []


def test_a_missed_visit_is_saved_by_moving_it() -> None:
    missed = BOOKED | {"status": "no_show", "starts_at": "2026-11-23T14:00:00Z"}
    assert move(missed, FRIDAY)["status"] == "booked"


def test_a_car_arrives_on_its_day_and_not_before() -> None:
    later_today = BOOKED | {"starts_at": "2026-11-23T21:00:00Z"}
    here = after(visit.arrive("a1", later_today, calendar=CALENDAR, now=NOW), later_today)
    assert (here["status"], here["arrived_at"]) == ("arrived", NOW_WIRE)
    assert visit.arrive("a1", here, calendar=CALENDAR, now=NOW) == []
    with pytest.raises(BadArguments) as refused:
        visit.arrive("a1", BOOKED, calendar=CALENDAR, now=NOW)
    assert refused.value.fields == {"appointment_id": "is of a later day; move the visit to today first"}


def test_nobody_is_missed_before_their_time() -> None:
    with pytest.raises(BadArguments) as refused:
        visit.no_show("a1", BOOKED, NOW)
    assert refused.value.fields == {"appointment_id": "has not begun; they may still come"}
    begun = BOOKED | {"starts_at": NOW_WIRE}
    missed = after(visit.no_show("a1", begun, NOW), begun)
    assert missed["status"] == "no_show"
    late = after(visit.arrive("a1", missed, calendar=CALENDAR, now=NOW), missed)
    assert late["status"] == "arrived"


def test_a_visit_that_is_called_off_says_why() -> None:
    off = after(visit.cancel("a1", BOOKED, reason="sold the car", now=NOW), BOOKED)
    assert (off["status"], off["reason"]) == ("cancelled", "sold the car")


@pytest.mark.parametrize("status", ["arrived", "cancelled"])
def test_what_came_or_was_called_off_is_booked_anew(status: str) -> None:
    was = BOOKED | {"status": status}
    tries = [
        lambda: visit.move("a1", was, "2026-11-30T15:00:00Z", reason="", by="e1", calendar=CALENDAR, now=NOW),
        lambda: visit.confirm("a1", was, NOW),
        lambda: visit.no_show("a1", was, NOW),
    ]
    for attempt in tries:
        with pytest.raises(IllegalMove, match=r"Book a new visit\.$"):
            attempt()


def test_a_status_of_a_newer_release_stands_in_nobodys_way() -> None:
    assert move(BOOKED | {"status": "waitlisted"}, "2026-11-30T15:00:00Z")["status"] == "booked"


def test_hours_are_booked_by_skill_and_only_of_visits_that_hold() -> None:
    visits = [
        BOOKED | {"hours": 1.5},
        BOOKED | {"hours": 2, "skill": "diagnosis", "status": "arrived"},
        BOOKED | {"hours": 4, "status": "no_show"},
        BOOKED | {"hours": 4, "status": "cancelled"},
        BOOKED | {"hours": 0.5, "status": "requested"},
        BOOKED,
    ]
    assert visit.load(visits) == {"general": 2.0, "diagnosis": 2.0}


def test_a_day_booked_beyond_its_hours_is_said_and_not_refused() -> None:
    said = visit.beyond_capacity({"general": 97.5}, "general", {"general": 96.0})
    assert said == "That day is full: 97.5 hours are booked of 96 for general work."
    assert visit.beyond_capacity({"general": 96.0}, "general", {"general": 96.0}) == ""
    assert visit.beyond_capacity({"detail": 500.0}, "detail", {"general": 96.0}) == ""
