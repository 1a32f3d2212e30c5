"""Asks for somebody of the store by name: what is typed finds them, and who was understood stands beneath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from ui.shell.ask_fields import Field
from ui.theme.look import Look
from ui.widgets.entry import Entry

_OFFERED: Final = 6


class Person(NamedTuple):
    """Somebody who can be chosen: their name, what they do, and whether it is oneself."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    me: bool = False

    @property
    def does(self) -> str:
        """Their roles in words."""
        return ", ".join(sorted(self.roles))


class PersonField(Field):
    """A name typed as people say it; the usual ones stand beneath to press."""

    def __init__(self, look: Look, name: str, label: str, people: Sequence[Person]) -> None:
        super().__init__(look, name, label)
        self._people = tuple(people)
        self.entry = Entry(look, "Type a name")
        self.entry.textEdited.connect(self._on_changed)
        self._hold(self.entry)
        if self._people:
            self._offer(look, [person.name for person in self._people[:_OFFERED]])

    def person(self) -> Person | None:
        """Whoever is meant: the only one the words begin a name of, or the one they spell."""
        said = self.entry.text().strip().casefold()
        if not said:
            return None
        exact = [person for person in self._people if person.name.casefold() == said]
        begun = [person for person in self._people if _begins(person.name, said)]
        return exact[0] if exact else begun[0] if len(begun) == 1 else None

    def value(self) -> Any:
        """Their id, or None."""
        found = self.person()
        return found.id if found else None

    def put(self, value: Any) -> None:
        """Show somebody to begin with."""
        found = next((person for person in self._people if person.id == value), None)
        self.entry.setText(found.name if found else "")
        self.entry.selectAll()

    def problem(self) -> str:
        """What to type instead, when nobody or several are meant."""
        said = self.entry.text().strip().casefold()
        if not said or self.person():
            return ""
        begun = [person.name for person in self._people if _begins(person.name, said)]
        return f"Which one: {', '.join(begun[:4])}?" if begun else "Nobody of that name is here. Type another name."

    def _on_changed(self) -> None:
        super()._on_changed()
        found = self.person()
        self._say(
            f"{found.name}, {found.does}" if found and found.does else (found.name if found else self.problem()), "soft"
        )


def _begins(name: str, said: str) -> bool:
    folded = name.casefold()
    return folded.startswith(said) or any(part.startswith(said) for part in folded.split())
