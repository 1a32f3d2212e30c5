"""A bridge in this process and two desks of its store, for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.direct import DirectBridge, Line
from tests.sync.store import Desk, HandClock, open_bridge


@pytest.fixture
def clock() -> HandClock:
    """The one clock of the bridge and its desks."""
    return HandClock()


@pytest.fixture
def bridge(tmp_path: Path, clock: HandClock) -> Iterator[DirectBridge]:
    """The store's bridge; its snapshot comes in small pages."""
    made = open_bridge(tmp_path / "bridge", clock.now, page=5)
    yield made
    made.books.close()


OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path, bridge: DirectBridge, clock: HandClock) -> Iterator[OpenDesk]:
    """Opens desks, and closes them after the test."""
    made: list[Desk] = []

    def opened(who: str, line: Line | None = None) -> Desk:
        made.append(Desk(tmp_path / f"desk-{len(made)}.db", bridge, who, clock, line))
        return made[-1]

    yield opened
    for desk in made:
        desk.cache.close()
