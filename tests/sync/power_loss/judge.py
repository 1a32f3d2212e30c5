"""See what a start of the desk makes of what a power loss left: which edits are there."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Hashable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.cache import connecting, journal, unsent
from advisor_desk.cache.database import open_cache
from advisor_desk.cache.unsent import Told
from tests.cache.shop import KEY
from tests.sync.direct import Inline
from tests.sync.power_loss.disk import Content

JOURNAL: Final = "cache.journal"
Files = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Left:
    """What is there after a start: which edits, and what had to be done for it."""

    edits: frozenset[str] = frozenset()
    error: str = ""
    from_journal: bool = False
    rebuilt: bool = False


class Judge:
    """Reads each image's cache and journal, as a start would, and starts the desk's own code on every so many.

    A start costs ten times a reading. What reads as damaged or lost is always started on, and where a reading was
    whole both must have found the same. With ``every`` 1 nothing is read: a disk that lies leaves mixtures behind that
    only a start tells from a cache.
    """

    def __init__(self, scratch: Path, every: int) -> None:
        self._scratch = scratch
        self._every = every
        self._known: dict[Hashable, Left] = {}
        self._caches: dict[Hashable, frozenset[str] | None] = {}
        self._journals: dict[Hashable, Told | None] = {}
        self.different = self.started = 0

    def forget(self) -> None:
        """Another trace begins, whose images are others."""
        for known in (self._known, self._caches, self._journals):
            known.clear()

    def look(self, files: Files, promised: set[str]) -> Left:
        """What is there once the desk has started on these files; each different image is looked at once."""
        key = _key(files)
        if key not in self._known:
            self.different += 1
            self._known[key] = self._seen(files, promised)
        return self._known[key]

    def _seen(self, files: Files, promised: set[str]) -> Left:
        if self._every == 1:
            return self._start(files)
        cache, said = self._read_cache(files), self._read_journal(files)
        if cache is None or said is None or promised - cache - said.edits.keys():
            return self._start(files)
        read = Left(cache | said.edits.keys() | said.acked.keys(), from_journal=not said.edits.keys() <= cache)
        if self.different % self._every:
            return read
        started = self._start(files)
        assert started == read, f"read {read}, but a start found {started}"
        return started

    def _read_cache(self, files: Files) -> frozenset[str] | None:
        """The edits in the cache file and its log; None where there is none that can be read."""
        files = {name: content for name, content in files.items() if name.startswith("cache.db")}
        key = _key(files)
        if key not in self._caches:
            self._caches[key] = _edits(self._laid_out(files)) if "cache.db" in files else None
        return self._caches[key]

    def _read_journal(self, files: Files) -> Told | None:
        """What the journal of unsent work tells; None where it is not whole."""
        if JOURNAL not in files:
            return unsent.told([])
        key = files[JOURNAL].key
        if key not in self._journals:
            found = journal.read(bytes(files[JOURNAL]), KEY)
            self._journals[key] = None if found.faults else unsent.told(found.notes)
        return self._journals[key]

    def _laid_out(self, files: Files) -> Path:
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        for name, content in files.items():
            (self._scratch / name).write_bytes(bytes(content))
        return self._scratch / "cache.db"

    def _start(self, files: Files) -> Left:
        self.started += 1
        try:
            cache = open_cache(self._laid_out(files), KEY, Inline)
        except Exception as error:
            return Left(error=type(error).__name__)
        try:
            with cache.read() as conn:
                edits = frozenset(conn.exec_driver_sql("SELECT id FROM mutation").scalars())
        finally:
            cache._engine.dispose()  # as little as a process that is killed: closing would tidy up
            cache._journal.close()
        return Left(edits, "", cache.recovered.kept > 0, cache.recovered.aside is not None)


def _key(files: Files) -> Hashable:
    return tuple(sorted((name, content.key) for name, content in files.items()))


def _edits(path: Path) -> frozenset[str] | None:
    try:
        with closing(connecting.read_only(path, KEY)) as raw:
            if raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'mutation'").fetchone() is None:
                return None
            return frozenset(row[0] for row in raw.execute("SELECT id FROM mutation"))
    except sqlcipher.Error:
        return None


@contextmanager
def quiet() -> Iterator[None]:
    """Damage is what is made here, not news."""
    log = logging.getLogger("advisor_desk.cache")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
