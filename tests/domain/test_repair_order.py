"""Stages, promises, tags, spots and holds."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.domain import repair_order
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused
from advisor_desk.domain.repair_order import FINAL, LANES, STAGES

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
RO: dict[str, Any] = {"number": "6184230", "stage": "repair", "stage_since": "2026-11-23T13:00:00Z"}


def test_the_lanes_stand_in_the_order_of_the_work() -> None:
    assert LANES == ("write_up", "dispatch", "diagnosis", "approval", "parts", "repair", "quality", "ready")
    assert set(STAGES) - set(LANES) == FINAL


def test_a_car_skips_forward_and_steps_back_freely() -> None:
    for now, then in itertools.permutations(LANES, 2):
        (edit,) = repair_order.move_stage("r1", RO | {"stage": now}, then, NOW)
        assert edit.set == {"stage": then, "stage_since": NOW_WIRE}
        assert edit.was == {"stage": now, "stage_since": RO["stage_since"]}


def test_a_car_moved_to_where_it_is_keeps_its_age_in_the_stage() -> None:
    assert repair_order.move_stage("r1", RO, RO["stage"], NOW) == []


@pytest.mark.parametrize("final", sorted(FINAL))
def test_a_closed_or_void_car_is_final_for_a_desk(final: str) -> None:
    for then in set(STAGES) - {final}:
        with pytest.raises(IllegalMove) as refused:
            repair_order.move_stage("r1", {"stage": final}, then, NOW)
        assert refused.value.message.endswith("Reopen the repair order in the dealer system.")
        assert refused.value.fields == {"stage": f"cannot go from {final} to {then}"}


@pytest.mark.parametrize("final", sorted(FINAL))
def test_a_car_is_not_closed_or_voided_by_moving_it(final: str) -> None:
    with pytest.raises(Refused) as refused:
        repair_order.move_stage("r1", RO, final, NOW)
    assert refused.value.code == "not_a_lane"
    assert refused.value.fields.keys() == {"stage"}


def test_a_car_without_a_stage_stands_at_the_write_up_and_one_in_an_unknown_stage_may_go_anywhere() -> None:
    assert repair_order.move_stage("r1", {}, "write_up", NOW) == []
    (edit,) = repair_order.move_stage("r1", {"stage": "detailing"}, "quality", NOW)
    assert edit.was["stage"] == "detailing"


@pytest.mark.parametrize(
    ("status", "stage", "after"),
    [
        ("completed", "repair", "ready"),
        ("completed", "ready", "ready"),
        ("completed", "closed", "closed"),
        ("closed", "write_up", "closed"),
        ("void", "ready", "void"),
        ("in_progress", "write_up", "write_up"),
        ("W-99", "parts", "parts"),  # an unknown code keeps the stage
    ],
)
def test_the_dealer_systems_status_moves_the_board(status: str, stage: str, after: str) -> None:
    assert repair_order.stage_for_dms_status(status, stage) == after


def test_only_closed_and_void_are_off_the_board() -> None:
    assert [stage for stage in (*STAGES, "detailing") if not repair_order.is_open(stage)] == ["closed", "void"]


def repromise(ro: dict[str, Any], to: str, reason: str = "") -> dict[str, Any]:
    (edit,) = repair_order.repromise("r1", ro, to, reason=reason, by="e1", now=NOW)
    return ro | dict(edit.set)


def test_a_new_promise_keeps_the_first_and_every_move() -> None:
    once = repromise({"promised_at": "2026-11-23T22:00:00Z"}, "2026-11-24T15:00:00Z", "Starter")
    twice = repromise(once, "2026-11-24T17:00:00-05:00")
    assert twice["promised_at"] == "2026-11-24T22:00:00Z"
    assert twice["first_promised_at"] == "2026-11-23T22:00:00Z"
    assert twice["promise_moves"] == [
        {"at": NOW_WIRE, "by": "e1", "was": "2026-11-23T22:00:00Z", "to": "2026-11-24T15:00:00Z", "reason": "Starter"},
        {"at": NOW_WIRE, "by": "e1", "was": "2026-11-24T15:00:00Z", "to": "2026-11-24T22:00:00Z"},
    ]  # fmt: skip


def test_the_first_promise_of_a_car_is_its_first() -> None:
    first = repromise({}, "2026-11-24T15:00:00Z")
    assert first["first_promised_at"] == first["promised_at"]
    assert first["promise_moves"] == [{"at": NOW_WIRE, "by": "e1", "to": "2026-11-24T15:00:00Z"}]


def test_the_same_promise_again_changes_nothing() -> None:
    ro = {"promised_at": "2026-11-24T15:00:00Z"}
    assert repair_order.repromise("r1", ro, "2026-11-24T10:00:00-05:00", reason="", by="e1", now=NOW) == []


@pytest.mark.parametrize("past", ["2026-11-23T15:08:00Z", "2026-11-23T10:07:59-05:00", "2020-01-01T00:00:00Z"])
def test_a_promise_in_the_past_is_refused(past: str) -> None:
    with pytest.raises(BadArguments) as refused:
        repair_order.repromise("r1", RO, past, reason="", by="e1", now=NOW)
    assert refused.value.message == "Promised at is in the past; promise a time to come."


def test_a_tag_and_a_spot_are_set_and_taken_off() -> None:
    (edit,) = repair_order.set_tag("r1", RO, "T41")
    assert (edit.set, edit.was) == ({"tag": "T41"}, {"tag": None})
    (edit,) = repair_order.set_tag("r1", RO | {"tag": "T41"}, "")
    assert edit.set == {"tag": None}
    (edit,) = repair_order.set_spot("r1", RO, "Row B")
    assert edit.set == {"spot": "Row B"}
    assert repair_order.set_spot("r1", RO, "") == []


@settings(max_examples=40)
@given(st.lists(st.sampled_from(repair_order.HOLD_REASONS)))
def test_a_hold_lists_its_reasons_once_in_their_usual_order_and_none_releases_it(reasons: list[str]) -> None:
    held = {"hold_reasons": ["other"]}
    made = repair_order.hold("r1", held, reasons)
    after = (held | dict(made[0].set) if made else held)["hold_reasons"]
    assert after == ([reason for reason in repair_order.HOLD_REASONS if reason in reasons] or None)


def opened(**args: Any) -> dict[str, Any]:
    edit = repair_order.opened("r9", "48200", {"customer_id": "c1", **args}, by="e1", now=NOW)
    assert (edit.kind, edit.record_id, edit.op, edit.was) == ("repair_order", "r9", "create", {})
    return dict(edit.set)


def test_a_new_order_stands_at_the_write_up_with_its_advisor_from_now_on() -> None:
    assert opened() == {
        "number": "48200", "customer_id": "c1", "advisor_id": "e1", "opened": NOW_WIRE, "stage": "write_up",
        "stage_since": NOW_WIRE,
    }  # fmt: skip


def test_a_new_order_keeps_its_first_promise_as_both() -> None:
    ro = opened(promised_at="2026-11-23T17:00:00-05:00", tag="T41", transport="waiter", odometer=41_207)
    assert ro["promised_at"] == ro["first_promised_at"] == "2026-11-23T22:00:00Z"
    assert (ro["tag"], ro["transport"], ro["odometer_in"]) == ("T41", "waiter", 41_207)


def test_a_new_order_is_not_promised_for_the_past() -> None:
    with pytest.raises(BadArguments) as refused:
        opened(promised_at=NOW_WIRE)
    assert refused.value.fields.keys() == {"promised_at"}


def test_a_car_with_an_open_order_gets_another_only_when_it_is_said_again() -> None:
    with pytest.raises(Refused) as refused:
        repair_order.check_car_is_free([{"stage": "closed"}, RO], again=False)
    assert refused.value.code == "open_already"
    assert refused.value.message == (
        "That car has an open repair order already, 6184230. Add to that one, or say again to open another."
    )
    assert refused.value.fields.keys() == {"vehicle_id"}
    repair_order.check_car_is_free([RO], again=True)
    repair_order.check_car_is_free([{"stage": "closed"}, {"stage": "void"}], again=False)


def test_an_order_in_a_stage_nobody_knows_or_none_counts_as_open() -> None:
    for ro in ({"stage": "detailing"}, {}):
        with pytest.raises(Refused):
            repair_order.check_car_is_free([ro], again=False)


@given(st.text(min_size=1), st.integers(min_value=1))
def test_a_temporary_number_tells_the_desk_by_its_letters_and_is_known_as_one(id: str, count: int) -> None:
    number = repair_order.temporary_number(repair_order.letters_of(id), count)
    assert re.fullmatch(rf"TMP-[A-Z]{{4}}-{count}", number)
    assert repair_order.is_temporary(number) and not repair_order.is_temporary("48200")


def close(ro: dict[str, Any], *jobs: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"odometer": None, "anyway": False, "reason": ""} | more
    (edit,) = repair_order.close("r1", ro, jobs, **said, now=NOW)
    assert edit.was == {name: ro.get(name) for name in edit.set}
    return ro | dict(edit.set)


DONE, DECLINED = {"letter": "A", "state": "done"}, {"letter": "B", "state": "declined"}
OPEN_WORK = {"letter": "C", "state": "in_progress"}


def test_a_car_whose_work_is_done_is_closed_off_the_board() -> None:
    shut = close(RO | {"hold_reasons": ["parts"], "spot": "B4", "odometer_in": 41_000}, DONE, DECLINED, odometer=41_020)
    assert (shut["stage"], shut["closed"], shut["stage_since"]) == ("closed", NOW_WIRE, NOW_WIRE)
    assert (shut["hold_reasons"], shut["spot"], shut["odometer_out"]) == (None, None, 41_020)


def test_work_left_is_named_and_closing_anyway_needs_a_reason() -> None:
    approved = {"letter": "A", "state": "approved"}
    with pytest.raises(Refused) as refused:
        close(RO, approved)
    assert refused.value.code == "work_left"
    assert refused.value.message.startswith("Job A is approved and not done.")
    with pytest.raises(Refused, match="Jobs A, C are approved and not done"):
        close(RO, OPEN_WORK, approved, DONE)
    with pytest.raises(BadArguments) as bad:
        close(RO, OPEN_WORK, anyway=True)
    assert bad.value.fields.keys() == {"reason"}
    assert close(RO, OPEN_WORK, anyway=True, reason="towed away")["close_reason"] == "towed away"


def test_a_car_does_not_leave_with_fewer_miles_than_it_came_with() -> None:
    with pytest.raises(BadArguments) as refused:
        close(RO | {"odometer_in": 41_000}, odometer=40_999)
    assert refused.value.fields == {"odometer_out": "is less than the 41,000 it came in with"}


def test_a_void_order_says_why() -> None:
    (edit,) = repair_order.void("r1", RO, reason="written up twice", now=NOW)
    assert edit.set == {"stage": "void", "stage_since": NOW_WIRE, "close_reason": "written up twice"}


@pytest.mark.parametrize("final", sorted(FINAL))
def test_what_is_closed_or_void_is_not_closed_or_voided_again(final: str) -> None:
    with pytest.raises(IllegalMove):
        close({"stage": final})
    with pytest.raises(IllegalMove):
        repair_order.void("r1", {"stage": final}, reason="twice", now=NOW)


def test_an_order_is_written_up_from_a_visit_of_the_same_customer_and_car_and_only_once() -> None:
    booked = {"customer_id": "c1", "vehicle_id": "v1"}
    args = {"customer_id": "c1", "vehicle_id": "v1", "appointment_id": "a1"}
    repair_order.check_visit_fits(booked, [{"appointment_id": "a2"}, {}], args)
    repair_order.check_visit_fits({"customer_id": "c1"}, [], args)
    with pytest.raises(BadArguments) as refused:
        repair_order.check_visit_fits(booked, [], args | {"vehicle_id": "v2"})
    assert refused.value.fields == {"vehicle_id": "is not the vehicle of that visit"}
    with pytest.raises(BadArguments):
        repair_order.check_visit_fits(booked, [], args | {"customer_id": "c2"})
    with pytest.raises(Refused, match="written up already, on 48001"):
        repair_order.check_visit_fits(booked, [{"appointment_id": "a1", "number": "48001"}], args)
    repair_order.check_visit_fits(booked, [{"appointment_id": "a1"}], args | {"again": True})
