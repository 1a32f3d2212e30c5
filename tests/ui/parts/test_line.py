"""What a part line says on the right-hand side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from tests.ui.orders import marchetti, part
from ui.parts import line
from ui.widgets.row_facts import RowFacts

PROMISED = "2026-11-23T17:00:00Z"


def row(now: datetime, settings: Settings, may: bool = True, promised: str = PROMISED, **fields: Any) -> RowFacts:
    """The row of one line."""
    (only,) = line.rows([part("p", **fields)], lights.moment(promised), now, settings, {}, lambda name: may)
    return only


def test_an_eta_after_the_promise_says_so_in_red_and_what_the_customer_was_told(now: datetime, settings: Settings):
    pump = line.rows(marchetti()["parts"], lights.moment(PROMISED), now, settings, {}, lambda name: True)[0]
    assert pump.title == "Water pump kit"
    assert pump.reason == "ETA Thu 26 is after the promise (today 12:00). Customer was told Tue 24."
    assert pump.reason_tone == "late"
    assert (pump.right, pump.told) == ("Thu 26", "told Tue 24")
    assert pump.detail == "06L-121-111-J · 1 · VW order 77120"


def test_a_long_suppliers_name_stands_after_the_orders_number(now: datetime, settings: Settings):
    by = {"state": "ordered", "supplier": "Regional parts hub", "order_no": "PO1"}
    ordered = row(now, settings, number="G-12", description="Coolant", **by)
    assert ordered.detail == "G-12 · 1 · order PO1 · Regional parts hub"


def test_the_worst_part_stands_first(now: datetime, settings: Settings):
    lines = list(reversed(marchetti()["parts"]))
    rows = line.rows(lines, lights.moment(PROMISED), now, settings, {}, lambda name: True)
    assert [row.id for row in rows] == ["pump", "coolant", "housing"]


def test_what_is_on_the_shelf_names_its_bin_and_needs_no_reason(now: datetime, settings: Settings):
    shelf = row(now, settings, number="G-12", description="Coolant", state="in_stock", bin="C14", qty=2)
    assert (shelf.right, shelf.detail, shelf.reason) == ("on shelf", "G-12 · 2 · bin C14", "")


def test_an_eta_nobody_told_is_marked_amber_until_it_is_told(now: datetime, settings: Settings):
    eta = "2026-11-23T15:30:00Z"
    awaited: dict[str, Any] = {"state": "ordered", "source": "order", "eta": eta}
    assert row(now, settings, **awaited).told == "not told"
    assert row(now, settings, **awaited).told_tone == "amber"
    told = row(now, settings, **awaited, eta_told={"eta": eta})
    assert (told.told, told.told_tone) == ("told", "soft")


def test_an_hour_that_moved_within_the_day_is_told_by_its_hour(now: datetime, settings: Settings):
    moved = row(
        now,
        settings,
        promised="",
        state="ordered",
        eta="2026-11-23T21:00:00Z",
        eta_told={"eta": "2026-11-23T18:00:00Z"},
    )
    assert (moved.right, moved.told) == ("today 16:00", "told 13:00")


def test_a_special_order_that_came_is_untold_until_its_arrival_is_told(now: datetime, settings: Settings):
    here: dict[str, Any] = {"state": "received", "source": "order", "qty_filled": 1}
    assert row(now, settings, **here).told == "not told"
    assert row(now, settings, **here, arrival_told_at="2026-11-23T15:00:00Z").told == "told"


def test_pieces_that_came_are_counted(now: datetime, settings: Settings):
    some = row(now, settings, number="TIR", description="Tire", state="partly_received", qty=4, qty_filled=3)
    assert some.detail == "TIR · 3 of 4"


def test_a_state_of_tomorrow_is_shown_as_it_is_said(now: datetime, settings: Settings):
    odd = row(now, settings, state="lost_in_transit")
    assert odd.right == "lost in transit"
    assert "not known here" in odd.reason


def test_a_line_with_nothing_in_it_still_shows(now: datetime, settings: Settings):
    bare = line.rows([{"id": "x"}], None, now, settings, {}, lambda name: True)[0]
    assert (bare.title, bare.right) == ("Part without a name", "no status")
    assert bare.sentence


def test_parts_may_order_and_receive_and_an_advisor_may_not(now: datetime, settings: Settings):
    def acts(state: str, allowed: set[str]) -> list[str]:
        (only,) = line.rows([part("p", state=state)], None, now, settings, {}, lambda name: name in allowed)
        return [act.name for act in only.acts]

    parts_desk = {"part.order", "part.set_eta", "part.receive"}
    assert acts("ordered", parts_desk) == ["part.set_eta", "part.receive"]
    assert acts("ordered", {"part.set_eta"}) == ["part.set_eta"]
    assert acts("requested", parts_desk) == ["part.order"]
    assert acts("installed", parts_desk) == []


def test_an_edit_not_yet_sent_marks_its_line(now: datetime, settings: Settings):
    lines = marchetti()["parts"]
    rows = line.rows(lines, None, now, settings, {"pump": ["eta"]}, lambda name: True)
    assert [row.id for row in rows if row.pending] == ["pump"]
    assert "Not yet sent." in rows[0].sentence
