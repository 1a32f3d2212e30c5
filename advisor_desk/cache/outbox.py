"""Unsent work: every edit from the moment it is made until the bridge has answered, and 14 days beyond."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from advisor_desk.cache import board, codec, holding, meta, numbers, overruled, raw, reconcile, records, unsent
from advisor_desk.cache.codec import ServerRow, Touched
from advisor_desk.cache.holding import Standing
from advisor_desk.domain import times
from advisor_desk.domain.changes import HELD, MISSING, Edit
from advisor_desk.domain.depends import Link
from advisor_desk.domain.promise import BY_RULE

KEEP: Final = timedelta(days=14)
"""How long an acknowledged edit is kept, so that desks can heal a bridge put back from a backup."""
_BYTES: Final = 700_000
"""Edits of one push together, well under the bridge's limit of a request."""


class Origin(NamedTuple):
    """Where edits come from: the command, when (hybrid time, with milliseconds), by whom, as which change."""

    intent: str
    made_at: str
    actor: str
    change_id: str


def nothing(touched: Touched) -> list[Edit]:
    """No edits follow."""
    return []


def add(
    conn: Connection,
    edits: Sequence[Edit],
    origin: Origin,
    new_id: Callable[[], str],
    follow: Callable[[Touched], list[Edit]] = nothing,
) -> Touched:
    """Write the edits where the advisor sees them and enter them for sending, all in this transaction.

    ``follow`` says what the rules make of the records as they are then; that belongs to the same change.
    """
    touched: Touched = {}
    _show(conn, edits, origin, new_id, touched)
    by_rule = follow(touched)
    _show(conn, by_rule, origin._replace(intent=BY_RULE), new_id, touched)
    enter(conn, [*edits, *by_rule], origin)
    board.refresh(conn, touched)
    return touched


def _show(conn: Connection, edits: Sequence[Edit], origin: Origin, new_id: Callable[[], str], touched: Touched) -> None:
    for edit in edits:
        records.touch(touched, edit.kind, edit.record_id, issue(conn, edit, origin, new_id()))


def enter(conn: Connection, edits: Sequence[Edit], origin: Origin) -> None:
    """Note what a command did, for its undo and for the same command sent again."""
    row = {
        "id": origin.change_id,
        "intent": origin.intent,
        "actor": origin.actor,
        "at": origin.made_at,
        "edits": codec.encode([_edit_out(edit) for edit in edits]),
    }
    raw.run(conn, _insert("change", row), tuple(row.values()))
    unsent.note_change(conn, row)


def issue(conn: Connection, edit: Edit, origin: Origin, id: str, position: int | None = None) -> str:
    """Enter one edit and show it; ``position`` puts it where a refused one stood. Answers as ``records.write``."""
    rev = records.keep_base(conn, edit.kind, edit.record_id)
    if position is None:
        position = (raw.value(conn, "SELECT max(position) FROM mutation") or 0) + 1
    row = {
        "id": id,
        "position": position,
        "state": "waiting",
        "kind": edit.kind,
        "record_id": edit.record_id,
        "op": edit.op,
        "base_rev": rev,
        "mine": codec.encode(edit.set),
        "was": codec.encode(edit.was),
        **origin._asdict(),
    }
    raw.run(conn, _insert("mutation", row), tuple(row.values()))
    unsent.note_edit(conn, row)
    return records.rebase(conn, edit.kind, edit.record_id)


def _insert(table: str, row: Mapping[str, Any]) -> str:
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"  # noqa: S608


_LIVE: Final = (
    "SELECT id, n, state, kind, record_id, op, base_rev, mine, was, intent, made_at, actor, seq, gave_way FROM mutation"
    " WHERE state IN ('waiting', 'sent', 'refused') ORDER BY position, row"
)


def _live(conn: Connection, later: Container[str] = ()) -> tuple[list[Any], list[Any]]:
    """The unsent edits that may go, in the order of sending, and those that wait for something else, or for later."""
    rows = conn.exec_driver_sql(_LIVE).all()
    lacks = frozenset(codec.decode(meta.get(conn, "lacking") or "[]"))
    edits = ((row, Link(row.kind, row.record_id, row.op, codec.decode(row.mine))) for row in rows)
    waits = holding.held(
        Standing(edit, row.state == "refused", row.n is not None, row.id in later or holding.is_beyond(lacks, edit))
        for row, edit in edits
    )
    free = [row for row, wait in zip(rows, waits, strict=True) if not wait and row.state != "refused"]
    free.sort(key=lambda row: (row.n is None, row.n or 0))
    return free, [row for row, wait in zip(rows, waits, strict=True) if wait]


