"""Which unsent edits must wait for another one: those of a record whose edit is refused or still on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Link(NamedTuple):
    """An edit as far as order goes: what it touches and what it may point at."""

    kind: str
    record_id: str
    op: str
    set: Mapping[str, Any]


class Blocked:
    """The edits that others must not overtake."""

    def __init__(self, links: Iterable[Link] = ()) -> None:
        self._fields: dict[tuple[str, str], set[str]] = {}
        self._whole: set[tuple[str, str]] = set()
        self._created: set[str] = set()
        for link in links:
            self.add(link)

    def add(self, link: Link) -> None:
        """Let what depends on this edit wait."""
        record = (link.kind, link.record_id)
        if link.op == "update":
            self._fields.setdefault(record, set()).update(link.set)
        else:
            self._whole.add(record)
        if link.op == "create":
            self._created.add(link.record_id)

    def holds(self, link: Link) -> bool:
        """True when the edit depends on a blocked one: the same fields, or a record whose making is not settled."""
        record = (link.kind, link.record_id)
        if record in self._whole or (link.op != "update" and record in self._fields):
            return True
        if self._fields.get(record, set()) & set(link.set):
            return True
        return bool(self._created) and any(word in self._created for word in _texts(link.set.values()))


class Standing(NamedTuple):
    """An unsettled edit: what it touches, whether it was refused, and whether it has its number already.

    One ``beyond`` what the bridge knows waits for a newer bridge, and what depends on it too.
    """

    link: Link
    refused: bool
    numbered: bool
    beyond: bool = False


def held(edits: Iterable[Standing]) -> list[bool]:
    """For edits in the order they were made, whether each waits: for a decision on a refused one, or a newer bridge."""
    blocked, out = Blocked(), []
    for edit in edits:
        waits = not edit.refused and (edit.beyond or (not edit.numbered and blocked.holds(edit.link)))
        if waits or edit.refused:
            blocked.add(edit.link)
        out.append(waits)
    return out


def is_beyond(lacks: frozenset[str], edit: Link) -> bool:
    """True when a bridge that ``lacks`` so much (as ``domain.vocabulary`` says it) would not understand the edit."""
    return bool(lacks) and not lacks.isdisjoint(_says(edit))


def _says(edit: Link) -> Iterator[str]:
    yield edit.kind
    for field, value in edit.set.items():
        yield f"{edit.kind}.{field}"
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield f"{edit.kind}.{field}={item}"


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Every text in the values: an id may stand in a list or an object too."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
