"""What must be so of promises at every moment, at every desk and at the bridge: invariant 7 of the protocol, whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.bridge import clockwork
from advisor_desk.bridge.promises import StoreBooks
from advisor_desk.cache import errors
from advisor_desk.domain import promise
from tests.sync.simulator import checks

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk
    from tests.sync.simulator.world import World

_HERE: Final = "SELECT id, body FROM promise WHERE NOT deleted"
_BRIDGE: Final = "SELECT id, body FROM promise WHERE NOT deleted AND store_id = ?"


def everywhere(world: World) -> None:
    """Every desk and the bridge hold only promises that may stand as they are."""
    for desk in world.desks:
        at_a_desk(desk)
    _stand("the bridge", _at_the_bridge(world))


def at_a_desk(desk: SimDesk) -> None:
    """One desk does; where a page of its cache is damaged nobody can say."""
    if not desk.hurt and not errors.damage_marker(desk.path).exists():
        with desk.rows() as raw:
            _stand(f"desk {desk.number}", raw.execute(_HERE).fetchall())


def nobody_orphaned(world: World) -> None:
    """At rest, once the rules have looked at everything: whoever has an open promise is here to keep it."""
    clockwork.go_round(world.bridge.books, world.store, world.now())
    with world.bridge.books.read(world.store) as conn:
        people = StoreBooks(conn, world.store).shop(world.now()).people
    for id, body in _at_the_bridge(world):
        fields = json.loads(body)
        owner = fields.get("owner_id")
        if promise.is_open(fields) and owner and not people.is_here(owner):
            raise checks.Broken(7, f"promise {id} of {fields.get('rule')} is owned by {owner}, who is not here")


def _at_the_bridge(world: World) -> list[Any]:
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        return list(raw.execute(_BRIDGE, (world.store,)).fetchall())


def _stand(where: str, rows: Iterable[tuple[str, str]]) -> None:
    bodies = {id: json.loads(body) for id, body in rows}
    checks.promises(where, bodies.values())
    for id, fields in bodies.items():
        # What names no rule is an edit over a record the cache has lost, and has yet to fetch.
        if "rule" in fields and (fault := promise.fault(fields)):
            raise checks.Broken(7, f"{where} holds promise {id} of {fields['rule']}, {fields.get('state')}: {fault}")
