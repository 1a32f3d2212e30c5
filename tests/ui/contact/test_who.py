"""The head of a repair order: who, how to reach them, and what is worst."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor_desk.domain.lights import Settings
from tests.ui.orders import RO, job, marchetti, part, said
from ui.contact import who
from ui.contact.who import Segment


def text(segments: list[Segment]) -> str:
    """The words of a line."""
    return " · ".join(segment.text for segment in segments)


def tone_of(segments: list[Segment], words: str) -> str:
    """The tone some words have."""
    return next(segment.tone for segment in segments if segment.text == words)


def ro(**fields: Any) -> dict[str, Any]:
    """The repair order with other fields."""
    return {**marchetti()["repair_order"], **fields}


def test_the_car_line_names_car_vin_tail_odometer_and_number() -> None:
    assert text(who.car_line(marchetti())) == "2021 VW Tiguan SE · …K074416 · 41,208 mi · RO 48142"


def test_the_reach_line_says_the_phone_whether_one_may_text_and_the_loaner(now: datetime, settings: Settings) -> None:
    line = who.reach_line(marchetti(), now, settings)
    assert text(line) == "(555) 010-7733 · texts allowed · loaner L-07 due today"
    assert {segment.tone for segment in line} == {"soft"}


def test_no_texts_and_no_phone_stand_out(now: datetime, settings: Settings) -> None:
    refused = marchetti(customer={"id": "c", "name": "X", "consent": {"text": {"state": "no"}}})
    line = who.reach_line(refused, now, settings)
    assert tone_of(line, "no texts") == "amber"
    assert tone_of(line, "no phone") == "amber"


def test_what_nobody_asked_is_not_taken_for_a_yes(now: datetime, settings: Settings) -> None:
    unasked = marchetti(customer={"id": "c", "name": "X", "phones": [{"raw": "1"}], "preferred_channel": "call"})
    assert text(who.reach_line(unasked, now, settings)).startswith("1 · texts not agreed · prefers calls")


def test_a_loaner_that_should_be_back_is_red(now: datetime, settings: Settings) -> None:
    out = marchetti(loaner={"unit": "L-07", "due_at": "2026-11-21T22:00:00Z"})
    assert tone_of(who.reach_line(out, now, settings), "loaner L-07 was due Sat 21") == "late"
    this_morning = marchetti(loaner={"unit": "L-07", "due_at": "2026-11-23T14:00:00Z"})
    assert tone_of(who.reach_line(this_morning, now, settings), "loaner L-07 was due 9:00") == "late"


def test_a_car_that_is_written_up_twice_names_the_other_order(now: datetime, settings: Settings) -> None:
    twice = marchetti(also_open=[{"id": "other", "number": "48150", "advisor": "David Kim"}, {"id": "third"}])
    line = who.state_line(twice, "emp-maria", now, settings)
    assert tone_of(line, "car is also on RO 48150, David K.") == "amber"
    assert tone_of(line, "car is also on an RO without a number") == "amber"


def test_the_advisor_is_named_when_it_is_somebody_else(now: datetime, settings: Settings) -> None:
    assert "with" not in text(who.state_line(marchetti(), "maria", now, settings))
    assert text(who.state_line(marchetti(), "david", now, settings)).endswith("with Maria K.")


def test_tag_promise_spot_and_hold_have_a_dot_while_they_wait_to_be_sent(now: datetime, settings: Settings) -> None:
    data = marchetti(
        repair_order=ro(spot="C12", hold_reasons=["parts"]), pending={RO: ["promised_at", "promise_moves", "spot"]}
    )
    line = who.state_line(data, "maria", now, settings)
    assert text(line) == "T-160 · promised 12:00 · spot C12 · on hold: parts"
    assert [segment.text for segment in line if segment.pending] == ["promised 12:00", "spot C12"]
    assert not any(segment.pending for segment in who.car_line(data))
    assert who.car_line(marchetti(pending={RO: ["stage"]}))[-1].pending


def test_the_promised_time_turns_amber_when_a_part_is_forecast_to_miss_it(now: datetime, settings: Settings) -> None:
    record = {"of": 38, "share": 0.3, "late": 2.0, "days": [0.0, 0.5, 2.0, 4.0]}
    line = part("axle", state="ordered", supplier="HON", source="order", eta="2026-11-23T16:00:00Z", record=record)
    due = ro(promised_at="2026-11-23T20:00:00Z")
    assert (
        tone_of(who.state_line(marchetti(repair_order=due, parts=[line]), "", now, settings), "promised 15:00")
        == "amber"
    )
    without = marchetti(repair_order=due, parts=[{**line, "record": None}])
    assert tone_of(who.state_line(without, "", now, settings), "promised 15:00") == "soft"


def test_a_person_is_called_by_first_and_last_name_and_a_company_as_it_stands() -> None:
    assert who.full_name({"name": "Marchetti, Sofia"}) == "Sofia Marchetti"
    assert who.full_name({"name": "Bolt, Nut & Sons", "is_company": True}) == "Bolt, Nut & Sons"
    assert who.full_name({"name": "山田, 太郎"}) == "太郎 山田"
    assert who.full_name({}) == "No customer"
    assert who.full_name({"id": "c"}) == "Name not known"


def test_nothing_known_is_still_said_in_words(now: datetime, settings: Settings) -> None:
    bare: dict[str, Any] = {"repair_order": {"id": "x"}, "customer": {}, "vehicle": {}, "advisor": {}}
    assert text(who.car_line(bare)) == "No vehicle · RO without a number yet"
    assert tone_of(who.reach_line(bare, now, settings), "Nobody to reach: this repair order has no customer") == "amber"
    assert who.state_line(bare, "", now, settings) == []
    assert who.worst(bare, now, settings) == ""


def test_an_eta_after_the_promise_asks_for_another_promise(now: datetime, settings: Settings) -> None:
    assert who.worst(marchetti(), now, settings) == "repromise"


def test_a_promise_that_has_passed_asks_for_another(settings: Settings) -> None:
    past = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert who.worst(marchetti(parts=[]), past, settings) == "repromise"


def test_a_ready_car_nobody_told_of_asks_for_a_call(now: datetime, settings: Settings) -> None:
    ready = ro(stage="ready", stage_since="2026-11-23T15:00:00Z")
    assert who.worst(marchetti(repair_order=ready), now, settings) == "call"
    told = [said("t", "2026-11-23T15:05:00Z", channel="call", outcome="reached")]
    assert who.worst(marchetti(repair_order=ready, story=told), now, settings) == ""


@pytest.mark.parametrize(
    ("changed", "worst"),
    [
        ({"parts": [part("p", state="ordered", eta="2026-11-23T15:30:00Z", source="order")]}, "tell"),
        ({"parts": [], "jobs": [job("j", state="sent", sent_at="2026-11-23T13:00:00Z")]}, "call"),
        ({"parts": []}, ""),
        ({"parts": [], "story": [], "repair_order": ro(opened="2026-11-20T13:00:00Z")}, "tell"),
        ({"repair_order": ro(stage="closed")}, ""),
    ],
    ids=["untold ETA", "estimate unanswered", "all is well", "long not told", "closed"],
)
def test_the_first_key_fixes_the_worst_thing(
    changed: dict[str, Any], worst: str, now: datetime, settings: Settings
) -> None:
    assert who.worst(marchetti(**changed), now, settings) == worst


def test_word_said_on_another_visit_does_not_count_as_told_here(now: datetime, settings: Settings) -> None:
    ready = ro(stage="ready", stage_since="2026-11-23T15:00:00Z")
    other = said("t", "2026-11-23T15:05:00Z", channel="call", outcome="reached") | {"repair_order_id": "another"}
    assert who.worst(marchetti(repair_order=ready, story=[other]), now, settings) == "call"
