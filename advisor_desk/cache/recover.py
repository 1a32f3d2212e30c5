"""A damaged cache: found at start, set aside, made anew, and given back the unsent work that the journal knows of."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from advisor_desk.cache import board, connecting, errors, meta, numbers, unsent
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.journal import Found
from advisor_desk.cache.unsent import Told

_log = logging.getLogger(__name__)

_SMALL: Final = ("meta", "mutation", "change", "base", "board")
"""Checked whole at every start: what cannot be fetched again from the bridge, and what is painted first."""
_KEEPS: Final = frozenset(
    {"server_id", "epoch", "desk_id", "next_n", "refresh_token", "access_token", "employee_id", "store_id"}
    | {"store_name", "bridge_url", "outage", "writable", "lacking", "too_old"}
)
"""What a new cache takes over from a damaged one; never how far it was in step."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put right at start; ``words`` are for the user, empty when there is nothing to say."""

    words: str = ""
    kept: int = 0
    aside: Path | None = None


class OfAnotherTime(errors.Damaged):
    """The file and its log are not of the same moment; read together they would be a mixture."""


def check(engine: Engine, path: Path, key: bytes, said: Told) -> None:
    """Raise Damaged when what must be readable is not, or the files are not of one time."""
    try:
        with engine.connect() as conn, conn.begin():
            for table in _SMALL:
                if conn.exec_driver_sql(f"PRAGMA integrity_check('{table}')").scalar() != "ok":
                    raise errors.Damaged()
            generation, _ = meta.stamp(conn)
            if errors.damage_marker(path).exists():
                _check_every_page(conn)
    except DBAPIError as error:
        raise errors.of(error.orig) or error from None
    # Both only ever grow, and the file alone has held this generation since its log was last emptied into it.
    if generation < said.kept or _alone(path, key, generation) < said.kept:
        raise OfAnotherTime()
    errors.damage_marker(path).unlink(missing_ok=True)


def _check_every_page(conn: Connection) -> None:
    faults = conn.exec_driver_sql("PRAGMA cipher_integrity_check").all()
    if faults or conn.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise errors.Damaged()


def _alone(path: Path, key: bytes, otherwise: int) -> int:
    """The generation in the file without its log; ``otherwise`` where that cannot be told."""
    try:
        with closing(connecting.read_only(path, key, "immutable=1")) as raw:
            row = raw.execute("SELECT value FROM meta WHERE name = 'journal'").fetchone()
            return meta.stamp_of(row[0] if row else None)[0]
    except sqlcipher.Error:
        return otherwise  # half of the log is in it: the log decides


def set_aside(path: Path) -> Path:
    """Move the file and its log out of the way, to be kept; raises Damaged where another program holds them."""
    aside = _free(path)
    try:
        for suffix in ("-wal", ""):
            source = Path(f"{path}{suffix}")
            if source.exists():
                source.replace(f"{aside}{suffix}")
        Path(f"{path}-shm").unlink(missing_ok=True)
        errors.damage_marker(path).unlink(missing_ok=True)
    except OSError:
        raise errors.Damaged() from None
    return aside


def _free(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return aside


def take_over(conn: Connection, aside: Path, key: bytes) -> None:
    """Bring over what can still be read of a damaged cache: who is signed in, and every edit with how it stands."""
    for name, value in _rows(aside, key, "meta", ("name", "value")):
        if name in _KEEPS:
            meta.put(conn, name, value)
    for table in ("change", "mutation", "reconcile"):
        there = {name for (name,) in _rows(aside, key, f"pragma_table_info('{table}')", ("name",))}
        ours = (row[1] for row in conn.exec_driver_sql(f"PRAGMA table_info({table})"))
        columns = [name for name in ours if name in there]  # an older file has fewer
        marks = ", ".join("?" * len(columns))
        for row in _rows(aside, key, table, columns):
            conn.exec_driver_sql(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", row)  # noqa: S608
    touched: Touched = {}
    for kind, id in conn.exec_driver_sql(
        "SELECT kind, record_id FROM mutation WHERE state IN ('waiting', 'sent')"
    ).all():
        unsent.show(conn, kind, id, touched)
    board.refresh(conn, touched)


def _rows(aside: Path, key: bytes, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table up to the first that is lost."""
    try:
        with closing(connecting.read_only(aside, key)) as raw:
            for row in raw.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid"):  # noqa: S608
                yield tuple(row)
    except sqlcipher.Error:
        return


def compare(conn: Connection, found: Found, said: Told, *, aside: Path | None, fresh: bool) -> Recovered:
    """Give the cache back what only the journal knows of, and say what happened."""
    generation, relied_on = meta.stamp(conn)
    if fresh or aside is not None:
        meta.put_stamp(conn, max(generation, said.kept), relied_on)  # so that it is never taken for an older one
    whole = not found.faults and relied_on <= found.last
    if not whole and (found.entries or found.faults):
        _log.warning("the journal of unsent work is not whole: %s", "; ".join(found.faults[:5]) or "it ends early")
    before = set(conn.exec_driver_sql("SELECT id FROM mutation").scalars())
    back = unsent.put_back(conn, said)
    for number in unsent.numbers_given(note for notes in found.entries.values() for note in notes):
        numbers.given(conn, number)
    kept = int(conn.exec_driver_sql("SELECT count(*) FROM mutation WHERE state IN ('waiting', 'sent')").scalar_one())
    if aside is not None:
        more = "" if whole else " Some may be missing: look at the last ones you made."
        return Recovered(f"The local cache was damaged and has been rebuilt; {_changes(kept)} kept.{more}", kept, aside)
    if fresh and back:
        return Recovered(f"The local cache was missing and has been made anew; {_changes(back)} kept.", back)
    entries = sum(
        any("edit" in note and note["edit"][0] not in before for note in found.entries[n]) for n in found.entries
    )
    if back and entries > 1:  # one alone is the command that was under way when the power went
        return Recovered(f"The local cache had lost its newest changes; {_changes(back)} brought back.", back)
    return Recovered(kept=back)


def _changes(count: int) -> str:
    return "1 unsent change was" if count == 1 else f"{count} unsent changes were"


def keep_faulty(path: Path) -> None:
    """Move a journal that is not whole out of the way, to be looked into."""
    path.replace(_free(path))
