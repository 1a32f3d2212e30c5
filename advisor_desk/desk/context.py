"""What a command works with: the transaction it is in, who gives it, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from advisor_desk.cache import records
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.errors import BadArguments, NotFound, NotWhole


@dataclass(frozen=True, slots=True)
class Context:
    """One command's surroundings; ``actor`` is the signed-in employee's id."""

    conn: Connection
    now: datetime
    actor: str
    new_id: Callable[[], str]
    warnings: list[str] = field(default_factory=list)
    """Sentences to say beside the answer of a command that is carried out all the same."""
    undone: list[str] = field(default_factory=list)
    """The rules' promises that came with a command which is taken back: the rules say whether they are owed at all."""

    def fields(self, kind: str, id: str, argument: str = "") -> dict[str, Any]:
        """A living record's wire fields; raises NotFound naming the argument, and NotWhole for a part of a record."""
        found = records.load(self.conn, kind, id)
        if found is None or found.deleted:
            raise NotFound(kind, argument or f"{kind}_id")
        if not found.rev and not records.is_made_here(self.conn, kind, id):
            raise NotWhole(kind)
        return found.fields

    def store(self) -> dict[str, Any]:
        """The store's own fields; none before the first sync."""
        found = records.find(self.conn, "store")
        return found[0].fields if found else {}

    def calendar(self) -> Calendar:
        """When the store is open."""
        return Calendar.of_store(self.store())

    def colleague(self, id: str, argument: str) -> dict[str, Any]:
        """The fields of somebody who works here; raises BadArguments for one who has left."""
        person = self.fields("employee", id, argument)
        if person.get("active", True) is False:
            raise BadArguments({argument: "has left the store; name somebody else"})
        return person

    def roles(self) -> frozenset[str]:
        """What whoever gives the command does at the store."""
        person = records.load(self.conn, "employee", self.actor)
        return frozenset(person.fields.get("roles") or ()) if person else frozenset()

    def is_at_work(self, id: str) -> bool:
        """True for somebody who works here and has not left."""
        person = records.load(self.conn, "employee", id)
        return person is not None and not person.deleted and person.fields.get("active", True) is not False
