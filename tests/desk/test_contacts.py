"""Texts and e-mails made by hand, through the pipe: logged with who and when, and never against a customer's no."""

from __future__ import annotations

import pytest

from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import Row, check_writers, free_car, held, made, write_up


def customer_who_said(desk: DeskProcess, state: str) -> str:
    """A customer who has said yes or no to texts."""
    records = desk.records().items()
    return next(
        id
        for (kind, id), fields in records
        if kind == "customer" and fields.get("consent", {}).get("text", {}).get("state") == state
    )


def test_a_text_sent_by_hand_is_logged_as_sent(manager: DeskProcess, bridge: BridgeProcess) -> None:
    id = customer_who_said(manager, "yes")
    event = made(manager.ask("contact.text", customer_id=id, body="Ready at five"), "contact_event")
    fields = held(bridge, manager, "contact_event", event)
    assert (fields["channel"], fields.get("direction", "out"), fields["outcome"]) == ("text", "out", "sent")
    assert fields["employee_id"] == bridge.get("/v1/me", "helen")["employee"]["id"]


def test_who_has_said_no_to_texts_gets_none_and_may_get_an_email(manager: DeskProcess, bridge: BridgeProcess) -> None:
    id = customer_who_said(manager, "no")
    with pytest.raises(Refusal) as refused:
        manager.ask("contact.text", customer_id=id, body="Ready at five")
    assert (refused.value.code, refused.value.fields) == ("no_consent", {"customer_id": "said no to texts"})
    assert refused.value.message == (
        "The customer has said no to texts. Reach them another way, or record their consent first."
    )
    event = made(manager.ask("contact.email", customer_id=id, body="Your estimate is attached"), "contact_event")
    assert held(bridge, manager, "contact_event", event)["channel"] == "email"


def test_a_text_without_words_is_none(manager: DeskProcess) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("contact.text", customer_id=customer_who_said(manager, "yes"), body="  ")
    assert set(refused.value.fields) == {"body"}


def test_a_contact_can_be_about_an_order(manager: DeskProcess, bridge: BridgeProcess) -> None:
    car: Row = free_car(manager)
    order = write_up(manager, car)
    said = manager.ask("contact.email", customer_id=car["customer_id"], repair_order_id=order, body="See the pictures")
    story = manager.ask("read.repair_order", repair_order_id=order)["story"]
    assert made(said, "contact_event") in {item["id"] for item in story}


@pytest.mark.parametrize("name", ["contact.text", "contact.email"])
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str) -> None:
    check_writers(name, "contact_event", "customer_id", "repair_order_id", "appointment_id", "channel", "body", "at")
