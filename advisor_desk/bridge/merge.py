"""How an edit meets what others did since it was made: field by field, by each field's declared policy; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from advisor_desk.domain.records import KINDS, Field, Merge, Owner, Role


class Over(NamedTuple):
    """A value that a keeper's took the place of without having seen it: whose, from which place, what and when."""

    author: str
    seq: int
    value: Any
    made_at: str


class Version(NamedTuple):
    """When a field last changed: at which ``seq``, by whose hybrid time, whether its keeper set it, and who did."""

    seq: int
    made_at: str
    by_keeper: bool
    actor: str = ""
    again: int = 0
    """The place its edit had in an earlier life of the books, when it was offered again."""
    knew: int = 0
    """As ``Earlier.knew``, of its edit."""
    over: Over | None = None
    """What its author is yet to be told was overruled."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An edit's place in an earlier life of the books, 0 for one of this life, and where this life begins."""

    place: int = 0
    since: int = 0
    knew: int = 0
    """The place up to which its author had seen the record, where that is one the books have lost."""
    saw: int = 0
    """The revision it was made on."""
    gave_way: frozenset[str] = frozenset()
    """The fields in which it gave way then to somebody its author had not seen."""

    def on(self, name: str) -> Earlier:
        """As it stands to one field: where it gave way, it stands before all that its author had not seen."""
        if name not in self.gave_way or not self.place:
            return self
        return replace(self, place=max(1, min(self.place, self.saw)))

    def stood_before(self, version: Version | None) -> bool:
        """True when what stands was put over this edit then, or since by somebody who had seen it."""
        return bool(self.place and version and (self.of(version) > self.place or version.knew >= self.place))

    def of(self, version: Version) -> int:
        """A version's place in an earlier life; 0 for one of this life alone."""
        return version.again or (version.seq if version.seq <= self.since else 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """An edit as the merge sees it; its time as RFC 3339 UTC with milliseconds."""

    set: Mapping[str, Any]
    was: Mapping[str, Any]
    base_rev: int
    made_at: str
    roles: frozenset[str]
    earlier: Earlier = field(default_factory=Earlier)


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of an edit: the fields to store, or the clashes that a person must decide."""

    fields: dict[str, Any] = field(default_factory=dict)
    """New values of the fields that change; None clears a field."""
    merged: bool = False
    """True when a concurrent change was taken into account."""
    overruled: frozenset[str] = frozenset()
    """The fields of which a keeper's value took the place of another's unseen one."""
    gave_way: frozenset[str] = frozenset()
    """The fields in which another's value stands without anybody having to decide."""
    clashes: dict[str, str] = field(default_factory=dict)
    """Why, by field; when there is one, nothing of the edit is applied."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """What stands: the value of the edit or one made of both, or theirs when there is none."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Clash:
    why: str


def merge(kind: str, current: Mapping[str, Any], versions: Mapping[str, Version], asked: Asked) -> Merged:
    """Decide an edit of a living record; ``versions`` holds only fields changed since the record was made."""
    out: dict[str, Any] = {}
    clashes: dict[str, str] = {}
    merged = False
    overruled: dict[str, int] = {}
    gave_way: set[str] = set()
    # A keeper's own fields first: what else an overruled edit said goes with it, as when it had come second.
    for name, mine in sorted(asked.set.items(), key=lambda item: how_of(kind, item[0]) is not Merge.KEEPER):
        theirs, version = current.get(name), versions.get(name)
        yielded = asked.earlier.on(name).stood_before(version)
        moved = yielded or _moved(name, theirs, version, asked)
        how = how_of(kind, name)
        if moved and not yielded and version and how is Merge.NEWEST and version.seq in overruled.values():
            decided: _Stands | _Clash = _Stands(mine)
        else:
            decided = _decide(KINDS[kind].fields.get(name), name, theirs, mine, asked, version if moved else None)
        if moved and version and how is Merge.KEEPER and decided == _Stands(mine) and mine != theirs:
            overruled[name] = version.seq
        merged = merged or moved
        if isinstance(decided, _Clash):
            clashes[name] = decided.why
        elif decided.value == theirs != mine and how not in _BOTH:
            gave_way.add(name)
        elif decided.value != theirs:
            out[name] = decided.value
            merged = merged or decided.value != mine
    if clashes:
        return Merged(merged=merged, clashes=clashes)
    return Merged(out, merged, frozenset(overruled), frozenset(gave_way))


_BOTH: Final = frozenset({Merge.APPEND, Merge.SET})
"""What comes together: neither gives way to the other."""


def how_of(kind: str, name: str) -> Merge:
    """How edits of a field come together; a field nobody declared goes by time."""
    declared = KINDS[kind].fields.get(name)
    return declared.policy.merge if declared else Merge.NEWEST


def _moved(name: str, theirs: Any, version: Version | None, asked: Asked) -> bool:
    """True when somebody changed the field unseen: its author did not know the value that is there now.

    The value counts beside the revision: the second of two edits made offline knows the first, which has a newer
    revision only because it got here.
    """
    if version is None or version.seq <= asked.base_rev:
        return False
    return name not in asked.was or asked.was[name] != theirs


def _decide(
    declared: Field | None, name: str, theirs: Any, mine: Any, asked: Asked, version: Version | None
) -> _Stands | _Clash:
    """What becomes of one field; ``version`` is the change its author did not know of, if there is one."""
    if mine == theirs:
        return _Stands(theirs)
    policy = declared.policy if declared else None
    how = policy.merge if policy else Merge.NEWEST
    earlier = asked.earlier.on(name)
    if earlier.place and how not in _BOTH:
        # Each of them stood once, one over the other: whatever order they return in, they end as they stood.
        if earlier.stood_before(version):
            return _Stands(theirs)
        if not version or earlier.of(version):
            return _Stands(mine)
    match how:
        case Merge.MACHINE:
            assert declared is not None
            reason = _illegal(declared, theirs, mine)
            return _Clash(reason) if reason else _Stands(mine)
        case Merge.APPEND:
            return _appended(theirs, mine, asked.was.get(name))
        case _ if version is None:
            return _Stands(mine)
        case Merge.SET:
            return _Stands(union(theirs, mine, asked.was.get(name)))
        case Merge.KEEPER:
            assert policy is not None
            mine_stands = keeps(policy.keeper, asked.roles) and not version.by_keeper
            return _Stands(mine) if mine_stands else _Clash("somebody else set it first")
        case Merge.ASK:
            return _Clash("somebody else changed it too")
        case _:
            return _Stands(mine if asked.made_at >= version.made_at else theirs)


def _illegal(declared: Field, theirs: Any, mine: Any) -> str:
    moves = declared.policy.moves or {}
    state = theirs if theirs is not None else declared.default
    if state in moves and mine not in moves[state]:
        return f"{state} cannot become {mine}"
    return ""


def _appended(theirs: Any, mine: Any, was: Any) -> _Stands | _Clash:
    """What was written stays; a list takes what is new at its end."""
    if theirs is None:
        return _Stands(mine)
    if isinstance(theirs, list) and (mine is None or isinstance(mine, list)):
        known = [*theirs, *(was if isinstance(was, list) else [])]
        return _Stands([*theirs, *(item for item in mine or [] if item not in known)])
    return _Clash("what was written once stays as it is")


def keeps(keeper: Role | Owner | None, roles: frozenset[str]) -> bool:
    """True when someone with ``roles`` is the one whose value stands; the DMS is nobody who signs in."""
    return isinstance(keeper, Role) and keeper.value in roles


def union(theirs: Any, mine: Any, was: Any) -> Any:
    """What mine added and removed since ``was``, done to theirs; for lists and for maps; None when nothing is left."""
    if isinstance(mine, dict) or isinstance(theirs, dict):
        theirs, mine, was = (value if isinstance(value, dict) else {} for value in (theirs, mine, was))
        kept = {name: value for name, value in theirs.items() if name in mine or name not in was}
        return kept | {name: value for name, value in mine.items() if name not in was or was[name] != value} or None
    theirs, mine, was = (value if isinstance(value, list) else [] for value in (theirs, mine, was))
    kept_list = [item for item in theirs if item in mine or item not in was]
    return kept_list + [item for item in mine if item not in was and item not in kept_list] or None
