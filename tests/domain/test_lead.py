"""Leads, and when they count as answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from advisor_desk.domain import lead, times
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
EARLIER, LATER = (times.to_wire(NOW + timedelta(minutes=by)) for by in (-20, 20))


def test_a_lead_waits_since_it_was_asked() -> None:
    said = {"customer_id": "c1", "wants": "service", "text": "This week?", "source": "", "x": "y"}
    assert lead.taken("l1", said, NOW).set == {
        "customer_id": "c1", "wants": "service", "text": "This week?", "received_at": NOW_WIRE,
    }  # fmt: skip
    assert lead.taken("l1", said | {"at": EARLIER}, NOW).set["received_at"] == EARLIER
    with pytest.raises(BadArguments, match="At has not come yet"):
        lead.taken("l1", said | {"at": LATER}, NOW)


def test_the_first_answer_counts_and_none_from_before_they_asked() -> None:
    asked = {"received_at": NOW_WIRE}
    assert lead.answered("l1", asked, EARLIER) == []
    (edit,) = lead.answered("l1", asked, LATER)
    assert edit.set == {"first_answered_at": LATER}
    assert lead.answered("l1", asked | {"first_answered_at": NOW_WIRE}, LATER) == []


def test_a_lead_is_answered_once() -> None:
    lead.check_waits({"received_at": NOW_WIRE})
    with pytest.raises(Refused) as refused:
        lead.check_waits({"first_answered_at": NOW_WIRE})
    assert refused.value.fields == {"lead_id": "was answered already"}
