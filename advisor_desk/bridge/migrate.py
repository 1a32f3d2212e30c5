"""Bring the bridge's books to the newest tables, in one transaction, by one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, text

from advisor_desk.bridge import engines, plans
from advisor_desk.bridge.schema import VERSION
from advisor_desk.domain.errors import Refused

SCRIPTS: Final = Path(__file__).parent / "migrations"
_TABLE: Final = "alembic_version"
_ONE_AT_A_TIME: Final = 7_214_001
"""PostgreSQL's advisory lock for migrations; any number that nothing else in the database uses."""


def to_newest(engine: Engine) -> None:
    """Run the migrations the books lack; raises Refused for books of a newer release."""
    with engines.writing(engine) as conn, conn.begin():
        if not engines.is_sqlite(engine):
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
        found = _version(conn)
        if found is not None and found not in versions():
            raise _too_new()
        if found != VERSION:
            _run(conn)
        if engines.is_sqlite(engine):
            plans.tell(conn)


def check(engine: Engine) -> None:
    """Raise Refused unless the books are of this release."""
    with engine.connect() as conn:
        found = _version(conn)
    if found == VERSION:
        return
    if found is not None and found not in versions():
        raise _too_new()
    raise Refused("old_books", "The books are of an older release. Serve the bridge once; that brings them up to date.")


def versions() -> list[str]:
    """The versions this program knows, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def _too_new() -> Refused:
    return Refused("new_books", "The books are of a newer release. Update this program; nothing was changed.")


def _version(conn: Connection) -> str | None:
    """The version of the books; None for new ones."""
    if not inspect(conn).has_table(_TABLE):
        return None
    found = conn.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - our own name
    return str(found) if found is not None else None


def _scripts() -> Any:
    from alembic.script import ScriptDirectory  # a fifth of a second that only a migration needs

    return ScriptDirectory(str(SCRIPTS))


def _run(conn: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts()

    def steps(revision: Any, context: Any) -> Any:
        del context
        return scripts._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), scripts, fn=steps, destination_rev="head") as environment:
        # Both databases change tables within a transaction; the caller's holds it all.
        environment.configure(connection=conn, transactional_ddl=True)
        environment.run_migrations()
