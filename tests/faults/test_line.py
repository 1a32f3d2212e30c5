"""Two real desks on bad lines to a real bridge: nothing is lost or doubled, and what the screen says is true."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support import bad_line, board
from tests.support.bad_line import cut_at
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.proxy import Exchange, Fault, Proxy, Weather
from tests.support.waiting import until

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
SEED = int(os.environ.get("ADVISOR_DESK_SEED", "20261126"))
SEEDS = 60 if LONG else 5
CUTS = 400 if LONG else 12
PUSH, PULL = "POST /v1/mutations", "GET /v1/changes"
NAMES = ("maria", "luis")


class BadLines:
    """A bridge and two desks, each with a proxy in between."""

    def __init__(self, bridge: BridgeProcess, proxies: list[Proxy], desks: list[DeskProcess]) -> None:
        self.bridge = bridge
        self.proxies = proxies
        self.desks = desks

    def clear(self) -> None:
        """The faults stop; both desks are in step, and all three hold the same."""
        for proxy, desk in zip(self.proxies, self.desks, strict=True):
            proxy.clear()
            desk.ask("sync.now")
        for desk in self.desks:
            desk.wait_live()
        until(self._same, what="both desks to hold what the bridge holds")

    def _same(self) -> bool:
        there = self.bridge.records(NAMES[0])
        return all(desk.records() == there for desk in self.desks)

    def told(self, notes: list[str]) -> Counter[str]:
        """How often each note is at the bridge."""
        rows = self.bridge.records(NAMES[0]).items()
        known = set(notes)
        return Counter(row["body"] for (kind, _), row in rows if kind == "contact_event" and row.get("body") in known)


@pytest.fixture(scope="module")
def lines(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BadLines]:
    """Maria's and Luis's desk."""
    where = tmp_path_factory.mktemp("line")
    with ExitStack() as stack:
        bridge = stack.enter_context(BridgeProcess(demo_store.copied(where / "bridge")))
        proxies = [stack.enter_context(Proxy(bridge.url)) for _ in NAMES]
        desks = [
            stack.enter_context(DeskProcess(where / name, proxy.url, bridge.folder.token(name)))
            for name, proxy in zip(NAMES, proxies, strict=True)
        ]
        for desk in desks:
            desk.wait_live()
        yield BadLines(bridge, proxies, desks)


@pytest.fixture(autouse=True)
def cleared(lines: BadLines) -> Iterator[None]:
    """Leave the next test good lines."""
    yield
    lines.clear()


@pytest.mark.parametrize("seed", range(SEED, SEED + SEEDS))
def test_every_answered_command_is_there_once_and_all_agree_whatever_the_line_did(lines: BadLines, seed: int) -> None:
    luck = random.Random(seed)
    weathers = [Weather(seed * 2 + number, bad_line.ALL) for number in range(2)]
    rows = luck.sample(board.cards(lines.desks[0]), 4)
    notes, spots = [], {}
    for proxy, weather in zip(lines.proxies, weathers, strict=True):
        proxy.storm(weather)
        print(weather)
    for step in range(10):
        for number, desk in enumerate(lines.desks):
            row = luck.choice(rows)
            notes.append(f"seed {seed} step {step} {NAMES[number]}")
            desk.ask("contact.log", customer_id=row["customer_id"], channel="call", body=notes[-1])
        spots[row["id"]] = f"L{seed % 1000}-{step}"
        lines.desks[0].ask("ro.set_spot", repair_order_id=row["id"], spot=spots[row["id"]])
        time.sleep(luck.uniform(0.0, 0.2))
    met = [proxy.happened.copy() for proxy in lines.proxies]
    lines.clear()
    print(*(dict(counted) for counted in met))
    assert any(met), "no fault was met; the test shows nothing"
    assert lines.told(notes) == Counter(notes)
    there = lines.bridge.records(NAMES[0])
    assert {id: there["repair_order", id].get("spot") for id in spots} == spots
    assert board.attention(lines.desks[0]) == board.attention(lines.desks[1]) == []


@pytest.mark.parametrize("line", [PUSH, PULL])
def test_a_reply_cut_at_every_nth_byte_loses_and_doubles_nothing(lines: BadLines, line: str) -> None:
    maria, proxy = lines.desks[0], lines.proxies[0]
    row, rival = board.cards(maria)[0], lines.desks[1]
    length = 0

    def measures(at: Exchange) -> None:
        nonlocal length
        raw = at.ask().raw
        length = max(length, len(raw))
        at.send(raw)

    notes: list[str] = []

    def say(fault: Fault) -> None:
        came = proxy.count(line)
        proxy.once(line, fault)
        notes.append(f"cut {uuid.uuid4().hex}")
        desk = maria if line == PUSH else rival
        desk.ask("contact.log", customer_id=row["customer_id"], channel="call", body=notes[-1])
        until(lambda: proxy.count(line) > came, what="the request that is cut")

    say(measures)
    until(lambda: length, what="the reply to be measured")
    for byte in range(0, length, max(1, length // CUTS)):
        say(cut_at(byte))
        maria.ask("sync.now")
    lines.clear()
    print(f"{line}: {len(notes) - 1} cuts in {length} bytes")
    assert lines.told(notes) == Counter(notes)
    known = {row.get("body") for (kind, _), row in maria.records().items() if kind == "contact_event"}
    assert known >= set(notes)


@pytest.mark.parametrize("name", sorted(bad_line.PORTALS))
def test_behind_a_portal_the_desk_says_so_at_its_first_answer_and_follows_it_nowhere(
    lines: BadLines, name: str
) -> None:
    desk, proxy = lines.desks[0], lines.proxies[0]
    row, tag = board.cards(desk)[1], f"P-{uuid.uuid4().hex[:6]}"
    first, since = len(proxy.requests), len(desk.events)
    proxy.every(bad_line.PORTALS[name])
    desk.ask("ro.set_tag", repair_order_id=row["id"], tag=tag)
    # True within three seconds, the promise is. A busy machine's clock proves nothing: the first word does.
    link = wait_said(desk, since, lambda link: link["state"] != "live")
    assert "sign in to it first" in link["trouble"], link
    link = wait_said(desk, since, lambda link: link["state"] != "live" and link["waiting"] == 1)
    asked = proxy.requests[first:]
    assert not [line for line in asked if "portal" in line]
    assert link["state"] == "offline" and link["words"].endswith("· 1 change waiting")
    assert board.card(desk, row["id"])["tag"] == tag
    lines.clear()
    assert lines.bridge.records("maria")["repair_order", row["id"]]["tag"] == tag


def test_without_a_line_the_desk_says_so_though_nobody_asks_it_anything(lines: BadLines) -> None:
    desk, proxy = lines.desks[0], lines.proxies[0]
    since = len(desk.events)
    proxy.every(bad_line.loses_the_request)
    link = wait_said(desk, since, lambda link: link["state"] != "live")
    assert link["words"].startswith("Offline since")


def test_a_bridge_that_takes_what_it_is_asked_and_never_answers_is_not_called_live(lines: BadLines) -> None:
    desk, proxy = lines.desks[0], lines.proxies[0]
    since = len(desk.events)
    proxy.every(bad_line.never_answers)
    # The silence is noticed before any request has waited for as long as it may, whose words would be others.
    link = wait_said(desk, since, lambda link: link["state"] != "live")
    assert link["trouble"].startswith("The bridge does not answer."), link
    proxy.clear()
    wait_said(desk, since, lambda link: link["state"] == "live")


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system has no signal that stops a process")
def test_a_bridge_that_hangs_under_an_open_stream_is_not_called_live(lines: BadLines) -> None:
    desk = lines.desks[0]
    since = len(desk.events)
    lines.bridge.signal(signal.SIGSTOP)
    try:
        link = wait_said(desk, since, lambda link: link["state"] != "live")
        assert link["trouble"].startswith("The bridge does not answer."), link
    finally:
        lines.bridge.signal(signal.SIGCONT)
    wait_said(desk, since, lambda link: link["state"] == "live")


def wait_said(desk: DeskProcess, since: int, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The line as the desk announces it, without being asked."""
    return desk.wait_event(lambda event: event["event"] == "link" and wanted(event), since=since)


