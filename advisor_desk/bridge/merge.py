"""How an edit meets what others did since it was made: field by field, by each field's declared policy; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from advisor_desk.domain.records import KINDS, Field, Merge, Owner, Role


@dataclass(frozen=True, slots=True)
class Version:
    """When a field last changed: at which ``seq``, by whose hybrid time, and whether its keeper set it."""

    seq: int
    made_at: str
    by_keeper: bool
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An edit as the merge sees it."""

    set: Mapping[str, Any]
    was: Mapping[str, Any]
    base_rev: int
    made_at: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of an edit: the fields to store, or the clashes that a person must decide."""

    fields: dict[str, Any] = field(default_factory=dict)
    """New values of the fields that change; None clears a field."""
    merged: bool = False
    """True when a concurrent change was taken into account."""
    clashes: dict[str, str] = field(default_factory=dict)
    """Why, by field; when there is one, nothing of the edit is applied."""


def merge(kind: str, current: Mapping[str, Any], versions: Mapping[str, Version], asked: Asked) -> Merged:
    """Decide an edit of a living record; ``versions`` holds only fields changed since the record was made."""
    out = Merged()
    merged = False
    for name, mine in asked.set.items():
        declared = KINDS[kind].fields.get(name)
        theirs = current.get(name)
        version = versions.get(name)
        moved = version is not None and version.seq > asked.base_rev
        if mine == theirs:
            merged = merged or moved
            continue
        if declared is not None and declared.policy.merge is Merge.MACHINE:
            if reason := _illegal(declared, theirs, mine):
                out.clashes[name] = reason
                continue
        elif moved and version is not None:
            decided = _decide(declared, theirs, mine, asked, version)
            if isinstance(decided, str):
                out.clashes[name] = decided
                continue
            merged = True
            if decided is not None:
                out.fields[name] = decided.value
            continue
        merged = merged or moved
        out.fields[name] = mine
    return Merged(out.fields, merged, out.clashes)


@dataclass(frozen=True, slots=True)
class _Value:
    value: Any


def _illegal(declared: Field, theirs: Any, mine: Any) -> str:
    moves = declared.policy.moves or {}
    state = theirs if theirs is not None else declared.default
    if state in moves and mine not in moves[state]:
        return f"{state} cannot become {mine}"
    return ""


def _decide(declared: Field | None, theirs: Any, mine: Any, asked: Asked, version: Version) -> _Value | str | None:
    """The value that stands, the reason for a clash, or None when what stands is theirs."""
    policy = declared.policy if declared else None
    match policy.merge if policy else Merge.NEWEST:
        case Merge.SET | Merge.APPEND:
            return _Value(union(theirs, mine, asked.was.get(declared.name) if declared else None))
        case Merge.KEEPER:
            assert policy is not None
            if keeps(policy.keeper, asked.roles) and not version.by_keeper:
                return _Value(mine)
            return "somebody else set it first"
        case Merge.ASK:
            return "somebody else changed it too"
        case _:
            return _Value(mine) if asked.made_at >= version.made_at else None


def keeps(keeper: Role | Owner | None, roles: frozenset[str]) -> bool:
    """True when someone with ``roles`` is the one whose value stands; the DMS is nobody who signs in."""
    return isinstance(keeper, Role) and keeper.value in roles


def union(theirs: Any, mine: Any, was: Any) -> Any:
    """What mine added and removed since ``was``, done to theirs; for lists and for maps."""
    if isinstance(mine, dict) or isinstance(theirs, dict):
        theirs, mine, was = (value if isinstance(value, dict) else {} for value in (theirs, mine, was))
        kept = {name: value for name, value in theirs.items() if name in mine or name not in was}
        return kept | {name: value for name, value in mine.items() if was.get(name) != value}
    theirs, mine, was = (value if isinstance(value, list) else [] for value in (theirs, mine, was))
    kept_list = [item for item in theirs if item in mine or item not in was]
    return kept_list + [item for item in mine if item not in was and item not in kept_list]
