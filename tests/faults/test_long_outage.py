"""A desk that was offline for two weeks, with much work of its own, against a bridge that moved on: nothing is lost."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support import board
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess
from tests.support.meddler import Meddler
from tests.support.shop import Shop

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
EDITS, CHANGES = (2_000, 20_000) if LONG else (200, 2_000)
DAYS = 14
PATIENCE = 1_800.0 if LONG else 120.0
"""Seconds; only ever used up by a test that fails."""


@pytest.fixture
def clock(meddling: Path, tmp_path: Path) -> Meddler:
    """The wall clock of bridge and desk: it begins two weeks ago, so that tokens made today hold to the end."""
    clock = Meddler(meddling, tmp_path / "orders", tmp_path)
    clock.shift(days=-DAYS)
    return clock


@pytest.fixture
def shop(demo_store: BridgeFolder, tmp_path: Path, clock: Meddler) -> Iterator[Shop]:
    """Maria at a desk that can be cut off."""
    with Shop(demo_store.copied(tmp_path / "bridge"), tmp_path, clock.env) as shop:
        shop.sign_in("maria")
        yield shop


def test_two_weeks_offline_end_with_nothing_lost_and_a_list_of_what_became_of_it(shop: Shop, clock: Meddler) -> None:
    maria = shop.desks["maria"]
    rows = board.cards(maria)
    elsewhere = Elsewhere(shop, rows)
    shop.unplug("maria")
    done = Done()
    keyed = promise(maria, rows[:5])
    clashes = clash(maria, elsewhere, rows[-3:])
    for day in range(1, DAYS + 1):
        work(maria, rows[:-3], done, EDITS * day // DAYS)
        elsewhere.moves_on(CHANGES * day // DAYS)
        clock.shift(days=day - DAYS)
    notes, spots = done.notes, done.spots
    edits = maria.link()["waiting"]
    assert edits >= EDITS

    before, began = memory(maria), time.monotonic()
    shop.plugs["maria"].push()
    maria.ask("sync.now")
    maria.wait_live(PATIENCE)
    took = time.monotonic() - began
    there = shop.wait_same(PATIENCE)

    print(f"{edits} edits, {elsewhere.made} changes: {took:.1f} s, {before} before, {memory(maria)} at the peak")
    said = Counter(row.get("body") for (kind, _), row in there.items() if kind == "contact_event")
    assert {note: said[note] for note in notes} == dict.fromkeys(notes, 1)
    assert {note: said[note] for note in elsewhere.notes} == dict.fromkeys(elsewhere.notes, 1)
    assert {id: there["repair_order", id].get("spot") for id in spots} == spots
    check_asked(maria, clashes, there)
    check_list(maria, edits, keyed, clashes)
    days = {entry["made_at"][:10] for entry in maria.ask("read.reconcile")["reconcile"]}
    assert len(days) >= DAYS, "the work was not done over two weeks; the test shows little"


@dataclass
class Done:
    """What was done at the desk: the contacts' texts, and where each car stands."""

    notes: list[str] = field(default_factory=list)
    spots: dict[str, str] = field(default_factory=dict)
    number: int = 0


def work(desk: DeskProcess, rows: list[dict[str, Any]], done: Done, up_to: int) -> None:
    """Contacts, and cars that are put elsewhere, up to so many in all."""
    waiting = []
    for number in range(done.number, up_to):
        row = rows[number % len(rows)]
        if number % 4 == 3:
            done.spots[row["id"]] = f"Row {number}"
            waiting.append(desk.begin("ro.set_spot", repair_order_id=row["id"], spot=done.spots[row["id"]]))
        else:
            done.notes.append(f"said while cut off {number}")
            said = {"customer_id": row["customer_id"], "channel": "call", "body": done.notes[-1]}
            waiting.append(desk.begin("contact.log", **said))
    for one in waiting:
        desk.answer(one, PATIENCE)
    done.number = up_to