@pytest.mark.parametrize("wait", ["1", "-5", "315360000", "soon"])
def test_a_bridge_that_is_busy_is_waited_for_and_asked_again_when_a_person_wants_it(lines: BadLines, wait: str) -> None:
    desk, proxy = lines.desks[0], lines.proxies[0]
    row, tag = board.cards(desk)[2], f"B-{uuid.uuid4().hex[:6]}"
    proxy.every(bad_line.page(503, b"", Retry_After=wait))
    desk.ask("ro.set_tag", repair_order_id=row["id"], tag=tag)
    desk.wait_state("offline")
    assert board.card(desk, row["id"])["tag"] == tag
    lines.clear()
    assert lines.bridge.records("maria")["repair_order", row["id"]]["tag"] == tag


@pytest.mark.skipif(sys.platform != "linux", reason="this system does not tell a process's peak of memory in a file")
def test_a_bomb_in_place_of_an_answer_costs_little_memory(lines: BadLines) -> None:
    desk, proxy = lines.desks[0], lines.proxies[0]
    bad_line.bomb()
    Path(f"/proc/{desk.pid}/clear_refs").write_text("5")  # forget the peak of the first sync
    before = peak(desk)
    proxy.every(bad_line.explodes)
    desk.ask("sync.now")
    desk.wait_state("offline")
    until(lambda: proxy.happened["every"] >= 3, what="three of them")
    assert peak(desk) - before < 64 * 1024, "kilobytes"


def peak(desk: DeskProcess) -> int:
    """The most memory the process has had at a time, in KB."""
    told = Path(f"/proc/{desk.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("VmHWM"))
