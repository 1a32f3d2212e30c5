"""What the books let go of after ninety days, and what that means to a desk that was away for longer."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from advisor_desk.bridge import feed, housekeeping
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.housekeeping import Housekeeper, Tidied, tidy
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import TABLES
from advisor_desk.bridge.schema import feed as feed_table
from advisor_desk.bridge.schema import ledger as ledger_table
from tests.bridge.rooftop import MONDAY, Rooftop

LATER = MONDAY + timedelta(days=91)


def at(rooftop: Rooftop) -> str:
    head = rooftop.shelf.head(rooftop.store_id)
    return feed.cursor(head.epoch, head.seq)


def changes(rooftop: Rooftop, cursor: str) -> list[tuple[str, Any]]:
    with rooftop.shelf.read(rooftop.store_id) as conn:
        found = feed.changes(conn, rooftop.store_id, cursor, 500)
    return [(change["id"], change["fields"].get("spot")) for change in found["changes"]]


def rows(rooftop: Rooftop, table: Any) -> int:
    with rooftop.shelf.read(rooftop.store_id) as conn:
        return len(conn.execute(select(table.c.store_id).where(table.c.store_id == rooftop.store_id)).all())


def test_answers_and_places_go_after_ninety_days_and_not_before(rooftop: Rooftop) -> None:
    desk = rooftop.desk()
    for spot in ("A1", "A2"):
        desk.does("repair_order", rooftop.ro, {"spot": spot})
    old = at(rooftop)
    desk.later(days=60).does("repair_order", rooftop.ro, {"spot": "A3"})
    assert tidy(rooftop.shelf, rooftop.store_id, MONDAY + timedelta(days=89)) == Tidied()
    assert tidy(rooftop.shelf, rooftop.store_id, LATER) == Tidied(answers=2, entries=2)
    assert (rows(rooftop, ledger_table), rows(rooftop, feed_table)) == (1, 1)
    assert changes(rooftop, old) == [(rooftop.ro, "A3")], "the place they ended at is still one"
    assert rooftop.fields("repair_order", rooftop.ro)["spot"] == "A3"
    assert tidy(rooftop.shelf, rooftop.store_id, LATER) == Tidied()


def test_a_desk_away_for_longer_takes_a_new_snapshot(rooftop: Rooftop) -> None:
    away = at(rooftop)
    desk = rooftop.desk()
    desk.does("repair_order", rooftop.ro, {"spot": "A1"})
    since = at(rooftop)
    tidy(rooftop.shelf, rooftop.store_id, LATER)
    assert changes(rooftop, since) == [], "a desk in step stays so when nothing is left"
    with pytest.raises(Problem) as gone:
        changes(rooftop, away)
    assert (gone.value.status, gone.value.code) == (410, "cursor_gone")
    desk.does("repair_order", rooftop.ro, {"spot": "A2"})
    assert changes(rooftop, since) == [(rooftop.ro, "A2")]
    with pytest.raises(Problem):
        changes(rooftop, away)


def test_an_edit_repeated_within_ninety_days_is_answered_as_before(rooftop: Rooftop) -> None:
    desk = rooftop.desk().later(days=2)
    edit = desk.edit("repair_order", rooftop.ro, {"spot": "A1"})
    desk.send(edit)
    tidy(rooftop.shelf, rooftop.store_id, LATER)
    assert desk.send(edit)[0]["outcome"] == "duplicate"


def test_of_a_record_deleted_long_ago_only_that_it_was_there_is_left(rooftop: Rooftop) -> None:
    manager = rooftop.desk("manager")
    manager.does("customer", rooftop.customer, op="delete")
    manager.later(days=40).does("job", rooftop.job, op="delete")
    held = rooftop.fields("customer", rooftop.customer)
    assert held["name"]
    assert tidy(rooftop.shelf, rooftop.store_id, LATER).emptied == 1
    table = TABLES["customer"]
    with rooftop.shelf.read(rooftop.store_id) as conn:
        row = conn.execute(select(table).where(table.c.id == rooftop.customer)).one()
    assert (row.deleted, row.body, row.versions, row.name) == (1, "{}", "{}", "")
    assert rooftop.fields("job", rooftop.job)["complaint"], "this one was deleted later"
    # A desk that was away does not bring it back, whatever it says of it.
    stale = rooftop.desk(now=LATER)
    assert stale.does("customer", rooftop.customer, {"notes": "Called"}, base_rev=1)["outcome"] == "conflict"
    assert stale.does("customer", rooftop.customer, held, op="create")["outcome"] == "conflict"
    assert rooftop.record("customer", rooftop.customer).deleted


def test_a_record_deleted_and_restored_keeps_what_it_holds(rooftop: Rooftop) -> None:
    manager = rooftop.desk("manager")
    manager.does("job", rooftop.job, op="delete")
    manager.does("job", rooftop.job, op="restore")
    assert tidy(rooftop.shelf, rooftop.store_id, LATER).emptied == 0
    assert rooftop.fields("job", rooftop.job)["complaint"]


def test_many_are_let_go_in_small_steps(rooftop: Rooftop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "_AT_A_TIME", 2)
    desk = rooftop.desk()
    for number in range(7):
        desk.does("repair_order", rooftop.ro, {"spot": f"A{number}"})
    assert tidy(rooftop.shelf, rooftop.store_id, LATER) == Tidied(answers=7, entries=7)


def test_another_store_keeps_its_own(shelf: Books, owner: Books, rooftop: Rooftop) -> None:
    other = Rooftop(shelf, "lake").opened(owner)
    for one in (rooftop, other):
        one.desk().does("repair_order", one.ro, {"spot": "A1"})
    assert tidy(shelf, rooftop.store_id, LATER).answers == 1
    assert (rows(other, ledger_table), rows(other, feed_table)) == (1, 1)


class Clock:
    """A wall clock and the time that has truly passed."""

    def __init__(self) -> None:
        self.wall, self.passed = MONDAY, 0.0

    def now(self) -> datetime:
        """What the wall clock says."""
        return self.wall

    def since_then(self) -> float:
        """What has passed."""
        return self.passed


@pytest.fixture
def keeper(rooftop: Rooftop) -> tuple[Housekeeper, Clock]:
    """A bridge that serves this rooftop, and its clock."""
    clock = Clock()
    return Housekeeper(rooftop.shelf, lambda: [rooftop.store_id], clock.now, clock.since_then), clock


def test_a_bridge_tidies_the_stores_it_serves(rooftop: Rooftop, keeper: tuple[Housekeeper, Clock]) -> None:
    rooftop.desk().does("repair_order", rooftop.ro, {"spot": "A1"})
    housekeeper, clock = keeper
    assert housekeeper.once() == {rooftop.store_id: Tidied()}
    clock.wall, clock.passed = LATER, timedelta(days=91).total_seconds()
    assert housekeeper.once() == {rooftop.store_id: Tidied(answers=1, entries=1)}


@pytest.mark.expected_log(logging.WARNING, "the clock has jumped")
def test_a_clock_that_jumps_ahead_costs_nothing(rooftop: Rooftop, keeper: tuple[Housekeeper, Clock]) -> None:
    rooftop.desk().does("repair_order", rooftop.ro, {"spot": "A1"})
    housekeeper, clock = keeper
    clock.wall, clock.passed = MONDAY + timedelta(days=400), 600.0
    assert housekeeper.once() == {}
    assert rows(rooftop, ledger_table) == 1


def test_the_answers_that_stay_can_still_be_read(rooftop: Rooftop) -> None:
    desk = rooftop.desk().later(days=30)
    desk.does("repair_order", rooftop.ro, {"spot": "A1"})
    tidy(rooftop.shelf, rooftop.store_id, LATER)
    with rooftop.shelf.read(rooftop.store_id) as conn:
        (answer,) = conn.execute(select(ledger_table.c.answer)).scalars()
    assert json.loads(answer)["outcome"] == "applied"