def promise(desk: DeskProcess, rows: list[dict[str, Any]]) -> set[str]:
    """New promises, which the dealer system must be told of: whose."""
    for row in rows:
        desk.ask("ro.repromise", repair_order_id=row["id"], promised_at=board.hence(days=3), reason="cut off")
    return {row["id"] for row in rows}


def clash(desk: DeskProcess, elsewhere: Elsewhere, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Both promise the same cars another time: what the desk had promised."""
    mine = {row["id"]: board.hence(days=4) for row in rows}
    for id, promised in mine.items():
        desk.ask("ro.repromise", repair_order_id=id, promised_at=promised, reason="cut off")
        elsewhere.promises(id, board.hence(days=6))
    return mine


class Elsewhere:
    """The manager's work at a desk of her own, sent as a desk sends it, a hundred edits at a time."""

    def __init__(self, shop: Shop, rows: list[dict[str, Any]]) -> None:
        self._bridge = shop.bridge
        self._rows = rows
        self._desk = str(uuid.uuid4())
        self._actor = shop.bridge.get("/v1/me", "helen")["employee"]["id"]
        self.notes: list[str] = []
        self.made = 0

    def promises(self, id: str, promised: str) -> None:
        """A promise made while the desk is cut off."""
        record = self._bridge.get(f"/v1/records/repair_order/{id}", "helen")
        was = {"promised_at": record["fields"].get("promised_at")}
        self._push([self._edit("repair_order", id, "update", record["rev"], {"promised_at": promised}, was)])

    def moves_on(self, changes: int) -> None:
        """So many new contacts and tags."""
        while self.made < changes:
            self._push([self._next() for _ in range(min(100, changes - self.made))])

    def _next(self) -> dict[str, Any]:
        row = self._rows[self.made % len(self._rows)]
        if self.made % 2:
            return self._edit("repair_order", row["id"], "update", 0, {"tag": f"E{self.made}"}, {})
        self.notes.append(f"said elsewhere {self.made}")
        said = {"customer_id": row["customer_id"], "channel": "call", "at": board.hence(), "body": self.notes[-1]}
        return self._edit("contact_event", str(uuid.uuid4()), "create", 0, said | {"employee_id": self._actor}, {})

    def _edit(self, kind: str, id: str, op: str, rev: int, set_: dict[str, Any], was: dict[str, Any]) -> dict[str, Any]:
        self.made += 1
        return {
            "id": str(uuid.uuid4()), "n": self.made, "kind": kind, "record_id": id, "op": op, "base_rev": rev,
            "set": set_, "was": was, "intent": "elsewhere", "made_at": board.hence(), "actor": self._actor,
        }  # fmt: skip

    def _push(self, edits: list[dict[str, Any]]) -> None:
        answers = self._bridge.push(self._desk, edits, "helen")
        bad = [answer for answer in answers if answer["outcome"] not in {"applied", "merged"}]
        assert not bad, bad[:2]


def check_asked(desk: DeskProcess, clashes: dict[str, str], there: dict[tuple[str, str], dict[str, Any]]) -> None:
    """A person is asked of just the clashes, with what they had promised; the bridge keeps the other's."""
    entries = board.attention(desk)
    assert sorted(entry["mine"]["promised_at"] for entry in entries) == sorted(clashes.values())
    for id, mine in clashes.items():
        assert there["repair_order", id]["promised_at"] != mine


def check_list(desk: DeskProcess, edits: int, keyed: set[str], clashes: dict[str, str]) -> None:
    """Every edit is listed with what became of it, and the promises are to be keyed by hand."""
    listed = desk.ask("read.reconcile")["reconcile"]
    assert len(listed) == edits
    became = Counter(entry["became"] for entry in listed)
    assert became["clashed"] == len(clashes)
    assert became["sent"] + became["merged"] + became["clashed"] == edits
    by_hand = {entry["repair_order_id"] for entry in listed if "promised_at" in entry["by_hand"]}
    assert by_hand == keyed


def memory(desk: DeskProcess) -> str:
    """The most memory the process has had at a time."""
    if sys.platform != "linux":
        return "unknown"
    told = Path(f"/proc/{desk.pid}/status").read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in told if line.startswith("VmHWM"))
