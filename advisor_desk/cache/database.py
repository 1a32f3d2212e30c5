"""The encrypted cache file: opened with its key, one writer, durable on commit, a desk's work written down twice."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from advisor_desk.cache import connecting, errors, journal, meta, migrate, raw, records, recover, unsent
from advisor_desk.cache.journal import Found, Journal, Note, one_thread
from advisor_desk.cache.recover import OfAnotherTime, Recovered
from advisor_desk.cache.turns import T, Turns
from advisor_desk.cache.unsent import Told

KEY_BYTES: Final = 32
_LONG: Final = 256 * 1024
"""Bytes added to the journal beyond which it is begun anew when there is time."""
_DAY: Final = 24 * 3600.0
"""Seconds after which it is begun anew in any case: what it holds of settled edits may have been deleted since."""
_log = logging.getLogger(__name__)


class Cache:
    """An open cache: transactions for its one writer, and reads beside it."""

    def __init__(self, path: Path, key: bytes, engine: Engine, unsent_work: Journal) -> None:
        self.path = path
        self.recovered = Recovered()
        """What was put right when it was opened."""
        self._key = key
        self._engine = engine
        self._journal = unsent_work
        self._turns = Turns()
        self._kept = -1
        self._renewed = -math.inf  # an earlier run's may be of any age
        self._file = _file_at(path)

    @contextmanager
    def write(self, *, ahead: bool = False) -> Iterator[Connection]:
        """A write transaction: durable when the block ends, undone when it raises.

        Writers wait for each other; one that somebody waits for comes ``ahead`` of the rest.
        """
        with self._turns.taken(ahead=ahead), self._translated(), self._engine.connect() as conn:
            conn = conn.execution_options(**{connecting.WRITES: True})
            unsent.begin(conn)
            changes = raw.driver(conn).total_changes
            try:
                with conn.begin():
                    yield conn
                    if raw.driver(conn).total_changes != changes:
                        self._check_there()
                        self._enter(conn, unsent.taken(conn))
            except BaseException:
                self._take_back()
                raise
            self._keep()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one moment of the cache, while writers go on."""
        with self._translated(), self._engine.connect() as conn, conn.begin():
            yield conn

    def portion(self, left: deque[T], most: int) -> Iterator[T]:
        """Take what one transaction does of a long work: at most so many, and no more once a command waits."""
        return self._turns.portion(left, most)

    def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it; False when a reader was in the way."""
        with self._translated(), self._engine.connect() as conn:
            raw.driver(conn).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # nearly all, while others write
        with self._turns.taken(), self._translated(), self._engine.connect() as conn:
            if raw.driver(conn).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return False
            with conn.begin():
                generation, number = meta.stamp(conn)
                if generation != self._kept:
                    self._note_kept(conn, generation, number)
            return True

    def close(self) -> None:
        """Empty the log and let go of the file."""
        try:
            self.checkpoint()
        except errors.CacheError:
            pass  # on a full disk the log stays beside the file, as good as in it
        finally:
            self._engine.dispose()
            self._journal.close()

    def renew(self, found: Found) -> None:
        """Go on with the journal as it was found, or begin it anew where it is not whole."""
        with self.read() as conn:
            _, relied_on = meta.stamp(conn)
            if found.faults:
                self._journal.close()
                recover.keep_faulty(self._journal.path)
            if found.faults or found.torn or not self._journal.is_open or relied_on > found.last:
                self._begin_anew(conn, [], relied_on)
                self._journal.keep()

    def _check_there(self) -> None:
        """Raise Gone unless the file that is open still has its name: a deleted one takes all that is written to it."""
        if _file_at(self.path) != self._file:
            raise errors.Gone()

    def _enter(self, conn: Connection, notes: list[Note]) -> None:
        """Write what the transaction noted in the journal, before it commits; the cache remembers how far that got."""
        generation, number = meta.stamp(conn)
        if notes and not self._journal.is_open:
            number = self._begin_anew(conn, [], number)
        elif notes:
            lasting = unsent.must_last(notes)
            written = self._journal.append(notes, durable=lasting)
            number = written if lasting else number
        meta.put_stamp(conn, generation + 1, number)

    def _take_back(self) -> None:
        try:
            self._journal.take_back()
        except OSError:
            _log.warning("the journal of unsent work cannot be written; it is begun anew")
            self._journal.close()

    def _keep(self) -> None:
        try:
            self._journal.keep()
        except OSError:
            # The cache has committed, so what is said to be saved is; only its second record is wanting.
            _log.warning("the journal of unsent work did not reach the disk; it is begun anew")
            self._journal.close()

    def _note_kept(self, conn: Connection, generation: int, number: int) -> None:
        """Note that the file alone holds this generation, and keep the journal short."""
        kept: list[Note] = [{"kept": generation}]
        aged = time.monotonic() - self._renewed > _DAY
        if not self._journal.is_open or self._journal.added > _LONG or aged:
            self._begin_anew(conn, kept, number)
        else:
            self._journal.append(kept, durable=False)  # it is on the disk no later than the next edit
        self._journal.keep()
        self._kept = generation

    def _begin_anew(self, conn: Connection, more: Sequence[Note], least: int) -> int:
        """Begin both journals anew: the acknowledged first, which the journal of the unsent then lets go of."""
        self._renewed = time.monotonic()
        journal.write(settled_of(self.path), self._key, unsent.acknowledged(conn))
        return self._journal.rewrite([*unsent.outstanding(conn), *more], least=least)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlcipher.DatabaseError) as error:
            refusal = errors.of(error.orig if isinstance(error, DBAPIError) else error)
            if refusal is None:
                raise
            if isinstance(refusal, errors.DiskFailed | errors.Damaged):
                self._engine.dispose()
            if isinstance(refusal, errors.Damaged):
                with suppress(OSError):
                    errors.damage_marker(self.path).touch()
            raise refusal from None
        except OSError as error:
            raise errors.of(error) or errors.DiskFailed() from None


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file has this name now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def exists(path: Path) -> bool:
    """True when there is a cache file: its key must be found, never made anew."""
    return path.exists() and path.stat().st_size > 0


def settled_of(path: Path) -> Path:
    """The journal of what the bridge has acknowledged, beside the one of unsent work; read only after a loss."""
    return path.with_suffix(".settled")


def open_cache(path: Path, key: bytes | None, syncing: Callable[[], Executor] = one_thread) -> Cache:
    """Open the cache, making, migrating or rebuilding it as needed; raises a CacheError that says what is wrong."""
    if not key:
        raise errors.KeyMissing()
    if len(key) != KEY_BYTES:
        raise errors.WrongKey()
    try:
        unsent_work = Journal(path.with_suffix(".journal"), key, syncing)
        return _opened(path, key, unsent_work, unsent_work.open())
    except OSError as error:
        raise errors.of(error) or errors.DiskFailed() from None


def _opened(path: Path, key: bytes, unsent_work: Journal, found: Found) -> Cache:
    fresh = not exists(path)
    said = unsent.told(_acknowledged(path, key) + found.notes if fresh else found.notes)
    try:
        return _started(path, key, unsent_work, found, said)
    except (errors.Damaged, errors.WrongKey, errors.NotACache) as refusal:
        # Only a journal of this key proves that it is the right one and the file is what is wrong.
        if not found.entries or not exists(path) or connecting.is_plain(path):
            unsent_work.close()
            raise
        aside = recover.set_aside(path)
        said = unsent.told(_acknowledged(path, key) + found.notes)
        return _started(path, key, unsent_work, found, said, aside, legible=not isinstance(refusal, OfAnotherTime))


def _acknowledged(path: Path, key: bytes) -> list[Note]:
    """What the second journal holds; of one that is damaged, as much as is authentic."""
    place = settled_of(path)
    return journal.read(place.read_bytes(), key).notes if place.exists() else []


def _started(
    path: Path,
    key: bytes,
    unsent_work: Journal,
    found: Found,
    said: Told,
    aside: Path | None = None,
    *,
    legible: bool = False,
) -> Cache:
    """The cache of the file, given back what it lost; ``aside`` is the damaged one it takes the place of."""
    fresh = not exists(path)
    engine = _engine(path, key, said)
    cache = Cache(path, key, engine, unsent_work)
    try:
        with cache.write() as conn:
            if aside is not None and legible:
                recover.take_over(conn, aside, key)
            records.adopt(conn)
            cache.recovered = recover.compare(conn, found, said, aside=aside, fresh=fresh)
        cache.renew(found)
    except BaseException:
        engine.dispose()
        raise
    return cache


def _engine(path: Path, key: bytes, said: Told) -> Engine:
    fresh = not exists(path)
    if fresh:
        connecting.reserve(path)
    else:
        connecting.check_header(path)
    engine = connecting.engine(path, key)
    try:
        connecting.check_key(engine, fresh)
        migrate.to_newest(engine, path)
        if not fresh:
            recover.check(engine, path, key, said)
    except BaseException:
        engine.dispose()
        raise
    return engine
