"""How the cache file is connected to: its key first, then what makes every commit durable and every deletion real."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from advisor_desk.cache import errors

WRITES: Final = "advisor_desk_write"
"""The execution option of a connection whose transactions write."""
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


def reserve(path: Path) -> None:
    """Make the file before SQLite does, for its owner alone; the log beside it takes after it."""
    with suppress(OSError):  # SQLite meets the same fault and says it in its own way
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def engine(path: Path, key: bytes) -> Engine:
    """An engine on the file; a write transaction takes the one writer's place at once."""

    def connect() -> Any:
        raw = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False, cached_statements=256)
        try:
            for pragma in (key_pragma(key), *_PRAGMAS):
                raw.execute(pragma)
        except BaseException:
            raw.close()
            raise
        return raw

    # The key stays in this closure: a URL would carry it into logs and tracebacks; so would shown parameters the data.
    made = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=2,
        max_overflow=6,
        # The last one used: SQLite forgets all it has read on a connection once another has written.
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(made, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(WRITES, False) else "BEGIN")

    return made


def read_only(path: Path, key: bytes, option: str = "") -> Any:
    """A connection that changes nothing; with ``immutable=1``, to the file as it stands without its log."""
    raw = sqlcipher.connect(f"{path.resolve().as_uri()}?mode=ro&{option}", uri=True, isolation_level=None)
    raw.execute(key_pragma(key))
    raw.execute("PRAGMA cipher_log_level = NONE")
    return raw


def key_pragma(key: bytes) -> str:
    """The statement that must come first on any connection."""
    return f"PRAGMA key = \"x'{key.hex()}'\""


def check_header(path: Path) -> None:
    """Raise NotACache for a file that is plainly something else, or too short to be one."""
    # With SQLite's own undo file beside it, it was being made when the power went, and is taken back to nothing.
    unmade = Path(f"{path}-journal").exists()
    try:
        if is_plain(path) or (path.stat().st_size < _PAGE and not unmade):
            raise errors.NotACache()
    except OSError as error:
        raise errors.of(error) or errors.ReadOnly() from None


def is_plain(path: Path) -> bool:
    """True for a database without encryption: not one of ours."""
    with path.open("rb") as file:
        return file.read(len(_HEADER_PLAIN)) == _HEADER_PLAIN


def check_key(made: Engine, fresh: bool) -> None:
    """Raise WrongKey when the file's first page does not open."""
    try:
        with made.connect() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DBAPIError as error:
        refusal = errors.of(error.orig)
        if isinstance(refusal, errors.Damaged) and not fresh:
            raise errors.WrongKey() from None
        raise refusal or error from None
