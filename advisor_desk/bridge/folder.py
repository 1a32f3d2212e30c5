"""The bridge's folder on disk: its database, its key, and who has it open."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, update

from advisor_desk.bridge import engines
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.schema import head, meta, metadata, numbering
from advisor_desk.domain.errors import Refused

DATABASE: Final = "bridge.db"
KEY: Final = "bridge.key"
_LOCK: Final = "bridge.lock"
_JUMP: Final = 1_000_000_000
_NUMBERS_LENT: Final = 1_000
"""More RO numbers than a store lends between one backup and the next."""


def create(data: Path) -> Books:
    """Make a new bridge in the folder ``data``; raises Refused when there is one already."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    if (data / KEY).exists() or (data / DATABASE).exists():
        raise Refused("already_there", "That folder holds a bridge already. Choose another folder, or serve this one.")
    key = secrets.token_bytes(32)
    write_secret(data / KEY, key.hex())
    engine = engines.sqlite_engine(data / DATABASE, key)
    with engines.writing(engine) as conn, conn.begin():
        metadata.create_all(conn)
        _sign(conn)
    return Books(engine)


def open_books(data: Path) -> Books:
    """Open the bridge in the folder ``data``; raises Refused when there is none or its key is missing."""
    return Books(open_engine(data))


def open_engine(data: Path) -> Engine:
    """The engine of the folder's database."""
    if not (data / DATABASE).exists():
        raise _no_bridge(data)
    return engines.sqlite_engine(data / DATABASE, read_key(data))


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


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read; raises FileExistsError rather than replace one."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _sign(conn: Connection) -> None:
    """Give a new database its name, its epoch and the key its tokens are signed with."""
    for name, value in (
        ("server_id", _token()),
        ("epoch", _token()),
        ("signing_key", base64.b64encode(secrets.token_bytes(32)).decode()),
    ):
        conn.execute(insert(meta).values(name=name, value=value))


def renew_epoch(conn: Connection) -> None:
    """Mark the books as put back from a backup, so that every desk heals them and itself.

    Every store's numbers jump beyond all that the lost time can have used: a revision of that time is never mistaken
    for one of the new. So do its RO numbers, beyond all that desks can have leased meanwhile.
    """
    conn.execute(update(meta).where(meta.c.name == "epoch").values(value=_token()))
    conn.execute(update(head).values(seq=head.c.seq + _JUMP, oldest=head.c.seq + _JUMP))
    conn.execute(update(numbering).values(next=numbering.c.next + _NUMBERS_LENT))


def _token() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


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
