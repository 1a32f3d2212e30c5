"""Times that are offered can be read, lie ahead, and keep out of the way of parts and nights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from advisor_desk.domain import moments, times
from advisor_desk.domain.lights import Settings
from ui.shell import ask_times

MONDAY = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)


def local(moment: datetime | None, settings: Settings) -> str:
    return f"{moment.astimezone(settings.zone):%a %H:%M}" if moment else ""


@pytest.mark.parametrize("hours", range(0, 24 * 8, 5))
@pytest.mark.parametrize("command", ["ro.repromise", "part.set_eta"])
@pytest.mark.parametrize("eta_in", [None, 3, 40])
def test_every_time_offered_can_be_read_and_lies_ahead_at_every_hour_of_a_week(
    hours: int, command: str, eta_in: int | None, settings: Settings
) -> None:
    now = MONDAY + timedelta(hours=hours)
    present = {"eta": times.to_wire(now + timedelta(hours=eta_in))} if eta_in else {}
    offered = ask_times.quick(command, present, now, settings)
    assert offered
    assert all(moments.read(text, now=now, zone=settings.zone) > now for text in offered)


def test_a_new_promise_is_offered_once_the_part_is_there_and_never_before(settings: Settings, now: datetime) -> None:
    present = {"eta": "2026-11-23T19:00:00Z"}
    assert ask_times.quick("ro.repromise", present, now, settings)[:2] == ["today 15:00", "today 17:00"]


@pytest.mark.parametrize(
    ("eta", "ready"),
    [
        ("2026-11-23T19:00:00Z", "Mon 15:00"),
        ("2026-11-23T19:10:00Z", "Mon 15:30"),
        ("2026-11-23T22:45:00Z", "Tue 10:00"),  # the drive would be closed by then
        ("2026-11-23T15:00:00Z", ""),  # passed: nobody knows when it comes
        (None, ""),
        ("not a moment", ""),
    ],
)
def test_a_car_is_ready_a_margin_after_its_part_on_the_half_hour(
    eta: str | None, ready: str, settings: Settings, now: datetime
) -> None:
    assert local(ask_times.after_part({"eta": eta}, now, settings), settings) == ready


def test_the_weekend_is_not_offered_for_a_part(settings: Settings) -> None:
    friday = MONDAY + timedelta(days=4)
    assert ask_times.quick("part.set_eta", {}, friday, settings) == ["today 15:00", "mon 10:00", "mon", "tue", "wed"]


def test_a_promise_just_after_the_part_is_warned_of_too(settings: Settings, now: datetime) -> None:
    meaning = ask_times.Meaning("ro.repromise", {"eta": "2026-11-26T17:00:00Z", "part": "pump"}, lambda: now, settings)
    assert meaning(times.from_wire("2026-11-26T17:20:00Z")) == "only 20 min after the pump is due"
    assert meaning(times.from_wire("2026-11-26T18:00:00Z")) == ""


def test_a_part_in_time_for_the_promise_is_not_warned_of(settings: Settings, now: datetime) -> None:
    meaning = ask_times.Meaning("part.set_eta", {"promised_at": "2026-11-23T22:00:00Z"}, lambda: now, settings)
    assert meaning(times.from_wire("2026-11-23T21:00:00Z")) == ""
    assert meaning(times.from_wire("2026-11-23T21:01:00Z")) == "too late for the promise, today 17:00"
