"""Surveys: asked once, of a closed order, and answered in points of 100."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.domain import survey
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
CLOSED: dict[str, Any] = {"stage": "closed", "customer_id": "c1"}


def test_the_customer_of_a_closed_order_is_asked_once() -> None:
    edit = survey.sent("s1", "r1", CLOSED, [{"repair_order_id": "r0"}], NOW)
    assert edit.set == {"repair_order_id": "r1", "customer_id": "c1", "sent_at": NOW_WIRE}
    with pytest.raises(Refused, match="asked about this visit already"):
        survey.sent("s1", "r1", CLOSED, [dict(edit.set)], NOW)


def test_nobody_is_asked_while_the_car_is_here_or_when_it_is_the_stores() -> None:
    with pytest.raises(BadArguments, match="still open"):
        survey.sent("s1", "r1", CLOSED | {"stage": "ready"}, [], NOW)
    with pytest.raises(BadArguments, match="nobody to ask"):
        survey.sent("s1", "r1", {"stage": "closed"}, [], NOW)


def test_an_answer_that_is_corrected_keeps_its_time() -> None:
    (edit,) = survey.recorded("s1", {}, score=0, comment="Waited an hour", now=NOW)
    assert edit.set == {"score": 0, "answered_at": NOW_WIRE, "comment": "Waited an hour"}
    (edit,) = survey.recorded("s1", dict(edit.set), score=60, comment="", now=NOW + timedelta(days=1))
    assert edit.set == {"score": 60}
