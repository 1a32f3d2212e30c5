"""A part line at the counter, from asked-for to fitted or sent back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor_desk.domain import counter
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused
from advisor_desk.domain.parts import STATE_MOVES, STATES

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
FRIDAY = "2026-11-27T15:00:00Z"
MONDAY = "2026-11-30T15:00:00Z"


def after(was: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    (edit,) = edits
    assert edit.was == {name: was.get(name) for name in edit.set}
    return was | dict(edit.set)


def test_a_part_is_asked_for_with_the_time_it_was() -> None:
    edit = counter.request("p1", {"repair_order_id": "r1", "description": "Front pads", "qty": 2, "extra": "x"}, NOW)
    assert edit.set == {
        "repair_order_id": "r1", "description": "Front pads", "qty": 2, "state": "requested", "requested_at": NOW_WIRE,
    }  # fmt: skip


def test_a_quote_names_the_price_and_what_is_in_stock_lies_on_the_shelf() -> None:
    asked = {"state": "requested"}
    quoted = after(asked, counter.quote("p1", asked, {"amount": 12_900, "source": "order", "supplier": "NAPA"}, NOW))
    assert (quoted["state"], quoted["amount"], quoted["supplier"]) == ("quoted", 12_900, "NAPA")
    shelf = after(quoted, counter.quote("p1", quoted, {"source": "stock", "bin": "C12"}, NOW))
    assert (shelf["state"], shelf["bin"]) == ("in_stock", "C12")
    for state in ("ordered", "received", "installed", "cancelled"):
        with pytest.raises(IllegalMove):
            counter.quote("p1", {"state": state}, {"amount": 1}, NOW)


def test_a_backorder_takes_away_an_eta_that_holds_no_longer_and_keeps_the_first() -> None:
    ordered = {"state": "ordered", "eta": FRIDAY, "first_eta": FRIDAY}
    none = after(ordered, counter.backorder("p1", ordered, "", NOW))
    assert (none["state"], none["eta"], none["first_eta"], none["eta_set_at"]) == (
        "backordered", None, FRIDAY, NOW_WIRE
    )  # fmt: skip
    later = after(none, counter.backorder("p1", none, MONDAY, NOW))
    assert (later["eta"], later["first_eta"], later["eta_source"]) == (MONDAY, FRIDAY, "supplier")
    with pytest.raises(BadArguments):
        counter.backorder("p1", ordered, NOW_WIRE, NOW)
    with pytest.raises(IllegalMove, match=r"Order it first\.$"):
        counter.backorder("p1", {"state": "quoted"}, "", NOW)


def test_a_part_is_pulled_in_full_and_fitted() -> None:
    for state in ("requested", "quoted", "in_stock", "received"):
        line = {"state": state, "qty": 4}
        pulled = after(line, counter.pull("p1", line))
        assert (pulled["state"], pulled["qty_filled"]) == ("pulled", 4)
    assert after(pulled, counter.install("p1", pulled))["state"] == "installed"
    assert counter.pull("p1", pulled) == []
    assert counter.install("p1", {"state": "installed"}) == []
    for attempt in (counter.pull, counter.install):
        with pytest.raises(IllegalMove, match=r"Receive it first\.$"):
            attempt("p1", {"state": "ordered"})


def test_a_part_that_came_goes_back_by_a_day_and_then_is_gone() -> None:
    line = {"state": "received"}
    due = after(line, counter.send_back("p1", line, by="2026-12-20", gone=False))
    assert (due["state"], due["return_by"]) == ("return_due", "2026-12-20")
    gone = after(due, counter.send_back("p1", due, by="", gone=True))
    assert (gone["state"], gone["return_by"]) == ("returned", "2026-12-20")
    assert counter.send_back("p1", gone, by="", gone=True) == []
    with pytest.raises(IllegalMove, match="give it up instead"):
        counter.send_back("p1", {"state": "ordered"}, by="", gone=False)
    with pytest.raises(IllegalMove, match="Mark it as going back first"):
        counter.send_back("p1", {"state": "installed"}, by="", gone=True)


def test_a_part_on_the_shelf_moves_to_another_bin_and_one_on_order_has_none() -> None:
    for state in ("in_stock", "partly_received", "received", "return_due"):
        line = {"state": state, "bin": "S02"}
        assert after(line, counter.put_in_bin("p1", line, "S07"))["bin"] == "S07"
        assert counter.put_in_bin("p1", line, "S02") == []
    assert counter.put_in_bin("p1", {"state": "received"}, "") == []
    with pytest.raises(BadArguments, match="only a part on the shelf has a bin"):
        counter.put_in_bin("p1", {"state": "ordered"}, "S07")


def test_a_part_nobody_needs_is_given_up_until_it_is_here() -> None:
    for state in ("requested", "quoted", "in_stock", "ordered", "backordered"):
        assert after({"state": state}, counter.give_up("p1", {"state": state}))["state"] == "cancelled"
    for state in ("partly_received", "received", "pulled", "installed", "returned"):
        with pytest.raises(IllegalMove, match="send it back instead"):
            counter.give_up("p1", {"state": state})


def claim(line: dict[str, Any], **more: Any) -> list[Edit]:
    return counter.claim("p1", line, **{"by": "e1", "has_it": "", "again": False, "release": False} | more)


def test_a_part_is_in_one_persons_hand_and_taken_over_only_knowingly() -> None:
    assert after({}, claim({}))["claimed_by"] == "e1"
    theirs = {"claimed_by": "e2"}
    with pytest.raises(Refused, match="Pat has that part in hand"):
        claim(theirs, has_it="Pat")
    assert after(theirs, claim(theirs, has_it="Pat", again=True))["claimed_by"] == "e1"
    assert after(theirs, claim(theirs, release=True))["claimed_by"] is None
    assert claim({"claimed_by": "e1"}) == []
    for state in ("pulled", "installed", "returned", "cancelled"):
        with pytest.raises(BadArguments, match="nothing left to do"):
            claim({"state": state})


def test_every_step_at_the_counter_is_one_the_bridge_takes_and_undo_takes_back() -> None:
    steps = (
        lambda line: counter.quote("p1", line, {"source": "stock"}, NOW),
        lambda line: counter.quote("p1", line, {"source": "order"}, NOW),
        lambda line: counter.backorder("p1", line, "", NOW),
        lambda line: counter.pull("p1", line),
        lambda line: counter.install("p1", line),
        lambda line: counter.send_back("p1", line, by="", gone=False),
        lambda line: counter.send_back("p1", line, by="", gone=True),
        lambda line: counter.give_up("p1", line),
    )
    done = 0
    for state in STATES:
        for step in steps:
            try:
                edits = step({"state": state})
            except IllegalMove:
                continue
            to = edits[0].set.get("state", state) if edits else state
            assert to == state or (to in STATE_MOVES[state] and state in STATE_MOVES[to]), (state, to)
            done += to != state
    assert done == 24
