"""What people do at a desk, drawn: the real commands on records the desk knows, sensible and not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.domain import contact, job, repair_order, times
from tests.sync.simulator import promises

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk

Deed = tuple[str, dict[str, Any]]
_WORDS: Final = ("Left word", "Wants a quote", "Müller said no", "車の件", "🚗 ok", "Call after five")


def draw(desk: SimDesk, dice: random.Random) -> Deed | None:
    """A command and its arguments; None when the desk knows of nothing to do."""
    return dice.choice(_DEEDS)(desk, dice)


def _pick(desk: SimDesk, dice: random.Random, kind: str) -> str | None:
    with desk.rows() as raw:
        ids = [row[0] for row in raw.execute(f"SELECT id FROM {kind} WHERE NOT deleted ORDER BY id")]
    return dice.choice(ids) if ids else None


def _soon(desk: SimDesk, dice: random.Random) -> str:
    return times.to_wire(desk.hybrid.now() + timedelta(hours=dice.randint(1, 90)))


def _log(desk: SimDesk, dice: random.Random) -> Deed | None:
    customer, ro = _pick(desk, dice, "customer"), _pick(desk, dice, "repair_order")
    if customer is None:
        return None
    args = {"customer_id": customer, "channel": dice.choice(contact.CHANNELS), "body": dice.choice(_WORDS)}
    if ro and dice.random() < 0.7:
        args["repair_order_id"] = ro
    line = _pick(desk, dice, "part_line")
    if line and dice.random() < 0.2:
        args |= {"channel": "call", "tells": [line]}
    return "contact.log", args


def _on_ro(name: str, args: Callable[[SimDesk, random.Random], dict[str, Any]]) -> Callable[..., Deed | None]:
    def deed(desk: SimDesk, dice: random.Random) -> Deed | None:
        ro = _pick(desk, dice, "repair_order")
        return (name, {"repair_order_id": ro, **args(desk, dice)}) if ro else None

    return deed


def _on(kind: str, name: str, args: Callable[[SimDesk, random.Random], dict[str, Any]]) -> Callable[..., Deed | None]:
    def deed(desk: SimDesk, dice: random.Random) -> Deed | None:
        id = _pick(desk, dice, kind)
        return (name, {f"{kind}_id": id, **args(desk, dice)}) if id else None

    return deed


def _undo(desk: SimDesk, dice: random.Random) -> Deed | None:
    del desk, dice
    return "undo", {}


def decide(desk: SimDesk, dice: random.Random) -> Deed | None:
    """Somebody decides an entry of needs-attention; with none, a contact is logged."""
    with desk.rows() as raw:
        rows = raw.execute(
            "SELECT id, mine, op FROM mutation WHERE state = 'refused' ORDER BY position, row"
        ).fetchall()
    if not rows:
        return _log(desk, dice)
    id, _, _ = dice.choice(rows)
    return "attention.resolve", {"attention_id": id, "action": dice.choice(("keep_theirs", "set_mine", "set_mine"))}


def _promise(desk: SimDesk, dice: random.Random) -> Deed | None:
    ro = _pick(desk, dice, "repair_order")
    with desk.rows() as raw:
        return promises.draw(raw, ro, dice)


_DEEDS: Final[tuple[Callable[[SimDesk, random.Random], Deed | None], ...]] = (
    _log,
    _log,
    _on_ro("ro.set_tag", lambda _, dice: {"tag": dice.choice(("", f"T{dice.randint(1, 99)}"))}),
    _on_ro("ro.set_spot", lambda _, dice: {"spot": f"C{dice.randint(1, 99)}"}),
    _on_ro("ro.repromise", lambda desk, dice: {"promised_at": _soon(desk, dice), "reason": dice.choice(_WORDS)}),
    _on_ro("ro.move_stage", lambda _, dice: {"stage": dice.choice(repair_order.LANES)}),
    _on_ro("ro.hold", lambda _, dice: {"reasons": dice.sample(repair_order.HOLD_REASONS, dice.randint(0, 2))}),
    _on("job", "job.authorise", lambda _, dice: {"by": "Sofia M", "how": dice.choice(job.AUTHORISED_HOW)}),
    _on("job", "job.decline", lambda _, dice: {"reason": dice.choice(_WORDS)}),
    _on("part_line", "part.set_eta", lambda desk, dice: {"eta": _soon(desk, dice)}),
    _on("part_line", "part.set_eta", lambda desk, dice: {"eta": _soon(desk, dice)}),
    _on("part_line", "part.order", lambda _, dice: {"order_no": f"PO-{dice.randint(1, 99)}", "supplier": "Keystone"}),
    _on("part_line", "part.receive", lambda _, dice: {"qty": 1} if dice.random() < 0.5 else {}),
    _promise,
    _promise,
    _undo,
    decide,
    decide,
)
