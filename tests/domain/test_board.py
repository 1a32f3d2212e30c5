"""A card's facts, gathered from records, and what is owed next on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.domain import board, lights, times
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.records import KINDS

STORE = Settings(zone=ZoneInfo("America/New_York"))
RO = {
    "number": "6184230", "tag": "T41", "stage": "repair", "stage_since": "2026-11-23T14:00:00Z", "advisor_id": "maria",
    "opened": "2026-11-23T13:00:00Z", "promised_at": "2026-11-23T22:00:00Z", "customer_id": "c1", "spot": "Row B",
    "odometer_in": 41_200,
}  # fmt: skip
SOFIA = {"name": "Marchetti, Sofia", "phones": [{"raw": "518 555 0123"}]}
CAR = {"year": 2019, "make": "Honda", "model": "CR-V", "trim": "EX", "vin": "1HGCM82633A004352"}


def gather(ro: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"customer": SOFIA, "vehicle": CAR, "names": {"t1": "Ray"}} | more
    return board.gather("r1", RO if ro is None else ro, **given)


def test_a_card_says_whose_car_it_is_and_where_it_stands() -> None:
    facts = gather()
    assert {name: facts[name] for name in ("id", "tag", "stage", "customer", "vehicle", "spot")} == {
        "id": "r1", "tag": "T41", "stage": "repair", "customer": "Marchetti, Sofia", "vehicle": "2019 CR-V EX",
        "spot": "Row B",
    }  # fmt: skip


def test_a_card_holds_only_declared_facts_and_no_phone_or_vin() -> None:
    facts = gather(
        jobs=[{"state": "approved", "technician_id": "t1"}],
        parts=[("p1", {"state": "ordered", "amount": 8_900, "eta": "2026-11-23T18:00:00Z"})],
        loaners=[{"unit": "L7", "out_at": "2026-11-23T13:10:00Z", "due_at": "2026-11-24T22:00:00Z"}],
        pending=["tag", "spot"],
    )
    assert facts.keys() <= board.FACTS.keys()
    assert facts["parts"] == [{"id": "p1", "state": "ordered", "eta": "2026-11-23T18:00:00Z"}]
    assert (facts["technician"], facts["loaner"], facts["pending"]) == ("Ray", "L7", ["spot", "tag"])
    assert not {"odometer_in", "vin", "phones"} & facts.keys()


def test_part_facts_are_fields_of_a_part_line() -> None:
    assert set(board.PART_FACTS) <= KINDS["part_line"].fields.keys()


def test_missing_records_leave_empty_words() -> None:
    facts = board.gather("r1", {}, customer=None, vehicle=None, names={})
    assert (facts["customer"], facts["vehicle"], facts["technician"], facts["stage"]) == ("", "", "", "write_up")
    assert (facts["parts"], facts["told_at"], facts["asked_at"], facts["pending"]) == ([], "", "", [])


def test_the_customer_was_told_by_the_last_contact_that_got_through() -> None:
    reached = {"channel": "call", "direction": "out", "outcome": "reached", "at": "2026-11-23T14:10:00Z"}
    voicemail = reached | {"outcome": "voicemail", "at": "2026-11-23T15:00:00Z"}
    called_us = reached | {"direction": "in", "outcome": "received", "at": "2026-11-23T15:05:00Z"}
    note = reached | {"channel": "note", "at": "2026-11-23T15:06:00Z"}
    assert gather(contacts=[voicemail, reached, called_us, note])["told_at"] == "2026-11-23T14:10:00Z"


def test_the_oldest_estimate_without_an_answer_counts() -> None:
    jobs = [
        {"state": "sent", "sent_at": "2026-11-23T14:30:00Z"},
        {"state": "sent", "sent_at": "2026-11-23T14:00:00Z"},
        {"state": "approved", "sent_at": "2026-11-23T13:00:00Z"},
        {"state": "in_progress"},
        {"state": "done"},
        {"state": "declined"},
        {"state": "sent"},
    ]
    facts = gather(jobs=jobs)
    assert (facts["asked_at"], facts["approved"], facts["declined"]) == ("2026-11-23T14:00:00Z", 3, 1)


def test_a_loaner_that_is_back_is_not_shown() -> None:
    back = {"unit": "L7", "out_at": "2026-11-22T13:10:00Z", "back_at": "2026-11-23T13:10:00Z"}
    assert "loaner" not in gather(loaners=[back, {"unit": "L8"}])


@pytest.mark.parametrize(
    ("car", "words"),
    [
        (CAR, "2019 CR-V EX"),
        ({"year": 2019, "make": "Honda"}, "2019 Honda"),
        ({"model": "Corvette"}, "Corvette"),
        ({}, ""),
    ],
)
def test_a_car_is_named_as_a_card_has_room_for(car: dict[str, Any], words: str) -> None:
    assert board.vehicle_words(car) == words


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"customer": "Marchetti, Sofia"}, "Marchetti"),
        ({"customer": "Hudson Valley Plumbing"}, "Hudson Valley Plumbing"),
        ({"customer": "", "tag": "T41"}, "T41"),
        ({"number": "6184230"}, "6184230"),
        ({}, "the customer"),
    ],
)
def test_a_card_files_under_the_family_name(facts: dict[str, Any], name: str) -> None:
    assert board.who(facts) == name


MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
"""Half an hour after the car was written up."""


def owed(facts: dict[str, Any], now: datetime = MORNING) -> list[tuple[str, str, str, str]]:
    """Rule, title, due time in the store and the command that keeps it."""
    return [
        (item.rule, item.title, f"{item.due_at.astimezone(STORE.zone):%d %H:%M}", item.keeps)
        for item in board.owed(facts, STORE, now)
    ]


def test_a_car_in_work_owes_an_update() -> None:
    assert owed(gather()) == [("update_customer", "Update Marchetti", "23 12:00", "contact.log")]


def test_a_promised_time_that_has_passed_is_for_the_card_to_say_and_no_promise() -> None:
    evening = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert owed(gather(), evening) == []
    assert lights.of(gather(), evening, STORE)[1].tone == "late"


def test_a_waiter_hears_every_three_quarters_of_an_hour() -> None:
    assert owed(gather(RO | {"transport": "waiter"}))[0][2] == "23 08:45"


def test_when_a_car_that_stays_hears_next_is_for_the_rule_to_say() -> None:
    assert owed(gather(RO | {"promised_at": "2026-11-25T22:00:00Z"})) == []


def test_an_update_that_is_due_is_owed_as_the_promise_it_has_become() -> None:
    noon = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert owed(gather(), noon - timedelta(minutes=1))[0][0] == "update_customer"
    assert owed(gather(), noon) == []


READY = RO | {"stage": "ready", "stage_since": "2026-11-23T15:00:00Z"}
CALL = {"id": "p1", "rule": "tell_ready", "title": "Tell Marchetti: car is ready", "keeps": "contact.log"}


def test_a_ready_car_owes_what_is_promised_on_it_and_nothing_else() -> None:
    facts = gather(READY, promises=[CALL | {"due_at": "2026-11-23T15:15:00Z"}])
    assert owed(facts) == [("tell_ready", "Tell Marchetti: car is ready", "23 10:15", "contact.log")]
    assert owed(gather(READY)) == []


def test_an_update_that_is_promised_already_is_not_owed_twice() -> None:
    update = {"id": "p2", "rule": "update_customer", "title": "Update Marchetti", "keeps": "contact.log"}
    facts = gather(promises=[update | {"due_at": "2026-11-23T17:00:00Z"}])
    assert [rule for rule, *_ in owed(facts)] == ["update_customer"]


def test_a_promise_without_a_due_time_is_left_out() -> None:
    assert owed(gather(READY, promises=[CALL])) == []


MOMENT = st.sampled_from(["", "soon", "2026-11-23T14:00:00Z", "2026-11-24T14:00:00Z", None])
ANY_RO = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("opened", "promised_at", "stage_since"), MOMENT)
    | {"stage": st.sampled_from(["ready", "repair", "detailing", None]), "customer_id": st.just("c1")},
)


@settings(max_examples=40)
@given(ANY_RO, st.lists(st.fixed_dictionaries({"state": st.sampled_from(["ordered", "received"]), "eta": MOMENT})))
def test_whatever_the_records_hold_what_is_owed_comes_soonest_first(ro: dict[str, Any], lines: list[Any]) -> None:
    facts = board.gather("r1", ro, customer=None, vehicle=None, parts=enumerate_ids(lines), names={})
    due = [item.due_at for item in board.owed(facts, STORE, MORNING)]
    assert due == sorted(due)
    assert all(times.to_wire(moment) for moment in due)
    assert all(moment.tzinfo is not None and moment > datetime(2000, 1, 1, tzinfo=UTC) for moment in due)


def enumerate_ids(lines: list[Any]) -> list[tuple[str, Any]]:
    return [(f"p{number}", line) for number, line in enumerate(lines)]
