"""A bridge put back from a backup: what several desks did one after the other stands again, whoever is back first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, HandClock, bridge_everything, keep_backup, put_back

Deed = tuple[int, str, dict[str, Any]]
RO = {"repair_order_id": "ro-1"}
LINE = {"part_line_id": "line-1"}
CHAINS: dict[str, list[Deed]] = {
    "a stage moved on": [
        (0, "ro.move_stage", RO | {"stage": "quality"}),
        (1, "ro.move_stage", RO | {"stage": "ready"}),
    ],
    "a stage moved on and back": [
        (0, "ro.move_stage", RO | {"stage": "quality"}),
        (1, "ro.move_stage", RO | {"stage": "repair"}),
    ],
    "a promise moved twice": [
        (0, "ro.repromise", RO | {"promised_at": "2026-11-24T15:00:00Z", "reason": "first"}),
        (1, "ro.repromise", RO | {"promised_at": "2026-11-25T15:00:00Z", "reason": "second"}),
    ],
    "a tag set twice": [(0, "ro.set_tag", RO | {"tag": "A1"}), (1, "ro.set_tag", RO | {"tag": "B2"})],
    "an ETA set over an ETA": [
        (0, "part.set_eta", LINE | {"eta": "2026-11-25T15:00:00Z"}),
        (2, "part.set_eta", LINE | {"eta": "2026-11-26T15:00:00Z"}),
    ],
    "reasons to hold": [
        (0, "ro.hold", RO | {"reasons": ["parts"]}),
        (1, "ro.hold", RO | {"reasons": ["parts", "customer"]}),
        (0, "ro.hold", RO | {"reasons": ["customer"]}),
    ],
}


def alike(records: dict[tuple[str, str], dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Records with their lists in one order: in a list that two have added to, either may stand first."""
    return {
        at: {name: sorted(value, key=str) if isinstance(value, list) else value for name, value in fields.items()}
        for at, fields in records.items()
    }


def in_turn(desks: list[Desk], clock: HandClock, deeds: list[Deed]) -> None:
    """Each sees what was done before they go on."""
    for who, do, args in deeds:
        desks[who].do(do, **args)
        for desk in (desks[who], *desks):
            desk.turn()
        clock.later()


def shop(open_desk: OpenDesk, clock: HandClock) -> list[Desk]:
    """Two advisors and the parts counter, in step."""
    desks = [open_desk(name) for name in ("maria", "david", "luis")]
    for desk in desks:
        desk.turn()
    in_turn(desks, clock, [(0, "ro.set_spot", RO | {"spot": "S1"})])
    return desks


@pytest.mark.parametrize("back", [(0, 1, 2), (2, 1, 0)], ids=["in their order", "the last one first"])
@pytest.mark.parametrize("chain", CHAINS)
def test_what_one_did_over_anothers_work_stands_over_it_again(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path, chain: str, back: tuple[int, ...]
) -> None:
    desks = shop(open_desk, clock)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    in_turn(desks, clock, CHAINS[chain])
    before = bridge_everything(bridge)
    put_back(bridge, copy)
    assert bridge_everything(bridge) != before
    for _ in range(3):
        for who in back:
            desks[who].turn()
    assert alike(bridge_everything(bridge)) == alike(before)
    for desk in desks:
        assert desk.everything() == bridge_everything(bridge)
        assert desk.attention() == [] and desk.waiting() == 0


