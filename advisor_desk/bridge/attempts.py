"""How often a sign-in has failed, by name and by where it came from, and how long to wait before the next try."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select, update

from advisor_desk.bridge import engines
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
    at = times.to_wire(now)
    for door in through:
        # In one statement, so that of two failures at once neither is forgotten.
        first = engines.upsert(conn, attempt).values(hash=door.hash, failures=1, failed_at=at, locked_until="")
        counted = first.on_conflict_do_update(
            index_elements=["hash"], set_={"failures": attempt.c.failures + 1, "failed_at": at}
        ).returning(attempt.c.failures)
        failures = conn.execute(counted).scalar_one()
        if failures >= door.free:
            wait = min(timedelta(seconds=2 ** min(failures, 12)), door.longest)
            until = times.to_wire(now + wait)
            conn.execute(update(attempt).where(attempt.c.hash == door.hash).values(locked_until=until))


def passed(conn: Connection, through: Iterable[Door]) -> None:
    """Forget the failures of a name that has signed in; those of its address stay."""
    name = next(iter(through))
    conn.execute(delete(attempt).where(attempt.c.hash == name.hash))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
