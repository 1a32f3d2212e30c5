"""A disk that loses its power: what has been synced is there, of the rest what chance leaves, torn at its sectors."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.sync.power_loss.trace import Op, Trace

SECTOR: Final = 512
PAGE: Final = 4096
FOLDER: Final = 1
"""What the recorder calls the folder's inode."""
POLICIES: Final = ("none", "all", "torn", "pages", "first", "files", "lengths", "contents")
"""How much of what was not synced is there after the power loss.

Nothing; all; any of it, torn at sectors or at pages; what came first, in order; some files and not others; how long
files became and not what was put in; what was put in and not how long they became.
"""


@dataclass(slots=True, eq=False)
class _File:
    """One file: what is surely on the disk, after so many operations, and what was done since, each with its moment."""

    number: int
    durable: bytearray
    done: int = 0
    since: list[tuple[int, Op]] = field(default_factory=list)


class Content(NamedTuple):
    """What is left of a file; its bytes are made when they are asked for, before the disk plays on."""

    key: Hashable
    """Equal for equal contents."""
    file: _File
    parts: list[Op]

    def __bytes__(self) -> bytes:
        content = bytearray(self.file.durable)
        for part in self.parts:
            _apply(content, part)
        return bytes(content)


class _Naming(NamedTuple):
    """A change of the folder, with its moment: this name is the file's now (none: it is gone), that one no more."""

    at: int
    name: str
    file: _File | None
    gone: str = ""


Fate = Callable[[int, Op, _File], Iterable[Op]]
"""What is left of an operation that was not synced."""


class Disk:
    """The cache's folder, played forward operation by operation; with ``lies``, on a disk that says it has synced."""

    def __init__(self, trace: Trace, *, lies: bool = False) -> None:
        self._lies = lies
        self._at = 0
        self._numbers = itertools.count(1)
        self._files = {inode: self._made(body) for inode, body in trace.files.values()}
        self._names = {name: self._files[inode] for name, (inode, _) in trace.files.items()}
        self._sure = dict(self._names)
        self._namings: list[_Naming] = []
        self._syncs: dict[int, int] = {}

    def play(self, op: Op) -> None:
        """One operation more."""
        self._at += 1
        match op.what:
            case "o":
                self._open(op)
            case "w" | "t":
                self._files[op.inode].since.append((self._at, op))
            case "l":
                self._syncs.clear()
            case "b":
                self._syncs[op.a] = self._at
            case "f" if not self._lies:
                self._synced(op.inode, self._syncs.pop(op.a))
            case "u":
                self._name(_Naming(self._at, op.content.decode(), None))
            case "r":
                old, _, new = op.content.decode().partition("/")
                if old in self._names:
                    self._name(_Naming(self._at, new, self._names[old], gone=old))

    def _open(self, op: Op) -> None:
        name = op.content.decode()
        if name not in self._names or self._files.get(op.inode) is not self._names[name]:
            self._files[op.inode] = self._made()
            self._name(_Naming(self._at, name, self._files[op.inode]))
        elif op.a:
            self._files[op.inode].since.append((self._at, Op("t", op.inode, 0, 0, b"")))

    def _made(self, body: bytes = b"") -> _File:
        return _File(next(self._numbers), bytearray(body))

    def _name(self, naming: _Naming) -> None:
        self._namings.append(naming)
        _rename(self._names, naming)

    def _synced(self, inode: int, until: int) -> None:
        """What was done before the sync began stays; a new file's name does only with a sync of its folder."""
        if inode == FOLDER:
            while self._namings and self._namings[0].at < until:
                _rename(self._sure, self._namings.pop(0))
            return
        file = self._files[inode]
        done = sum(at < until for at, _ in file.since)
        for _, op in file.since[:done]:
            _apply(file.durable, op)
        del file.since[:done]
        file.done += done

    def after(self, policy: str, dice: random.Random) -> dict[str, Content]:
        """The files somebody finds who turns the power on again."""
        fate = self._fate(policy, dice)
        names = dict(self._sure)
        for naming in self._namings:
            if any(True for _ in fate(naming.at, _NAMED, _NO_FILE)):
                _rename(names, naming)
        return {name: _left(file, fate) for name, file in names.items()}

    def _fate(self, policy: str, dice: random.Random) -> Fate:
        match policy:
            case "none":
                return lambda at, op, file: ()
            case "all":
                return lambda at, op, file: (op,)
            case "torn":
                return lambda at, op, file: _torn(op, SECTOR, dice)
            case "pages":
                return lambda at, op, file: _torn(op, PAGE, dice)
            case "first":
                moment = dice.choice(self._moments())
                return lambda at, op, file: (op,) if at < moment else _torn(op, SECTOR, dice) if at == moment else ()
            case "files":
                kept = {
                    file.number: dice.random() < 0.5 for file in [_NO_FILE, *self._sure.values(), *self._names.values()]
                }
                return lambda at, op, file: (op,) if kept[file.number] else ()
            case "lengths":
                return lambda at, op, file: (_length(op),)
            case "contents":
                return lambda at, op, file: _within(op, len(file.durable))
        raise ValueError(policy)

    def _moments(self) -> list[int]:
        """The moments of all that is not synced."""
        at = {naming.at for naming in self._namings}
        at |= {moment for file in self._files.values() for moment, _ in file.since}
        return sorted(at) or [0]


_NAMED: Final = Op("n", FOLDER, 0, 0, b"")
"""A change of names, as far as its fate goes: it is whole or not at all."""
_NO_FILE: Final = _File(0, bytearray())


def _rename(names: dict[str, _File], naming: _Naming) -> None:
    names.pop(naming.gone, None)
    if naming.file is None:
        names.pop(naming.name, None)
    else:
        names[naming.name] = naming.file


def _left(file: _File, fate: Fate) -> Content:
    parts: list[Op] = []
    kept: list[Hashable] = []
    done = file.done
    for number, (at, op) in enumerate(file.since):
        for part in fate(at, op, file):
            parts.append(part)
            if part is op and not kept and done == file.done + number:
                done += 1  # whole and in order: as if it had been synced
            else:
                kept.append((at, part.what, part.a, len(part.content)))
    return Content((file.number, done, tuple(kept)), file, parts)


def _torn(op: Op, unit: int, dice: random.Random) -> Iterator[Op]:
    """All of it, some of its units, or nothing."""
    luck = dice.random()
    if luck < 0.4 or (op.what != "w" and luck < 0.5):
        yield op
    if op.what != "w" or not 0.4 <= luck < 0.7:
        return
    at = 0
    while at < len(op.content):
        size = unit - (op.a + at) % unit
        if dice.random() < 0.5:
            yield op._replace(a=op.a + at, content=op.content[at : at + size])
        at += size


def _length(op: Op) -> Op:
    """What an operation does to a file's length."""
    return op if op.what != "w" else op._replace(what="g", a=op.a + len(op.content), content=b"")


def _within(op: Op, length: int) -> Iterator[Op]:
    """What an operation does to a file that stays as long as it was."""
    if op.what == "n":
        yield op
    elif op.what == "w" and op.a < length:
        yield op._replace(content=op.content[: length - op.a])


def _apply(content: bytearray, op: Op) -> None:
    """``t`` makes it just so long, ``g`` at least."""
    if op.what == "w":
        content.extend(bytes(max(0, op.a - len(content))))
        content[op.a : op.a + len(op.content)] = op.content
    elif op.a > len(content):
        content.extend(bytes(op.a - len(content)))
    elif op.what == "t":
        del content[op.a :]
