"""The one place that knows which database the bridge stands on: how to open it, and how a transaction begins."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

_PRAGMAS: Final = (
    "PRAGMA busy_timeout = 20000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 2000",
    "PRAGMA cache_size = -65536",
)


def sqlite_engine(path: Path, key: bytes) -> Engine:
    """An engine on the encrypted SQLite file at ``path``; a write transaction takes the one writer's place at once."""

    def connect() -> Any:
        raw = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        try:
            for pragma in (f"PRAGMA key = \"x'{key.hex()}'\"", *_PRAGMAS):
                raw.execute(pragma)
        except BaseException:
            raw.close()
            raise
        return raw

    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        writes = conn.get_execution_options().get("bridge_write", False)
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def is_sqlite(engine: Engine) -> bool:
    """True for the file in the data folder."""
    return engine.dialect.name == "sqlite"


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection whose transactions read one moment of the database."""
    return engine.connect()


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection whose transactions write."""
    return engine.execution_options(bridge_write=True).connect()


def enter(conn: Connection, store_id: str, login: str) -> None:
    """Say whose rows this transaction is about."""
    del conn, store_id, login  # a SQLite file has one reader of rows: this program


def notify(conn: Connection, store_id: str) -> None:
    """Tell the bridge's other processes, when this commits, that a store's head has moved."""
    del conn, store_id  # nobody else has a SQLite file open


def insert_many(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows at once, as fast as the driver can."""
    marks = ", ".join("?" * len(columns))
    conn.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows))  # noqa: S608
