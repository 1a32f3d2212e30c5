"""The cache's own settings: whose it is, how far it is in step, and the tokens that must not lie outside it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from advisor_desk.cache import raw

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
    "too_old": "the version of the protocol that the bridge no longer speaks, while it is this program's",
    "lacking": "what this program knows of records and its bridge does not, as JSON",
    "outage": "since when the line is down, while it is",
    "writable": "the kinds and fields the store's connectors write to the dealer system, as JSON",
    "ro_numbers": "the RO numbers lent to this desk and not given yet, as blocks",
    "ro_temporary": "the letters of its temporary RO numbers, and how many it has given",
    "imports": "how each supplier's lists name their columns, as JSON",
    "last_synced_at": "when the cache was last in step",
    "suppliers_at": "when the suppliers' records were last made",
    "journal": "the generation, which every write moves, and the entry of the journal that must be there",
}


def get(conn: Connection, name: str) -> str | None:
    """The value, or None when it was never put."""
    kept: str | None = raw.value(conn, "SELECT value FROM meta WHERE name = ?", (_known(name),))
    return kept


def put(conn: Connection, name: str, value: str | int | None) -> None:
    """Keep a value; None forgets it."""
    if value is None:
        raw.run(conn, "DELETE FROM meta WHERE name = ?", (_known(name),))
    else:
        raw.run(
            conn,
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_known(name), str(value)),
        )


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
