"""SQL given to SQLite itself: for the small statements of a command SQLAlchemy costs more than they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection


def driver(conn: Connection) -> Any:
    """SQLite's own connection beneath SQLAlchemy's, in the same transaction."""
    return conn.connection.driver_connection


def run(conn: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """A cursor on the outcome, in the connection's own transaction; rows are plain tuples."""
    return driver(conn).execute(sql, values)


def value(conn: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """The first column of the first row; None when there is none."""
    row = run(conn, sql, values).fetchone()
    return row[0] if row else None
