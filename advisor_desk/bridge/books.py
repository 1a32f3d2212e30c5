"""The bridge's books: a dealership's records, kept in one database, each store with its own commit-ordered counter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select

from advisor_desk.bridge import engines, records
from advisor_desk.bridge.head import Head, head_of
from advisor_desk.bridge.listen import Listener
from advisor_desk.bridge.schema import head, meta
from advisor_desk.domain.errors import Refused

_CHUNK: Final = 5_000

Row = tuple[str, str, Mapping[str, Any]]
"""A record to take in: its kind, id and fields."""


class Books:
    """Transactions over one bridge's database, and word to whoever listens when one has committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # SQLite has one writer: waiting here is fair and costs nothing. PostgreSQL's row locks do it themselves.
        alone = engines.is_sqlite(engine)
        self._writing: AbstractContextManager[Any] = threading.Lock() if alone else nullcontext()
        self._listeners: list[Callable[[str, Head], None]] = []
        with self.read() as conn:
            self.server_id = str(conn.execute(select(meta.c.value).where(meta.c.name == "server_id")).scalar_one())

    @contextmanager
    def read(self, store_id: str = "", login: str = "") -> Iterator[Connection]:
        """A read transaction: one moment of the books, as far as this store or this sign-in goes."""
        with engines.reading(self._engine) as conn, conn.begin():
            engines.enter(conn, store_id, login)
            yield conn

    @contextmanager
    def write(self, store_id: str = "", login: str = "") -> Iterator[Connection]:
        """A write transaction for a store or a sign-in, durable when the block ends."""
        with self._writing, engines.writing(self._engine) as conn, conn.begin():
            engines.enter(conn, store_id, login)
            yield conn

    def head(self, store_id: str) -> Head:
        """Where a store's feed stands now."""
        with self.read(store_id) as conn:
            return head_of(conn, store_id)

    def listen(self, listener: Callable[[str, Head], None]) -> None:
        """Call ``listener(store_id, head)`` after each commit that moved a store's head."""
        self._listeners.append(listener)

    def announce(self, store_id: str, moved: Head) -> None:
        """Tell the listeners that a store's head has moved; call after the commit."""
        for listener in self._listeners:
            listener(store_id, moved)

    def follow(self, stores: Callable[[], Iterable[str]]) -> AbstractContextManager[Any]:
        """While entered, announce what the bridge's other processes commit too, to the ``stores`` that matter here."""
        if engines.is_sqlite(self._engine):
            return nullcontext()  # there are no others

        def moved(store_id: str) -> None:
            if store_id in stores():
                self.announce(store_id, self.head(store_id))

        return Listener(self._engine.url, stores, moved)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def import_records(self, store_id: str, rows: Iterable[Row]) -> int:
        """Open a store with these records, at revision 1; raises Refused for one that desks may know already."""
        count = 0
        rows = iter(rows)
        with self.write(store_id) as conn:
            if conn.execute(select(head.c.seq).where(head.c.store_id == store_id)).first() is not None:
                raise Refused("store_open", "That store is open already; what it holds is changed through its desks.")
            while chunk := list(islice(rows, _CHUNK)):
                count += len(chunk)
                records.insert_all(conn, store_id, chunk)
            conn.execute(insert(head).values(store_id=store_id, seq=1, oldest=1, living=count))
            engines.count_rows(conn)
        return count


def store_ids(conn: Connection) -> list[str]:
    """The stores these books hold."""
    return list(conn.execute(select(head.c.store_id).order_by(head.c.store_id)).scalars())
