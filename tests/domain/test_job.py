"""What a customer authorised and what they declined."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor_desk.domain import job
from advisor_desk.domain.errors import IllegalMove
from advisor_desk.domain.job import STATES

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)


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
