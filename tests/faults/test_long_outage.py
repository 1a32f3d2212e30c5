"""A desk that was offline for long, with much work of its own, against a bridge that moved on: nothing is lost."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import board
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess
from tests.support.shop import Shop

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
EDITS, CHANGES = (2_000, 20_000) if LONG else (200, 2_000)
PATIENCE = 1_800.0 if LONG else 120.0
"""Seconds; only ever used up by a test that fails."""


@pytest.fixture
def shop(demo_store: BridgeFolder, tmp_path: Path) -> Iterator[Shop]:
    """Maria at a desk that can be cut off."""
    with Shop(demo_store.copied(tmp_path / "bridge"), tmp_path) as shop:
        shop.sign_in("maria")
        yield shop


def test_a_long_outage_ends_with_nothing_lost_and_a_list_of_what_became_of_it(shop: Shop) -> None:
    maria = shop.desks["maria"]
    rows = board.cards(maria)
    elsewhere = Elsewhere(shop, rows)
    shop.unplug("maria")
    notes, spots, keyed = work(maria, rows)
    clashes = clash(shop, maria, elsewhere, rows[-3:])
    elsewhere.moves_on(CHANGES)
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


def work(desk: DeskProcess, rows: list[dict[str, Any]]) -> tuple[list[str], dict[str, str], set[str]]:
    """Contacts, spots and promises: the contacts' texts, where each car stands, and whose promise was moved."""
    notes: list[str] = []
    spots: dict[str, str] = {}
    numbers = []
    for number in range(EDITS):
        row = rows[number % (len(rows) - 3)]
        if number % 4 == 3:
            spots[row["id"]] = f"Row {number}"
            numbers.append(desk.begin("ro.set_spot", repair_order_id=row["id"], spot=spots[row["id"]]))
        else:
            notes.append(f"said while cut off {number}")
            numbers.append(desk.begin("contact.log", customer_id=row["customer_id"], channel="call", body=notes[-1]))
        if number % 50 == 49:
            for one in numbers:
                desk.answer(one, PATIENCE)
            numbers.clear()
    for one in numbers:
        desk.answer(one, PATIENCE)
    keyed = {row["id"] for row in rows[:5]}
    for id in keyed:
        desk.ask("ro.repromise", repair_order_id=id, promised_at=board.hence(days=3), reason="cut off")
    return notes, spots, keyed


def clash(shop: Shop, desk: DeskProcess, elsewhere: Elsewhere, rows: list[dict[str, Any]]) -> dict[str, str]:
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
