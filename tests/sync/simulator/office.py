"""Other clients of the bridge: an office that edits, deletes and restores records through the same calls."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.bridge import records
from advisor_desk.bridge.problems import Problem
from advisor_desk.domain import times
from tests.sync.simulator.stage import MANAGER

if TYPE_CHECKING:
    from tests.sync.simulator.world import World

_NAMED: Final = (
    ("customer", "cust-1"),
    ("customer", "cust-2"),
    ("customer", "cust-3"),
    ("repair_order", "ro-2"),
    ("contact_event", "said-1"),
    ("part_line", "line-3"),
    ("loaner", "loan-1"),
)
_SETS: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    "customer": {
        "notes": ("From the office", None),
        "phones": ([{"raw": "555 010 0001"}], [{"raw": "555 010 0001"}, {"raw": "555 010 0002"}]),
        "name": ("Marchetti-Rossi, Sofia",),
    },
    "repair_order": {"spot": ("OFFICE",), "is_recon": (True, False), "a_field_of_tomorrow": ("x", 3)},
    "part_line": {"bin": ("Z9",), "supplier": ("Acme",)},
    "loaner": {"unit": ("L8",), "back_at": ("2026-11-24T15:00:00Z",)},
}


def act(world: World, dice: random.Random) -> None:
    """One edit through the bridge's own call, as of the record's present revision."""
    kind, id = dice.choice(_NAMED)
    with world.bridge.books.read(world.store) as conn:
        stored = records.load(conn, world.store, kind, id)
    if stored is None:
        return
    roll = dice.random()
    edit: dict[str, Any] = {"op": "update", "set": {}, "was": {}}
    if stored.deleted:
        if roll > 0.3:
            return
        edit["op"] = "restore"
    elif roll < 0.25:
        edit |= {"op": "delete", "was": stored.fields}
    elif kind in _SETS:
        name = dice.choice(sorted(_SETS[kind]))
        edit |= {"set": {name: dice.choice(_SETS[kind][name])}, "was": {name: stored.fields.get(name)}}
    else:
        return
    made = times.to_wire(world.now()).replace("Z", ".000Z")
    more = {"kind": kind, "record_id": id, "base_rev": stored.rev, "intent": "office", "made_at": made}
    mark = f"office-{dice.randrange(1 << 40):x}"
    mutation = {"id": mark, "n": 1, "actor": MANAGER, **more, **edit}
    body = json.dumps({"desk": mark, "mutations": [mutation]}).encode()
    try:
        world.bridge.mutations(world.bridge.caller(world.store, MANAGER), body)
    except Problem:
        return
