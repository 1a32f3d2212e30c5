"""A command taken back: no promise just goes with it, and what is owed all the same stays owed, at the bridge too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from advisor_desk.bridge import clockwork
from advisor_desk.domain import times
from tests.cache.shop import NOON
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import STORE, Desk, HandClock, at_bridge, bridge_everything

TAKEN_BACK = "It was taken back."


def promised(desk: Desk, rule: str) -> tuple[str, dict[str, Any]]:
    """The one promise of a rule that a desk knows of."""
    ((_, id), fields) = next(item for item in desk.everything().items() if item[1].get("rule") == rule)
    return id, fields


def in_step(bridge: DirectBridge, *desks: Desk) -> None:
    """Every desk takes its turns, and then holds what the bridge holds."""
    for desk in (*desks, *desks):
        assert desk.turn() == "live"
    for desk in desks:
        assert desk.everything() == bridge_everything(bridge) and desk.attention() == []


def test_a_promise_made_by_mistake_is_called_off_and_says_so(open_desk: OpenDesk, bridge: DirectBridge) -> None:
    maria, david = open_desk("maria"), open_desk("david")
    in_step(bridge, maria, david)
    maria.do(
        "promise.make", title="Send the photos", due_at=times.to_wire(NOON + timedelta(hours=9)), customer_id="cust-1"
    )
    id, _ = promised(maria, "by_hand")
    in_step(bridge, maria, david)
    maria.do("undo")
    in_step(bridge, maria, david)
    assert (at_bridge(bridge, "promise", id)["state"], at_bridge(bridge, "promise", id)["reason"]) == (
        "cancelled", TAKEN_BACK
    )  # fmt: skip


def test_what_time_had_raised_stays_owed_when_the_note_that_came_with_it_is_taken_back(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock
) -> None:
    luis = open_desk("luis")
    in_step(bridge, luis)
    luis.do("part.request", repair_order_id="ro-1", description="Door mirror")
    line = next(id for (kind, id), row in luis.everything().items() if row.get("description") == "Door mirror")
    eta = times.to_wire(clock.now() + timedelta(hours=1))
    luis.do("part.order", part_line_id=line, order_no="TOY 1", supplier="Toyota", source="order", eta=eta)
    clock.later(timedelta(hours=2))
    luis.do("contact.log", customer_id="cust-1", channel="note", body="Wrong car")
    id, raised = promised(luis, "chase_part")
    assert raised["state"] == "open"
    luis.do("undo")
    assert luis.fields("promise", id) == raised, "the part is late whoever wrote what"
    in_step(bridge, luis)
    clockwork.go_round(bridge.books, STORE, clock.now())
    assert at_bridge(bridge, "promise", id)["state"] == "open"


def test_a_no_show_said_too_soon_and_taken_back_is_saved_when_they_do_not_come(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock
) -> None:
    maria, david = open_desk("maria"), open_desk("david")
    in_step(bridge, maria, david)
    starts = clock.now() + timedelta(hours=1)
    maria.do("visit.book", customer_id="cust-2", vehicle_id="car-2", starts_at=times.to_wire(starts))
    visit = next(id for (kind, id), row in maria.everything().items() if row.get("starts_at") == times.to_wire(starts))
    clock.at = starts + timedelta(minutes=10)
    maria.do("visit.no_show", appointment_id=visit)
    id, _ = promised(maria, "save_no_show")
    in_step(bridge, maria, david)
    maria.do("undo")
    in_step(bridge, maria, david)
    assert at_bridge(bridge, "promise", id)["reason"] == TAKEN_BACK
    clock.at = starts + timedelta(minutes=61)
    for desk in (maria, david):  # both notice without a line, and the bridge by itself
        desk.commands.sweep()
    clockwork.go_round(bridge.books, STORE, clock.now())
    in_step(bridge, maria, david)
    stands = at_bridge(bridge, "promise", id)
    assert stands["state"] == "open" and "reason" not in stands
    assert [row["rule"] for row in bridge_everything(bridge).values() if row.get("rule") == "save_no_show"] == [
        "save_no_show"
    ]
