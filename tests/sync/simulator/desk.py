"""A simulated desk: the real cache, commands and engine on files in memory, with a plug that can be pulled."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection

from advisor_desk.cache import errors, meta, outbox
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.cache.outbox import Origin
from advisor_desk.desk.commands import Answer, Commands
from advisor_desk.domain.ids import uuid7
from advisor_desk.sync.engine import Engine
from advisor_desk.sync.hybrid import HybridClock
from tests.sync.direct import DirectClient, Inline
from tests.sync.simulator import promises
from tests.sync.simulator.network import PlannedLine

if TYPE_CHECKING:
    from tests.sync.simulator.world import World

KEY = bytes(range(32))


class Killed(BaseException):
    """The desk's process ends here, as by kill -9."""


class SkewedClock:
    """A desk's own clock: the world's, but for what it is off."""

    def __init__(self, world: World, skew: float) -> None:
        self._world = world
        self.skew = timedelta(seconds=skew)

    def now(self) -> datetime:
        """This moment, as the desk believes."""
        return self._world.now() + self.skew

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return self._world.seconds


class SimCommands(Commands):
    """The real commands, their ids drawn from the world's dice so that a seed replays exactly."""

    def __init__(self, cache: Cache, clock: HybridClock, dice: random.Random) -> None:
        super().__init__(cache, clock)
        self._dice = dice

    def new_id(self) -> str:
        """A new id."""
        return uuid7(self._clock.now(), self._dice.randbytes(10))

    def raise_or_keep(self, name: str, args: dict[str, Any]) -> Answer:
        """What rules will do to promises, written as every command is."""
        with self._cache.write() as conn:
            origin = Origin(name, self._clock.stamp(), self._actor(conn, "contact.log"), self.new_id())
            outbox.add(conn, promises.decide(conn, name, args, origin.actor), origin, self.new_id)
        return {"change": origin.change_id}


class SimDesk:
    """One desk; ``who`` is signed in."""

    def __init__(self, world: World, number: int, who: str, skew: float) -> None:
        self.world = world
        self.number = number
        self.who = who
        self.clock = SkewedClock(world, skew)
        self.line = PlannedLine(world)
        self.events: list[dict[str, Any]] = []
        self.dice = random.Random(f"{world.plan.seed} desk {number}")
        self.hurt = False
        """True while a page of the file is damaged and nobody has noticed yet."""
        self._life = 0
        self._cut: tuple[int, str] | None = None
        self._commits = 0
        self.path = world.folder / f"desk-{number}-0.db"

    def start_from(self, template: Path) -> None:
        """Begin with a copy of a cache."""
        copy(template, self.path)
        self.open()
        with self.cache.write() as conn:
            if meta.get(conn, "desk_id") is not None:
                meta.put(conn, "desk_id", self.commands.new_id())

    def open(self) -> None:
        """Start the service on what is on disk."""
        self.cache = self.world.variant.open_cache(self.path, KEY)
        self._plug(self.cache)
        with self.cache.read() as conn:
            last = conn.exec_driver_sql("SELECT max(made_at) FROM mutation").scalar() or ""
        self.hybrid = HybridClock(self.clock, last)
        self.commands = self.world.variant.commands(self.cache, self.hybrid, self.dice)
        self.sign_in(self.who)

    def sign_in(self, who: str) -> None:
        """Somebody signs in; the engine starts anew."""
        self.who = who
        self.client = DirectClient(self.world.bridge, self.world.store, who, self.clock.now, self.line)
        self.engine = Engine(
            self.cache,
            self.client,  # type: ignore[arg-type]
            self.hybrid,
            self.events.append,
            self.commands.new_id,
            chance=self.dice.random,
            fetching=Inline,
        )

    def arm(self, cut: tuple[int, str] | None) -> None:
        """Die at a commit to come, or not."""
        self._cut = cut
        self._commits = 0

    def kill(self, *, forget: bool = False) -> Path:
        """Everything that is not on disk is gone; where what is on disk now is."""
        self._life += 1
        after = self.world.folder / f"desk-{self.number}-{self._life}.db"
        if not forget:
            copy(self.path, after)
        return after

    def restart(self, path: Path) -> None:
        """Start again from what is on disk there."""
        self.cut_off()
        self.path = path
        self.open()

    def cut_off(self) -> None:
        """Let go of the process that died."""
        self.cache._engine.dispose()
        self.cache._journal.close()

    def _plug(self, cache: Cache) -> None:
        """Let the plan pull the plug just before a commit, between the journal and the commit, or just after."""
        real_write, real_enter = cache.write, cache._enter

        @contextmanager
        def write(**how: Any) -> Iterator[Connection]:
            place, self._commits = self._commits, self._commits + 1
            with real_write(**how) as conn:
                yield conn
                self._die_at(place, "before")
            self._die_at(place, "after")

        def enter(conn: Connection, notes: list[dict[str, Any]]) -> None:
            real_enter(conn, notes)
            self._die_at(self._commits - 1, "sealed")

        cache.write = write  # type: ignore[method-assign]
        cache._enter = enter  # type: ignore[method-assign]

    def _die_at(self, place: int, side: str) -> None:
        if self._cut == (place, side):
            self._cut = None
            self.world.drawn["cut_commit"] += 1
            self.died_at = self.kill()
            raise Killed(self.number)

    def look_through(self) -> None:
        """Somebody looks at everything: what is damaged is noticed."""
        with self.cache.read() as conn:
            if conn.exec_driver_sql("PRAGMA cipher_integrity_check").all():
                errors.damage_marker(self.path).touch()

    @contextmanager
    def rows(self) -> Iterator[Any]:
        """The cache's own rows, read as they are."""
        try:
            with self.cache.read() as conn:
                yield conn.connection.driver_connection
        except sqlcipher.DatabaseError:  # a damaged page, met by a reader as the screen is one
            errors.damage_marker(self.path).touch()
            raise errors.Damaged() from None


def copy(path: Path, to: Path) -> None:
    """Copy a cache's files as they stand."""
    shutil.copyfile(path, to)
    for suffix in (".db-wal", ".journal", ".settled", ".db.damaged"):
        source = path.with_suffix(suffix)
        if source.exists():
            shutil.copyfile(source, to.with_suffix(suffix))


def fresh_cache(path: Path) -> Cache:
    """The real cache, its journal synced in this thread."""
    return open_cache(path, KEY, Inline)
