"""A desk that was asleep: it wakes to one sync, not to a storm, and what it slept through is there."""

from __future__ import annotations

import signal
import uuid

import pytest

from tests.support import board
from tests.support.shop import Shop
from tests.support.waiting import until


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system has no signal that stops a process")
def test_a_desk_that_was_stopped_for_a_while_catches_up_with_few_requests(shop: Shop) -> None:
    maria, plug = shop.desks["maria"], shop.plugs["maria"]
    luis = shop.desks["luis"]
    rows = board.cards(luis)[:20]
    marks = {row["id"]: f"S{uuid.uuid4().hex[:6]}" for row in rows}
    pulls, snapshots = plug.count("GET /v1/changes"), plug.count("GET /v1/snapshot")
    maria.signal(signal.SIGSTOP)
    try:
        for id, mark in marks.items():
            luis.ask("ro.set_spot", repair_order_id=id, spot=mark)
            luis.wait_live()  # so that each is a change of its own at the bridge, with a nudge of its own
    finally:
        maria.signal(signal.SIGCONT)

    def caught_up() -> bool:
        return all(row.get("spot") == marks[row["id"]] for row in board.cards(maria) if row["id"] in marks)

    until(caught_up, what="the changes made meanwhile to be on the board")
    maria.wait_live()
    assert plug.count("GET /v1/changes") - pulls <= 5
    assert plug.count("GET /v1/snapshot") == snapshots, "it read everything again"


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system has no signal that stops a process")
def test_a_bridge_that_hangs_does_not_hold_up_the_advisor(shop: Shop) -> None:
    maria, bridge = shop.desks["maria"], shop.bridge
    row = board.cards(maria)[0]
    bridge.signal(signal.SIGSTOP)
    try:
        maria.ask("ro.set_spot", repair_order_id=row["id"], spot="While it hung")
        maria.ask("contact.log", customer_id=row["customer_id"], channel="note", body="The bridge hung")
        assert board.card(maria, row["id"])["spot"] == "While it hung"
        assert maria.link()["waiting"] == 2
    finally:
        bridge.signal(signal.SIGCONT)
    maria.wait_live()
    assert shop.wait_same()["repair_order", row["id"]]["spot"] == "While it hung"
