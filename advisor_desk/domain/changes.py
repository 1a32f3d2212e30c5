"""What a command decides: edits to records, as plain wire values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CREATE: Final = "create"
UPDATE: Final = "update"
DELETE: Final = "delete"
RESTORE: Final = "restore"
OPS: Final = (CREATE, UPDATE, DELETE, RESTORE)
MISSING: Final = frozenset({"missing", "missing_reference"})
"""The codes by which an edit is refused whose record, or one it names, is not there."""


HELD: Final = "held"
"""The code by which an edit comes back that builds on a refused one sent with it: it waits until that is decided."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One record's change: the fields it sets and what they were, both as wire values; undo swaps the two."""

    kind: str
    record_id: str
    op: str
    set: Mapping[str, Any] = field(default_factory=dict)
    was: Mapping[str, Any] = field(default_factory=dict)

    def reversed(self) -> Edit:
        """The edit that takes this one back."""
        if self.op == CREATE:
            return Edit(self.kind, self.record_id, DELETE, {}, dict(self.set))
        if self.op == DELETE:
            return Edit(self.kind, self.record_id, RESTORE, dict(self.was), {})
        return Edit(self.kind, self.record_id, UPDATE, dict(self.was), dict(self.set))


def update(kind: str, record_id: str, now: Mapping[str, Any], **to: Any) -> Edit | None:
    """An edit of the fields in ``to`` that differ from the record's wire fields ``now``; None when nothing does."""
    changed = {name: value for name, value in to.items() if now.get(name) != value}
    if not changed:
        return None
    return Edit(kind, record_id, UPDATE, changed, {name: now.get(name) for name in changed})


def edits(*made: Edit | None) -> list[Edit]:
    """The edits that change something."""
    return [edit for edit in made if edit is not None]