def held(conn: Connection) -> set[str]:
    """The ids of the edits that wait for somebody to decide a refused one, or for a newer bridge."""
    return {row.id for row in _live(conn)[1]}


def batch(conn: Connection, actor: str, limit: int = 100, later: Container[str] = ()) -> list[dict[str, Any]]:
    """The next edits of ``actor`` to send, as the wire has them; each gets its number here, once.

    Those that are for ``later`` are left out, and what builds on them too.
    """
    number = int(meta.get(conn, "next_n") or 1)
    out: list[dict[str, Any]] = []
    size = 0
    for row in [row for row in _live(conn, later)[0] if row.actor == actor][:limit]:
        size += len(row.mine) + len(row.was) + 500
        if out and size > _BYTES:
            break
        n = row.n
        if n is None:
            n, number = number, number + 1
            conn.exec_driver_sql("UPDATE mutation SET n = ?, state = 'sent' WHERE id = ?", (n, row.id))
        out.append(
            {
                "id": row.id,
                "n": n,
                "kind": row.kind,
                "record_id": row.record_id,
                "op": row.op,
                "base_rev": row.base_rev,
                "set": codec.decode(row.mine),
                "was": codec.decode(row.was),
                "intent": row.intent,
                "made_at": row.made_at,
                "actor": row.actor,
                # Acknowledged once, and offered again: the bridge puts what stood over it over it again.
                **({"again": row.seq} if row.seq else {}),
                **({"gave_way": codec.decode(row.gave_way)} if row.gave_way else {}),
            }
        )
    meta.put(conn, "next_n", number)
    return out


def settle(conn: Connection, results: Iterable[Mapping[str, Any]], now: datetime) -> Touched:
    """Take the bridge's answers: what stands becomes the record's base, what is refused goes to needs-attention."""
    touched: Touched = {}
    acked: list[dict[str, Any]] = []
    resolved: dict[str, str] = {}
    for result in results:
        row = conn.exec_driver_sql(
            "SELECT * FROM mutation WHERE id = ? AND state IN ('waiting', 'sent')", (result["id"],)
        ).one_or_none()
        if row is None:
            continue
        by_rule = row.intent == BY_RULE
        if _goes_again(row, result, now):
            conn.exec_driver_sql("UPDATE mutation SET n = NULL, state = 'waiting' WHERE id = ?", (row.id,))
            continue
        record = result.get("record")
        if record:
            records.put_base(
                conn,
                ServerRow(row.kind, row.record_id, record["rev"], bool(record.get("deleted")), record["fields"]),
            )
        good = result["outcome"] in {"applied", "merged", "duplicate"}
        why = result.get("problem") or {}
        if good and record:  # a reply that was lost on the way may be long overtaken
            why = overruled.problem(record.get("overruled") or {}, result.get("seq"), row.actor, record["fields"])
            good = not why
        reconcile.note(conn, row, "conflict" if why and record and not good else result["outcome"], now)
        state = "acked" if good else "resolved" if by_rule else "refused"
        gave_way = codec.encode(result["gave_way"]) if result.get("gave_way") else None
        settled = {"id": row.id, "seq": result.get("seq"), "settled_at": times.to_wire(now), "gave_way": gave_way}
        if state == "acked":
            acked.append(settled)
        elif state == "resolved":  # what a rule did here nobody has to decide: the bridge runs the same rules
            resolved[row.id] = state
        conn.exec_driver_sql(
            "UPDATE mutation"
            " SET state = ?, settled_at = ?, seq = ?, gave_way = ?, problem = ?, theirs = ? WHERE id = ?",
            (
                state,
                settled["settled_at"],
                settled["seq"],
                gave_way,
                None if good else codec.encode(why),
                None if good else codec.encode(record or {}),
                row.id,
            ),
        )
        records.touch(touched, row.kind, row.record_id, records.rebase(conn, row.kind, row.record_id))
    unsent.note_acked(conn, acked)
    unsent.note_done(conn, resolved)
    forget(conn, now)
    board.refresh(conn, touched)
    return touched


def _goes_again(row: Any, result: Mapping[str, Any], now: datetime) -> bool:
    """True for an edit that builds on one refused in the same push, or on one that another desk has yet to offer again.

    Not for ever: after the time that acknowledged edits are kept nobody offers that one any more. What a rule did is
    not waited with: where its promise is not there, the bridge's own rules see to it.
    """
    too_soon = _code(result) in MISSING and bool(row.seq) and row.made_at >= times.to_wire(now - KEEP)
    return _code(result) == HELD or (too_soon and row.intent != BY_RULE)


