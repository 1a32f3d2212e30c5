"""The line is called live only while the bridge gives signs of life, and a slow bridge is not called away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.api.errors import Offline
from advisor_desk.cache.database import open_cache
from advisor_desk.sync import schedule
from advisor_desk.sync.hybrid import HybridClock
from advisor_desk.sync.link import Link
from advisor_desk.sync.watch import QUIET, Watch
from tests.cache.shop import KEY
from tests.sync.store import HandClock


class FakeBridge:
    """Heard when it is told to speak; asked, it answers or not."""

    def __init__(self) -> None:
        self.now = 100.0
        self.heard = 100.0
        self.probed = 0
        self.answers = True
        self.meanwhile: Callable[[], Any] = lambda: None

    def probe(self) -> None:
        """As ``Client.probe``."""
        self.probed += 1
        self.meanwhile()
        if not self.answers:
            raise Offline
        self.heard = self.now


class Watched:
    """A line that is watched."""

    def __init__(self, path: Path) -> None:
        self.bridge = FakeBridge()
        self.cache = open_cache(path, KEY)
        self.events: list[dict[str, Any]] = []
        self.line = Link(self.cache, HybridClock(HandClock()), self.events.append)
        self.line.set(schedule.LIVE)
        self.watch = Watch(self.line, self.bridge, lambda: self.bridge.now)

    def after(self, seconds: float) -> str:
        """What the line says when that long nothing has come."""
        self.bridge.now += seconds
        self.watch.look()
        return str(self.line.now()["state"])


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """A line that is live."""
    return Watched(tmp_path / "cache.db")


def test_while_the_bridge_is_heard_nobody_asks_it_anything(watched: Watched) -> None:
    for _ in range(20):
        watched.bridge.heard = watched.bridge.now
        assert watched.after(QUIET * 0.9) == "live"
    assert watched.bridge.probed == 0


def test_a_bridge_that_is_silent_and_answers_when_asked_stays_live(watched: Watched) -> None:
    for _ in range(20):
        assert watched.after(QUIET * 2) == "live"
    assert watched.bridge.probed == 20 and len(watched.events) == 1


def test_a_bridge_that_is_silent_and_does_not_answer_is_not_called_live(watched: Watched) -> None:
    watched.bridge.answers = False
    assert watched.after(QUIET * 1.1) == "offline"
    assert watched.line.now()["trouble"].startswith("The bridge does not answer.")
    since = watched.line.now()["since"]
    assert watched.after(QUIET * 1.1) == "offline" and watched.line.now()["since"] == since


def test_when_it_is_heard_again_what_was_said_before_holds(watched: Watched) -> None:
    watched.line.set(schedule.SYNCING)
    watched.bridge.answers = False
    assert watched.after(QUIET * 1.1) == "offline"
    watched.bridge.heard = watched.bridge.now
    assert watched.after(0.1) == "syncing"
    watched.bridge.answers = False
    assert watched.after(QUIET * 1.1) == "offline"
    watched.bridge.answers = True
    assert watched.after(QUIET * 1.1) == "syncing"


def test_a_bridge_heard_while_it_was_asked_is_there(watched: Watched) -> None:
    watched.bridge.answers = False
    watched.bridge.meanwhile = lambda: setattr(watched.bridge, "heard", watched.bridge.now)
    assert watched.after(QUIET * 1.1) == "live"


@pytest.mark.parametrize("state", [schedule.OFFLINE, schedule.SIGN_IN, schedule.NOT_OURS, schedule.DISK_FULL])
def test_what_the_engine_has_found_out_stands(watched: Watched, state: str) -> None:
    watched.line.set(state, "found out")
    assert watched.after(QUIET * 5) == state and watched.bridge.probed == 0
    watched.line.set(schedule.LIVE)
    watched.bridge.answers = False
    assert watched.after(QUIET * 1.1) == "offline"
    watched.line.set(state, "found out")
    watched.bridge.heard = watched.bridge.now
    assert watched.after(0.1) == state and watched.line.now()["trouble"] == "found out"
