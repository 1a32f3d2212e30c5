"""What a contact counts as: a try, word to the customer, or a talk of both."""

from __future__ import annotations

import pytest

from advisor_desk.domain.rules.said import Said, in_order


def said(**event: object) -> Said:
    (one,) = in_order([("c", {"at": "2026-11-23T15:00:00Z", **event})])
    return one


@pytest.mark.parametrize(
    ("channel", "direction", "outcome", "counts"),
    [
        ("call", "out", "reached", "tried told spoken"),
        ("in_person", "out", "reached", "tried told spoken"),
        ("in_person", "in", "received", "spoken"),
        ("call", "in", "received", "spoken"),
        ("call", "in", "", "spoken"),
        ("call", "in", "voicemail", ""),  # they spoke to a machine
        ("call", "in", "no_answer", ""),
        ("call", "out", "voicemail", "tried"),
        ("call", "out", "no_answer", "tried"),
        ("call", "out", "", ""),
        ("text", "out", "sent", "tried told"),
        ("text", "out", "delivered", "tried told"),
        ("text", "out", "failed", ""),
        ("text", "in", "received", ""),
        ("email", "out", "sent", "tried told"),
        ("email", "out", "reached", "tried told"),
        ("portal", "out", "sent", "tried told"),
        ("note", "out", "reached", ""),
        ("note", "out", "sent", ""),
        ("", "out", "reached", ""),
    ],
)
def test_what_a_contact_counts_as(channel: str, direction: str, outcome: str, counts: str) -> None:
    one = said(channel=channel, direction=direction, outcome=outcome)
    assert [name for name in ("tried", "told", "spoken") if getattr(one, name)] == counts.split()


def test_contacts_stand_in_the_order_of_their_moments_and_one_without_is_none() -> None:
    at = "2026-11-23T15:00:00Z"
    events = [
        ("b", {"at": at}),
        ("late", {"at": "2026-11-23T16:00:00Z"}),
        ("a", {"at": at}),
        ("never", {}),
        ("x", {"at": 5}),
    ]
    assert [one.id for one in in_order(events)] == ["a", "b", "late"]


def test_a_contact_that_names_no_order_concerns_each() -> None:
    assert said(repair_order_id="ro").concerns("ro")
    assert not said(repair_order_id="ro").concerns("other")
    assert said().concerns("ro")
    assert said(repair_order_id="ro").concerns("")
