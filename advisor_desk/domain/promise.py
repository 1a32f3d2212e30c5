"""A promise: a handoff with an owner, a due time and evidence, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

STATES: Final = ("open", "kept", "kept_late", "broken", "cancelled")

STATE_MOVES: Final = {
    "open": frozenset({"kept", "kept_late", "broken", "cancelled"}),
    "kept": frozenset({"open"}),
    "kept_late": frozenset({"open"}),
    "broken": frozenset({"open", "kept_late"}),
    "cancelled": frozenset({"open"}),
}

_OWNERS: Final = ("owner_id", "owner_role")


def with_one_owner(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an edit; one that names a person or a role takes the promise from whoever else had it."""
    if any(values.get(name) for name in _OWNERS):
        return {**dict.fromkeys(_OWNERS), **values}
    return dict(values)