def _code(result: Mapping[str, Any]) -> str:
    return str((result.get("problem") or {}).get("type")).rpartition(":")[2]


def forget(conn: Connection, now: datetime) -> None:
    """Let go of what is settled and has been kept long enough: the edits, and what would undo them."""
    before = times.to_wire(now - KEEP)
    reconcile.forget(conn, now)
    gone = "DELETE FROM mutation WHERE state IN ('acked', 'resolved') AND settled_at < ? RETURNING id"
    unsent.note_done(conn, dict.fromkeys(conn.exec_driver_sql(gone, (before,)).scalars(), "forgotten"))
    conn.exec_driver_sql(
        "DELETE FROM change WHERE at < ? AND NOT EXISTS (SELECT 1 FROM mutation WHERE change_id = change.id)", (before,)
    )


def unanswered(conn: Connection, batch: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of the edits of a batch that still wait once the answers were taken."""
    ids = [mutation["id"] for mutation in batch]
    sql = f"SELECT id FROM mutation WHERE state IN ('waiting', 'sent') AND id IN ({', '.join('?' * len(ids))})"  # noqa: S608
    return {row.id for row in conn.exec_driver_sql(sql, tuple(ids))}


def renumber(conn: Connection, desk_id: str) -> None:
    """Begin anew as another desk: a cloned or restored cache whose numbers the bridge has seen from elsewhere."""
    meta.put(conn, "desk_id", desk_id)
    meta.put(conn, "next_n", 1)
    numbers.forget(conn)
    conn.exec_driver_sql("UPDATE mutation SET n = NULL WHERE n IS NOT NULL AND state NOT IN ('waiting', 'sent')")
    conn.exec_driver_sql("UPDATE mutation SET n = NULL, state = 'waiting' WHERE state IN ('waiting', 'sent')")


def reoffer(conn: Connection, desk_id: str) -> None:
    """Send again all that was acknowledged: the bridge was put back from a backup and knows by id what it still has."""
    again = conn.exec_driver_sql("SELECT DISTINCT kind, record_id FROM mutation WHERE state = 'acked'").all()
    conn.exec_driver_sql("UPDATE mutation SET state = 'waiting', settled_at = NULL WHERE state = 'acked'")
    touched: Touched = {}
    for kind, id in again:
        unsent.show(conn, kind, id, touched)
    board.refresh(conn, touched)
    renumber(conn, desk_id)
    unsent.note_again(conn)


def waiting(conn: Connection) -> int:
    """How many edits the bridge has not answered."""
    return int(conn.exec_driver_sql("SELECT count(*) FROM mutation WHERE state IN ('waiting', 'sent')").scalar_one())


def waiting_of_people(conn: Connection) -> int:
    """How many of them somebody has made; what the rules added goes along and is no news to anybody."""
    sql = "SELECT count(*) FROM mutation WHERE state IN ('waiting', 'sent') AND intent <> ?"
    return int(conn.exec_driver_sql(sql, (BY_RULE,)).scalar_one())


class Change(NamedTuple):
    """What one command did."""

    id: str
    intent: str
    actor: str
    edits: list[Edit]


_CHANGE: Final = "SELECT id, intent, actor, edits FROM change WHERE"
_UNDOABLE: Final = f"intent NOT IN ('undo', 'attention.resolve', '{BY_RULE}') AND edits <> '[]'"


def change(conn: Connection, id: str | None, actor: str) -> Change | None:
    """A person's change by its id, or the last one of theirs that is not undone nor an undo itself."""
    which = "id = ? AND intent <> 'attention.resolve'" if id else f"id <> ? AND {_UNDOABLE}"
    row = raw.run(
        conn,
        f"{_CHANGE} actor = ? AND undone_at IS NULL AND {which} ORDER BY row DESC LIMIT 1",
        (actor, id or ""),
    ).fetchone()
    return _change(*row) if row else None


def mark_undone(conn: Connection, id: str, at: str) -> None:
    """Note that a change was taken back, so that it is not taken back twice."""
    conn.exec_driver_sql("UPDATE change SET undone_at = ? WHERE id = ?", (at, id))


def _edit_out(edit: Edit) -> list[Any]:
    return [edit.kind, edit.record_id, edit.op, dict(edit.set), dict(edit.was)]


def answered(conn: Connection, id: str) -> Change | None:
    """The change of this id, undone or not; None when there is none."""
    row = raw.run(conn, f"{_CHANGE} id = ?", (id,)).fetchone()
    return _change(*row) if row else None


def _change(id: str, intent: str, actor: str, edits: str) -> Change:
    return Change(id, intent, actor, [Edit(*edit) for edit in codec.decode(edits)])