@pytest.mark.parametrize("times", [1, 2], ids=["put back once", "the same copy put back twice"])
@pytest.mark.parametrize("back", [(0, 1), (1, 0)], ids=["who stood is back first", "who gave way is back first"])
@pytest.mark.parametrize(
    "deeds",
    [
        [(0, "ro.set_spot", RO | {"spot": "Later"}), (1, "ro.set_spot", RO | {"spot": "Earlier"})],
        [(0, "ro.move_stage", RO | {"stage": "quality"}), (1, "ro.move_stage", RO | {"stage": "parts"})],
    ],
    ids=["wholly", "in one field of two"],
)
def test_who_gave_way_to_a_later_hand_gives_way_again(
    open_desk: OpenDesk,
    bridge: DirectBridge,
    clock: HandClock,
    tmp_path: Path,
    deeds: list[Deed],
    back: tuple[int, ...],
    times: int,
) -> None:
    desks = shop(open_desk, clock)[:2]
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    for who, do, args in reversed(deeds):  # the second was made first, and is sent last
        desks[who].do(do, **args)
        clock.later()
    for _ in range(2):
        for desk in desks:
            desk.turn()
    before = bridge_everything(bridge)
    for number in range(times):
        put_back(bridge, copy)
        for _ in range(3):
            for who in back:
                desks[who].turn()
        assert alike(bridge_everything(bridge)) == alike(before), f"time {number + 1}"
    for desk in desks:
        assert desk.everything() == bridge_everything(bridge)
        assert desk.attention() == [] and desk.waiting() == 0


@pytest.mark.parametrize("back", [(0, 1), (1, 0)], ids=["the advisor is back first", "the counter is back first"])
def test_the_counters_eta_stands_again_and_the_first_one_stays_who_set_it_first(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path, back: tuple[int, ...]
) -> None:
    maria, _, luis = shop(open_desk, clock)
    desks = (maria, luis)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    luis.do("part.set_eta", **LINE, eta="2026-11-25T15:00:00Z")  # not sent yet
    for eta in ("2026-11-24T15:00:00Z", "2026-11-26T15:00:00Z"):
        clock.later()
        maria.do("part.set_eta", **LINE, eta=eta)
    for desk in (*desks, *desks):
        desk.turn()
    before = bridge_everything(bridge)
    line = before["part_line", "line-1"]
    assert (line["eta"], line["first_eta"]) == ("2026-11-25T15:00:00Z", "2026-11-24T15:00:00Z")
    put_back(bridge, copy)
    for _ in range(3):
        for who in back:
            desks[who].turn()
    again = bridge_everything(bridge)["part_line", "line-1"]
    assert (again["eta"], again["first_eta"]) == (line["eta"], line["first_eta"])
    assert luis.attention() == [] and maria.attention()  # her ETA, which the counter's overruled


def test_what_names_a_record_another_desk_has_yet_to_bring_waits_for_it_and_blocks_nothing(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path
) -> None:
    maria, david, luis = desks = shop(open_desk, clock)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    known = maria.everything().keys()
    maria.do("ro.open", customer_id="cust-1", complaints=["Pulls left"], again=True)
    order = next(id for kind, id in maria.everything().keys() - known if kind == "repair_order")
    for desk in (maria, *desks):
        desk.turn()
    said = {"customer_id": "cust-1", "repair_order_id": order, "channel": "call", "body": "About it"}
    tagged = {"repair_order_id": order, "tag": "OVER"}
    elsewhere = RO | {"spot": "Unrelated"}
    in_turn(desks, clock, [(1, "ro.set_tag", tagged), (1, "contact.log", said), (1, "ro.set_spot", elsewhere)])
    before = bridge_everything(bridge)
    put_back(bridge, copy)
    for _ in range(2):
        david.turn(), luis.turn()
    assert bridge_everything(bridge)["repair_order", "ro-1"]["spot"] == "Unrelated"
    assert david.waiting() == 2 and david.attention() == []
    for _ in range(2):
        for desk in desks:
            desk.turn()
    david.turn()
    assert alike(bridge_everything(bridge)) == alike(before)
    assert [desk.waiting() for desk in desks] == [0, 0, 0] and david.attention() == []


