"""Visits and promises: what may follow what, and that every edit a command makes can be taken back by undo."""

from __future__ import annotations

import pytest

from advisor_desk.domain import job, parts, promise, repair_order, visit

MACHINES = {
    "visit": visit.STATUS_MOVES,
    "promise": promise.STATE_MOVES,
    "job": job.STATE_MOVES,
    "part line": parts.STATE_MOVES,
}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_can_be_reached_and_left(name: str) -> None:
    moves = MACHINES[name]
    start = next(iter(moves))
    seen, edge = {start}, [start]
    while edge:
        found = moves[edge.pop()] - seen
        seen |= found
        edge += found
    assert seen == set(moves)
    assert all(moves.values())


def test_a_visit_that_was_missed_can_still_turn_up() -> None:
    assert "arrived" in visit.STATUS_MOVES["no_show"]
    assert "no_show" not in visit.STATUS_MOVES["requested"]


def test_a_broken_promise_is_kept_late_and_never_kept() -> None:
    assert "kept_late" in promise.STATE_MOVES["broken"]
    assert "kept" not in promise.STATE_MOVES["broken"]


@pytest.mark.parametrize(
    ("moves", "forward"),
    [
        (parts.STATE_MOVES, [("requested", "ordered"), ("ordered", "received"), ("ordered", "partly_received"),
                             ("quoted", "ordered"), ("partly_received", "received"), ("backordered", "ordered"),
                             ("requested", "partly_received"), ("quoted", "received"), ("in_stock", "ordered"),
                             ("cancelled", "ordered"), ("requested", "received"), ("backordered", "received"),
                             ("quoted", "partly_received"), ("backordered", "partly_received"),
                             ("requested", "quoted"), ("quoted", "in_stock"), ("ordered", "backordered"),
                             *((state, "pulled") for state in ("requested", "quoted", "in_stock", "received")),
                             *((state, "installed") for state in ("in_stock", "received", "pulled")),
                             *((state, "return_due") for state in ("partly_received", "received", "pulled",
                                                                   "installed")),
                             *((state, "returned") for state in ("received", "pulled", "return_due")),
                             *((state, "cancelled") for state in ("requested", "quoted", "in_stock", "ordered",
                                                                  "backordered"))]),
        (job.STATE_MOVES, [("sent", "approved"), ("sent", "declined"), ("recommended", "approved"),
                           ("recommended", "declined"), ("declined", "approved"), ("approved", "declined"),
                           ("sent", "recommended"), ("approved", "recommended"), ("declined", "recommended"),
                           ("recommended", "sent"), ("declined", "sent"), ("approved", "in_progress"),
                           ("in_progress", "done"), ("approved", "done")]),
        (visit.STATUS_MOVES, [("requested", "confirmed"), ("requested", "booked"), ("confirmed", "booked"),
                              ("booked", "arrived"), ("no_show", "arrived"), ("no_show", "booked"),
                              *((status, "cancelled") for status in ("requested", "booked", "confirmed", "no_show"))]),
        (repair_order.STAGE_MOVES, [("repair", "ready"), ("ready", "repair"), ("write_up", "quality")]),
    ],
)  # fmt: skip
def test_what_a_command_moved_undo_may_move_back(
    moves: dict[str, frozenset[str]], forward: list[tuple[str, str]]
) -> None:
    assert not [(now, then) for now, then in forward if then not in moves[now]]
    assert not [(then, now) for now, then in forward if now not in moves[then]], "the bridge would refuse the undo"
