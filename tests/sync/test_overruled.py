"""The parts counter's ETA stands over an advisor's it had not seen, in whatever order they come, and she is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import at_bridge, bridge_everything

LINE = ("part_line", "line-1")
HERS, HIS, LATER = "2026-11-26T15:00:00Z", "2026-11-28T15:00:00Z", "2026-11-30T15:00:00Z"


class Apart:
    """Maria (advisor) and Luis (parts) at their desks, each with a line of their own."""

    def __init__(self, open_desk: OpenDesk) -> None:
        self.her_line, self.his_line = BrokenLine(), BrokenLine()
        self.maria, self.luis = open_desk("maria", self.her_line), open_desk("luis", self.his_line)
        self.maria.turn(), self.luis.turn()

    def both_set_it(self, first: str) -> None:
        """Each sets the ETA without having seen the other's; ``first`` gets to the bridge first."""
        self.maria.do("part.set_eta", part_line_id="line-1", eta=HERS, source="customer")
        self.luis.do("part.set_eta", part_line_id="line-1", eta=HIS, source="supplier")
        order = (self.maria, self.luis) if first == "maria" else (self.luis, self.maria)
        for desk in (*order, *order):
            assert desk.turn() == "live"


@pytest.fixture
def apart(open_desk: OpenDesk) -> Apart:
    """Both in step."""
    return Apart(open_desk)


@pytest.mark.parametrize("first", ["luis", "maria"])
def test_in_both_orders_his_stands_and_she_has_an_entry_with_both_values(
    apart: Apart, bridge: DirectBridge, first: str
) -> None:
    apart.both_set_it(first)
    (entry,) = apart.maria.attention()
    assert (entry["mine"]["eta"], entry["mine"]["eta_source"]) == (HERS, "customer")
    assert (entry["theirs"]["eta"], entry["theirs"]["eta_source"]) == (HIS, "supplier")
    assert (entry["by"], entry["author"], entry["intent"]) == ("Luis Prado", "Maria Oakes", "part.set_eta")
    assert entry["problem"]["type"].endswith(":conflict")
    assert apart.luis.attention() == [] and apart.maria.waiting() == apart.luis.waiting() == 0
    stands = at_bridge(bridge, *LINE)
    assert (stands["eta"], stands["eta_source"], stands["first_eta"]) == (HIS, "supplier", HIS)
    assert apart.maria.everything() == apart.luis.everything() == bridge_everything(bridge)


@pytest.mark.parametrize("first", ["luis", "maria"])
@pytest.mark.parametrize(("action", "stands"), [("keep_theirs", HIS), ("set_mine", HERS)])
def test_what_she_decides_is_done_and_she_is_not_asked_again(
    apart: Apart, bridge: DirectBridge, first: str, action: str, stands: str
) -> None:
    apart.both_set_it(first)
    (entry,) = apart.maria.attention()
    apart.maria.do("attention.resolve", attention_id=entry["id"], action=action)
    for _ in range(3):
        apart.maria.turn(), apart.luis.turn()
    assert at_bridge(bridge, *LINE)["eta"] == stands
    assert apart.maria.attention() == apart.luis.attention() == []


def test_one_who_saw_hers_and_sets_another_overrules_nobody_unseen(apart: Apart) -> None:
    apart.maria.do("part.set_eta", part_line_id="line-1", eta=HERS, source="customer")
    apart.maria.turn(), apart.luis.turn()
    apart.luis.do("part.set_eta", part_line_id="line-1", eta=HIS, source="supplier")
    apart.luis.turn(), apart.maria.turn()
    assert apart.maria.attention() == [] and apart.maria.fields(*LINE)["eta"] == HIS


def test_she_is_told_though_he_sets_it_once_more_before_she_is_back(apart: Apart) -> None:
    apart.maria.do("part.set_eta", part_line_id="line-1", eta=HERS, source="customer")
    apart.luis.do("part.set_eta", part_line_id="line-1", eta=HIS, source="supplier")
    apart.maria.turn()
    apart.her_line.down = True
    apart.luis.turn()
    apart.luis.do("part.set_eta", part_line_id="line-1", eta=LATER, source="supplier")
    apart.luis.turn()
    apart.her_line.down = False
    apart.maria.turn()
    (entry,) = apart.maria.attention()
    assert (entry["mine"]["eta"], entry["theirs"]["eta"]) == (HERS, LATER)


def test_she_is_told_though_the_bridges_first_answer_was_lost(apart: Apart) -> None:
    apart.maria.do("part.set_eta", part_line_id="line-1", eta=HERS, source="customer")
    apart.luis.do("part.set_eta", part_line_id="line-1", eta=HIS, source="supplier")
    apart.her_line.lose_reply("push")
    assert apart.maria.turn() == "offline"
    apart.luis.turn()
    assert apart.maria.turn() == "live"
    (entry,) = apart.maria.attention()
    assert (entry["mine"]["eta"], entry["theirs"]["eta"]) == (HERS, HIS)
    apart.maria.turn()
    assert len(apart.maria.attention()) == 1


def test_the_entry_outlives_a_power_cut(apart: Apart, tmp_path: Path) -> None:
    apart.both_set_it("maria")
    apart.maria.kill(tmp_path / "again.db")
    assert len(apart.maria.attention()) == 1
    apart.maria.turn()
    assert len(apart.maria.attention()) == 1
