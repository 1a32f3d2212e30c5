"""The encrypted cache file: opened with its key, one writer, durable on commit."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from advisor_desk.cache import errors, migrate

KEY_BYTES: Final = 32
_HEADER_PLAIN: Final = b"SQLite format 3\0"
_PAGE: Final = 4096
_WAL_PAGES: Final = 4000
_PRAGMAS: Final = (
    "PRAGMA cipher_log_level = NONE",  # it writes to stderr; what is wrong is raised as well
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = OFF",
    f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}",
    "PRAGMA cache_size = -32768",
    *(("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON") if sys.platform == "darwin" else ()),
)


class Cache:
    """An open cache: transactions for its one writer, and reads beside it."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._writing = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: durable when the block ends, undone when it raises; writers wait for each other."""
        with self._writing, self._translated(), self._engine.connect() as conn:
            conn = conn.execution_options(advisor_desk_write=True)
            with conn.begin():
                yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one moment of the cache, while writers go on."""
        with self._translated(), self._engine.connect() as conn, conn.begin():
            yield conn

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it; False when a reader was in the way."""
        with self._writing, self._translated(), self._engine.connect() as conn:
            raw = conn.connection.driver_connection
            assert raw is not None
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy

    def close(self) -> None:
        """Empty the log and let go of the file."""
        try:
            self.checkpoint()
        except errors.CacheError:
            pass  # on a full disk the log stays beside the file, as good as in it
        finally:
            self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            refusal = errors.of(error.orig)
            if refusal is None:
                raise
            if isinstance(refusal, errors.DiskFailed | errors.Damaged):
                self._engine.dispose()
            raise refusal from None


def exists(path: Path) -> bool:
    """True when there is a cache file: its key must be found, never made anew."""
    return path.exists() and path.stat().st_size > 0


def open_cache(path: Path, key: bytes | None) -> Cache:
    """Open the cache, making or migrating it as needed; raises a CacheError that says what is wrong."""
    fresh = not exists(path)
    if not key:
        raise errors.KeyMissing()
    if len(key) != KEY_BYTES:
        raise errors.WrongKey()
    if not fresh:
        _check_header(path)
    engine = _engine(path, key)
    try:
        _check_key(engine, fresh)
        migrate.to_newest(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return Cache(path, engine)


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(len(_HEADER_PLAIN))
    except OSError as error:
        raise errors.of(error) or errors.ReadOnly() from None
    if header == _HEADER_PLAIN or path.stat().st_size < _PAGE:
        raise errors.NotACache()


def _engine(path: Path, key: bytes) -> Engine:
    quoted = f"PRAGMA key = \"x'{key.hex()}'\""

    def connect() -> Any:
        raw = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        try:
            for pragma in (quoted, *_PRAGMAS):
                raw.execute(pragma)
        except BaseException:
            raw.close()
            raise
        return raw

    # The key stays in this closure: a URL would carry it into logs and tracebacks; so would shown parameters the data.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=6,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        write = conn.get_execution_options().get("advisor_desk_write", False)
        conn.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _check_key(engine: Engine, fresh: bool) -> None:
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DBAPIError as error:
        refusal = errors.of(error.orig)
        if isinstance(refusal, errors.Damaged) and not fresh:
            raise errors.WrongKey() from None
        raise refusal or error from None
