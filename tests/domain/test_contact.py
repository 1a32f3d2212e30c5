"""What is said to and by customers."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.domain import contact, times
from advisor_desk.domain.changes import CREATE
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)


def log(**args: Any) -> dict[str, Any]:
    (edit,) = contact.log("e1", {"customer_id": "c1"} | args, employee_id="maria", now=NOW)
    assert (edit.kind, edit.record_id, edit.op, edit.was) == ("contact_event", "e1", CREATE, {})
    return dict(edit.set)


def test_a_call_is_logged_with_who_when_and_what() -> None:
    assert log(channel="call", body="Pads approved.", repair_order_id="r1", vehicle_id="v1") == {
        "customer_id": "c1", "vehicle_id": "v1", "repair_order_id": "r1", "channel": "call", "direction": "out",
        "outcome": "reached", "body": "Pads approved.", "employee_id": "maria", "at": "2026-11-23T15:08:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "direction", "outcome"),
    [
        ("call", "out", "reached"), ("in_person", "out", "reached"), ("text", "out", "sent"), ("email", "out", "sent"),
        ("portal", "out", "sent"), ("call", "in", "received"), ("text", "in", "received"),
    ],
)  # fmt: skip
def test_the_usual_outcome_need_not_be_typed(channel: str, direction: str, outcome: str) -> None:
    assert log(channel=channel, direction=direction)["outcome"] == outcome


def test_an_outcome_that_was_said_stands() -> None:
    assert log(channel="call", outcome="voicemail")["outcome"] == "voicemail"


def test_a_note_needs_words_and_has_no_outcome() -> None:
    assert "outcome" not in log(channel="note", body="Prefers texts.")
    with pytest.raises(BadArguments) as refused:
        log(channel="note")
    assert refused.value.fields == {"body": "is missing: a note needs words"}


def test_yesterdays_call_can_be_logged_today_and_tomorrows_can_not() -> None:
    assert log(channel="call", at="2026-11-22T10:00:00-05:00")["at"] == "2026-11-22T15:00:00Z"
    assert log(channel="call", at=times.to_wire(NOW + timedelta(minutes=5)))["at"] == "2026-11-23T15:13:00Z"
    with pytest.raises(BadArguments, match="At has not come yet"):
        log(channel="call", at=times.to_wire(NOW + timedelta(minutes=5, seconds=1)))


def test_only_an_outbound_contact_that_got_through_tells_the_customer() -> None:
    every = itertools.product(contact.CHANNELS, contact.DIRECTIONS, ("", *contact.OUTCOMES))
    assert {combination for combination in every if contact.tells(*combination)} == set(
        itertools.product(("call", "text", "email", "in_person", "portal"), ("out",), ("reached", "sent", "delivered"))
    )


def test_a_customer_who_said_no_to_a_channel_is_not_written_to_on_it() -> None:
    with pytest.raises(Refused, match="has said no to texts") as refused:
        contact.check_consent("text", {"text": {"state": "no"}})
    assert refused.value.fields == {"customer_id": "said no to texts"}
    with pytest.raises(Refused, match="has said no to e-mails"):
        contact.check_consent("email", {"email": {"state": "no"}})
    for silent in (None, {}, {"text": {"state": "yes"}}, {"email": {"state": "no"}}, {"text": "no"}, ["no"]):
        contact.check_consent("text", silent)


def test_whatever_went_out_answers_whoever_asked() -> None:
    assert contact.answers(log(channel="call", outcome="voicemail"))
    assert contact.answers(log(channel="text"))
    assert not contact.answers(log(channel="text", outcome="failed"))
    assert not contact.answers(log(channel="call", direction="in"))
    assert not contact.answers(log(channel="note", body="Asked for Tuesday"))
