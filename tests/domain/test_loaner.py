"""Loaners: out with one customer at a time, due back, and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from advisor_desk.domain import loaner
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
FRIDAY = "2026-11-27T22:00:00Z"
ARGS = {"unit": "L-07", "customer_id": "c1", "due_at": "2026-11-27T17:00:00-05:00"}


def test_a_unit_is_out_with_one_customer_at_a_time() -> None:
    edit = loaner.out("l1", ARGS, [{"unit": "L-07", "back_at": NOW_WIRE}, {"unit": "L-08"}], NOW)
    assert edit.set == {"unit": "L-07", "customer_id": "c1", "out_at": NOW_WIRE, "due_at": FRIDAY}
    with pytest.raises(Refused, match="L-07 is out already"):
        loaner.out("l1", ARGS, [dict(edit.set)], NOW)


def test_a_loaner_is_due_in_time_to_come() -> None:
    with pytest.raises(BadArguments, match="in the past"):
        loaner.out("l1", ARGS | {"due_at": NOW_WIRE}, [], NOW)
    with pytest.raises(BadArguments, match="in the past"):
        loaner.extend("l1", {"due_at": FRIDAY}, NOW_WIRE, NOW)
    (edit,) = loaner.extend("l1", {"due_at": NOW_WIRE}, FRIDAY, NOW)
    assert edit.set == {"due_at": FRIDAY}


def test_a_loaner_comes_back_once() -> None:
    (edit,) = loaner.back("l1", {}, NOW)
    assert edit.set == {"back_at": NOW_WIRE}
    for attempt in (lambda was: loaner.back("l1", was, NOW), lambda was: loaner.extend("l1", was, FRIDAY, NOW)):
        with pytest.raises(BadArguments, match="is back already"):
            attempt(dict(edit.set))
