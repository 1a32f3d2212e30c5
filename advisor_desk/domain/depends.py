"""Which edits depend on which: those of one record's fields, and those that point at a record that is being made."""

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


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Every text in the values: an id may stand in a list or an object too."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
