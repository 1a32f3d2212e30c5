"""Where a store's feed stands: its one counter, which a writer holds from its first look until it commits."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from advisor_desk.bridge.schema import feed, head, meta

# Asked for by every request: SQLAlchemy takes longer to put a statement together than SQLite to answer it.
_AT: Final = (
    select(meta.c.value, head.c.seq, head.c.oldest)
    .join_from(meta, head, head.c.store_id == bindparam("store"), isouter=True)
    .where(meta.c.name == "epoch")
)


class Head(NamedTuple):
    """The place of the last commit: its epoch, its number, and the first number a cursor may still stand at."""

    epoch: str
    seq: int
    oldest: int = 0


def head_of(conn: Connection, store_id: str) -> Head:
    """The store's head, as of this transaction; 0 for a store that is not open."""
    row = conn.execute(_AT, {"store": store_id}).one()
    return Head(row.value, row.seq or 0, row.oldest or 0)


def living(conn: Connection, store_id: str) -> int:
    """How many records the store has that are not deleted."""
    return int(conn.execute(select(head.c.living).where(head.c.store_id == store_id)).scalar() or 0)


def hold(conn: Connection, store_id: str) -> None:
    """Wait for the store's other writers and keep them out until this transaction ends.

    Taken before anything is judged: what an edit is judged by must be what it is stored over, and a number taken under
    it is seen by readers in its order, since no later number can commit before it.
    """
    conn.execute(select(head.c.seq).where(head.c.store_id == store_id).with_for_update())


def take(conn: Connection, store_id: str, kind: str, id: str, born: int = 0) -> int:
    """The next number of the store's feed, entered for a record; ``born`` is 1 or -1 when one more or less lives."""
    seq = conn.execute(
        update(head)
        .where(head.c.store_id == store_id)
        .values(seq=head.c.seq + 1, living=head.c.living + born)
        .returning(head.c.seq)
    ).scalar_one()
    conn.execute(insert(feed).values(store_id=store_id, seq=seq, kind=kind, id=id))
    return int(seq)
