"""What happens in one simulated stretch of time, drawn whole from a seed before it begins, so that it can be shrunk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

CALL_FAULTS: Final = ("lose_request", "lose_reply", "twice", "late", "busy")
"""What may become of one request, besides arriving."""
FAULTS: Final = (
    *CALL_FAULTS,
    "overlap",
    "partition",
    "kill",
    "cut_commit",
    "bridge_restart",
    "restore",
    "clock",
    "lose_log",
    "damage",
    "switch",
    "clone",
    "office",
)
_DESKS: Final = (1, 2, 2, 2, 2, 3, 3, 3, 4, 5)
_PLACES: Final = (0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6)
"""Which request of a turn something befalls: most turns have few, and the first is the push where there is one."""
_SPANS: Final = (1.0, 20.0, 60.0, 300.0, 900.0, 2_400.0, 14_400.0, 50_000.0)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens: to which desk, after how many seconds, with which dice."""

    what: str
    desk: int = 0
    seed: int = 0
    after: float = 1.0
    calls: tuple[tuple[int, str], ...] = ()
    """What becomes of the requests of a turn, by their place in it."""
    during: tuple[tuple[int, Event], ...] = ()
    """What else happens while a request of a turn is under way, by its place."""
    cut: tuple[int, str] | None = None
    """At which commit the desk dies, and on which side of it."""

    def __str__(self) -> str:
        more = "".join(f" {name}={value}" for name, value in (("calls", self.calls), ("cut", self.cut)) if value)
        inner = "".join(f"\n        during {place}: {event}" for place, event in self.during)
        return f"{self.what} desk={self.desk} seed={self.seed} after={self.after:g}{more}{inner}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole stretch: how many desks, which start with an empty cache, and the events in order."""

    seed: int
    desks: int
    empty: tuple[bool, ...]
    skews: tuple[float, ...]
    faults: tuple[str, ...]
    events: tuple[Event, ...] = field(default=())
    promises: bool = False
    """True for a stretch in which all that people do is about promises."""

    def without(self, dropped: set[int]) -> Plan:
        """The plan without some of its parts, counted as ``parts`` counts them."""
        number = -1

        def kept(event: Event) -> Event | None:
            nonlocal number
            number += 1
            if number in dropped:
                number += _size(event) - 1
                return None
            inner = []
            for place, child in event.during:
                if (left := kept(child)) is not None:
                    inner.append((place, left))
            calls = []
            for call in event.calls:
                number += 1
                if number not in dropped:
                    calls.append(call)
            return replace(event, during=tuple(inner), calls=tuple(calls))

        return replace(self, events=tuple(left for event in self.events if (left := kept(event)) is not None))

    @property
    def parts(self) -> int:
        """How many parts it has: events, events within events, and faults of single requests."""
        return sum(_size(event) for event in self.events)

    def __str__(self) -> str:
        head = f"seed {self.seed}: {self.desks} desks, empty {self.empty}, skews {self.skews}, faults {self.faults}"
        return "\n".join([head, *(f"  {event}" for event in self.events)])


def _size(event: Event) -> int:
    return 1 + sum(_size(child) for _, child in event.during) + len(event.calls)


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    dice = random.Random(seed)
    desks = dice.choice(_DESKS)
    faults = tuple(dice.sample(FAULTS, dice.randint(1, 5)))
    length = dice.randint(8, 20)
    return Plan(
        seed,
        desks,
        tuple(dice.random() < 0.12 for _ in range(desks)),
        tuple(dice.choice((0.0, 0.0, 0.0, -5_400.0, 7_200.0, 30.0)) for _ in range(desks)),
        faults,
        tuple(_events(dice, desks, faults, length)),
    )


def draw_promises(seed: int) -> Plan:
    """A seed's plan of promises made and raised, handed over and kept: longer, over days, and always several desks."""
    dice = random.Random(f"promises {seed}")
    desks = dice.choice((2, 2, 3, 3, 4))
    faults = tuple(dice.sample(FAULTS, dice.randint(1, 4)))
    skews = tuple(dice.choice((0.0, 0.0, 0.0, -5_400.0, 30.0)) for _ in range(desks))
    events = tuple(_of_promises(dice, desks, faults, dice.randint(60, 110)))
    return Plan(seed, desks, (False,) * desks, skews, faults, events, promises=True)


def _of_promises(dice: random.Random, desks: int, faults: tuple[str, ...], length: int) -> Iterator[Event]:
    whole = [fault for fault in faults if fault not in CALL_FAULTS and fault != "overlap"]
    for _ in range(length):
        roll = dice.random()
        if whole and roll < 0.08:
            what = dice.choice(whole)
        else:
            what = "command" if roll < 0.78 else "turn" if roll < 0.92 else "look"
        yield replace(_event(dice, what, desks, faults), after=dice.choice(_SPANS))


def _events(dice: random.Random, desks: int, faults: tuple[str, ...], length: int) -> Iterator[Event]:
    whole = [fault for fault in faults if fault not in CALL_FAULTS and fault != "overlap"]
    for _ in range(length):
        roll = dice.random()
        if whole and roll < 0.22:
            yield _event(dice, dice.choice(whole), desks, faults)
        elif roll < 0.62:
            yield _event(dice, "command", desks, faults)
        else:
            yield _event(dice, "turn", desks, faults)


def _event(dice: random.Random, what: str, desks: int, faults: tuple[str, ...], depth: int = 0) -> Event:
    event = Event(what, dice.randrange(desks), dice.randrange(1 << 30), dice.choice((0.2, 1.0, 5.0, 40.0, 900.0)))
    if what == "cut_commit":
        event = replace(event, cut=(dice.randint(0, 6), dice.choice(("before", "sealed", "after"))))
    if what not in ("turn", "cut_commit"):
        return event
    return replace(event, calls=_calls(dice, faults), during=_during(dice, event.desk, desks, faults, depth))


def _calls(dice: random.Random, faults: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    drawn: dict[int, str] = {}
    for fault in faults:
        if fault in CALL_FAULTS and dice.random() < 0.5:
            drawn[dice.choice(_PLACES)] = fault
    return tuple(sorted(drawn.items()))


def _during(
    dice: random.Random, desk: int, desks: int, faults: tuple[str, ...], depth: int
) -> tuple[tuple[int, Event], ...]:
    if "overlap" not in faults or depth > 1 or dice.random() < 0.5:
        return ()
    out: list[tuple[int, Event]] = []
    for _ in range(dice.randint(1, 3)):
        what = dice.choice(("command", "command", "turn", "office"))
        child = _event(dice, what, desks, faults, depth + 1)
        if what == "turn" and child.desk == desk:
            child = replace(child, what="command", calls=(), during=())
        out.append((dice.choice(_PLACES), child))
    return tuple(out)


def fresh_dice(event: Event, *more: Any) -> random.Random:
    """The dice of an event, the same whatever else happens."""
    return random.Random(f"{event.seed} {more}")
