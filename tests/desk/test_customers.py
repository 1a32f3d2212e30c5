"""Customers and their cars through the pipe: added, corrected, asked for consent, adopted."""

from __future__ import annotations

import pytest

from advisor_desk.domain import vin
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import check_writers, free_car, held, made


def add(desk: DeskProcess, name: str, **more: object) -> str:
    return made(desk.ask("customer.add", name=name, **more), "customer")


def test_a_new_customer_with_a_car_is_written_up_at_once(desk: DeskProcess, bridge: BridgeProcess) -> None:
    id = add(desk, "Zielinska, Ada", phones=["work: (585) 555-7701 x4"], emails=["ada@example.com"], language="pl")
    number = vin.with_check_digit("1HGCM8260" + "3A900001")
    car = made(desk.ask("vehicle.add", customer_id=id, vin=number.lower(), make="Honda", plate="NEW-1"), "vehicle")
    desk.ask("ro.open", customer_id=id, vehicle_id=car, complaints=["Rattles"])
    fields = held(bridge, desk, "customer", id)
    assert fields["phones"] == [{"raw": "(585) 555-7701 x4", "use": "work", "e164": "+15855557701", "ext": "4"}]
    assert fields["advisor_id"] == bridge.get("/v1/me", "maria")["employee"]["id"]
    fields = held(bridge, desk, "vehicle", car)
    assert (fields["vin"], fields["year"], fields["customer_ids"]) == (number, 2003, [id])
    assert {hit["id"] for hit in desk.ask("read.search", q="7701")["found"]} >= {id}


def test_a_known_phone_number_or_vin_takes_saying_again(manager: DeskProcess) -> None:
    id = add(manager, "Castle, Rob", phones=["607 555 7702"])
    with pytest.raises(Refusal) as refused:
        add(manager, "Castle, Robert", phones=["+1 (607) 555-7702"])
    assert (refused.value.code, set(refused.value.fields)) == ("known_already", {"phones"})
    add(manager, "Castle, Robert", phones=["607 555 7702"], again=True)
    number = vin.with_check_digit("1HGCM8260" + "3A900002")
    manager.ask("vehicle.add", customer_id=id, vin=number)
    with pytest.raises(Refusal) as refused:
        manager.ask("vehicle.add", customer_id=id, vin=number)
    assert (refused.value.code, set(refused.value.fields)) == ("known_already", {"vin"})
    assert manager.ask("vehicle.add", customer_id=id, vin=number, again=True)["changed"]["vehicle"]


def test_a_vin_that_may_be_misread_is_said_and_taken_all_the_same(manager: DeskProcess) -> None:
    car = free_car(manager)
    wrong = "1HGCM82603A900003"
    assert not vin.is_valid(wrong)
    answer = manager.ask("vehicle.add", customer_id=car["customer_id"], vin=wrong)
    assert answer["warnings"] == ["That VIN's check digit is not right. Read it off the car again."]
    id = made(answer, "vehicle")
    right = vin.with_check_digit(wrong)
    answer = manager.ask("vehicle.edit", vehicle_id=id, vin=right, plate="ABC-1", odometer=12)
    assert "warnings" not in answer
    manager.ask("vehicle.edit", vehicle_id=id, plate="")
    fields = manager.records()["vehicle", id]
    assert fields["vin"] == right
    assert "plate" not in fields or fields["plate"] is None
    assert fields["odometer_at"]


def test_a_customer_is_corrected_and_the_bridge_knows(manager: DeskProcess, bridge: BridgeProcess) -> None:
    id = add(manager, "Lindqvist, Per", notes="met at the fair", emails=["per@example.com"])
    manager.ask("customer.edit", customer_id=id, name="Lindqvist, Pär", notes="", phones=["914 555 7703"])
    fields = held(bridge, manager, "customer", id)
    assert fields["name"] == "Lindqvist, Pär"
    assert "notes" not in fields
    assert fields["phones"][0]["e164"] == "+19145557703"
    assert fields["emails"] == ["per@example.com"]
    with pytest.raises(Refusal) as refused:
        manager.ask("customer.edit", customer_id=id, emails=["nobody"])
    assert set(refused.value.fields) == {"emails"}


def test_a_customer_who_says_no_to_texts_gets_none_until_they_say_yes(
    manager: DeskProcess, bridge: BridgeProcess
) -> None:
    id = add(manager, "Haddad, Leila")
    manager.ask("customer.set_consent", customer_id=id, channel="text", state="no", source="on the phone")
    mark = held(bridge, manager, "customer", id)["consent"]["text"]
    assert (mark["state"], mark["source"]) == ("no", "on the phone")
    with pytest.raises(Refusal) as refused:
        manager.ask("contact.text", customer_id=id, body="Ready at five")
    assert refused.value.code == "no_consent"
    manager.ask("customer.set_consent", customer_id=id, channel="text", state="yes")
    manager.ask("contact.text", customer_id=id, body="Ready at five")


def test_a_customer_is_adopted_by_somebody_who_does_that_work(manager: DeskProcess, bridge: BridgeProcess) -> None:
    id = add(manager, "Bell, Desmond")
    david, sam, luis = (bridge.get("/v1/me", name)["employee"]["id"] for name in ("david", "sam", "luis"))
    manager.ask("customer.adopt", customer_id=id, advisor_id=david, salesperson_id=sam)
    fields = held(bridge, manager, "customer", id)
    assert (fields["advisor_id"], fields["salesperson_id"]) == (david, sam)
    for args, field in (({"advisor_id": luis}, "advisor_id"), ({"salesperson_id": david}, "salesperson_id")):
        with pytest.raises(Refusal) as refused:
            manager.ask("customer.adopt", customer_id=id, **args)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Refusal):
        manager.ask("customer.adopt", customer_id=id)


DETAILS = ("name", "is_company", "phones", "emails", "address", "preferred_channel", "language", "notes")
CAR = ("vin", "year", "make", "model", "trim", "colour", "plate", "odometer", "odometer_at")
WRITTEN: list[tuple[str, str, tuple[str, ...]]] = [
    ("customer.add", "customer", (*DETAILS, "advisor_id")),
    ("customer.edit", "customer", DETAILS),
    ("customer.set_consent", "customer", ("consent",)),
    ("customer.adopt", "customer", ("advisor_id", "salesperson_id")),
    ("vehicle.add", "vehicle", (*CAR, "customer_ids")),
    ("vehicle.edit", "vehicle", CAR),
]


@pytest.mark.parametrize(("name", "kind", "fields"), WRITTEN, ids=[name for name, _, _ in WRITTEN])
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, kind: str, fields: tuple[str, ...]) -> None:
    check_writers(name, kind, *fields)
