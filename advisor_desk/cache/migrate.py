"""Bring a cache file to the newest tables: one transaction, a copy of the file kept until it has committed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from advisor_desk.cache import errors, schema

SCRIPTS: Final = Path(__file__).parent / "migrations"
_TABLE: Final = "alembic_version"


def to_newest(engine: Engine, path: Path) -> None:
    """Run the migrations the cache lacks; raises CacheTooNew for a newer one and NotACache for a stranger's file."""
    version = _version(engine)
    if version == schema.VERSION:
        return
    if version is not None and version not in known_versions():
        raise errors.CacheTooNew()
    copy = _copy(engine, path, version) if version else None
    try:
        with engine.connect() as conn, conn.execution_options(advisor_desk_write=True).begin():
            _run(conn)
    except DBAPIError as error:
        raise errors.of(error.orig) or error from None
    if copy:
        copy.unlink(missing_ok=True)


def known_versions() -> list[str]:
    """The versions this program can read, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def _scripts() -> Any:
    from alembic.script import ScriptDirectory  # 150 ms that only a migration needs

    return ScriptDirectory(str(SCRIPTS))


def _version(engine: Engine) -> str | None:
    """The version in the file; None for a new file."""
    try:
        with engine.connect() as conn:
            names = set(conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
            if not names:
                return None
            if _TABLE not in names:
                raise errors.NotACache()
            found = conn.exec_driver_sql(f"SELECT version_num FROM {_TABLE}").scalar()  # noqa: S608
            return str(found) if found is not None else None
    except DBAPIError as error:
        raise errors.of(error.orig) or error from None


def _copy(engine: Engine, path: Path, version: str) -> Path:
    """A copy beside the file, as encrypted as it is, named by the version it holds."""
    copy = path.with_name(f"{path.name}.before-{version}")
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    try:
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
    except OSError as error:
        copy.unlink(missing_ok=True)
        raise errors.of(error) or errors.DiskFailed() from None
    return copy


def _run(conn: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts()

    def steps(revision: Any, context: Any) -> Any:
        del context
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
        # SQLite's DDL is transactional and the caller's transaction holds it all.
        environment.configure(connection=conn, transactional_ddl=True)
        environment.run_migrations()
