"""Cut the power at every moment of a trace, and look for everything that was said to be saved."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.sync.power_loss.disk import POLICIES, Disk
from tests.sync.power_loss.judge import JOURNAL, Judge, Left
from tests.sync.power_loss.trace import Promises, Trace


@dataclass(slots=True)
class Verdict:
    """What became of the images, opened in one way; each line names an image."""

    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    from_journal: int = 0
    rebuilt: int = 0

    @property
    def bad(self) -> list[str]:
        """Every image that broke the promise."""
        return self.lost + self.torn + self.unreadable

    def take(self, name: str, left: Left, promises: Promises, trace: Trace) -> None:
        """Compare what is there with what must be."""
        self.from_journal += left.from_journal
        self.rebuilt += left.rebuilt
        if left.error:
            self.unreadable.append(f"{name}: {left.error}")
        safe = left.edits | promises.at_bridge
        if missing := promises.edits - safe:
            self.lost.append(f"{name}: {len(missing)} of {len(promises.edits)} edits")
        if any(edits & left.edits and edits - safe for edits in trace.edits.values()):
            self.torn.append(name)


@dataclass(slots=True)
class Found:
    """What became of the images: opened whole, and opened without the journal."""

    images: int = 0
    acknowledged: int = 0
    whole: Verdict = field(default_factory=Verdict)
    alone: Verdict = field(default_factory=Verdict)


def replay(trace: Trace, images: int, seed: int, judge: Judge, found: Found, *, lies: bool = False) -> None:
    """Draw so many images, spread over all moments of the trace, and judge each."""
    dice = random.Random(seed)
    judge.forget()
    disk, promises, at = Disk(trace, lies=lies), Promises(trace.edits), 0
    for number in range(images):
        cut = number * (len(trace.ops) + 1) // images
        for op in trace.ops[at:cut]:
            disk.play(op)
            promises.hear(op)
        at, policy = cut, dice.choice(POLICIES)
        files = disk.after(policy, dice)
        name = f"seed {seed} image {number} cut {cut} {policy}"
        must = promises.edits - promises.at_bridge
        found.images += 1
        found.acknowledged += promises.changes
        found.whole.take(name, judge.look(files, must), promises, trace)
        files.pop(JOURNAL, None)
        found.alone.take(name, judge.look(files, must), promises, trace)
