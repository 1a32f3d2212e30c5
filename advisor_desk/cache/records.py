"""Records in the cache: read one, take the server's, and write what the advisor sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from advisor_desk.cache import board, codec, raw, search
from advisor_desk.cache.codec import ServerRow, Stored, Touched
from advisor_desk.cache.replay import Step, Version, replay
from advisor_desk.cache.schema import AWAITED
from advisor_desk.domain.records import KINDS

_MANY: Final = 400
"""Ids asked for in one statement."""


class _Row(NamedTuple):
    """A record's row with its number, which the search index needs."""

    row: int
    rev: int
    deleted: bool
    body: str


def load(conn: Connection, kind: str, id: str) -> Stored | None:
    """One record as the advisor sees it, deleted ones too; None when the cache has none."""
    found = _row(conn, kind, id)
    return Stored(id, found.rev, found.deleted, codec.decode(found.body)) if found else None


def find(conn: Connection, kind: str, **keys: Any) -> list[Stored]:
    """The living records whose key columns have these values."""
    where = "".join(f"{name} = ? AND " for name in keys)
    return _living(conn, kind, where, *keys.values())


def between(conn: Connection, kind: str, key: str, first: str, end: str) -> list[Stored]:
    """The living records whose key column lies from ``first`` up to and without ``end``."""
    return _living(conn, kind, f"{key} >= ? AND {key} < ? AND ", first, end)


def under_way(conn: Connection) -> list[Stored]:
    """The part lines that are on order or have come and still lie here."""
    return _living(conn, "part_line", f"{AWAITED} AND ")


def found(conn: Connection, kind: str, text: str) -> list[Stored]:
    """The living records a search would find by a whole phone number, VIN or code."""
    rows = search.rows(conn, kind, text)[:_MANY]
    return _living(conn, kind, f"row IN ({','.join('?' * len(rows))}) AND ", *rows) if rows else []


def _living(conn: Connection, kind: str, where: str, *values: Any) -> list[Stored]:
    sql = f"SELECT id, rev, body FROM {kind} WHERE {where}NOT deleted"  # noqa: S608 - names are declared
    rows = raw.run(conn, sql, values)
    return [Stored(id, rev, False, codec.decode(body)) for id, rev, body in rows]


def apply_server(conn: Connection, rows: Iterable[ServerRow]) -> Touched:
    """Take the server's versions; unsent edits are replayed on top; what is older than what is known is left out."""
    touched: Touched = {}
    for row in rows:
        if row.kind not in KINDS:
            _keep_other(conn, row)
            continue
        if base(conn, row.kind, row.id) is not None:
            if not put_base(conn, row):
                continue
            left = rebase(conn, row.kind, row.id)
        else:
            known = _row(conn, row.kind, row.id)
            if known is not None and known.rev >= row.rev:
                continue
            left = write(conn, row.kind, Stored(row.id, row.rev, row.deleted, row.fields))
        touch(touched, row.kind, row.id, left)
    board.refresh(conn, touched)
    return touched


def touch(touched: Touched, kind: str, id: str, left: str) -> None:
    """Note that a record changed on screen, and the repair order it was taken away from."""
    touched.setdefault(kind, set()).add(id)
    if left:
        touched.setdefault("repair_order", set()).add(left)


def load_page(conn: Connection, rows: Sequence[ServerRow]) -> None:
    """Take a page of a first sync, fast: the board is left to ``board.rebuild``."""
    by_kind: dict[str, dict[str, ServerRow]] = {}
    for row in rows:
        if row.kind in KINDS:
            by_kind.setdefault(row.kind, {})[row.id] = row
        else:
            _keep_other(conn, row)
    for kind, page in by_kind.items():
        known = _revs(conn, kind, list(page))
        changed = [row for row in page.values() if row.id in known and known[row.id] < row.rev]
        fresh = [row for row in page.values() if row.id not in known]
        _insert(conn, kind, fresh)
        apply_server(conn, changed)


def _keep_other(conn: Connection, row: ServerRow) -> None:
    """Keep a record of a kind that only a newer bridge knows, as it came."""
    conn.exec_driver_sql(
        "INSERT INTO other (kind, record_id, rev, deleted, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, record_id)"
        " DO UPDATE SET rev = excluded.rev, deleted = excluded.deleted, body = excluded.body WHERE excluded.rev > rev",
        (row.kind, row.id, row.rev, int(row.deleted), codec.GONE if row.deleted else codec.encode(row.fields)),
    )


