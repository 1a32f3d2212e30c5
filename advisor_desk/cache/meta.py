"""The cache's own settings: whose it is, how far it is in step, and the tokens that must not lie outside it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from advisor_desk.cache import schema

NAMES: Final = {
    "server_id": "the bridge this cache belongs to",
    "epoch": "the life of that bridge the cursor counts in",
    "cursor": "where the feed goes on",
    "snapshot_after": "where an unfinished first sync goes on",
    "first_sync_done": "1 when the first sync has finished",
    "desk_id": "this desk's name at the bridge",
    "next_n": "the number of the next mutation sent",
    "refresh_token": "signs in anew",
    "access_token": "signs a request",
    "employee_id": "who is signed in",
    "store_id": "their store",
    "store_name": "its name",
    "bridge_url": "where the bridge listens",
    "clock_offset_ms": "how far this computer's clock is behind the bridge's",
    "ro_numbers": "the RO numbers lent to this desk and not given yet, as blocks",
    "ro_temporary": "how many temporary RO numbers it has given",
    "last_synced_at": "when the cache was last in step",
    "journal": "the generation, which every write moves, and the entry of the journal that must be there",
}


def get(conn: Connection, name: str) -> str | None:
    """The value, or None when it was never put."""
    table = schema.meta
    return conn.execute(select(table.c.value).where(table.c.name == _known(name))).scalar()


def put(conn: Connection, name: str, value: str | int | None) -> None:
    """Keep a value; None forgets it."""
    table = schema.meta
    if value is None:
        conn.execute(delete(table).where(table.c.name == _known(name)))
        return
    row = insert(table).values(name=_known(name), value=str(value))
    conn.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value}))


def stamp(conn: Connection) -> tuple[int, int]:
    """The cache's generation, and the number of the journal's entry it relies on."""
    return stamp_of(get(conn, "journal"))


def stamp_of(text: str | None) -> tuple[int, int]:
    """A stamp as it is kept; a cache that never had one is of generation 0."""
    generation, _, number = (text or "0.0").partition(".")
    return int(generation), int(number)


def put_stamp(conn: Connection, generation: int, number: int) -> None:
    """Keep the stamp."""
    put(conn, "journal", f"{generation}.{number}")


def _known(name: str) -> str:
    if name not in NAMES:
        raise KeyError(f"{name!r} is not declared in cache.meta")
    return name
