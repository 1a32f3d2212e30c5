"""What a command works with: the transaction it is in, who gives it, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from advisor_desk.cache import records
from advisor_desk.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class Context:
    """One command's surroundings; ``actor`` is the signed-in employee's id."""

    conn: Connection
    now: datetime
    actor: str
    new_id: Callable[[], str]

    def fields(self, kind: str, id: str, argument: str = "") -> dict[str, Any]:
        """A living record's wire fields; raises NotFound naming the argument."""
        found = records.load(self.conn, kind, id)
        if found is None or found.deleted:
            raise NotFound(kind, argument or f"{kind}_id")
        return found.fields
