"""Visits through the pipe: booked, confirmed, moved, come and written up; and the order that is closed at the end."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from advisor_desk.domain import times
from advisor_desk.domain.records import KINDS
from tests.support import board, hours
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import Row, check_writers, free_car, held, in_hand, jobs, made, write_up


@pytest.fixture
def car(manager: DeskProcess) -> Row:
    """A customer and their car that has no open order and no visit."""
    return free_car(manager)


def book(desk: DeskProcess, car: Row, starts_at: str, **more: Any) -> str:
    """Book a visit; its id."""
    return made(desk.ask("visit.book", starts_at=starts_at, **car, **more), "appointment")


def test_a_visit_is_booked_confirmed_and_moved_and_the_bridge_knows_each_step(
    manager: DeskProcess, bridge: BridgeProcess, car: Row
) -> None:
    first, later = hours.open_at(manager, 3), hours.open_at(manager, 5)
    id = book(manager, car, first, hours=1.5, concerns="Brakes grind", source="phone")
    fields = held(bridge, manager, "appointment", id)
    assert (fields["starts_at"], fields["booked_by"]) == (first, bridge.get("/v1/me", "helen")["employee"]["id"])
    assert fields.get("status", "booked") == "booked"
    customer = held(bridge, manager, "customer", car["customer_id"])
    assert fields["advisor_id"] == customer["advisor_id"]
    manager.ask("visit.confirm", appointment_id=id)
    assert held(bridge, manager, "appointment", id)["status"] == "confirmed"
    manager.ask("visit.move", appointment_id=id, starts_at=later, reason="no ride that day")
    fields = held(bridge, manager, "appointment", id)
    assert (fields["starts_at"], fields["status"], fields["moves"][0]["reason"]) == (
        later, "booked", "no ride that day"
    )  # fmt: skip
    assert "confirmed_at" not in fields
    manager.ask("undo")
    assert held(bridge, manager, "appointment", id)["status"] == "confirmed"
    manager.ask("visit.cancel", appointment_id=id, reason="sold the car")
    assert held(bridge, manager, "appointment", id)["reason"] == "sold the car"
    manager.ask("undo")
    assert held(bridge, manager, "appointment", id)["status"] == "confirmed"


def test_a_visit_when_nobody_is_there_is_refused_and_nothing_is_booked(manager: DeskProcess, car: Row) -> None:
    before = manager.records()
    for at in (time(3), time(23, 30)):
        with pytest.raises(Refusal) as refused:
            book(manager, car, hours.open_at(manager, 2, at))
        assert "outside the store's hours" in refused.value.fields["starts_at"]
    with pytest.raises(Refusal) as refused:
        book(manager, car, "2020-01-01T15:00:00Z")
    assert refused.value.fields == {"starts_at": "is in the past; book a time to come"}
    assert manager.records() == before


def test_a_car_booked_twice_on_one_day_takes_saying_again(manager: DeskProcess, car: Row) -> None:
    book(manager, car, hours.open_at(manager, 4, time(9)))
    with pytest.raises(Refusal) as refused:
        book(manager, car, hours.open_at(manager, 4, time(16)))
    assert refused.value.code == "booked_already"
    book(manager, car, hours.open_at(manager, 4, time(16)), again=True)
    book(manager, car, hours.open_at(manager, 6, time(9)))


def test_a_day_that_is_full_is_said_and_booked_all_the_same(manager: DeskProcess, car: Row) -> None:
    at = hours.open_at(manager, 40)
    answer = manager.ask("visit.book", starts_at=at, hours=500, skill="diagnosis", **car)
    assert answer["changed"]["appointment"]
    assert answer["warnings"] == ["That day is full: 500 hours are booked of 24 for diagnosis work."]
    manager.ask("undo")
    assert "warnings" not in manager.ask("visit.book", starts_at=at, hours=2, skill="diagnosis", **car)


def test_a_visit_of_a_later_day_has_not_come_and_is_not_missed(manager: DeskProcess, car: Row) -> None:
    id = book(manager, car, hours.open_at(manager, 3, time(11)))
    for command, why in (("visit.arrive", "is of a later day"), ("visit.no_show", "has not begun")):
        with pytest.raises(Refusal) as refused:
            manager.ask(command, appointment_id=id)
        assert refused.value.fields["appointment_id"].startswith(why)


def test_a_customer_is_not_booked_with_somebody_who_is_not_here(manager: DeskProcess, car: Row) -> None:
    with pytest.raises(Refusal) as refused:
        book(manager, car, hours.open_at(manager, 3), advisor_id="nobody")
    assert (refused.value.code, set(refused.value.fields)) == ("not_found", {"advisor_id"})


def of_today(desk: DeskProcess, *statuses: str) -> tuple[str, Row]:
    """A visit of today, in one of these states, of a car without an open order."""
    store = hours.calendar(desk)
    records = desk.records()
    busy = in_hand(records)
    today = store.local(times.from_wire(board.hence()))
    return next(
        (id, fields)
        for (kind, id), fields in records.items()
        if kind == "appointment"
        and fields.get("status", "booked") in statuses
        and store.local(times.from_wire(fields["starts_at"])) <= today
        and fields["vehicle_id"] not in busy
    )


def test_an_order_written_up_from_a_visit_names_it_and_the_visit_has_come(
    manager: DeskProcess, bridge: BridgeProcess
) -> None:
    id, visit = of_today(manager, "booked", "confirmed")
    car = {name: visit[name] for name in ("customer_id", "vehicle_id")}
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.open", appointment_id=id, customer_id=board.cards(manager)[0]["customer_id"])
    assert set(refused.value.fields) == {"customer_id"}
    answer = manager.ask("ro.open", appointment_id=id, complaints=["Brakes grind"], odometer=41_200, **car)
    (ro_id,) = answer["changed"]["repair_order"]
    assert held(bridge, manager, "repair_order", ro_id)["appointment_id"] == id
    arrived = held(bridge, manager, "appointment", id)
    assert arrived["status"] == "arrived"
    assert arrived["arrived_at"]
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.open", appointment_id=id, customer_id=car["customer_id"])
    assert refused.value.code == "written_up_already"
    manager.ask("undo")
    assert held(bridge, manager, "appointment", id).get("status", "booked") == visit.get("status", "booked")


@pytest.fixture
def order(manager: DeskProcess, car: Row) -> str:
    """A repair order just written up, with one job."""
    return write_up(manager, car, odometer=41_200)


def test_a_closed_order_leaves_the_board_and_stays_closed(
    manager: DeskProcess, bridge: BridgeProcess, order: str
) -> None:
    manager.ask("ro.close", repair_order_id=order, odometer_out=41_210)
    assert order not in {row["id"] for row in board.cards(manager)}
    fields = held(bridge, manager, "repair_order", order)
    assert (fields["stage"], fields["odometer_out"]) == ("closed", 41_210)
    assert fields["closed"]
    for command in ("ro.close", "ro.void"):
        with pytest.raises(Refusal) as refused:
            manager.ask(command, repair_order_id=order, reason="twice")
        assert refused.value.code == "illegal_move"
    with pytest.raises(Refusal) as refused:
        manager.ask("undo")
    assert (refused.value.code, refused.value.message) == (
        "illegal_move", "Closed cannot become write up. Have it set right in the dealer system."
    )  # fmt: skip


def test_an_order_with_work_left_is_closed_only_with_a_reason(
    manager: DeskProcess, bridge: BridgeProcess, order: str
) -> None:
    manager.ask("job.authorise", job_id=jobs(manager, order)[0]["id"], by="the customer", how="in_person")
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.close", repair_order_id=order)
    assert (refused.value.code, refused.value.fields) == ("work_left", {"anyway": "work is left"})
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.close", repair_order_id=order, anyway=True)
    assert set(refused.value.fields) == {"reason"}
    manager.ask("ro.close", repair_order_id=order, reason="towed elsewhere")
    assert held(bridge, manager, "repair_order", order)["close_reason"] == "towed elsewhere"


def test_a_void_order_says_why_and_leaves_the_board(manager: DeskProcess, bridge: BridgeProcess, order: str) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.void", repair_order_id=order)
    assert set(refused.value.fields) == {"reason"}
    manager.ask("ro.void", repair_order_id=order, reason="written up twice")
    assert order not in {row["id"] for row in board.cards(manager)}
    fields = held(bridge, manager, "repair_order", order)
    assert (fields["stage"], fields["close_reason"]) == ("void", "written up twice")


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("visit.book", "appointment", set(KINDS["appointment"].fields)),
        ("visit.confirm", "appointment", {"status", "confirmed_at"}),
        ("visit.arrive", "appointment", {"status", "arrived_at"}),
        ("visit.no_show", "appointment", {"status"}),
        ("visit.move", "appointment", {"status", "starts_at", "moves", "confirmed_at"}),
        ("visit.cancel", "appointment", {"status", "reason"}),
        ("ro.open", "appointment", {"status", "arrived_at"}),
        ("ro.open", "repair_order", {"appointment_id"}),
        ("ro.close", "repair_order", {"stage", "closed", "odometer_out", "close_reason", "spot", "hold_reasons"}),
        ("ro.void", "repair_order", {"stage", "close_reason", "hold_reasons"}),
    ],
)
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, kind: str, fields: set[str]) -> None:
    check_writers(name, kind, *fields)
