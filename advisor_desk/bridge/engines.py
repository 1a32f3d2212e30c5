"""The one place that knows which database the bridge stands on: how to open it, and how a transaction begins."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from advisor_desk.domain.errors import Refused

_PRAGMAS: Final = (
    "PRAGMA busy_timeout = 20000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 2000",
    "PRAGMA cache_size = -65536",
)
# Nobody waits for a request that hangs: it is answered 503 and asked again.
_PATIENCE: Final = {
    "statement_timeout": "5s",
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "10s",
}
# Whatever the server's default: what a desk was told is saved, is on disk.
_KEPT: Final = {"synchronous_commit": "on"}
_NEAR: Final = frozenset({None, "", "localhost", "127.0.0.1", "::1"})


def sqlite_engine(path: Path, key: bytes) -> Engine:
    """An engine on the encrypted SQLite file at ``path``; a write transaction takes the one writer's place at once."""

    def connect() -> Any:
        raw = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        try:
            # A wrong key is told in our own words; SQLCipher would write its own to the operator's screen.
            for pragma in ("PRAGMA cipher_log_level = NONE", f"PRAGMA key = \"x'{key.hex()}'\"", *_PRAGMAS):
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


def postgresql_url(given: str) -> URL:
    """The URL as the driver takes it; raises Refused for what is none. Beyond this computer it asks for TLS."""
    try:
        url = make_url(given)
    except ArgumentError:
        raise _bad_url() from None
    if url.get_backend_name() != "postgresql" or not url.database:
        raise _bad_url()
    if url.host not in _NEAR and "sslmode" not in url.query:
        url = url.update_query_dict({"sslmode": "require"})
    return url.set(drivername="postgresql+psycopg")


def _bad_url() -> Refused:
    return Refused(
        "bad_database",
        "The database is named like postgresql://user:password@host:5432/name.",
        {"database": "not a PostgreSQL URL"},
    )


def postgresql_engine(url: URL, *, patient: bool = False) -> Engine:
    """An engine on a PostgreSQL database; ``patient`` for work that may take its time, like an import."""
    settings = _KEPT if patient else {**_KEPT, **_PATIENCE}
    return create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": "advisor-desk bridge",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )


def is_sqlite(engine: Engine) -> bool:
    """True for the file in the data folder."""
    return engine.dialect.name == "sqlite"


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection whose transactions read one moment of the database."""
    if is_sqlite(engine):
        return engine.connect()
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).connect()


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection whose transactions write."""
    return engine.execution_options(bridge_write=True).connect()


def enter(conn: Connection, store_id: str, login: str) -> None:
    """Say whose rows this transaction is about: PostgreSQL shows it no others. A SQLite file has this one reader."""
    if conn.dialect.name == "postgresql":
        conn.execute(_ENTER, {"store_id": store_id, "login": login})


_ENTER: Final = text("SELECT set_config('app.store_id', :store_id, true), set_config('app.login', :login, true)")


def insert_many(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows at once, as fast as the driver can."""
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns))
    conn.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows))  # noqa: S608


def count_rows(conn: Connection) -> None:
    """Let PostgreSQL learn how much there is now: until it has, it reads a page of history by sorting all of it."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ANALYZE")


def upsert(conn: Connection, table: Any) -> Any:
    """An INSERT that can say what to do with a row that is there already."""
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)
