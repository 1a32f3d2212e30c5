"""The epoch of the books: which life of theirs a number of the feed belongs to."""

from __future__ import annotations

import base64
import secrets
from typing import Final

from sqlalchemy import Connection, text

JUMP: Final = 1_000_000_000
"""More numbers than a store uses between one backup and the next."""
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
    for one of the new. So do its RO numbers, beyond all that desks can have leased meanwhile.
    """
    return (
        f"UPDATE meta SET value = '{new()}' WHERE name = 'epoch'",  # noqa: S608 - made here
        f"UPDATE head SET oldest = seq + {JUMP}, seq = seq + {JUMP}",  # noqa: S608
        f"UPDATE numbering SET next = next + {_NUMBERS_LENT}",  # noqa: S608
    )
