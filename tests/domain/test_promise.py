"""What people do to a promise by hand: make, keep, give up, move, and hand it over in two steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.domain import promise, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()


def wire(**later: float) -> str:
    """So much later than now."""
    return times.to_wire(NOW + timedelta(**later))


def open_promise(**fields: Any) -> dict[str, Any]:
    """Maria's promise, due in an hour."""
    said = {"rule": "tell_ready", "state": "open", "owner_id": "maria", "due_at": wire(hours=1)}
    return {**said, "first_due_at": wire(hours=1), "title": "Tell Marchetti: car is ready", **fields}


def after(fields: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """The promise with the edits made."""
    for edit in edits:
        assert edit.kind == "promise"
        assert edit.was == {name: fields.get(name) for name in edit.set}
        fields = {name: value for name, value in {**fields, **edit.set}.items() if value is not None}
    assert promise.fault(fields) == {}
    return fields


def offered(**fields: Any) -> dict[str, Any]:
    """Maria's promise, offered to David until half past."""
    handoff = {"from": "maria", "to": "david", "offered_at": wire(), "answer_by": wire(minutes=30), "by": "maria"}
    return open_promise(handoff=handoff, **fields)


# Making one.


def test_somebody_promises_something_about_an_order_for_a_time_to_come() -> None:
    about = {"repair_order_id": "ro", "customer_id": "cu"}
    (edit,) = promise.make(
        "p", ("repair_order", "ro"), "Wash it", wire(hours=3), {"owner_id": "maria", "owner_role": None}, about,
        by="david", now=NOW,
    )  # fmt: skip
    assert edit.op == "create"
    assert edit.set == {
        "rule": "by_hand",
        "subject": {"kind": "repair_order", "id": "ro"},
        "repair_order_id": "ro",
        "customer_id": "cu",
        "title": "Wash it",
        "owner_id": "maria",
        "due_at": wire(hours=3),
        "first_due_at": wire(hours=3),
        "raised_at": wire(),
        "raised_by": "david",
        "state": "open",
    }
    assert promise.fault(edit.set) == {}


@pytest.mark.parametrize("due", [wire(), wire(minutes=-1)])
def test_nothing_can_be_promised_for_a_time_that_is_past(due: str) -> None:
    with pytest.raises(BadArguments) as refused:
        promise.make("p", ("customer", "cu"), "Call", due, {"owner_id": "maria"}, {}, by="maria", now=NOW)
    assert refused.value.fields == {"due_at": "is in the past; give a time to come"}


# Keeping and giving up.


def test_keeping_by_hand_takes_a_reason_and_counts_as_late_after_its_time() -> None:
    kept = after(open_promise(), promise.keep("p", open_promise(), reason="Told at the desk.", now=NOW))
    assert (kept["state"], kept["reason"], kept["ended_at"]) == ("kept", "Told at the desk.", wire())
    assert "evidence" not in kept
    on_the_dot = promise.keep("p", open_promise(), reason="So.", now=NOW + timedelta(hours=1))
    assert after(open_promise(), on_the_dot)["state"] == "kept"
    late = promise.keep("p", open_promise(), reason="So.", now=NOW + timedelta(hours=1, seconds=1))
    assert after(open_promise(), late)["state"] == "kept_late"


def test_giving_up_takes_a_reason_and_an_offer_goes_with_it() -> None:
    given_up = after(offered(), promise.cancel("p", offered(), reason="Sold the car.", now=NOW))
    assert (given_up["state"], given_up["reason"]) == ("cancelled", "Sold the car.")
    assert "handoff" not in given_up


@pytest.mark.parametrize("state", ["kept", "kept_late", "broken", "cancelled"])
def test_what_has_ended_is_not_kept_moved_offered_or_taken_any_more(state: str) -> None:
    ended = {**offered(), "state": state, "reason": "So."}
    to = {"to": "david", "to_role": "", "note": "", "answer_by": "", "by": "maria", "now": NOW}
    for act in (
        lambda: promise.keep("p", ended, reason="So.", now=NOW),
        lambda: promise.cancel("p", ended, reason="So.", now=NOW),
        lambda: promise.move("p", ended, wire(hours=2), reason="", by="maria", now=NOW),
        lambda: promise.offer("p", ended, **to),
        lambda: promise.accept("p", ended, by="david", roles=NOBODY, now=NOW),
        lambda: promise.decline("p", ended, reason="No.", by="david", roles=NOBODY, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "ended"
        assert state.replace("_", " ") in str(refused.value)


# Moving.


def test_every_move_is_on_record_and_the_first_due_time_stays() -> None:
    once = after(open_promise(), promise.move("p", open_promise(), wire(hours=2), reason="Asked", by="maria", now=NOW))
    twice = after(once, promise.move("p", once, wire(hours=4), reason="", by="helen", now=NOW + timedelta(minutes=5)))
    assert (twice["due_at"], twice["first_due_at"]) == (wire(hours=4), wire(hours=1))
    assert twice["moves"] == [
        {"at": wire(), "by": "maria", "was": wire(hours=1), "to": wire(hours=2), "reason": "Asked"},
        {"at": wire(minutes=5), "by": "helen", "was": wire(hours=2), "to": wire(hours=4)},
    ]


def test_a_move_to_the_past_is_refused_and_one_to_the_same_time_is_none() -> None:
    with pytest.raises(BadArguments) as refused:
        promise.move("p", open_promise(), wire(minutes=-5), reason="", by="maria", now=NOW)
    assert "due_at" in refused.value.fields
    assert promise.move("p", open_promise(), wire(hours=1), reason="", by="maria", now=NOW) == []


# Handing over.


def offer(fields: dict[str, Any], to: str = "", role: str = "", answer_by: str = "") -> list[Edit]:
    """Maria offers it now."""
    return promise.offer("p", fields, to=to, to_role=role, note="Lunch", answer_by=answer_by, by="maria", now=NOW)


def test_the_giver_stays_accountable_until_the_taker_accepts() -> None:
    waiting = after(open_promise(), offer(open_promise(), "david"))
    assert waiting["owner_id"] == "maria"
    assert waiting["handoff"]["answer_by"] == wire(minutes=30), "half an hour to answer, unless they say otherwise"
    assert waiting["handoff"]["note"] == "Lunch"
    later = NOW + timedelta(minutes=10)
    taken = after(waiting, promise.accept("p", waiting, by="david", roles=NOBODY, now=later))
    assert taken["owner_id"] == "david"
    assert "handoff" not in taken
    (answer,) = taken["handoffs"]
    assert (answer["from"], answer["to"], answer["answer"], answer["at"]) == (
        "maria",
        "david",
        "accepted",
        wire(minutes=10),
    )


def test_what_is_declined_stays_with_the_giver_and_says_why() -> None:
    back = after(offered(), promise.decline("p", offered(), reason="Too busy.", by="david", roles=NOBODY, now=NOW))
    assert back["owner_id"] == "maria"
    assert "handoff" not in back
    assert (back["handoffs"][0]["answer"], back["handoffs"][0]["reason"]) == ("declined", "Too busy.")


def test_an_offer_nobody_answers_bounces_at_its_time() -> None:
    assert promise.bounced(open_promise(), NOW) == {}
    assert promise.bounced(offered(), NOW + timedelta(minutes=29)) == {}
    back = promise.bounced(offered(), NOW + timedelta(hours=5))
    assert back["handoff"] is None
    assert (back["handoffs"][0]["answer"], back["handoffs"][0]["at"]) == ("unanswered", wire(minutes=30))


def test_of_two_people_who_accept_one_handoff_the_second_is_told_that_it_is_gone() -> None:
    queued = after(open_promise(), offer(open_promise(), role="bdc"))
    bdc = frozenset({"bdc"})
    taken = after(queued, promise.accept("p", queued, by="bea", roles=bdc, now=NOW))
    with pytest.raises(Refused) as refused:
        promise.accept("p", taken, by="bob", roles=bdc, now=NOW)
    assert refused.value.code == "not_offered"
    assert "somebody has answered" in str(refused.value)


def test_only_whom_it_is_offered_to_may_answer() -> None:
    for act in (promise.accept, promise.decline):
        more = {"reason": "No."} if act is promise.decline else {}
        with pytest.raises(Refused) as refused:
            act("p", offered(), by="bea", roles=frozenset({"bdc"}), now=NOW, **more)
        assert refused.value.code == "not_yours"
    assert promise.may_answer(offered(), "david", NOBODY)
    assert not promise.may_answer(open_promise(), "david", NOBODY)


def test_a_handoff_to_whoever_has_it_is_refused_and_so_is_a_second_one() -> None:
    with pytest.raises(BadArguments) as refused:
        offer(open_promise(), "maria")
    assert refused.value.fields == {"to": "has it already"}
    with pytest.raises(BadArguments) as refused:
        offer(open_promise(owner_id=None, owner_role="bdc"), role="bdc")
    assert refused.value.fields == {"to_role": "has it already"}
    with pytest.raises(Refused) as twice:
        offer(offered(), "bea")
    assert twice.value.code == "offered"


def test_an_offer_to_be_answered_in_the_past_is_refused() -> None:
    with pytest.raises(BadArguments) as refused:
        offer(open_promise(), "david", answer_by=wire(minutes=-1))
    assert refused.value.fields == {"answer_by": "is in the past; give a time to come"}


def test_what_stood_in_a_queue_is_the_takers_alone() -> None:
    queue = open_promise(owner_id=None, owner_role="bdc")
    waiting = after(queue, offer(queue, "maria"))
    taken = after(waiting, promise.accept("p", waiting, by="maria", roles=NOBODY, now=NOW))
    assert taken["owner_id"] == "maria"
    assert "owner_role" not in taken


def test_whose_owner_is_gone_has_another_and_its_offer_is_void() -> None:
    to = {"owner_id": None, "owner_role": "advisor"}
    moved = promise.reowned(offered(), to, by="helen", reason="Left.", now=NOW)
    assert moved["handoff"] is None
    assert moved["owner_role"] == "advisor"
    assert moved["handoffs"] == [
        {"from": "maria", "to_role": "advisor", "answer": "reowned", "at": wire(), "by": "helen", "reason": "Left."}
    ]


# What may not stand.


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"owner_id": None}, "owner_id"),
        ({"owner_role": "bdc"}, "owner_id"),
        ({"due_at": None}, "due_at"),
        ({"state": "cancelled"}, "reason"),
        ({"state": "broken"}, "reason"),
        ({"state": "kept"}, "reason"),
        ({"state": "kept_late"}, "reason"),
    ],
)
def test_an_open_promise_has_one_owner_and_a_due_time_and_an_ended_one_a_reason(
    fields: dict[str, Any], field: str
) -> None:
    assert list(promise.fault({**open_promise(), **fields})) == [field]


def test_evidence_or_a_reason_is_enough_to_have_been_kept() -> None:
    assert promise.fault(open_promise()) == {}
    assert promise.fault(open_promise(owner_id=None, owner_role="bdc")) == {}
    assert promise.fault(open_promise(state="kept", evidence={"kind": "contact_event", "id": "c"})) == {}
    assert promise.fault(open_promise(state="kept_late", reason="Told at the desk.")) == {}
    assert promise.fault(open_promise(state="broken", reason="The car left.")) == {}


# Whoever was named last has it.


@pytest.mark.parametrize(
    ("mine", "theirs", "stands"),
    [
        ({"owner_id": "emp-maria"}, {"owner_role": "parts"}, {"owner_id": "emp-maria", "owner_role": None}),
        ({"owner_role": "bdc"}, {"owner_id": "emp-maria"}, {"owner_id": None, "owner_role": "bdc"}),
        ({"state": "kept"}, {"owner_role": "parts"}, {"owner_role": "parts", "state": "kept"}),
    ],
)
def test_a_promise_taken_over_is_nobody_elses(
    mine: dict[str, Any], theirs: dict[str, Any], stands: dict[str, Any]
) -> None:
    assert {**theirs, **promise.with_one_owner(mine)} == stands
