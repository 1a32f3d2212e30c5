"""Which unsent edits must wait for another one: those of a record whose edit is refused or still on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from advisor_desk.domain.depends import Blocked, Link


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
