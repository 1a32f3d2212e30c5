"""The bridge's books: a dealership's records, kept in one database, each store with its own commit-ordered counter."""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from advisor_desk.bridge import engines
from advisor_desk.bridge.merge import Version
from advisor_desk.bridge.schema import TABLES, feed, head, meta, metadata
from advisor_desk.domain.errors import Refused
from advisor_desk.domain.records import KINDS

_DATABASE: Final = "bridge.db"
_KEY: Final = "bridge.key"
_CHUNK: Final = 5_000


class Stored(NamedTuple):
    """A record as the books hold it."""

    kind: str
    id: str
    rev: int
    deleted: bool
    fields: dict[str, Any]
    versions: dict[str, Version]
    created_rev: int


class Books:
    """Transactions over one bridge's database, and word to whoever listens when one has committed."""

    def __init__(self, engine: Engine, data: Path) -> None:
        self.data = data
        self._engine = engine
        self._writing = threading.Lock()
        self._listeners: list[Callable[[str, int], None]] = []
        with self.read() as conn:
            known = {row.name: row.value for row in conn.execute(select(meta))}
        self.server_id: str = known["server_id"]
        self.epoch: str = known["epoch"]

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one moment of the books."""
        with self._engine.connect() as conn, conn.begin():
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction, durable when the block ends."""
        with self._writing, self._engine.connect() as conn:
            conn = conn.execution_options(bridge_write=True)
            with conn.begin():
                yield conn

    def listen(self, listener: Callable[[str, int], None]) -> None:
        """Call ``listener(store_id, seq)`` after each commit that moved a store's head."""
        self._listeners.append(listener)

    def announce(self, store_id: str, seq: int) -> None:
        """Tell the listeners that a store's head has moved; call after the commit."""
        for listener in self._listeners:
            listener(store_id, seq)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def import_records(self, store_id: str, rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> int:
        """Take in records at revision 1, before any desk has seen the store; returns how many."""
        count = 0
        rows = iter(rows)
        with self.write() as conn:
            while chunk := list(islice(rows, _CHUNK)):
                count += len(chunk)
                by_kind: dict[str, list[tuple[Any, ...]]] = {}
                for kind, id, fields in chunk:
                    by_kind.setdefault(kind, []).append(_bulk_row(store_id, kind, id, fields))
                for kind, values in by_kind.items():
                    conn.exec_driver_sql(_BULK[kind], values)
            first = sqlite_insert(head).values(store_id=store_id, seq=1, oldest=1)
            conn.execute(first.on_conflict_do_nothing())
        return count


def create(data: Path) -> Books:
    """Make a new bridge in the folder ``data``; raises Refused when there is one already."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    if (data / _DATABASE).exists():
        raise Refused("already_there", "That folder holds a bridge already. Choose another folder, or serve this one.")
    key = secrets.token_bytes(32)
    handle = os.open(data / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key.hex().encode())
    engine = engines.sqlite_engine(data / _DATABASE, key)
    with engine.begin() as conn:
        metadata.create_all(conn)
        for name, value in (
            ("server_id", _token()),
            ("epoch", _token()),
            ("signing_key", base64.b64encode(secrets.token_bytes(32)).decode()),
        ):
            conn.execute(insert(meta).values(name=name, value=value))
    return Books(engine, data)


def open_books(data: Path) -> Books:
    """Open the bridge in the folder ``data``; raises Refused when there is none or its key is missing."""
    if not (data / _DATABASE).exists():
        raise Refused(
            "no_bridge",
            f"There is no bridge in {data}. Make one with: advisor-desk bridge init --data DIR --store NAME",
        )
    if not (data / _KEY).exists():
        raise Refused("no_key", "The bridge's key file is missing. Put bridge.key back from your backup of it.")
    return Books(engines.sqlite_engine(data / _DATABASE, _read_key(data)), data)


def new_epoch(data: Path) -> None:
    """Mark the bridge as put back from a backup, so that every desk heals it and itself."""
    books = open_books(data)
    with books.write() as conn:
        conn.execute(update(meta).where(meta.c.name == "epoch").values(value=_token()))
    books.close()


def backup(data: Path, to: Path) -> None:
    """Write an encrypted copy of the books to ``to`` while they are in use; the key file is not in it."""
    if to.exists():
        raise Refused("exists", "There is a file of that name already. Choose another name for the backup.")
    books = open_books(data)
    with books._engine.connect() as conn:  # VACUUM INTO runs outside a transaction
        raw = conn.connection.driver_connection
        assert raw is not None
        raw.execute("VACUUM INTO ?", (str(to),))
    books.close()
    to.chmod(0o600)


def restore(data: Path, source: Path) -> None:
    """Put a backup back in place of the books; every desk will notice and send again what the backup lacks."""
    probe = Books(engines.sqlite_engine(source, _read_key(data)), data)
    probe.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{data / _DATABASE}{suffix}").unlink(missing_ok=True)
    (data / _DATABASE).write_bytes(source.read_bytes())
    new_epoch(data)


def _read_key(data: Path) -> bytes:
    return bytes.fromhex((data / _KEY).read_text().strip())


def _token() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def dump(fields: Mapping[str, Any]) -> str:
    """A body's text: compact, readable, as the wire sends it."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def load(conn: Connection, store_id: str, kind: str, id: str) -> Stored | None:
    """One record of a store, deleted ones too; None when the store has none of that id."""
    table = TABLES[kind]
    row = conn.execute(
        select(table.c.rev, table.c.deleted, table.c.body, table.c.versions, table.c.created_rev).where(
            table.c.store_id == store_id, table.c.id == id
        )
    ).one_or_none()
    if row is None:
        return None
    versions = {name: Version(*value) for name, value in json.loads(row.versions).items()}
    return Stored(kind, id, row.rev, bool(row.deleted), json.loads(row.body), versions, row.created_rev)


def save(conn: Connection, store_id: str, record: Stored) -> None:
    """Write a record as it stands."""
    table = TABLES[record.kind]
    values = {
        "rev": record.rev,
        "deleted": int(record.deleted),
        "body": dump(record.fields),
        "versions": json.dumps({name: list(_tuple(version)) for name, version in record.versions.items()}),
        "created_rev": record.created_rev,
        **key_values(record.kind, record.fields),
    }
    found = conn.execute(update(table).where(table.c.store_id == store_id, table.c.id == record.id).values(**values))
    if not found.rowcount:
        conn.execute(insert(table).values(store_id=store_id, id=record.id, **values))


def _tuple(version: Version) -> tuple[int, str, bool, str]:
    return (version.seq, version.made_at, version.by_keeper, version.actor)


def key_values(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a kind's key columns, as the tables hold them."""
    return {field.name: fields.get(field.name, _default(field.default)) for field in KINDS[kind].keys}


def _default(value: Any) -> Any:
    return "" if value is None else value


def current_seq(conn: Connection, store_id: str) -> int:
    """The store's head: the ``seq`` of its last committed change."""
    return int(conn.execute(select(head.c.seq).where(head.c.store_id == store_id)).scalar_one_or_none() or 0)


def take_seq(conn: Connection, store_id: str, kind: str, id: str) -> int:
    """The next number of the store's feed, entered for a record; the store's row is held until commit."""
    seq = conn.execute(
        update(head).where(head.c.store_id == store_id).values(seq=head.c.seq + 1).returning(head.c.seq)
    ).scalar_one()
    conn.execute(insert(feed).values(store_id=store_id, seq=seq, kind=kind, id=id))
    return int(seq)


def store_ids(conn: Connection) -> list[str]:
    """The stores these books hold."""
    return list(conn.execute(select(head.c.store_id).order_by(head.c.store_id)).scalars())


def count(conn: Connection, store_id: str) -> int:
    """How many living records a store has."""
    total = 0
    for table in TABLES.values():
        total += conn.execute(
            select(func.count()).where(table.c.store_id == store_id, table.c.deleted == 0)
        ).scalar_one()
    return total


def _bulk_row(store_id: str, kind: str, id: str, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    return (store_id, id, 1, 0, *key_values(kind, fields).values(), dump(fields), "{}", 1)


def _bulk_sql(kind: str) -> str:
    columns = [
        "store_id",
        "id",
        "rev",
        "deleted",
        *(field.name for field in KINDS[kind].keys),
        "body",
        "versions",
        "created_rev",
    ]
    return f"INSERT INTO {kind} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names


_BULK: Final = {kind: _bulk_sql(kind) for kind in KINDS}
