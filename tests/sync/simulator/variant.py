"""What is under test: the program as it is, or with one planted bug."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from advisor_desk.cache.database import Cache
from advisor_desk.sync.hybrid import HybridClock
from tests.sync.simulator import desk

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk

MakeCommands = Callable[[Cache, HybridClock, random.Random], desk.SimCommands]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to build a world's desks, and what is changed in the program while it runs."""

    name: str
    planted: Callable[[], AbstractContextManager[Any]] = nullcontext
    commands: MakeCommands = desk.SimCommands
    after_answer: Callable[[SimDesk, list[Any]], None] = lambda _desk, _rows: None
    before: Callable[[SimDesk], None] = lambda _desk: None
    """Called before something else happens to a desk that is alive."""

    def open_cache(self, path: Path, key: bytes) -> Cache:
        """The cache a desk opens."""
        del key
        return desk.fresh_cache(path)

    def copy(self, path: Path, to: Path) -> None:
        """Copy a cache's files."""
        desk.copy(path, to)


REAL = Variant("the program as it is")
