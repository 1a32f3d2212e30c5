"""What must be so of promises at every moment, at every desk and at the bridge: invariant 7 of the protocol, whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.bridge import clockwork
from advisor_desk.bridge.promises import StoreBooks
from advisor_desk.cache import errors
from advisor_desk.domain import promise
from advisor_desk.domain.errors import Refused
from tests.sync.simulator import checks

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk
    from tests.sync.simulator.world import World

_HERE: Final = "SELECT id, body, deleted FROM promise"
_BRIDGE: Final = "SELECT id, body, deleted FROM promise WHERE store_id = ?"


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
    for id, body, _ in _at_the_bridge(world):
        fields = json.loads(body)
        owner = fields.get("owner_id")
        if promise.is_open(fields) and owner and not people.is_here(owner):
            raise checks.Broken(7, f"promise {id} of {fields.get('rule')} is owned by {owner}, who is not here")


def _at_the_bridge(world: World) -> list[Any]:
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        return list(raw.execute(_BRIDGE, (world.store,)).fetchall())


def _stand(where: str, rows: Sequence[tuple[str, str, int]]) -> None:
    for id, _, deleted in rows:
        if deleted:
            raise checks.Broken(7, f"{where} holds promise {id} no more: it ended as none may")
    known = {id: _read(body) for id, body, _ in rows}
    checks.promises(where, (fields for fields, _ in known.values()))
    for id, (fields, fault) in known.items():
        if fault:
            raise checks.Broken(7, f"{where} holds promise {id} of {fields['rule']}, {fields.get('state')}: {fault}")


@lru_cache(4_096)
def _read(body: str) -> tuple[dict[str, Any], dict[str, str]]:
    """A promise and why it may not stand as it is: read once, for it is looked at after every command at every desk."""
    fields: dict[str, Any] = json.loads(body)
    # What names no rule is an edit over a record the cache has lost, and has yet to fetch.
    return fields, promise.fault(fields) if "rule" in fields else {}


def is_told(command: str, refused: Refused) -> None:
    """Whoever is refused something is told why, in a sentence and by field."""
    words = [refused.message, *refused.fields.values()]
    if not refused.message.endswith((".", "!", "?")) or not all(words):
        raise checks.Broken(6, f"{command} is refused without a word: {refused.message!r} {refused.fields}")
