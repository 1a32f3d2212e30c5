"""The journal of a desk's work: a second, sealed record beside the cache, for the day its file is damaged.

One entry for each transaction that noted something, sealed with AES-GCM under a key derived from the cache's own. Every
entry is authenticated together with its number, the number before it and the file it stands in, so that a flipped,
swapped, repeated, missing or foreign entry is told from a good one, entry by entry.
"""

from __future__ import annotations

import json
import os
import secrets
import struct
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Note = dict[str, Any]

_MAGIC: Final = b"advisor-desk journal 1\n\0"
_SALT: Final = 16
_BEGIN: Final = len(_MAGIC) + _SALT
_HEAD: Final = struct.Struct("<4sIQQ")
_MARK: Final = b"\xadJE\n"
_NONCE: Final = 12
_ALIGN: Final = 8
_LONGEST: Final = 64 * 1024 * 1024
_ROOM: Final = 64 * 1024
"""Zeros written ahead, so that an entry only changes blocks that are the file's already: half the cost of a sync."""


@dataclass(slots=True)
class Found:
    """What a journal holds: the notes of each good entry by its number, and what is wrong with it, in words."""

    entries: dict[int, list[Note]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    torn: bool = False
    """True when its end does not authenticate: the entry that was being written when the power went."""
    end: int = field(default=_BEGIN, compare=False)
    """Where the newest good entry ends: by its length, for an entry may well end in zeros."""

    @property
    def last(self) -> int:
        """The number of the newest good entry; 0 for none."""
        return max(self.entries, default=0)

    @property
    def notes(self) -> list[Note]:
        """All notes, in the order they were made."""
        return [note for number in sorted(self.entries) for note in self.entries[number]]


def one_thread() -> Executor:
    """What carries entries to the disk beside the cache's commit."""
    pool = ThreadPoolExecutor(1, "journal")
    # Begun now: Python waits for ever for a thread that has no memory to begin with, and a commit would wait too.
    pool.submit(int).result()
    return pool


class Journal:
    """An open journal; one writer. An entry reaches the disk while the cache's own commit does, in another thread."""

    def __init__(self, path: Path, key: bytes, syncing: Callable[[], Executor] = one_thread) -> None:
        self.path = path
        self._key = key
        self._syncing = syncing
        self._pool: Executor | None = None
        self._sync: Future[None] | None = None
        self._handle = -1
        self._seal: AESGCM
        self._aad = b""
        self._began = self._end = self._room = 0
        self._number = self._before = 0
        self._undo: tuple[int, int] | None = None

    def open(self) -> Found:
        """Open the file and read it; a missing one, or one that is not of this key, is answered as empty and faulty."""
        if not self.path.exists():
            return Found()
        content = self.path.read_bytes()
        found = read(content, self._key)
        self._number = self._before = found.last
        if found.entries:
            self._attach(content[len(_MAGIC) : _BEGIN], max(found.end, _end_of(content)), len(content))
        return found

    @property
    def is_open(self) -> bool:
        """True when entries can be appended."""
        return self._handle >= 0

    @property
    def added(self) -> int:
        """Bytes of entries since it was begun, or of all when that was in an earlier run."""
        return self._end - self._began

    def rewrite(self, notes: Sequence[Note], least: int = 0) -> int:
        """Begin a new file that holds these notes, whole or not at all; numbers go on, beyond ``least``."""
        number = max(self._number, least) + 1
        content = _begun(self._key, number, notes)
        draft = _drafted(self.path, content + bytes(_ROOM))
        self.close()
        _put_in_place(draft, self.path)
        self._attach(content[len(_MAGIC) : _BEGIN], len(content), len(content) + _ROOM)
        self._began = self._end
        self._number = self._before = number
        self._undo = (0, 0)
        return number

    def append(self, notes: Sequence[Note], *, durable: bool) -> int:
        """Add an entry and answer its number; when ``durable``, it is on the disk once ``keep`` returns."""
        number = self._number + 1
        entry = _sealed(self._seal, self._aad, number, self._before, notes)
        self._undo = (self._end, self._before)
        self._number = number  # never used again, even when this entry is taken back
        if self._end + len(entry) > self._room:
            self._grow(len(entry))
        os.lseek(self._handle, self._end, os.SEEK_SET)
        _write(self._handle, entry)
        if durable:
            assert self._pool is not None  # open: see _attach
            self._sync = self._pool.submit(_sync, self._handle)
        self._end += len(entry)
        self._before = number
        return number

    def take_back(self) -> None:
        """Undo the last append: its transaction did not commit, and its author was told so."""
        if self._undo is None:
            return
        self._wait()
        end, self._before = self._undo
        if not end:  # a whole new file: the next write makes it again
            self.close()
            self.path.unlink(missing_ok=True)
            return
        self._end = end
        self._undo = None
        os.lseek(self._handle, self._end, os.SEEK_SET)
        _write(self._handle, bytes(_HEAD.size))
        _sync(self._handle)

    def keep(self) -> None:
        """The last append's transaction has committed; raises OSError when the entry did not get to the disk."""
        self._undo = None
        self._wait()

    def _wait(self) -> None:
        syncing, self._sync = self._sync, None
        if syncing is not None:
            syncing.result()

    def close(self) -> None:
        """Let go of the file."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        self._sync = self._undo = None
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _attach(self, salt: bytes, end: int, size: int) -> None:
        self._seal, self._aad = _keyed(self._key, salt)
        self._handle = os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        self._end, self._room = end, size
        self._pool = self._pool or self._syncing()

    def _grow(self, by: int) -> None:
        room = self._end + by + _ROOM
        os.lseek(self._handle, self._room, os.SEEK_SET)
        _write(self._handle, bytes(room - self._room))
        os.fsync(self._handle)
        self._room = room


def write(path: Path, key: bytes, notes: Sequence[Note]) -> None:
    """Write a journal of these notes that nothing is added to, whole or not at all."""
    _put_in_place(_drafted(path, _begun(key, 1, notes)), path)


def _begun(key: bytes, number: int, notes: Sequence[Note]) -> bytes:
    salt = secrets.token_bytes(_SALT)
    seal, aad = _keyed(key, salt)
    return _MAGIC + salt + _sealed(seal, aad, number, 0, notes)


def _drafted(path: Path, content: bytes) -> Path:
    """The content, on the disk beside its place."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    return draft


def _put_in_place(draft: Path, path: Path) -> None:
    draft.replace(path)
    _sync_folder(path.parent)


def read(content: bytes, key: bytes) -> Found:
    """Every entry that is authentic, in the order of their numbers, and each fault that was met on the way."""
    found = Found()
    if not content.startswith(_MAGIC) or len(content) < _BEGIN:
        found.faults.append("not a journal")
        return found
    seal, aad = _keyed(key, content[len(_MAGIC) : _BEGIN])
    at, last = _BEGIN, 0
    while (at := content.find(_MARK, at)) >= 0:
        entry = _opened(seal, aad, content, at)
        if entry is None:
            found.torn = True
            at += 1
            continue
        if found.torn:
            found.faults.append(f"an entry after number {last} does not authenticate")
            found.torn = False
        number, before, notes, at = entry
        found.end = at
        if number <= last:
            found.faults.append(f"number {number} stands where it does not belong")
        elif before != last:
            found.faults.append(f"number {before} before number {number} is missing")
        found.entries.setdefault(number, notes)
        last = max(last, number)
    if not found.entries:
        found.faults.append("no entry is of this key")
    return found


def _keyed(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    derived = HKDF(SHA256(), 32, salt, b"advisor-desk unsent work").derive(key)
    return AESGCM(derived), _MAGIC + salt


def _sealed(seal: AESGCM, aad: bytes, number: int, before: int, notes: Sequence[Note]) -> bytes:
    body = json.dumps(notes, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = secrets.token_bytes(_NONCE)
    length = len(body) + 16
    head = _HEAD.pack(_MARK, length, number, before)
    entry = head + nonce + seal.encrypt(nonce, body, aad + head)
    return entry + bytes(-len(entry) % _ALIGN)


def _opened(seal: AESGCM, aad: bytes, content: bytes, at: int) -> tuple[int, int, list[Note], int] | None:
    """An entry's number, the one before it, its notes and where it ends; None when it is not authentic."""
    if at + _HEAD.size + _NONCE > len(content):
        return None
    head = content[at : at + _HEAD.size]
    _, length, number, before = _HEAD.unpack(head)
    start = at + _HEAD.size + _NONCE
    if length > _LONGEST or start + length > len(content):
        return None
    try:
        body = seal.decrypt(content[at + _HEAD.size : start], content[start : start + length], aad + head)
    except InvalidTag:
        return None
    end = start + length
    return number, before, json.loads(body), end + (at - end) % _ALIGN


def _end_of(content: bytes) -> int:
    """After the last byte that is not zero: what did not authenticate is not written over."""
    end = max(_BEGIN, len(content.rstrip(b"\0")))
    return end + (_BEGIN - end) % _ALIGN


def _write(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def _sync(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    elif sys.platform == "win32":
        os.fsync(handle)
    else:
        os.fdatasync(handle)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows does so by itself."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
