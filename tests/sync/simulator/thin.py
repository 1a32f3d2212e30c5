"""A thin engine in SQLAlchemy's place: the same SQL on the same SQLCipher files, at a third of the cost of a statement.

The program's own code runs on it unchanged, and SQLAlchemy still writes the SQL of the bridge's statements; each is
written once a process instead of once a world. A test holds the outcome of seeds to that on the real engine.
"""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import ClauseElement, inspection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, NoResultFound

from advisor_desk.bridge import engines
from advisor_desk.cache import connecting

DIALECT: Final = SQLiteDialect_pysqlite(paramstyle="qmark")
_WRITES: Final = frozenset({connecting.WRITES, "bridge_write"})
_PRAGMAS: Final = (
    "PRAGMA cipher_log_level = NONE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",  # these files are in memory: who loses power is up to the plan
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -32768",
)
_compiled: Final[dict[Any, Any]] = {}


class ThinEngine:
    """One file's connections, kept as long as the engine is."""

    dialect = DIALECT

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._idle: list[Any] = []
        self._life = 0

    def connect(self) -> ThinConnection:
        """A connection, one that was used before where there is one."""
        return ThinConnection(self, self._idle.pop() if self._idle else self._open(), self._life)

    def execution_options(self, **options: object) -> _Writing | ThinEngine:
        """This engine, its connections writing when the options say so."""
        return _Writing(self) if _WRITES & options.keys() else self

    def dispose(self) -> None:
        """Let go of the file."""
        self._life += 1
        while self._idle:
            self._idle.pop().close()

    def take_back(self, raw: Any, life: int) -> None:
        """A connection is no longer in use."""
        if raw.in_transaction:
            raw.rollback()
        if life == self._life:
            self._idle.append(raw)
        else:
            raw.close()

    def _open(self) -> Any:
        raw = sqlcipher.connect(str(self._path), isolation_level=None, check_same_thread=False, cached_statements=400)
        raw.execute(connecting.key_pragma(self._key))
        try:
            for pragma in _PRAGMAS:
                raw.execute(pragma)
        except sqlcipher.Error as error:
            raw.close()
            raise DBAPIError("PRAGMA", None, error) from None
        return raw


class _Writing:
    def __init__(self, engine: ThinEngine) -> None:
        self._engine = engine

    def connect(self) -> ThinConnection:
        return self._engine.connect().execution_options(bridge_write=True)


class ThinConnection:
    """One connection, as far as the program asks anything of one."""

    dialect = DIALECT

    def __init__(self, engine: ThinEngine, raw: Any, life: int) -> None:
        self.engine = engine
        self.driver_connection = raw
        self.info: dict[str, Any] = {}
        self._life = life
        self._begin = "BEGIN"

    @property
    def connection(self) -> ThinConnection:
        """What holds the driver's connection: this one does itself."""
        return self

    def __enter__(self) -> ThinConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.take_back(self.driver_connection, self._life)

    def execution_options(self, **options: object) -> ThinConnection:
        """This connection, its transactions writing when the options say so."""
        if _WRITES & options.keys():
            self._begin = "BEGIN IMMEDIATE"
        return self

    def begin(self) -> _Transaction:
        """A transaction: committed when its block ends, undone when that raises."""
        return _Transaction(self, self._begin)

    def exec_driver_sql(self, sql: str, params: Any = ()) -> ThinResult:
        """Carry out SQL as it is written; many times for a list of parameters."""
        raw = self.driver_connection
        try:
            many = isinstance(params, list)
            return ThinResult(raw.executemany(sql, params) if many else raw.execute(sql, params))
        except sqlcipher.Error as error:
            raise DBAPIError(sql, None, error) from None

    def execute(self, statement: Any, params: dict[str, Any] | None = None) -> ThinResult:
        """Carry out one of SQLAlchemy's statements."""
        sql, values = _written(statement, params or {})
        return self.exec_driver_sql(sql, values)


