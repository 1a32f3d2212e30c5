"""kill -9 of the desk service at random moments while commands are being sent: what was answered is there, once."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import board
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.waiting import until

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
KILLS = 200 if LONG else 40
BURST = 12
SEED = int(os.environ.get("ADVISOR_DESK_SEED", "20261125"))


@dataclass
class Asked:
    """One command as it was sent: its key tells it from all others."""

    do: str
    args: dict[str, Any]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    answer: dict[str, Any] | None = None


@dataclass
class Journal:
    """All that was sent over all lives, in order, with what was answered."""

    asked: list[Asked] = field(default_factory=list)

    def answered(self) -> list[Asked]:
        """Those the service said it had done."""
        return [one for one in self.asked if one.answer is not None]

    def notes(self, only_answered: bool = False) -> list[str]:
        """The text of every contact that was sent."""
        return [
            one.args["body"]
            for one in self.asked
            if one.do == "contact.log" and (one.answer is not None or not only_answered)
        ]


def burst(rows: list[dict[str, Any]], number: int, luck: random.Random) -> list[Asked]:
    """Commands of one life: mostly contacts, which are counted, and spots, whose last value counts."""
    out = []
    for step in range(BURST):
        row = luck.choice(rows)
        if step % 4 == 3:
            out.append(Asked("ro.set_spot", {"repair_order_id": row["id"], "spot": f"K{number}-{step}"}))
        else:
            ids = {"customer_id": row["customer_id"], "repair_order_id": row["id"]}
            out.append(Asked("contact.log", ids | {"channel": "call", "body": f"life {number} step {step}"}))
    return out


def live_and_die(desk: DeskProcess, commands: list[Asked], luck: random.Random, journal: Journal) -> None:
    """Say hello, send the commands as fast as the pipe takes them, and kill at a random moment of their course."""
    # The moment is counted in answers and a few milliseconds, so that it means the same on a slow machine.
    answers, more = luck.randrange(-2, BURST), luck.uniform(0, 0.01)
    desk.greet()
    numbers = []
    for one in commands:
        numbers.append((desk.begin(one.do, key=one.key, **one.args), one))
        journal.asked.append(one)
    if answers >= -1:
        until(lambda: desk.heard if answers < 0 else desk.answered(numbers[answers][0]), what="the service to answer")
    time.sleep(more if answers >= -1 else luck.uniform(0, 0.3))
    desk.kill()
    for number, one in numbers:
        if desk.answered(number):
            one.answer = desk.answer(number)


def test_every_answered_command_is_there_after_a_kill_and_none_twice(demo_store: BridgeFolder, tmp_path: Path) -> None:
    luck, journal = random.Random(SEED), Journal()
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as bridge:
        desk = DeskProcess(tmp_path / "desk", bridge.url, bridge.folder.token("maria"))
        with desk:
            desk.wait_live()
            rows = board.cards(desk)
        # The next lives are launched while this one lives: they wait for their hello, so a start costs little.
        coming = [desk.twin() for _ in range(2)]
        for number in range(KILLS):
            coming.append(desk.twin())
            live_and_die(coming.pop(0), burst(rows, number, luck), luck, journal)
        for unused in coming:
            unused.kill()

        print(f"seed {SEED}: {KILLS} kills, {len(journal.asked)} sent, {len(journal.answered())} answered")
        assert len(journal.answered()) > KILLS
        assert len(journal.answered()) < len(journal.asked), "no kill came before an answer; the test shows nothing"
        with desk:
            check_contacts(desk.records(), journal)
            check_spots(desk.records(), journal, rows)
            send_again(desk, journal)
            desk.wait_live()
            assert desk.ask("read.attention") == {"attention": []}
            here, there = desk.records(), bridge.records("maria")
        assert here == there
        assert Counter(bodies(there, journal)) == Counter(journal.notes())


def bodies(records: dict[tuple[str, str], dict[str, Any]], journal: Journal) -> list[str]:
    """The texts of this test's contacts among the records."""
    sent = set(journal.notes())
    return [row["body"] for (kind, _), row in records.items() if kind == "contact_event" and row.get("body") in sent]


def check_contacts(records: dict[tuple[str, str], dict[str, Any]], journal: Journal) -> None:
    """Each answered contact is there, and none twice."""
    found = Counter(bodies(records, journal))
    lost = [note for note in journal.notes(only_answered=True) if note not in found]
    assert not lost, f"answered and lost: {lost}"
    assert set(found.values()) == {1}, f"twice: {[note for note, times in found.items() if times > 1]}"


def check_spots(records: dict[tuple[str, str], dict[str, Any]], journal: Journal, rows: list[dict[str, Any]]) -> None:
    """Where a car stands is what the last answered command said, or one sent after it."""
    last = {row["id"]: [row.get("spot") or ""] for row in rows}
    for one in journal.asked:
        if one.do == "ro.set_spot":
            id = one.args["repair_order_id"]
            last[id] = [one.args["spot"]] if one.answer is not None else [*last[id], one.args["spot"]]
    wrong = {id: records["repair_order", id].get("spot") for id, may in last.items()
             if (records["repair_order", id].get("spot") or "") not in may}  # fmt: skip
    assert not wrong, f"not where the answered command put it: {wrong}"


def send_again(desk: DeskProcess, journal: Journal) -> None:
    """Send every contact again by its key, as a screen does that never heard the answer."""
    for one in journal.asked:
        if one.do == "contact.log":
            answer = desk.ask(one.do, key=one.key, **one.args)
            assert one.answer is None or answer == one.answer
    check_contacts(desk.records(), journal)