def adopt(conn: Connection) -> None:
    """Take over what an earlier release kept of kinds that this one knows."""
    for kind in conn.exec_driver_sql("SELECT DISTINCT kind FROM other").scalars().all():
        if kind not in KINDS:
            continue
        kept = conn.exec_driver_sql("SELECT record_id, rev, deleted, body FROM other WHERE kind = ?", (kind,)).all()
        rows = [ServerRow(kind, id, rev, bool(deleted), codec.decode(body)) for id, rev, deleted, body in kept]
        apply_server(conn, rows)
        conn.exec_driver_sql("DELETE FROM other WHERE kind = ?", (kind,))


def _insert(conn: Connection, kind: str, rows: Sequence[ServerRow]) -> None:
    if not rows:
        return
    first = (conn.exec_driver_sql(f"SELECT max(row) FROM {kind}").scalar() or 0) + 1  # noqa: S608
    encode, columns = codec.encode, codec.columns
    conn.exec_driver_sql(
        _BULK[kind],
        [
            (number, row.id, row.rev, *columns(kind, row.fields), encode(row.fields))
            for number, row in enumerate(rows, first)
        ],
    )
    if kind in search.FIELDS:
        found = ((number, search.words(kind, row.fields)) for number, row in enumerate(rows, first))
        search.add_all(conn, kind, ((number, words) for number, words in found if words))


def write(conn: Connection, kind: str, record: Stored) -> str:
    """Write what the advisor sees of a record, and the search index with it; a deleted one leaves no fields.

    Answers the repair order it belonged to and no longer does, or the empty string.
    """
    before = _row(conn, kind, record.id)
    old = {} if before is None or before.deleted else codec.decode(before.body)
    was = search.words(kind, old) if old else ""
    fields = {} if record.deleted else record.fields
    raw.run(
        conn,
        codec.INSERT[kind],
        (
            record.id,
            record.rev,
            int(record.deleted),
            *codec.columns(kind, fields),
            codec.GONE if record.deleted else codec.encode(fields),
        ),
    )
    row = before.row if before else raw.value(conn, _NUMBER[kind], (record.id,))
    search.replace(conn, kind, row, was, "" if record.deleted else search.words(kind, fields))
    return _left(old, fields)


def remove(conn: Connection, kind: str, id: str) -> str:
    """Take a record out of the cache altogether; answers the repair order it belonged to, or the empty string."""
    before = _row(conn, kind, id)
    if before is None:
        return ""
    old = {} if before.deleted else codec.decode(before.body)
    if old and kind in search.FIELDS:
        search.replace(conn, kind, before.row, search.words(kind, old), "")
    conn.exec_driver_sql(f"DELETE FROM {kind} WHERE id = ?", (id,))  # noqa: S608
    return _left(old, {})


def _left(old: dict[str, Any], new: dict[str, Any]) -> str:
    was = old.get("repair_order_id")
    return str(was) if was and was != new.get("repair_order_id") else ""


class Base(NamedTuple):
    """The server's version of a record with unsent edits; ``fields`` is None where the server has none."""

    rev: int
    deleted: bool
    fields: dict[str, Any] | None


def base(conn: Connection, kind: str, id: str) -> Base | None:
    """The server's version, kept only while edits of the record wait."""
    row = raw.run(conn, "SELECT rev, deleted, body FROM base WHERE kind = ? AND record_id = ?", (kind, id)).fetchone()
    return Base(row[0], bool(row[1]), codec.decode(row[2]) if row[2] is not None else None) if row else None


def keep_base(conn: Connection, kind: str, id: str) -> int:
    """Set the server's version aside before its first unsent edit; answers the revision it was seen at."""
    known = base(conn, kind, id)
    if known is not None:
        return _seen_at(known.rev)
    stored = load(conn, kind, id)
    raw.run(
        conn,
        "INSERT INTO base (kind, record_id, rev, deleted, body) VALUES (?, ?, ?, ?, ?)",
        (kind, id, stored.rev, int(stored.deleted), codec.encode(stored.fields)) if stored else (kind, id, 0, 0, None),
    )
    return _seen_at(stored.rev) if stored else 0


