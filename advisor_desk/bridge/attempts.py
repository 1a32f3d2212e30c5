"""How often a sign-in has failed, by name and by where it came from, and how long to wait before the next try."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from advisor_desk.bridge.schema import attempt
from advisor_desk.domain import times

_FORGOTTEN: Final = timedelta(days=1)


class Door(NamedTuple):
    """What failures are counted by; ``free`` of them cost nothing, then the wait doubles up to ``longest``."""

    hash: str
    free: int
    longest: timedelta


def doors(login: str, address: str) -> tuple[Door, ...]:
    """The doors one try comes through: the name, whether anybody has it or not, and the address if it is known."""
    # Only hashes are kept: a password typed into the field for the name must not lie in the books.
    name = Door(_hash(f"name:{login}"), 5, timedelta(minutes=15))
    return (name, Door(_hash(f"from:{address}"), 30, timedelta(minutes=1))) if address else (name,)


def locked(conn: Connection, through: Iterable[Door], now: datetime) -> bool:
    """True while one of the doors is locked."""
    hashes = [door.hash for door in through]
    until = conn.execute(select(attempt.c.locked_until).where(attempt.c.hash.in_(hashes))).scalars()
    return any(text and times.from_wire(text) > now for text in until.all())


def failed(conn: Connection, through: Iterable[Door], now: datetime) -> None:
    """Count one more failure at each door, and lock those that have had too many."""
    conn.execute(delete(attempt).where(attempt.c.failed_at < times.to_wire(now - _FORGOTTEN)))
    for door in through:
        known = conn.execute(select(attempt.c.failures).where(attempt.c.hash == door.hash).with_for_update()).scalar()
        failures = (known or 0) + 1
        wait = min(timedelta(seconds=2 ** min(failures, 12)), door.longest)
        values = {
            "failures": failures,
            "failed_at": times.to_wire(now),
            "locked_until": times.to_wire(now + wait) if failures >= door.free else "",
        }
        if known is None:
            conn.execute(insert(attempt).values(hash=door.hash, **values))
        else:
            conn.execute(update(attempt).where(attempt.c.hash == door.hash).values(**values))


def passed(conn: Connection, through: Iterable[Door]) -> None:
    """Forget the failures of a name that has signed in; those of its address stay."""
    name = next(iter(through))
    conn.execute(delete(attempt).where(attempt.c.hash == name.hash))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
