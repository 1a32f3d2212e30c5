"""A part line from asked-for to installed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import lights, parts
from advisor_desk.domain.errors import BadArguments, IllegalMove
from advisor_desk.domain.parts import GONE, HERE, STATES

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
FRIDAY = "2026-11-27T15:00:00Z"
LATER = "2026-11-30T15:00:00Z"
ORDERED: dict[str, Any] = {"state": "ordered", "qty": 4, "supplier": "NAPA", "order_no": "77-1"}


def set_eta(line: dict[str, Any], eta: str, source: str = "") -> dict[str, Any]:
    (edit,) = parts.set_eta("p1", line, eta, source=source, now=NOW)
    return line | dict(edit.set)


def test_an_eta_says_when_it_was_set_and_by_whom_and_the_first_stays_on_record() -> None:
    once = set_eta(ORDERED, FRIDAY)
    assert (once["eta"], once["eta_source"], once["eta_set_at"], once["first_eta"]) == (
        FRIDAY, "counter", NOW_WIRE, FRIDAY,
    )  # fmt: skip
    twice = set_eta(once, "2026-11-30T10:00:00-05:00", "carrier")
    assert (twice["eta"], twice["eta_source"], twice["first_eta"]) == (LATER, "carrier", FRIDAY)


def test_an_eta_that_came_without_a_first_becomes_it() -> None:
    assert set_eta(ORDERED | {"eta": FRIDAY}, LATER)["first_eta"] == FRIDAY


def test_a_moved_eta_leaves_the_promise_alone() -> None:
    (edit,) = parts.set_eta("p1", ORDERED, LATER, source="", now=NOW)
    assert (edit.kind, edit.record_id) == ("part_line", "p1")


@pytest.mark.parametrize("past", [NOW_WIRE, "2026-11-23T10:08:00-05:00", "2026-11-20T15:00:00Z"])
def test_an_eta_in_the_past_is_refused(past: str) -> None:
    with pytest.raises(BadArguments, match="Eta is in the past; give a time to come"):
        set_eta(ORDERED, past)
    with pytest.raises(BadArguments, match="Eta is in the past"):
        order(ORDERED, eta=past)


@pytest.mark.parametrize("state", sorted(HERE | GONE | {"in_stock"}))
def test_a_part_that_is_here_or_gone_needs_no_eta(state: str) -> None:
    with pytest.raises(BadArguments) as refused:
        set_eta({"state": state}, FRIDAY)
    assert refused.value.fields == {"part_line_id": f"is {state.replace('_', ' ')} already; it needs no ETA"}


def order(line: dict[str, Any], **more: str) -> dict[str, Any]:
    said = {"order_no": "77-2", "supplier": "World Pac", "source": "", "eta": ""} | more
    made = parts.order("p1", line, **said, now=NOW)
    return line | dict(made[0].set) if made else line


def test_an_order_is_on_record_with_its_number_supplier_and_time() -> None:
    after = order({"state": "requested"})
    assert (after["state"], after["order_no"], after["supplier"], after["ordered_at"], after["source"]) == (
        "ordered", "77-2", "World Pac", NOW_WIRE, "order",
    )  # fmt: skip
    assert "eta" not in after


def test_an_eta_may_come_with_the_order() -> None:
    after = order({"state": "quoted", "source": "emergency"}, eta=FRIDAY)
    assert (after["eta"], after["eta_source"], after["eta_set_at"], after["first_eta"], after["source"]) == (
        FRIDAY, "supplier", NOW_WIRE, FRIDAY, "emergency",
    )  # fmt: skip


def test_a_second_order_elsewhere_replaces_the_first() -> None:
    assert order(ORDERED)["supplier"] == "World Pac"


def test_a_part_that_was_cancelled_can_be_ordered_after_all() -> None:
    assert order({"state": "cancelled"})["state"] == "ordered"


@pytest.mark.parametrize("state", sorted(HERE | {"return_due", "returned"}))
def test_a_part_that_is_here_or_goes_back_is_not_ordered_again(state: str) -> None:
    with pytest.raises(IllegalMove):
        order({"state": state})


def receive(line: dict[str, Any], qty: int | None = None, bin: str = "") -> dict[str, Any]:
    (edit,) = parts.receive("p1", line, qty=qty, bin=bin, now=NOW)
    return line | dict(edit.set)


def test_all_that_is_missing_is_booked_in_unless_told() -> None:
    after = receive(ORDERED, bin="B-14")
    assert (after["state"], after["qty_filled"], after["received_at"], after["bin"]) == (
        "received",
        4,
        NOW_WIRE,
        "B-14",
    )


def test_pieces_come_in_parts_until_the_line_is_full() -> None:
    first = receive(ORDERED, 1)
    assert (first["state"], first["qty_filled"]) == ("partly_received", 1)
    assert "received_at" not in first
    second = receive(first, 2)
    assert (second["state"], second["qty_filled"]) == ("partly_received", 3)
    assert receive(second)["state"] == "received"


def test_a_special_order_that_has_come_has_a_day_to_go_back_by() -> None:
    def day(line: dict[str, Any], said: str = "") -> str | None:
        (edit,) = parts.receive("p1", line, qty=None, bin="", now=NOW, return_by=said, usual_return="2026-12-23")
        return (line | dict(edit.set)).get("return_by")

    special = ORDERED | {"source": "order"}
    assert day(special) == "2026-12-23"
    assert day(special, "2026-12-01") == "2026-12-01"
    assert day(special | {"return_by": "2026-11-30"}) == "2026-11-30", "the supplier has said so"
    assert day(special | {"return_by": "2026-11-30"}, "2026-12-01") == "2026-12-01"
    assert day(ORDERED | {"source": "stock"}) is None
    (part,) = parts.receive("p1", special, qty=1, bin="", now=NOW, return_by="2026-12-01", usual_return="2026-12-23")
    assert "return_by" not in part.set, "the rest is still to come"


def test_a_part_can_arrive_that_nobody_had_marked_as_ordered() -> None:
    assert receive({"state": "requested"})["state"] == "received"
    assert receive({"state": "quoted", "qty": 2}, 1)["state"] == "partly_received"
    assert receive({"state": "backordered"})["state"] == "received"


@given(qty=st.integers(1, 50), filled=st.integers(0, 60), more=st.integers(1, 60))
def test_more_than_was_ordered_is_never_received(qty: int, filled: int, more: int) -> None:
    line = {"state": "ordered" if not filled else "partly_received", "qty": qty, "qty_filled": filled}
    if filled + more > qty:
        with pytest.raises(BadArguments):
            receive(line, more)
    else:
        assert receive(line, more)["qty_filled"] == filled + more <= qty


def test_receiving_too_many_says_how_many_are_awaited() -> None:
    with pytest.raises(BadArguments) as refused:
        receive(ORDERED | {"qty_filled": 1}, 4)
    assert refused.value.fields == {"qty": "is more than the 3 still awaited"}
    with pytest.raises(BadArguments, match="received in full already"):
        receive({"state": "received", "qty": 1, "qty_filled": 1})


@pytest.mark.parametrize("state", ["cancelled", "returned", "in_stock"])
def test_a_part_nobody_awaits_is_not_received(state: str) -> None:
    with pytest.raises(IllegalMove):
        receive({"state": state})


def tell(line: dict[str, Any]) -> dict[str, Any]:
    made = parts.tell("p1", line, by="e1", now=NOW)
    return line | dict(made[0].set) if made else line


def test_a_told_eta_is_remembered_as_it_was_told_so_that_a_later_one_shows_as_untold() -> None:
    told = tell(ORDERED | {"eta": FRIDAY})
    assert told["eta_told"] == {"eta": FRIDAY, "at": NOW_WIRE, "by": "e1"}
    assert not lights.untold(told)
    assert lights.untold(set_eta(told, LATER))


def test_a_told_arrival_is_told_once() -> None:
    here = {"state": "received", "source": "order", "eta": FRIDAY}
    assert lights.untold(here)
    assert not lights.untold(tell(here))


def test_there_is_nothing_to_tell_of_a_part_without_an_eta() -> None:
    assert parts.tell("p1", {"state": "ordered"}, by="e1", now=NOW) == []


@given(st.lists(st.sampled_from(["order", "receive", "partly"]), max_size=6), st.sampled_from(STATES))
def test_whatever_is_done_the_line_stays_in_a_known_state_and_within_its_count(done: list[str], state: str) -> None:
    line: dict[str, Any] = {"state": state, "qty": 3}
    for step in done:
        before = line
        try:
            line = order(line) if step == "order" else receive(line, 1 if step == "partly" else None)
        except (BadArguments, IllegalMove):
            continue
        assert line["state"] == before["state"] or line["state"] in parts.STATE_MOVES[before["state"]]
    assert line["state"] in STATES
    assert line.get("qty_filled", 0) <= 3
