"""A recorded trace: what desk services did to the files of one cache, what they said, and what the bridge had."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_HEAD: Final = struct.Struct("<B7xQQQ")
_WITH_BYTES: Final = frozenset("oswura")


class Op(NamedTuple):
    """One thing that was done: what, to which file's inode, two numbers and bytes.

    From the recorder: ``o`` opened, ``w`` written at a, ``t`` cut to a, ``b`` and ``f`` sync number a begun and
    finished (of inode 1: the folder's), ``u`` unlinked, ``r`` renamed, ``s`` said. Beside it: ``l`` another life
    begins, ``a`` the bridge has accepted these edits and is about to say so.
    """

    what: str
    inode: int
    a: int
    b: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Trace:
    """The files at the start with their inodes, what was done since, and each change's edits."""

    files: dict[str, tuple[int, bytes]]
    ops: list[Op]
    edits: dict[str, frozenset[str]]


def files_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    """The cache's files as they are, with their inodes."""
    return {
        path.name: (path.stat().st_ino, path.read_bytes())
        for path in folder.glob("cache.*")
        if path.is_file() and "-shm" not in path.name
    }


def note(path: Path, what: str, content: bytes = b"") -> None:
    """Add a record to a recording under way."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, _HEAD.pack(ord(what), 0, 0, len(content)) + content)
    finally:
        os.close(handle)


def read(path: Path) -> list[Op]:
    """The operations of a recording."""
    return list(_ops(path.read_bytes()))


def _ops(content: bytes) -> Iterator[Op]:
    at = 0
    while at + _HEAD.size <= len(content):
        what, inode, a, b = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        op = chr(what)
        size = b if op in _WITH_BYTES else 0
        yield Op(op, inode, a, b, content[at : at + size])
        at += size


class Promises:
    """What has been promised up to a moment of a trace, and what the bridge has of it."""

    def __init__(self, edits: dict[str, frozenset[str]]) -> None:
        self._edits = edits
        self._line = b""
        self.changes = 0
        self.edits: set[str] = set()
        self.at_bridge: set[str] = set()

    def hear(self, op: Op) -> None:
        """One operation more."""
        if op.what == "l":
            self._line = b""
        elif op.what == "a":
            self.at_bridge.update(json.loads(op.content))
        elif op.what == "s":
            *lines, self._line = (self._line + op.content).split(b"\n")
            self._take(lines)

    def _take(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            ok = json.loads(line).get("ok")
            edits = self._edits.get(ok.get("change", ""), frozenset()) if isinstance(ok, dict) else frozenset[str]()
            self.changes += bool(edits)
            self.edits |= edits
