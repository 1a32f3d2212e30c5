"""Leads, deals, what buyers are owed, loaners and surveys through the pipe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from advisor_desk.domain import times
from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import Row, check_writers, free_car, held, made, write_up


@pytest.fixture
def car(manager: DeskProcess) -> Row:
    """A customer and their car."""
    return free_car(manager)


def take(desk: DeskProcess, car: Row, **more: object) -> str:
    return made(desk.ask("lead.take", customer_id=car["customer_id"], wants="service", **more), "lead")


def test_a_lead_is_answered_by_the_first_thing_that_goes_out_to_them(
    manager: DeskProcess, bridge: BridgeProcess, car: Row
) -> None:
    id = take(manager, car, text="Can I bring it in this week?", source="phone")
    assert held(bridge, manager, "lead", id)["received_at"]
    for said in ({"channel": "note", "body": "asked for Tuesday"}, {"channel": "call", "direction": "in"}):
        manager.ask("contact.log", customer_id=car["customer_id"], **said)
    assert "first_answered_at" not in held(bridge, manager, "lead", id)
    answer = manager.ask("contact.log", customer_id=car["customer_id"], channel="call", outcome="voicemail")
    assert answer["changed"]["lead"] == [id]
    first = held(bridge, manager, "lead", id)["first_answered_at"]
    later = manager.ask("contact.log", customer_id=car["customer_id"], channel="text", body="Tuesday at ten?")
    assert "lead" not in later["changed"]
    assert held(bridge, manager, "lead", id)["first_answered_at"] == first
    with pytest.raises(Refusal) as refused:
        manager.ask("lead.answer", lead_id=id)
    assert refused.value.code == "answered_already"


def test_a_lead_is_answered_by_name_and_undo_takes_it_back(
    manager: DeskProcess, bridge: BridgeProcess, car: Row
) -> None:
    id = take(manager, car, at=times.to_wire(datetime.now(UTC) - timedelta(minutes=20)))
    answer = manager.ask("lead.answer", lead_id=id, body="Tuesday at ten")
    event = held(bridge, manager, "contact_event", made(answer, "contact_event"))
    assert (event["channel"], event["outcome"], event["customer_id"]) == ("call", "reached", car["customer_id"])
    assert held(bridge, manager, "lead", id)["first_answered_at"] == event["at"]
    manager.ask("undo")
    assert "first_answered_at" not in held(bridge, manager, "lead", id)


def test_who_may_not_answer_leads_still_logs_the_call(manager: DeskProcess, bridge: BridgeProcess, car: Row) -> None:
    id = take(manager, car)
    manager.wait_live()
    with DeskProcess(manager.profile.with_name("luis-calls"), bridge.url, bridge.folder.token("luis")) as luis:
        luis.wait_live()
        said = luis.ask("contact.log", customer_id=car["customer_id"], channel="call")
        assert "contact_event" in said["changed"] and "lead" not in said["changed"]
        assert not held(bridge, luis, "lead", id).get("first_answered_at")
        with pytest.raises(Refusal) as refused:
            luis.ask("lead.answer", lead_id=id)
        assert refused.value.code == "forbidden"


def sell(desk: DeskProcess, car: Row, **more: object) -> str:
    return made(desk.ask("deal.open", **car, **more), "deal")


def test_a_car_is_sold_papered_delivered_and_funded(manager: DeskProcess, bridge: BridgeProcess, car: Row) -> None:
    id = sell(manager, car, documents=["Title application", "Insurance"])
    with pytest.raises(Refusal) as refused:
        sell(manager, car)
    assert refused.value.code == "sold_already"
    manager.ask("deal.stage", deal_id=id, stage="in_finance")
    manager.ask("deal.document", deal_id=id, name="insurance")
    with pytest.raises(Refusal) as refused:
        manager.ask("deal.deliver", deal_id=id)
    assert refused.value.message.startswith("Not done yet: Title application.")
    with pytest.raises(Refusal) as refused:
        manager.ask("deal.stage", deal_id=id, stage="funded")
    assert refused.value.code == "illegal_move"
    manager.ask("deal.document", deal_id=id, name="Title application", done=True)
    manager.ask("deal.deliver", deal_id=id)
    fields = held(bridge, manager, "deal", id)
    assert (fields["stage"], all(paper["done"] for paper in fields["documents"])) == ("delivered", True)
    assert fields["delivered_at"]
    sold = held(bridge, manager, "vehicle", car["vehicle_id"])
    assert (sold["sold_here"], bool(sold["delivered_on"])) == (True, True)
    manager.ask("deal.stage", deal_id=id, stage="funded")
    assert held(bridge, manager, "deal", id)["stage"] == "funded"


def test_what_the_buyer_is_owed_is_made_good_on_an_order_of_that_car(
    manager: DeskProcess, bridge: BridgeProcess, car: Row
) -> None:
    deal = sell(manager, car)
    soon, past = (times.day_to_wire((datetime.now(UTC) + timedelta(days=by)).date()) for by in (9, -9))
    with pytest.raises(Refusal) as refused:
        manager.ask("we_owe.add", deal_id=deal, description="Second key", promised_on=past)
    assert set(refused.value.fields) == {"promised_on"}
    owed = made(manager.ask("we_owe.add", deal_id=deal, description="Second key", promised_on=soon), "we_owe")
    with pytest.raises(Refusal) as refused:
        manager.ask("we_owe.link", we_owe_id=owed, repair_order_id=write_up(manager, free_car(manager)))
    assert refused.value.fields == {"repair_order_id": "is of another car"}
    order = write_up(manager, car)
    manager.ask("we_owe.link", we_owe_id=owed, repair_order_id=order)
    fields = held(bridge, manager, "we_owe", owed)
    assert (fields["repair_order_id"], fields["vehicle_id"]) == (order, car["vehicle_id"])


def test_a_loaner_is_out_once_kept_longer_and_back(manager: DeskProcess, bridge: BridgeProcess, car: Row) -> None:
    lend = {"unit": "TEST-77", "customer_id": car["customer_id"], "due_at": board.hence(days=1)}
    id = made(manager.ask("loaner.out", **lend), "loaner")
    with pytest.raises(Refusal) as refused:
        manager.ask("loaner.out", **lend)
    assert (refused.value.code, set(refused.value.fields)) == ("out_already", {"unit"})
    later = board.hence(days=3)
    manager.ask("loaner.extend", loaner_id=id, due_at=later)
    assert held(bridge, manager, "loaner", id)["due_at"] == later
    manager.ask("loaner.back", loaner_id=id)
    assert held(bridge, manager, "loaner", id)["back_at"]
    with pytest.raises(Refusal) as refused:
        manager.ask("loaner.back", loaner_id=id)
    assert refused.value.fields == {"loaner_id": "is back already"}
    manager.ask("loaner.out", **lend)
    with pytest.raises(Refusal) as refused:
        manager.ask("loaner.out", **lend | {"unit": "TEST-78"}, repair_order_id=write_up(manager, free_car(manager)))
    assert refused.value.fields == {"repair_order_id": "is another customer's"}


def test_the_customer_is_asked_once_the_car_has_left(manager: DeskProcess, bridge: BridgeProcess, car: Row) -> None:
    order = write_up(manager, car)
    with pytest.raises(Refusal) as refused:
        manager.ask("survey.send", repair_order_id=order)
    assert set(refused.value.fields) == {"repair_order_id"}
    manager.ask("ro.close", repair_order_id=order)
    id = made(manager.ask("survey.send", repair_order_id=order), "survey")
    with pytest.raises(Refusal) as refused:
        manager.ask("survey.send", repair_order_id=order)
    assert refused.value.code == "asked_already"
    manager.ask("survey.record", survey_id=id, score=60, comment="Waited an hour")
    fields = held(bridge, manager, "survey", id)
    assert (fields["score"], fields["comment"], fields["customer_id"]) == (60, "Waited an hour", car["customer_id"])


WRITTEN: list[tuple[str, str, tuple[str, ...]]] = [
    ("lead.take", "lead", ("customer_id", "wants", "text", "source", "received_at")),
    ("lead.answer", "lead", ("first_answered_at",)),
    ("survey.send", "survey", ("repair_order_id", "customer_id", "sent_at")),
    ("survey.record", "survey", ("score", "comment", "answered_at")),
    ("deal.open", "deal", ("customer_id", "vehicle_id", "sold_on", "salesperson_id", "documents", "stage")),
    ("deal.document", "deal", ("documents",)),
    ("deal.stage", "deal", ("stage",)),
    ("deal.deliver", "deal", ("stage", "delivered_at")),
    ("deal.deliver", "vehicle", ("delivered_on", "sold_here")),
    ("we_owe.add", "we_owe", ("deal_id", "customer_id", "vehicle_id", "description", "promised_on", "part_number")),
    ("we_owe.link", "we_owe", ("repair_order_id",)),
    ("loaner.out", "loaner", ("unit", "customer_id", "repair_order_id", "out_at", "due_at")),
    ("loaner.extend", "loaner", ("due_at",)),
    ("loaner.back", "loaner", ("back_at",)),
]


@pytest.mark.parametrize(("name", "kind", "fields"), WRITTEN, ids=[f"{name}-{kind}" for name, kind, _ in WRITTEN])
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, kind: str, fields: tuple[str, ...]) -> None:
    check_writers(name, kind, *fields)
