"""What people do about promises and what gives rise to them, drawn: their arguments come from the declarations."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.domain import times
from advisor_desk.domain.commands import COMMANDS, Arg, Takes
from advisor_desk.domain.rules.table import RULES
from tests.sync.simulator import deeds
from tests.sync.simulator.deeds import Deed

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk

_HOW_OFTEN: Final = {
    "promise.make": 4, "promise.offer": 6, "promise.accept": 6, "promise.decline": 2, "promise.move": 3,
    "promise.keep": 3, "promise.cancel": 2, "employee.away": 1, "contact.log": 5, "contact.text": 2,
    "visit.book": 3, "visit.confirm": 2, "visit.arrive": 2, "visit.no_show": 2, "visit.move": 2, "visit.cancel": 2,
    "lead.take": 3, "lead.answer": 2, "ro.open": 3, "ro.move_stage": 3, "ro.close": 3, "ro.void": 1,
    "ro.repromise": 1, "job.add": 2, "job.send": 2, "job.authorise": 1, "job.decline": 3, "part.request": 3,
    "part.order": 3, "part.set_eta": 3, "part.receive": 2, "part.tell": 2, "part.cancel": 1, "loaner.out": 2,
    "loaner.extend": 1, "loaner.back": 1, "deal.open": 2, "deal.document": 1, "deal.stage": 1, "deal.deliver": 2,
    "we_owe.add": 1, "we_owe.link": 1, "survey.send": 1, "survey.record": 1, "customer.add": 2, "customer.adopt": 1,
    "store.set_rule": 1, "undo": 2,
}  # fmt: skip
_NAMES: Final = tuple(name for name, count in _HOW_OFTEN.items() for _ in range(count))
_LEAVES: Final = 0.004
"""How often somebody leaves for good: seldom, or nobody is left."""
_MINUTES: Final = (-10, 20, 45, 90, 240, 600, 1_500, 4_320)
_ROLES: Final = ("advisor", "parts", "manager", "bdc")
"""Departments a promise is offered to; the last has nobody."""
_WORDS: Final = ("Said so", "Wants a quote", "Müller said no", "車の件", "🚗 ok", "Call after five")
_OPEN: Final = "state = 'open'"
_WHERE: Final = {
    "promise.accept": "instr(body, '\"handoff\"')",
    "promise.decline": "instr(body, '\"handoff\"')",
    "promise.offer": _OPEN,
    "promise.move": _OPEN,
    "promise.keep": _OPEN,
    "promise.cancel": _OPEN,
    "contact.log": _OPEN,
    "contact.text": _OPEN,
}
"""Which promises a command is mostly about; now and then it is about any."""


def draw(desk: SimDesk, dice: random.Random) -> Deed | None:
    """A command and its arguments; None when the desk knows of nothing it could be about."""
    roll, seed = dice.random(), dice.randrange(1 << 30)
    if roll < 0.05:
        return deeds.decide(desk, dice)
    name = "employee.deactivate" if roll > 1 - _LEAVES else dice.choice(_may_give(desk) if roll < 0.95 else _NAMES)
    args: dict[str, Any] = {}
    for key, arg in COMMANDS[name].args.items():
        # An argument has dice of its own: one more in the declaration leaves the others as they were.
        own = random.Random(f"{seed} {key}")
        if not arg.required and (own.random() < 0.5 or (key == "to_role" and "to" in args)):
            continue
        value = _value(desk, name, key, arg, own)
        if value is not None:
            args[key] = value
        elif arg.required:
            return None
    return name, args


def _may_give(desk: SimDesk) -> Sequence[str]:
    """What whoever is signed in has the role for."""
    with desk.rows() as raw:
        found = raw.execute("SELECT body FROM employee WHERE id = ?", (desk.who,)).fetchone()
    roles = set(json.loads(found[0]).get("roles", ())) if found else set()
    return [name for name in _NAMES if not COMMANDS[name].roles or COMMANDS[name].roles & roles] or _NAMES


def _value(desk: SimDesk, command: str, key: str, arg: Arg, dice: random.Random) -> Any:
    match arg.takes:
        case Takes.ID:
            return next(iter(_some(desk, command, arg.ref, dice, 1)), None)
        case Takes.IDS:
            return _some(desk, command, arg.ref, dice, 2) or None
        case Takes.TEXT:
            return "" if key == "change" else dice.choice(sorted(RULES)) if key == "rule" else dice.choice(_WORDS)
        case Takes.TEXTS:
            return [dice.choice(_WORDS)] if key in ("complaints", "documents") else None
        case Takes.CHOICE:
            return dice.choice(_ROLES if key == "to_role" else arg.choices)
        case Takes.CHOICES:
            return dice.sample(arg.choices, 1)
        case Takes.MOMENT | Takes.DAY:
            minutes = dice.choice((0, -5, -60) if key == "at" else _MINUTES)
            at = desk.hybrid.now() + timedelta(minutes=minutes)
            return times.to_wire(at) if arg.takes is Takes.MOMENT else times.day_to_wire(at.date())
        case Takes.NUMBER | Takes.AMOUNT | Takes.HOURS:
            return dice.choice((max(arg.least, 1), 40, 90))
        case Takes.FLAG:
            return dice.random() < 0.7
        case _:
            return None


def _some(desk: SimDesk, command: str, kind: str, dice: random.Random, most: int) -> Sequence[str]:
    wanted = _WHERE.get(command, "1") if kind == "promise" and dice.random() < 0.9 else "1"
    with desk.rows() as raw:
        sql = f"SELECT id FROM {kind} WHERE NOT deleted AND {wanted} ORDER BY id"
        ids = [row[0] for row in raw.execute(sql)]
    return dice.sample(ids, min(len(ids), dice.randint(1, most)))
