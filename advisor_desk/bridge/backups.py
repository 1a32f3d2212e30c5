"""Copies of the books, always encrypted, and putting one back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from advisor_desk.bridge import dump, engines, epoch, folder, migrate, sealed
from advisor_desk.bridge.books import Books
from advisor_desk.domain.errors import Refused


def backup(data: Path, to: Path) -> None:
    """Write an encrypted copy of the books to ``to`` while they are in use; the key file is not in it."""
    if to.exists():
        raise Refused("exists", "There is a file of that name already. Choose another name for the backup.")
    if not to.parent.is_dir():
        raise Refused("no_folder", "The folder for the backup is not there. Make it, or choose another.")
    urls = folder.elsewhere(data)
    if urls is not None:
        sealed.seal(dump.pieces(urls.owner), to, folder.read_key(data))
    else:
        _vacuum_into(data, to)


def _vacuum_into(data: Path, to: Path) -> None:
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
    """Put a copy back in place of the books and answer where those went; raises Refused while SQLite's are served.

    No desk ever sees the records of then under the epoch of now: the new epoch comes with them.
    """
    if not source.is_file():
        raise Refused("no_backup", "There is no backup of that name.")
    urls = folder.elsewhere(data)
    if urls is not None:
        return _put_back(data, source)
    with folder.alone(data):
        return _replace(data, source)


def restored(data: Path) -> None:
    """Give the books a new epoch after they were put back by other means."""
    with folder.alone(data):
        engine = folder.open_engine(data, as_owner=True)
        try:
            with engines.writing(engine) as conn, conn.begin():
                epoch.renew(conn)
        finally:
            engine.dispose()


def _put_back(data: Path, source: Path) -> Path:
    """PostgreSQL's: all in one transaction, so that bridges may go on serving; a copy of what was is made first."""
    urls, key = folder.elsewhere(data), folder.read_key(data)
    assert urls is not None
    _check(sealed.opened(source, key))
    before = data / "books.before-restore"
    before.unlink(missing_ok=True)
    backup(data, before)
    dump.put_back(urls.owner, _with_new_epoch(sealed.opened(source, key)))
    folder.bring_up_to_date(data)
    with closing(folder.open_books(data, as_owner=True)) as books, books.write() as conn:
        engines.count_rows(conn)
    return before


def _check(pieces: Iterable[bytes]) -> None:
    """Read to the end before anything is changed."""
    try:
        for _ in pieces:
            pass
    except sealed.NotSealed:
        raise _not_a_backup() from None


def _with_new_epoch(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from pieces
    # A copy ends with no schema to look in.
    yield "".join(f"\n{statement};" for statement in ("RESET search_path", *epoch.renewing())).encode()


def _replace(data: Path, source: Path) -> Path:
    """SQLite's: the copy is made ready beside the books, then takes their place."""
    key = folder.read_key(data)
    database = data / folder.DATABASE
    fresh = database.with_suffix(".restoring")
    shutil.copyfile(source, fresh)
    fresh.chmod(0o600)
    _renew(fresh, key)
    before = database.with_suffix(".before-restore")
    if database.exists():
        _settle(database, key)
        database.replace(before)
    _remove(database)
    fresh.replace(database)
    return before


def _renew(path: Path, key: bytes) -> None:
    """Make a copy ready: checked to its last page, in today's tables, of a new epoch."""
    engine = engines.sqlite_engine(path, key)
    try:
        with engine.connect() as conn:
            if not _whole(_raw(conn)):
                raise _not_a_backup()
        Books(engine)
        migrate.to_newest(engine)
        with engines.writing(engine) as conn, conn.begin():
            epoch.renew(conn)
        _settle(path, key)
    except (DBAPIError, Refused) as error:
        engine.dispose()
        _remove(path)
        raise error if isinstance(error, Refused) else _not_a_backup() from None
    finally:
        engine.dispose()


def _remove(database: Path) -> None:
    """Take a SQLite file away with what belongs to it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def _whole(raw: Any) -> bool:
    """True when no page is changed, by SQLCipher's own sums, and none is missing, which those do not tell."""
    changed = raw.execute("PRAGMA cipher_integrity_check").fetchall()
    return not changed and raw.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]


def _not_a_backup() -> Refused:
    return Refused(
        "not_a_backup", "That file is no backup of this bridge, or bridge.key is another's. Nothing was changed."
    )


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
