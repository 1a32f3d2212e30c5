"""After an outage: what became of each edit made while the line was down, and what must be keyed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.cache import codec, meta, records
from advisor_desk.domain import repair_order, times
from advisor_desk.domain.promise import BY_RULE
from advisor_desk.domain.records import KINDS, Owner

SENT, MERGED, CLASHED, HELD = "sent", "merged", "clashed", "held"
_OUTCOMES: Final = {"applied": SENT, "duplicate": SENT, "merged": MERGED}
KEEP: Final = timedelta(days=14)
"""How long an entry is kept that is ticked, or asks nothing of anybody."""


def begin(conn: Connection, now: datetime) -> None:
    """The line is down: what waits since before counts too, unless the bridge had it once already."""
    oldest = conn.exec_driver_sql(
        "SELECT min(made_at) FROM mutation WHERE state IN ('waiting', 'sent') AND seq IS NULL"
    ).scalar()
    since = _stamp(now)
    meta.put(conn, "outage", min(str(oldest or since), since))


def end(conn: Connection, now: datetime) -> set[str]:
    """The line is up again: the outage is over, and what still waits is listed too. Answers the entries of it."""
    outage = meta.get(conn, "outage")
    if outage is None:
        return set()
    waiting = conn.exec_driver_sql(
        "SELECT * FROM mutation WHERE state IN ('waiting', 'sent') AND seq IS NULL AND made_at >= ? AND intent <> ?",
        (outage, BY_RULE),
    ).all()
    for row in waiting:
        _note(conn, row, outage, HELD, now)
    meta.put(conn, "outage", None)
    return set(conn.exec_driver_sql("SELECT id FROM reconcile WHERE outage = ?", (outage,)).scalars())


def note(conn: Connection, row: Any, outcome: str, now: datetime) -> None:
    """An edit was answered; ``row`` is the mutation's. It is listed when it was made during an outage."""
    if row.intent == BY_RULE:
        return
    became = _OUTCOMES.get(outcome, CLASHED)
    known = conn.exec_driver_sql("SELECT outage FROM reconcile WHERE id = ?", (row.id,)).scalar()
    outage = known or meta.get(conn, "outage")
    if outage and (known or (row.made_at >= outage and row.seq is None)):
        _note(conn, row, outage, became, now)


def tick(conn: Connection, ids: Iterable[str], by: str, now: datetime, done: bool = True) -> set[str]:
    """Tick entries off, or take the ticks back; answers those that there are."""
    found: set[str] = set()
    at = times.to_wire(now)
    for id in ids:
        changed = conn.exec_driver_sql(
            "UPDATE reconcile SET ticked_at = ?, ticked_by = ? WHERE id = ?", (at, by, id) if done else (None, None, id)
        )
        if changed.rowcount:
            found.add(id)
    return found


def forget(conn: Connection, now: datetime) -> None:
    """Let go of what has been kept long enough; what must be keyed by hand or decided stays until it is ticked."""
    conn.exec_driver_sql(
        "DELETE FROM reconcile WHERE at < ?"
        " AND (ticked_at IS NOT NULL OR (by_hand = '[]' AND outcome IN ('sent', 'merged')))",
        (times.to_wire(now - KEEP),),
    )


def by_hand(kind: str, set_: Mapping[str, Any], writable: frozenset[str]) -> list[str]:
    """The fields that somebody must key into the dealer system: no connector writes them, or they stand in."""
    if kind not in KINDS:
        return []
    fields = KINDS[kind].fields
    out = [
        name
        for name in set_
        if name in fields
        and fields[name].policy.owner is Owner.DMS
        and kind not in writable
        and f"{kind}.{name}" not in writable
    ]
    number = set_.get("number")
    if kind == "repair_order" and isinstance(number, str) and repair_order.is_temporary(number):
        out = ["number", *(name for name in out if name != "number")]
    return out


def _note(conn: Connection, row: Any, outage: str, became: str, now: datetime) -> None:
    mine = codec.decode(row.mine)
    writable = frozenset(codec.decode(meta.get(conn, "writable") or "[]"))
    hand = by_hand(row.kind, mine, writable) if became in (SENT, MERGED) else []
    values = {
        "id": row.id,
        "outage": outage,
        "kind": row.kind,
        "record_id": row.record_id,
        "repair_order_id": _order_of(conn, row, mine),
        "intent": row.intent,
        "made_at": row.made_at,
        "actor": row.actor,
        "mine": row.mine,
        "outcome": became,
        "by_hand": codec.encode(hand),
        "at": times.to_wire(now),
    }
    conn.exec_driver_sql(
        f"INSERT INTO reconcile ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608
        " ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, by_hand = excluded.by_hand, at = excluded.at",
        tuple(values.values()),
    )


def _order_of(conn: Connection, row: Any, mine: Mapping[str, Any]) -> str:
    """The repair order an edit belongs to; empty for none."""
    if row.kind == "repair_order":
        return str(row.record_id)
    stored = records.load(conn, row.kind, row.record_id) if row.kind in KINDS else None
    fields = stored.fields if stored else {}
    return str(mine.get("repair_order_id") or fields.get("repair_order_id") or "")


def _stamp(moment: datetime) -> str:
    """A moment as edits are stamped, to compare with them."""
    return times.to_wire(moment.replace(microsecond=0)).replace("Z", ".000Z")