def test_what_waits_for_another_desk_is_asked_for_once_a_turn_and_what_stands_behind_it_goes(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path
) -> None:
    line = BrokenLine()
    maria, david = desks = [open_desk("maria"), open_desk("david", line)]
    for desk in desks:
        desk.turn()
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    known = maria.everything().keys()
    maria.do("ro.open", customer_id="cust-1", complaints=["Pulls left"], again=True)
    order = next(id for kind, id in maria.everything().keys() - known if kind == "repair_order")
    for desk in (maria, *desks):
        desk.turn()
    for count in range(120):  # more than one push holds, and each but the first builds on the one before
        david.do("ro.set_tag", repair_order_id=order, tag=f"T{count}")
    david.do("ro.set_spot", **RO, spot="Behind them all")
    david.turn()
    put_back(bridge, copy)
    david.turn()
    line.well("push", 20).lose_request("push")
    assert david.turn() == "live"
    assert bridge_everything(bridge)["repair_order", "ro-1"]["spot"] == "Behind them all"
    assert david.waiting() == 120 and david.attention() == []
    for desk in (maria, maria, david):
        desk.turn()
    assert bridge_everything(bridge)["repair_order", order]["tag"] == "T119"
    assert david.waiting() == 0 and david.attention() == []


def test_what_nobody_brings_any_more_is_a_persons_to_decide_after_14_days(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path
) -> None:
    maria, david, _ = desks = shop(open_desk, clock)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    known = maria.everything().keys()
    maria.do("ro.open", customer_id="cust-1", complaints=["Pulls left"], again=True)
    order = next(id for kind, id in maria.everything().keys() - known if kind == "repair_order")
    for desk in (maria, *desks):
        desk.turn()
    in_turn(desks, clock, [(1, "ro.set_tag", {"repair_order_id": order, "tag": "OVER"})])
    put_back(bridge, copy)
    david.turn(), david.turn()
    assert (david.waiting(), david.attention()) == (1, [])
    clock.later(timedelta(days=15))
    david.turn()
    (entry,) = david.attention()
    assert entry["mine"]["tag"] == "OVER" and david.waiting() == 0


def test_what_was_changed_after_the_restore_is_not_covered_by_what_is_offered_again(
    open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path
) -> None:
    desks = shop(open_desk, clock)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    in_turn(desks, clock, CHAINS["a promise moved twice"][:1])
    put_back(bridge, copy)
    fresh = open_desk("david")
    fresh.turn()
    fresh.do("ro.repromise", **RO, promised_at="2026-11-27T15:00:00Z", reason="after the restore")
    fresh.turn()
    desks[0].turn(), desks[0].turn()
    (entry,) = desks[0].attention()
    assert entry["mine"]["promised_at"] == "2026-11-24T15:00:00Z"
    assert bridge_everything(bridge)["repair_order", "ro-1"]["promised_at"] == "2026-11-27T15:00:00Z"


ORDERED: list[Deed] = [
    (2, "part.order", LINE | {"order_no": "PO-1", "supplier": "Keystone"}),
    (2, "part.order", LINE | {"order_no": "PO-2", "supplier": "Keystone"}),
]


@pytest.mark.parametrize("chain", [*CHAINS.values(), ORDERED], ids=[*CHAINS, "a part ordered twice by one"])
def test_what_is_done_before_anybody_knows_of_the_restore_stands_over_what_it_was_done_on(
    chain: list[Deed], open_desk: OpenDesk, bridge: DirectBridge, clock: HandClock, tmp_path: Path
) -> None:
    desks = shop(open_desk, clock)
    copy = keep_backup(bridge, tmp_path / "yesterday.backup")
    in_turn(desks, clock, chain[:1])
    put_back(bridge, copy)
    who, do, args = chain[1]
    desks[who].do(do, **args)
    seen = desks[who].everything()
    for desk in (*[desks[who]] * 3, *desks, *desks, *desks):
        desk.turn()
        clock.later()
    assert alike(bridge_everything(bridge)) == alike(seen)
    assert [desk.waiting() for desk in desks] == [0, 0, 0]
    assert not any(desk.attention() for desk in desks)
