"""Promises as rules will raise them: on whichever desk sees the reason, the same one once, with one owner."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.cache import records
from advisor_desk.domain import changes
from advisor_desk.domain.changes import CREATE, UPDATE, Edit
from tests.cache.shop import NOON

RAISE: Final = "sim.raise"
HAND_OVER: Final = "sim.hand_over"
KEEP: Final = "sim.keep"
_RULES: Final = ("told_daily", "tell_eta", "call_after")
_STORE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "store-1")
_OWNERS: Final = ({"owner_id": "emp-maria"}, {"owner_id": "emp-david"}, {"owner_role": "parts"}, {"owner_role": "bdc"})
_DUE: Final = NOON.replace(day=24).strftime("%Y-%m-%dT%H:%M:%SZ")


def promise_id(rule: str, subject: Mapping[str, Any]) -> str:
    """The id of the one promise a rule raises on a record."""
    return str(uuid.uuid5(_STORE, f"{rule} {subject['kind']} {subject['id']}"))


def draw(raw: Any, ro: str | None, dice: random.Random) -> tuple[str, dict[str, Any]] | None:
    """What happens to a promise: a rule raises one on a repair order, or an open one is handed over or kept."""
    ids = raw.execute("SELECT id FROM promise WHERE NOT deleted AND state = 'open' ORDER BY id").fetchall()
    if ids and dice.random() < 0.7:
        name = HAND_OVER if dice.random() < 0.7 else KEEP
        return name, {"promise_id": dice.choice(ids)[0], **_owned(dice)}
    return (RAISE, {"repair_order_id": ro, "rule": dice.choice(_RULES), **_owned(dice)}) if ro else None


def _owned(dice: random.Random) -> dict[str, str]:
    return {"owner_id": "", "owner_role": "", **dice.choice(_OWNERS)}


def decide(conn: Connection, name: str, args: Mapping[str, Any], actor: str) -> list[Edit]:
    """The edits of it."""
    if name == RAISE:
        return _raise(conn, args, actor)
    now = records.load(conn, "promise", args["promise_id"])
    if now is None or now.deleted or now.fields.get("state") != "open":
        return []
    if name == HAND_OVER:  # person and role are one value: whoever had it has it no more
        to = {field: args[field] or None for field in ("owner_id", "owner_role")}
        return [Edit("promise", now.id, UPDATE, to, {field: now.fields.get(field) for field in to})]
    to = {"state": "kept", "evidence": {"kind": "contact_event", "id": "said-1"}}
    return changes.edits(changes.update("promise", now.id, now.fields, **to))


def _raise(conn: Connection, args: Mapping[str, Any], actor: str) -> list[Edit]:
    subject = {"kind": "repair_order", "id": args["repair_order_id"]}
    id = promise_id(args["rule"], subject)
    if records.load(conn, "promise", id) is not None:
        return []
    owner = {field: args[field] for field in ("owner_id", "owner_role") if args[field]}
    due = {"due_at": _DUE, "first_due_at": _DUE}
    said = {"rule": args["rule"], "subject": subject, "title": "Call", "state": "open", "raised_by": actor}
    return [Edit("promise", id, CREATE, {**said, **owner, **due})]
