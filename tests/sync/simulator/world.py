"""One simulated stretch of time: a bridge, its desks, a clock, and everything that the plan lets happen to them."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from advisor_desk.bridge import backups, clockwork
from advisor_desk.bridge.problems import Problem
from advisor_desk.cache import errors
from advisor_desk.domain import commands
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.errors import Refused
from tests.cache.shop import NOON
from tests.sync.direct import DirectBridge
from tests.sync.simulator import checks, deeds, handoffs, office, promised
from tests.sync.simulator.desk import Killed, SimDesk
from tests.sync.simulator.plan import Event, Plan, fresh_dice
from tests.sync.simulator.stage import PEOPLE, STORE, Stage
from tests.sync.simulator.variant import REAL, Variant


@dataclass(slots=True)
class Edit:
    """An edit whose author was told that it is saved."""

    id: str
    desk: int
    kind: str
    record_id: str
    op: str
    mine: str


@dataclass(slots=True)
class Restored:
    """What the bridge held just before it was put back from a backup."""

    fields: dict[tuple[str, str], dict[str, Any]]
    deleted: set[tuple[str, str]]
    ledger: dict[str, dict[str, Any]]
    since: int = 0
    """Where the life after the restore begins."""


@dataclass
class World:
    """The world of one plan."""

    plan: Plan
    stage: Stage
    folder: Path
    variant: Variant = REAL
    store: str = STORE
    drawn: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    happened: int = 0
    seconds: float = 0.0
    acked: dict[str, Edit] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Edits whose desk was replaced by a copy of another: it can offer them no more."""
    decided: set[str] = field(default_factory=set)
    """Refused edits that somebody has decided: a cache that is rebuilt afterwards need not know them."""
    restored: Restored | None = None

    def __post_init__(self) -> None:
        shutil.copytree(self.stage.bridge, self.folder / "bridge")
        self.bridge = DirectBridge(self.folder / "bridge", self.now, page=16)
        self.bridge.meanwhile = self._others_turn
        self.late: list[Callable[[], bytes]] = []
        self.backups: list[Path] = []
        self._running: list[int] = []
        self.desks: list[SimDesk] = []
        for number in range(self.plan.desks):
            who = PEOPLE[number % len(PEOPLE)]
            desk = SimDesk(self, number, who, self.plan.skews[number])
            self.desks.append(desk)
            desk.start_from(self.stage.empty if self.plan.empty[number] else self.stage.synced[who])

    def now(self) -> datetime:
        """The true time."""
        return NOON + timedelta(seconds=self.seconds)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def run(self) -> None:
        """Let everything happen, let the faults end, and check; raises checks.Broken."""
        for event in self.plan.events:
            self.happen(event)
        self.settle()
        checks.at_rest(self)
        if self.plan.promises:
            promised.nobody_orphaned(self)

    def happen_all(self, events: Iterable[Event]) -> None:
        """Several things, one after the other."""
        for event in events:
            self.happen(event)

    def happen(self, event: Event) -> None:
        """One thing happens."""
        self.happened += 1
        self.pass_time(event.after)
        desk = self.desks[event.desk]
        nested = event.desk in self._running
        if nested and event.what != "command":
            return
        self._running.append(event.desk)
        try:
            getattr(self, f"_{event.what}")(event, desk)
        except Killed as killed:
            if event.desk in self._running[:-1] or killed.args != (event.desk,):
                raise  # it died within something that was under way: that ends too
            desk.restart(desk.died_at)
        finally:
            self._running.pop()
        if not self._running:
            self._mend()
            if not desk.hurt:
                checks.on_the_way(self, desk)
            if self.plan.promises:
                promised.everywhere(self)

    def _mend(self) -> None:
        """A service that found its cache damaged is started again, as its user is told to."""
        for desk in self.desks:
            if desk.hurt and self.happened % 4 == 0:
                desk.look_through()
            if errors.damage_marker(desk.path).exists():
                desk.restart(desk.kill())
                desk.hurt = False
        for ask in [self.late.pop(0)] if self.late and self.happened % 3 == 0 else []:
            self.deliver(ask)

    def _command(self, event: Event, desk: SimDesk) -> None:
        dice = fresh_dice(event)
        for _ in range(dice.choice((2, 3, 4, 5, 6) if self.plan.promises else (1, 1, 1, 2))):
            try:
                deed = (handoffs if self.plan.promises else deeds).draw(desk, dice)
            except errors.Damaged:
                return
            if deed is not None:
                self.do(desk, *deed)

    def do(self, desk: SimDesk, name: str, args: dict[str, Any]) -> None:
        """Give a command; remember what was said to be saved, and check that it is seen."""
        if self.plan.promises:
            self.drawn["commands"] += 1
        try:
            if name in COMMANDS:
                answer, _ = desk.commands.carry_out(name, commands.check(name, args), None)
            else:
                answer = desk.commands.raise_or_keep(name, args)
        except errors.CacheError as error:
            self.drawn[f"told: {error.code}"] += 1
            return
        except Refused as refused:
            if self.plan.promises:
                self.drawn["refused"] += 1
                promised.is_told(name, refused)
            return
        if self.plan.promises:
            self.drawn[f"did {name}"] += 1
            promised.at_a_desk(desk)
        if name == "attention.resolve":
            self.decided.add(args["attention_id"])
        with desk.rows() as raw:
            rows = raw.execute(
                "SELECT id, kind, record_id, op, mine FROM mutation WHERE change_id = ? ORDER BY row",
                (answer["change"],),
            ).fetchall()
        for id, kind, record_id, op, mine in rows:
            self.acked[id] = Edit(id, desk.number, kind, record_id, op, mine)
        if not desk.hurt:
            checks.own_write(desk, rows)
        self.variant.after_answer(desk, rows)

    def _look(self, event: Event, desk: SimDesk) -> None:
        """The rules look at what time has brought about: at a desk without a line, or at the bridge."""
        if desk.line.down or fresh_dice(event).random() < 0.3:
            with suppress(errors.CacheError):
                desk.commands.sweep()
        else:
            clockwork.go_round(self.bridge.books, self.store, self.now())

    def _turn(self, event: Event, desk: SimDesk) -> None:
        self.variant.before(desk)
        desk.line.begin(event)
        desk.engine.turn()
        if not desk.hurt:
            checks.line(desk)

    def _cut_commit(self, event: Event, desk: SimDesk) -> None:
        desk.arm(event.cut)
        try:
            if fresh_dice(event).random() < 0.4:
                self._command(event, desk)
            self._turn(event, desk)
        finally:
            desk.arm(None)

    def _kill(self, event: Event, desk: SimDesk) -> None:
        self.drawn["kill"] += 1
        desk.restart(desk.kill())

    def _partition(self, event: Event, desk: SimDesk) -> None:
        self.drawn["partition"] += 1
        desk.line.down = not desk.line.down

    def _switch(self, event: Event, desk: SimDesk) -> None:
        self.drawn["switch"] += 1
        desk.sign_in(fresh_dice(event).choice(PEOPLE))

    def _clock(self, event: Event, desk: SimDesk) -> None:
        self.drawn["clock"] += 1
        desk.clock.skew += timedelta(seconds=fresh_dice(event).choice((-7_200, -90, 90, 86_400, -86_400)))

    def _lose_log(self, event: Event, desk: SimDesk) -> None:
        self.drawn["lose_log"] += 1
        after = desk.kill()
        _hurt_log(after.with_suffix(".db-wal"), fresh_dice(event))
        desk.restart(after)

    def _damage(self, event: Event, desk: SimDesk) -> None:
        self.drawn["damage"] += 1
        after = desk.kill()
        content = bytearray(after.read_bytes())
        content[fresh_dice(event).randrange(len(content))] ^= 0x40
        after.write_bytes(content)
        desk.restart(after)
        desk.hurt = True

    def _clone(self, event: Event, desk: SimDesk) -> None:
        source = self.desks[fresh_dice(event).randrange(len(self.desks))]
        if desk.hurt or source.hurt:
            return
        with desk.rows() as raw:
            open_work = raw.execute("SELECT count(*) FROM mutation WHERE state NOT IN ('acked', 'resolved')").fetchone()
            mine = [row[0] for row in raw.execute("SELECT id FROM mutation")]
        if source is desk or open_work[0]:
            return
        self.drawn["clone"] += 1
        with source.rows() as raw:
            theirs = {row[0] for row in raw.execute("SELECT id FROM mutation")}
        self.gone |= set(mine) - theirs
        after = desk.kill(forget=True)
        self.variant.copy(source.path, after)
        desk.who = source.who
        desk.restart(after)

    def _office(self, event: Event, desk: SimDesk) -> None:
        self.drawn["office"] += 1
        office.act(self, fresh_dice(event))

    def _bridge_restart(self, event: Event, desk: SimDesk) -> None:
        self.drawn["bridge_restart"] += 1
        self.bridge.reopen()

    def _restore(self, event: Event, desk: SimDesk) -> None:
        dice = fresh_dice(event)
        if not self.backups or dice.random() < 0.4:
            copy = self.folder / f"backup-{len(self.backups)}"
            backups.backup(self.bridge.data, copy)
            self.backups.append(copy)
            return
        self.drawn["restore"] += 1
        self.restored = Restored(*checks.bridge_now(self))
        self.bridge.books.close()
        backups.restore(self.bridge.data, dice.choice(self.backups))
        self.bridge.reopen()
        self.restored.since = self.bridge.books.head(self.store).seq

    def deliver(self, ask: Callable[[], bytes]) -> None:
        """A request arrives whose reply nobody waits for."""
        with suppress(Problem):
            ask()

    def _others_turn(self) -> None:
        """While a transaction of the bridge is under way, another desk takes its turn."""
        for number, desk in enumerate(self.desks):
            if number not in self._running:
                self._running.append(number)
                desk.line.begin(Event("turn", number))
                desk.engine.turn()
                self._running.pop()
                return

    def deliver_later(self, ask: Callable[[], bytes]) -> None:
        """A request is held up on its way."""
        self.late.append(ask)

    def settle(self) -> None:
        """The faults end: lines come back, clocks are set right, and every desk takes turns until all are in step."""
        for ask in self.late:
            self.deliver(ask)
        self.late.clear()
        for desk in self.desks:
            if desk.hurt:
                desk.look_through()
                desk.hurt = False
            desk.line.down = False
            desk.line.begin(Event("turn"))
        self._mend()
        for again in range(8):
            for desk in self.desks:
                if again and checks.in_step(self, desk):
                    continue
                for who in [*checks.waits_for(desk), desk.who]:
                    if who != desk.who:
                        desk.sign_in(who)
                    self.pass_time(1.0)
                    self.variant.before(desk)
                    self._running.append(desk.number)
                    desk.engine.turn()
                    self._running.pop()
            self._mend()
            if all(checks.in_step(self, desk) for desk in self.desks):
                return

    def close(self) -> None:
        """Let go of everything."""
        for desk in self.desks:
            desk.cut_off()
        self.bridge.books.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _hurt_log(log: Path, dice: random.Random) -> None:
    if not log.exists() or not log.stat().st_size:
        return
    content = bytearray(log.read_bytes())
    at = dice.randrange(len(content))
    match dice.choice(("cut", "flip", "zero", "gone")):
        case "cut":
            log.write_bytes(content[:at])
        case "flip":
            content[at] ^= 1 << dice.randrange(8)
            log.write_bytes(content)
        case "zero":
            content[at : at + 512] = bytes(len(content[at : at + 512]))
            log.write_bytes(content)
        case _:
            log.unlink()
