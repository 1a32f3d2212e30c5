"""The epoch of the books: which life of theirs a number of the feed belongs to."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Final

from sqlalchemy import Connection, select, text

from advisor_desk.bridge.schema import meta

_JUMP: Final = 1_000_000_000
"""More numbers than a store uses between one backup and the next."""
_RESUMED: Final = "resumed."
_NUMBERS_LENT: Final = 1_000
"""More RO numbers than a store lends between one backup and the next."""


def new() -> str:
    """A name no epoch has had."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def renew(conn: Connection) -> None:
    """Mark the books as put back from a backup, so that every desk heals them and itself."""
    for statement in renewing():
        conn.execute(text(statement))


def renewing() -> tuple[str, ...]:
    """What marks them, as SQL, for a restore that ends with it.

    Every store's numbers jump beyond all that the lost time can have used: a revision of that time is never mistaken
    for one of the new. So do its RO numbers, beyond all that desks can have leased meanwhile. They jump to the time in
    microseconds, faster than any store writes: the same copy put back twice does not give a number twice either.
    """
    now = time.time_ns() // 1_000
    begins = f"CASE WHEN seq + {_JUMP} < {now} THEN {now} ELSE seq + {_JUMP} END"
    return (
        f"UPDATE meta SET value = '{new()}' WHERE name = 'epoch'",  # noqa: S608 - made here
        f"DELETE FROM meta WHERE name IN (SELECT '{_RESUMED}' || store_id FROM head)",  # noqa: S608
        f"INSERT INTO meta (name, value) SELECT '{_RESUMED}' || store_id, CAST(seq AS TEXT) FROM head",  # noqa: S608
        f"UPDATE head SET oldest = {begins}, seq = {begins}",  # noqa: S608
        f"UPDATE numbering SET next = next + {_NUMBERS_LENT}",  # noqa: S608
    )


def resumed(conn: Connection, store_id: str) -> int:
    """The last number a store's books had when they were put back; 0 for books that never were."""
    value = conn.execute(select(meta.c.value).where(meta.c.name == _RESUMED + store_id)).scalar_one_or_none()
    return int(value or 0)
