"""A wall clock that jumps while the desk runs: edits keep their order, nothing is forgotten, and the screen says so."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor_desk.cache import reads
from advisor_desk.domain.promise import BY_RULE
from tests.support import board
from tests.support.desk import DeskProcess
from tests.support.meddler import Meddler
from tests.support.shop import Shop
from tests.support.waiting import until


@pytest.fixture
def clock(meddling: Path, tmp_path: Path) -> Meddler:
    """The desk's wall clock alone; the bridge's is right."""
    return Meddler(meddling, tmp_path / "orders", tmp_path)


@pytest.fixture
def desk(shop: Shop, clock: Meddler, tmp_path: Path) -> Iterator[DeskProcess]:
    """Maria's second desk, in step."""
    bridge = shop.bridge
    with DeskProcess(tmp_path / "maria", bridge.url, bridge.folder.token("maria"), env=clock.env) as desk:
        desk.wait_live()
        yield desk


def acknowledged(desk: DeskProcess) -> int:
    """How many acknowledged edits the desk keeps, to heal a bridge put back from a backup."""
    conn = reads.connect(desk.profile / "cache.db", bytes.fromhex(desk.key))
    try:
        by_people = "SELECT count(*) FROM mutation WHERE state = 'acked' AND intent <> ?"
        return int(conn.execute(by_people, (BY_RULE,)).fetchone()[0])
    finally:
        conn.close()


@pytest.mark.parametrize("days", [-3, 400])
def test_a_clock_that_jumps_at_work_reorders_and_forgets_nothing(
    shop: Shop, desk: DeskProcess, clock: Meddler, days: int
) -> None:
    row, mark = board.cards(desk)[4], uuid.uuid4().hex[:6]
    id, spots = row["id"], [f"{mark} {number}" for number in range(6)]
    for number, spot in enumerate(spots):
        if number == 2:
            desk.wait_live()
            clock.shift(days=days)
        if number == 4:
            clock.shift(days=0)
        desk.ask("ro.set_spot", repair_order_id=id, spot=spot)
        assert board.card(desk, id)["spot"] == spot
    desk.ask("sync.now")
    desk.wait_live()
    assert shop.bridge.get(f"/v1/records/repair_order/{id}", "maria")["fields"]["spot"] == spots[-1]
    assert acknowledged(desk) == len(spots)
    assert board.attention(desk) == []


def test_a_clock_a_year_ahead_loses_to_who_edits_after_it(shop: Shop, desk: DeskProcess, clock: Meddler) -> None:
    """Its edit counts as made when it came, not in a year: else nobody could change the field before."""
    id, mark = board.cards(desk)[5]["id"], uuid.uuid4().hex[:6]
    clock.shift(days=400)
    desk.ask("ro.set_spot", repair_order_id=id, spot=f"{mark} ahead")
    desk.ask("sync.now")
    desk.wait_live()
    luis = shop.desks["luis"]
    shop.wait_seen("luis", lambda one: board.card(one, id).get("spot") == f"{mark} ahead")
    luis.ask("ro.set_spot", repair_order_id=id, spot=f"{mark} after")
    until(lambda: board.card(desk, id)["spot"] == f"{mark} after", what="the later edit on the desk that is ahead")


def test_a_clock_that_is_far_off_is_told_in_words(desk: DeskProcess, clock: Meddler) -> None:
    clock.shift(days=-3)
    desk.ask("sync.now")
    link = desk.wait_link(lambda link: "clock" in link["trouble"])
    assert link["state"] == "live", link
    clock.shift(days=0)
    desk.ask("sync.now")
    desk.wait_link(lambda link: link["state"] == "live" and not link["trouble"])