def _written(statement: ClauseElement, params: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """A statement as the driver takes it."""
    compiled, extracted, collected, _ = statement._compile_w_cache(
        DIALECT, compiled_cache=_compiled, column_keys=sorted(params), for_executemany=False, schema_translate_map=None
    )
    values = compiled.construct_params(
        params, extracted_parameters=extracted, escape_names=False, _collected_params=collected
    )
    sql, order = compiled.string, compiled.positiontup or ()
    if compiled.post_compile_params or compiled.literal_execute_params:
        expanded = compiled._process_parameters_for_postcompile(values)
        sql, order = expanded.statement, expanded.positiontup or ()
        values = {**values, **expanded.additional_parameters}
    return sql, tuple(values[name] for name in order)


class _Transaction:
    def __init__(self, conn: ThinConnection, begin: str) -> None:
        self._conn = conn
        self._begin = begin

    def __enter__(self) -> _Transaction:
        self._conn.exec_driver_sql(self._begin)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        raw = self._conn.driver_connection
        if kind is not None:
            raw.rollback()
            return
        try:
            raw.commit()
        except sqlcipher.Error as error:
            raw.rollback()
            raise DBAPIError("COMMIT", None, error) from None


class ThinResult:
    """The rows of a statement, all of them at once."""

    def __init__(self, cursor: Any) -> None:
        self.rowcount = cursor.rowcount
        self._at = 0
        self._rows = cursor.fetchall() if cursor.description else []
        self._names = tuple(column[0] for column in cursor.description) if self._rows else ()

    def _named(self, row: tuple[Any, ...]) -> Any:
        return _row(self._names)._make(row)

    def __iter__(self) -> Iterator[Any]:
        return map(self._named, self._rows)

    def all(self) -> list[Any]:
        """Every row."""
        return list(self)

    fetchall = all

    def fetchmany(self, size: int) -> list[Any]:
        """The next rows."""
        start, self._at = self._at, self._at + size
        return [self._named(row) for row in self._rows[start : self._at]]

    def first(self) -> Any:
        """The first row; None when there is none."""
        return self._named(self._rows[0]) if self._rows else None

    fetchone = first

    def one_or_none(self) -> Any:
        """The one row; None when there is none."""
        assert len(self._rows) < 2, "more rows than one"
        return self.first()

    def one(self) -> Any:
        """The one row."""
        if not self._rows:
            raise NoResultFound
        return self.one_or_none()

    def scalars(self) -> _Scalars:
        """The first column."""
        return _Scalars(row[0] for row in self._rows)

    def scalar(self) -> Any:
        """The first column of the first row; None when there is none."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The first column of the one row."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """The first column of the one row; None when there is none."""
        assert len(self._rows) < 2, "more rows than one"
        return self.scalar()


class _Scalars(list[Any]):
    """One column's values."""

    def all(self) -> list[Any]:
        return self


@cache
def _row(names: Sequence[str]) -> Any:
    return namedtuple("Row", names, rename=True)  # type: ignore[misc]


class _Tables:
    """What the bridge asks of a file's tables."""

    def __init__(self, conn: ThinConnection) -> None:
        self._conn = conn

    def has_table(self, name: str) -> bool:
        found = self._conn.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
        return found.first() is not None


inspection._inspects(ThinConnection)(_Tables)


@contextmanager
def in_place(empty: Path) -> Iterator[None]:
    """While entered, desks and bridges open their files by thin engines; ``empty`` is a cache's tables, just made."""

    def of_cache(path: Path, key: bytes) -> ThinEngine:
        if not path.stat().st_size:
            shutil.copyfile(empty, path)  # the program's own migrations made it, once for all worlds
        return ThinEngine(path, key)

    with mock.patch.object(connecting, "engine", of_cache), mock.patch.object(engines, "sqlite_engine", ThinEngine):
        yield
