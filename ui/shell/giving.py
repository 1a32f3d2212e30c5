"""Gives commands to the service: at once, or once what they lack has been asked for; each with a word and an undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.rules.people import People
from ui.shell.ask_person import Person
from ui.shell.asking import Asking
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look

_DONE: Final = {
    "ro.repromise": "Promised anew",
    "ro.set_tag": "Tag set",
    "ro.set_spot": "Spot set",
    "ro.hold": "Hold changed",
    "ro.move_stage": "Moved",
    "ro.open": "Written up",
    "job.authorise": "Authorized",
    "job.decline": "Declined",
    "part.set_eta": "ETA set",
    "part.order": "Ordered",
    "part.receive": "Received",
    "visit.book": "Booked",
    "visit.move": "Moved",
    "visit.cancel": "Called off",
    "promise.make": "Promised",
    "promise.keep": "Kept",
    "promise.move": "Moved",
    "promise.cancel": "Given up",
    "promise.offer": "Offered",
    "promise.decline": "Declined",
}


class Giving(QObject):
    """What the pages and the keys give their commands through."""

    done = Signal(str, dict)
    """A command that was asked for, and its answer."""

    def __init__(self, look: Look, session: Session, window: QWidget, toast: Toast) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._toast = toast
        self._asking = Asking(look, session.link.ask, lambda: session.settings, session.now)
        self._asking.done.connect(self._on_done)

    def allowed(self, command: str) -> bool:
        """Whether the one signed in may give it."""
        roles = set(self._session.me.get("roles") or ())
        wanted = COMMANDS[command].roles
        return not wanted or not roles or bool(wanted & roles)

    def give(
        self,
        command: str,
        args: dict[str, Any],
        said: str,
        kept: Callable[[], None] | None = None,
        refused: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Give a whole command; ``said`` is shown, with an undo, once it is durable.

        ``kept`` and ``refused`` are for a field that waits for the answer; nobody else says then why it was refused.
        """
        if not self.allowed(command):
            (refused or self.refuse)({"message": self._not_yours(command)})
            return

        def done(answer: dict[str, Any]) -> None:
            if kept:
                kept()
            if answer.get("changed"):
                self._say(said, answer)

        self._session.link.ask(command, args, done, refused or self.refuse)

    def ask(self, command: str, known: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Give a command once what it lacks has been asked for."""
        if self.may(command):
            self._asking.open(self._window, command, known, {"people": self.people(), **context})

    def people(self) -> list[Person]:
        """Whoever is here, by name."""
        session = self._session
        here = People(session.people, session.now())
        found = [
            Person(id, str(person.get("name") or ""), frozenset(person.get("roles") or ()), id == session.me.get("id"))
            for id, person in session.people.items()
            if here.is_here(id)
        ]
        return sorted(found, key=lambda person: person.name.casefold())

    def refuse(self, error: dict[str, Any]) -> None:
        """Say what the service said no to."""
        self._toast.refuse(str(error.get("message")))

    def may(self, command: str) -> bool:
        """Whether it may be given; says so when not."""
        if self.allowed(command):
            return True
        self._toast.refuse(self._not_yours(command))
        return False

    def _not_yours(self, command: str) -> str:
        return f"{COMMANDS[command].words}: your role may not do this."

    @Slot(str, dict)
    def _on_done(self, command: str, answer: dict[str, Any]) -> None:
        self.done.emit(command, answer)
        if answer.get("changed"):
            self._say(f"{_DONE.get(command, COMMANDS[command].words)}.", answer)

    def _say(self, said: str, answer: dict[str, Any]) -> None:
        """Say what was done, with what the service warns of, and offer to undo it."""
        self._toast.say(" ".join([said, *map(str, answer.get("warnings") or ())]), str(answer.get("change") or ""))
