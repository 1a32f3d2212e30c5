"""Unsent edits replayed on the server's version of a record: what the advisor sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from advisor_desk.domain import changes
from advisor_desk.domain.records import KINDS, Merge


class Version(NamedTuple):
    """One version of a record; ``fields`` is None while the record exists nowhere."""

    deleted: bool
    fields: dict[str, Any] | None


class Step(NamedTuple):
    """One edit as far as replaying it goes."""

    op: str
    set: Mapping[str, Any]
    was: Mapping[str, Any]


def replay(kind: str, base: Version, steps: Iterable[Step]) -> Version:
    """The version after the steps, in their order; an edit of a record deleted meanwhile leaves it deleted."""
    deleted, fields = base.deleted, dict(base.fields) if base.fields is not None else None
    for step in steps:
        if step.op == changes.DELETE:
            deleted = True
            continue
        if step.op == changes.CREATE and fields is not None and kind in KINDS and KINDS[kind].once:
            continue  # somebody else has made it: theirs stands
        if step.op == changes.RESTORE or (step.op == changes.CREATE and fields is None):
            deleted = False
        fields = {} if fields is None else fields
        for name, value in step.set.items():
            _put(fields, name, _merged(kind, name, fields.get(name), step.was.get(name), value))
    return Version(deleted, fields)


def apply_fields(
    kind: str, fields: Mapping[str, Any], set: Mapping[str, Any], was: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields after one update."""
    return replay(kind, Version(False, dict(fields)), (Step(changes.UPDATE, set, was),)).fields or {}


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        fields.pop(name, None)
    else:
        fields[name] = value


def _merged(kind: str, name: str, now: Any, was: Any, value: Any) -> Any:
    """The field's value after an edit from ``was`` to ``value`` made while the server's moved on to ``now``.

    As the bridge will decide it (``bridge.merge``), as far as a desk can know: a test holds the two together.
    """
    merge = merge_of(kind, name)
    if merge is Merge.APPEND and isinstance(now, list) and isinstance(value, list | None):
        known = [*now, *(was or [])]
        return [*now, *(item for item in value or [] if item not in known)]
    if merge is not Merge.SET or now == was:
        return value
    if isinstance(now, dict) or isinstance(value, dict):
        return _merged_map(_map(now), _map(was), _map(value)) or None
    now, was, value = (part if isinstance(part, list) else [] for part in (now, was, value))
    kept = [item for item in now if item in value or item not in was]
    return [*kept, *(item for item in value if item not in was and item not in kept)] or None


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _merged_map(now: Mapping[str, Any], was: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: item for key, item in now.items() if key in value or key not in was}
    return kept | {key: item for key, item in value.items() if key not in was or was[key] != item}


def merge_of(kind: str, name: str) -> Merge | None:
    """How edits of a field merge; None for a field this program does not know."""
    field = KINDS[kind].fields.get(name) if kind in KINDS else None
    return field.policy.merge if field else None
