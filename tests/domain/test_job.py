"""What a customer authorised and what they declined."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.domain import job
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove
from advisor_desk.domain.job import STATES

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"


def authorise(line: dict[str, Any], **more: str) -> dict[str, Any]:
    said = {"by": "Sofia Marchetti", "how": "call", "number": "+15185550123"} | more
    (edit,) = job.authorise("j1", line, **said, now=NOW)
    return line | dict(edit.set)


@pytest.mark.parametrize("state", ["recommended", "sent", "approved", "declined"])
def test_an_authorisation_says_who_when_how_and_from_where(state: str) -> None:
    after = authorise({"state": state, "decline_reason": "Too dear"})
    assert after["state"] == "approved"
    assert after["decline_reason"] is None
    assert after["authorised"] == {
        "by": "Sofia Marchetti", "at": "2026-11-23T15:08:00Z", "how": "call", "number": "+15185550123",
    }  # fmt: skip


def test_an_authorisation_in_person_needs_no_number() -> None:
    assert authorise({"state": "sent"}, how="in_person", number="")["authorised"].keys() == {"by", "at", "how"}


def test_an_authorisation_that_comes_after_the_work_began_does_not_stop_it() -> None:
    assert authorise({"state": "in_progress"})["state"] == "in_progress"


def test_done_work_is_not_authorised_afterwards() -> None:
    with pytest.raises(IllegalMove, match="Done cannot become approved"):
        authorise({"state": "done"})


@pytest.mark.parametrize("state", ["recommended", "sent", "approved"])
def test_declined_work_keeps_the_customers_reason_and_loses_the_authorisation(state: str) -> None:
    (edit,) = job.decline("j1", {"state": state, "authorised": {"by": "Sofia"}}, reason="Selling the car")
    assert edit.set == {"state": "declined", "decline_reason": "Selling the car", "authorised": None}


def test_another_reason_replaces_the_first() -> None:
    (edit,) = job.decline("j1", {"state": "declined", "decline_reason": "Too dear"}, reason="Next month")
    assert edit.set == {"decline_reason": "Next month"}


@pytest.mark.parametrize("state", ["in_progress", "done"])
def test_work_under_way_is_not_declined(state: str) -> None:
    with pytest.raises(IllegalMove) as refused:
        job.decline("j1", {"state": state}, reason="Too dear")
    assert refused.value.fields == {"state": f"cannot go from {state} to declined"}


def test_a_job_of_an_unknown_state_can_be_authorised_and_declined() -> None:
    assert authorise({"state": "waiting_on_adjuster"})["state"] == "approved"
    assert job.decline("j1", {"state": "waiting_on_adjuster"}, reason="No")


def test_a_job_without_a_state_is_one_that_was_recommended() -> None:
    assert STATES[0] == "recommended"
    assert authorise({})["state"] == "approved"


def test_each_thing_the_customer_says_becomes_a_job_lettered_as_it_was_said() -> None:
    jobs = job.written_up(["j1", "j2"], "r1", ["Brakes grind", "Oil change"])
    assert [(edit.kind, edit.record_id, edit.op) for edit in jobs] == [("job", "j1", "create"), ("job", "j2", "create")]
    assert [dict(edit.set) for edit in jobs] == [
        {"repair_order_id": "r1", "letter": letter, "complaint": said, "state": "recommended", "pay": "customer"}
        for letter, said in (("A", "Brakes grind"), ("B", "Oil change"))
    ]


def after(was: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    (edit,) = edits
    assert edit.was == {name: was.get(name) for name in edit.set}
    return was | dict(edit.set)


def test_a_job_added_takes_the_first_letter_that_is_free() -> None:
    others = [{"letter": "A"}, {"letter": "C"}]
    edit = job.added("j1", "r1", others, {"complaint": "Brakes grind", "hours": 1.4, "job": "x"})
    assert edit.set == {
        "repair_order_id": "r1", "letter": "B", "complaint": "Brakes grind", "hours": 1.4, "state": "recommended",
        "pay": "customer",
    }  # fmt: skip
    with pytest.raises(BadArguments) as refused:
        job.added("j1", "r1", [{"letter": letter} for letter in job.LETTERS], {"complaint": "More"})
    assert refused.value.fields.keys() == {"repair_order_id"}


@pytest.mark.parametrize("state", ["sent", "approved", "declined"])
def test_another_price_is_another_estimate_and_wants_another_answer(state: str) -> None:
    was = {"state": state, "labour_amount": 21_000, "sent_at": NOW_WIRE, "authorised": {"by": "Ann"}}
    anew = after(was, job.recommend("j1", was, {"labour_amount": 26_000}))
    assert (anew["state"], anew["sent_at"], anew["authorised"]) == ("recommended", None, None)


def test_words_alone_leave_an_answer_standing() -> None:
    was = {"state": "approved", "labour_amount": 21_000, "authorised": {"by": "Ann"}}
    now = after(was, job.recommend("j1", was, {"cause": "worn to 3 mm", "labour_amount": 21_000}))
    assert (now["state"], now["cause"], now["authorised"]) == ("approved", "worn to 3 mm", {"by": "Ann"})


def test_the_price_of_work_under_way_stays() -> None:
    for state in ("in_progress", "done"):
        with pytest.raises(IllegalMove):
            job.recommend("j1", {"state": state, "labour_amount": 1}, {"labour_amount": 2})


def test_an_estimate_is_sent_and_can_be_sent_again() -> None:
    sent = after({}, job.send("j1", {}, NOW))
    assert (sent["state"], sent["sent_at"]) == ("sent", NOW_WIRE)
    later = after(sent, job.send("j1", sent, NOW + timedelta(hours=1)))
    assert later["sent_at"] == "2026-11-23T16:08:00Z"
    no = {"state": "declined", "decline_reason": "next month"}
    assert after(no, job.send("j1", no, NOW))["decline_reason"] is None
    for state in ("approved", "in_progress", "done"):
        with pytest.raises(IllegalMove, match="needs no answer any more"):
            job.send("j1", {"state": state}, NOW)


def test_work_begins_and_ends_only_once_it_is_approved() -> None:
    yes = {"state": "approved"}
    begun = after(yes, job.start("j1", yes))
    assert begun["state"] == "in_progress"
    done = after(begun, job.finish("j1", begun, "pads replaced"))
    assert (done["state"], done["correction"]) == ("done", "pads replaced")
    assert after(yes, job.finish("j1", yes, ""))["state"] == "done"
    for state in ("recommended", "sent", "declined"):
        for attempt in (lambda at: job.start("j1", at), lambda at: job.finish("j1", at, "")):
            with pytest.raises(IllegalMove, match=r"Record the approval first\.$"):
                attempt({"state": state})
    with pytest.raises(IllegalMove):
        job.start("j1", {"state": "done"})


def test_a_job_is_given_to_a_technician_until_it_is_done() -> None:
    assert after({}, job.assign("j1", {}, "e9"))["technician_id"] == "e9"
    with pytest.raises(IllegalMove):
        job.assign("j1", {"state": "done"}, "e9")
