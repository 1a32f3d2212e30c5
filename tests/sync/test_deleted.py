"""A deleted customer does not come back, whatever a desk still believes that was not there when it happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor_desk.cache import outbox
from advisor_desk.cache.outbox import Origin
from advisor_desk.domain.changes import DELETE, UPDATE, Edit
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import PEOPLE, Desk, bridge_everything, copy_cache, keep_backup, put_back

CUSTOMER = ("customer", "cust-1")


def _edits(desk: Desk, who: str, op: str, **set_: str) -> None:
    """An edit of the customer, as a command would make it."""
    with desk.cache.write() as conn:
        fields = desk.fields(*CUSTOMER)
        was = fields if op == DELETE else {name: fields.get(name) for name in set_}
        origin = Origin("customer.edit", desk.clock.stamp(), PEOPLE[who], desk.commands.new_id())
        outbox.add(conn, [Edit(*CUSTOMER, op, set_, was)], origin, desk.commands.new_id)


def _gone(*desks: Desk, bridge: DirectBridge) -> None:
    """Nobody has the customer any more."""
    assert CUSTOMER not in bridge_everything(bridge)
    for desk in desks:
        seen = desk.seen(*CUSTOMER)
        assert seen is None or (seen.deleted and seen.fields == {})


def test_a_desk_that_edited_it_meanwhile_keeps_its_words_and_does_not_bring_it_back(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    line = BrokenLine()
    stale, helen = open_desk("maria", line), open_desk("helen")
    stale.turn(), helen.turn()
    line.down = True
    _edits(stale, "maria", UPDATE, notes="Call before noon")
    _edits(helen, "helen", DELETE)
    helen.turn()
    line.down = False
    assert stale.turn() == "live"
    _gone(stale, helen, bridge=bridge)
    (entry,) = stale.attention()
    assert entry["deleted"] and entry["mine"] == {"notes": "Call before noon"}


@pytest.mark.parametrize("sent", [False, True], ids=["its edit unsent", "its edit sent"])
def test_an_old_copy_of_a_desk_s_cache_does_not_bring_it_back(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path, sent: bool
) -> None:
    desk, helen = open_desk("maria"), open_desk("helen")
    desk.turn(), helen.turn()
    _edits(desk, "maria", UPDATE, notes="Call before noon")
    if sent:
        desk.turn()
    copy_cache(desk.path, tmp_path / "old.db")
    desk.turn(), helen.turn()
    _edits(helen, "helen", DELETE)
    helen.turn(), desk.turn()
    _gone(desk, helen, bridge=bridge)
    desk.kill(tmp_path / "killed.db")
    desk.cache.close()
    desk.path = tmp_path / "old.db"
    desk.open()
    assert desk.seen(*CUSTOMER) is not None
    for _ in range(3):
        desk.turn()
    assert desk.engine.line.now()["state"] == "live"
    _gone(desk, helen, bridge=bridge)


def test_a_bridge_put_back_from_before_is_told_of_the_edit_and_of_the_deletion_in_any_order(
    open_desk: OpenDesk, bridge: DirectBridge, tmp_path: Path
) -> None:
    desk, helen = open_desk("maria"), open_desk("helen")
    desk.turn(), helen.turn()
    backup = keep_backup(bridge, tmp_path / "yesterday.backup")
    _edits(desk, "maria", UPDATE, notes="Call before noon")
    desk.turn(), helen.turn()
    _edits(helen, "helen", DELETE)
    helen.turn(), desk.turn()
    put_back(bridge, backup)
    assert CUSTOMER in bridge_everything(bridge), "the backup holds it; else the test shows nothing"
    for _ in range(4):
        helen.turn(), desk.turn()
    _gone(desk, helen, bridge=bridge)
    assert desk.attention() == helen.attention() == []
