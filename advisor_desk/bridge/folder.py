"""The bridge's folder on disk: its database or where that is, its key, and who has it open."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import URL, Connection, Engine, insert, make_url, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from advisor_desk.bridge import engines, epoch, migrate, policies
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.schema import meta
from advisor_desk.domain.errors import Refused

DATABASE: Final = "bridge.db"
KEY: Final = "bridge.key"
ELSEWHERE: Final = "database.json"
_LOCK: Final = "bridge.lock"


class Elsewhere(NamedTuple):
    """A PostgreSQL database: as its owner, for what changes tables or all stores, and as the role that serves."""

    owner: URL
    bridge: URL


def create(data: Path, database: str = "") -> Books:
    """Make a new bridge in the folder ``data``, on SQLite or on ``database``; raises Refused when there is one already.

    The books are opened as their owner's, to be filled.
    """
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    if any((data / name).exists() for name in (KEY, DATABASE, ELSEWHERE)):
        raise Refused("already_there", "That folder holds a bridge already. Choose another folder, or serve this one.")
    key = secrets.token_bytes(32)
    if database:
        engine = _create_elsewhere(data, engines.postgresql_url(database))
    else:
        engine = engines.sqlite_engine(data / DATABASE, key)
        migrate.to_newest(engine)
    write_secret(data / KEY, key.hex())
    with engines.writing(engine) as conn, conn.begin():
        _sign(conn)
    return Books(engine)


def _create_elsewhere(data: Path, owner: URL) -> Engine:
    role, password = f"{owner.database}_bridge", secrets.token_hex(24)
    engine = engines.postgresql_engine(owner, patient=True)
    try:
        _furnish(engine, role, password)
    except BaseException as error:
        engine.dispose()
        raise _in_words(error) from None
    serving = owner.set(username=role, password=password)
    urls = {name: url.render_as_string(False) for name, url in (("owner", owner), ("bridge", serving))}
    write_secret(data / ELSEWHERE, json.dumps(urls, indent=1))
    return engine


def _furnish(engine: Engine, role: str, password: str) -> None:
    """Make the tables, the role that serves, and what it may do; raises Refused where a bridge is already."""
    migrate.to_newest(engine)
    with engines.writing(engine) as conn, conn.begin():
        if conn.execute(select(meta.c.value)).first() is not None:
            raise Refused(
                "already_there",
                "That database holds a bridge already. Copy its folder to serve it here, or name an empty one.",
            )
        policies.hire(conn, role, password)
        policies.secure(conn, role)


def _in_words(error: BaseException) -> BaseException:
    """What a person can do about a database that would not have it."""
    if isinstance(error, OperationalError):
        return Refused(
            "no_database", "The database did not answer, or does not know that user. Check the URL; nothing was made."
        )
    if isinstance(error, ProgrammingError):
        return Refused(
            "not_the_owner",
            "That user may not make the bridge's tables or its role. Name the database's owner, with CREATEROLE.",
        )
    return error


def open_books(data: Path, *, as_owner: bool = False) -> Books:
    """Open the bridge in the folder; as the owner for what concerns all stores. Raises Refused when there is none."""
    engine = open_engine(data, as_owner=as_owner)
    try:
        migrate.check(engine)
        return Books(engine)
    except BaseException:
        engine.dispose()
        raise


def open_engine(data: Path, *, as_owner: bool = False) -> Engine:
    """The engine of the folder's database."""
    urls = elsewhere(data)
    if urls is not None:
        return engines.postgresql_engine(urls.owner if as_owner else urls.bridge, patient=as_owner)
    if not (data / DATABASE).exists():
        raise _no_bridge(data)
    return engines.sqlite_engine(data / DATABASE, read_key(data))


def elsewhere(data: Path) -> Elsewhere | None:
    """Where the folder's books are when they are not in it."""
    try:
        urls = json.loads((data / ELSEWHERE).read_text())
        return Elsewhere(make_url(urls["owner"]), make_url(urls["bridge"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise Refused("no_database", f"{ELSEWHERE} is damaged. Put it back from your copy of the folder.") from None


def bring_up_to_date(data: Path) -> None:
    """Run the migrations the books lack."""
    engine = open_engine(data, as_owner=True)
    urls = elsewhere(data)
    try:
        migrate.to_newest(engine)
        if urls is not None and urls.bridge.username:
            with engines.writing(engine) as conn, conn.begin():
                policies.secure(conn, urls.bridge.username)
    finally:
        engine.dispose()


def _no_bridge(data: Path) -> Refused:
    return Refused(
        "no_bridge", f"There is no bridge in {data}. Make one with: advisor-desk bridge init --data DIR --store NAME"
    )


def read_key(data: Path) -> bytes:
    """The key of the folder's books; raises Refused when it is missing or damaged."""
    try:
        key = bytes.fromhex((data / KEY).read_text().strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise Refused(
            "no_key", "The bridge's key file is missing or damaged. Put bridge.key back from your copy of it."
        )
    return key


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only its owner may read; raises FileExistsError rather than replace one."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


def _sign(conn: Connection) -> None:
    """Give a new database its name, its epoch and the key its tokens are signed with."""
    for name, value in (
        ("server_id", epoch.new()),
        ("epoch", epoch.new()),
        ("signing_key", base64.b64encode(secrets.token_bytes(32)).decode()),
    ):
        conn.execute(insert(meta).values(name=name, value=value))


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the folder against every other process that serves or replaces its books; raises Refused."""
    if not data.is_dir():
        raise _no_bridge(data)
    handle = os.open(data / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(handle)
        except OSError:
            raise Refused("in_use", "A bridge is being served from that folder. Stop it first.") from None
        yield
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