def is_made_here(conn: Connection, kind: str, id: str) -> bool:
    """True for a record whose making the bridge has not answered: all there is of it is here."""
    sql = (
        "SELECT 1 FROM mutation WHERE kind = ? AND record_id = ? AND op = 'create'"
        " AND state IN ('waiting', 'sent', 'refused')"
    )
    return bool(raw.run(conn, sql, (kind, id)).fetchone())


def _seen_at(rev: int) -> int:
    """The revision behind one that ``distrust`` has marked."""
    return rev if rev >= 0 else -1 - rev


def put_base(conn: Connection, row: ServerRow) -> bool:
    """Bring the set-aside version up to date; False when it is as new already."""
    changed = raw.run(
        conn,
        "UPDATE base SET rev = ?, deleted = ?, body = ? WHERE kind = ? AND record_id = ? AND rev < ?",
        (row.rev, int(row.deleted), codec.encode(row.fields), row.kind, row.id, row.rev),
    )
    return bool(changed.rowcount > 0)


def rebase(conn: Connection, kind: str, id: str) -> str:
    """Replay the unsent edits on the server's version; without any left, the server's version is what is seen.

    Answers the repair order the record no longer belongs to, as ``write`` does.
    """
    server = base(conn, kind, id)
    if server is None:
        return ""
    steps = [
        Step(op, codec.decode(mine), codec.decode(was))
        for op, mine, was in raw.run(
            conn,
            "SELECT op, mine, was FROM mutation WHERE kind = ? AND record_id = ? AND state IN ('waiting', 'sent')"
            " ORDER BY position, row",
            (kind, id),
        )
    ]
    seen = replay(kind, Version(server.deleted, server.fields), steps)
    if not steps:
        raw.run(conn, "DELETE FROM base WHERE kind = ? AND record_id = ?", (kind, id))
    if seen.fields is None:
        return remove(conn, kind, id)
    return write(conn, kind, Stored(id, server.rev, seen.deleted, seen.fields))


def _row(conn: Connection, kind: str, id: str) -> _Row | None:
    row = raw.run(conn, f"SELECT row, rev, deleted, body FROM {kind} WHERE id = ?", (id,)).fetchone()  # noqa: S608
    return _Row(row[0], row[1], bool(row[2]), row[3]) if row else None


def _revs(conn: Connection, kind: str, ids: Sequence[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        marks = ",".join("?" * len(some))
        rows = conn.exec_driver_sql(f"SELECT id, rev FROM {kind} WHERE id IN ({marks})", tuple(some))  # noqa: S608
        out.update((row[0], row[1]) for row in rows)
    return out


def _bulk_sql(kind: str) -> str:
    names = ["row", "id", "rev", *(name for name, _ in codec.KEYS[kind]), "body"]
    return f"INSERT INTO {kind} ({', '.join(names)}, deleted) VALUES ({', '.join('?' * len(names))}, 0)"  # noqa: S608


_BULK: Final = {kind: _bulk_sql(kind) for kind in KINDS}
_NUMBER: Final = {kind: f"SELECT row FROM {kind} WHERE id = ?" for kind in KINDS}  # noqa: S608


def distrust(conn: Connection) -> None:
    """Mark every record as not confirmed: the bridge was put back or has forgotten, so all of it is read afresh.

    A marked revision is negative, so that any the bridge sends is newer, and still tells what it was.
    """
    for table in (*KINDS, "base", "other"):
        conn.exec_driver_sql(f"UPDATE {table} SET rev = -1 - rev WHERE rev >= 0")  # noqa: S608


def drop_unconfirmed(conn: Connection) -> Touched:
    """Take out what the fresh copy did not hold; of a record with unsent edits those stay, for their author."""
    touched: Touched = {}
    for kind in KINDS:
        gone = conn.exec_driver_sql(
            f"SELECT id FROM {kind} WHERE rev < 0"  # noqa: S608
            " AND NOT EXISTS (SELECT 1 FROM base WHERE base.kind = ? AND base.record_id = id)",
            (kind,),
        )
        for (id,) in gone.all():
            touch(touched, kind, id, remove(conn, kind, id))
    conn.exec_driver_sql("DELETE FROM other WHERE rev < 0")
    lost = conn.exec_driver_sql("SELECT kind, record_id FROM base WHERE rev < 0").all()
    conn.exec_driver_sql("UPDATE base SET rev = 0, deleted = 0, body = NULL WHERE rev < 0")
    for kind, id in lost:
        touch(touched, kind, id, rebase(conn, kind, id))
    return touched
