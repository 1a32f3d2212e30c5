"""Copies of the books, always encrypted, and putting one back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from advisor_desk.bridge import engines, folder
from advisor_desk.bridge.books import Books
from advisor_desk.domain.errors import Refused


def backup(data: Path, to: Path) -> None:
    """Write an encrypted copy of the books to ``to`` while they are in use; the key file is not in it."""
    if to.exists():
        raise Refused("exists", "There is a file of that name already. Choose another name for the backup.")
    if not to.parent.is_dir():
        raise Refused("no_folder", "The folder for the backup is not there. Make it, or choose another.")
    engine = folder.open_engine(data)
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # VACUUM INTO fills an empty file
    try:
        with engine.connect() as conn:
            _raw(conn).execute("VACUUM INTO ?", (str(to),))
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def restore(data: Path, source: Path) -> Path:
    """Put a copy back in place of the books and answer where those went; raises Refused while they are served.

    The new epoch is in the copy before it takes the place of the books: no desk ever sees the one without the other.
    """
    if not source.is_file():
        raise Refused("no_backup", "There is no backup of that name.")
    database = data / folder.DATABASE
    with folder.alone(data):
        fresh = database.with_suffix(".restoring")
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        _renew(fresh, folder.read_key(data))
        before = database.with_suffix(".before-restore")
        if database.exists():
            _settle(database, folder.read_key(data))
            database.replace(before)
        for suffix in ("-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        fresh.replace(database)
    return before


def _renew(path: Path, key: bytes) -> None:
    engine = engines.sqlite_engine(path, key)
    try:
        Books(engine)
        with engines.writing(engine) as conn, conn.begin():
            folder.renew_epoch(conn)
        _settle(path, key)
    except DBAPIError:
        path.unlink(missing_ok=True)
        raise Refused(
            "not_a_backup", "That file is no backup of this bridge, or bridge.key is another's. Nothing was changed."
        ) from None
    finally:
        engine.dispose()


def _settle(path: Path, key: bytes) -> None:
    """Move the write-ahead log into the file, so that the file alone is all of it."""
    engine = engines.sqlite_engine(path, key)
    try:
        with engine.connect() as conn:
            _raw(conn).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except DBAPIError:
        pass  # a damaged file is being replaced: what can be kept of it is kept as it lies
    finally:
        engine.dispose()


def _raw(conn: Any) -> Any:
    """The driver's own connection: what is done with it runs outside any transaction."""
    return conn.connection.driver_connection
