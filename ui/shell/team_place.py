"""The team's page beside the board: what is about to drop, who carries what, who has left, the rules and the hours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from advisor_desk.domain.rules.table import RULES
from ui.promises.rows import Reader
from ui.promises.team import DEEDS, DROPPING, HOURS, PEOPLE, PeoplePage
from ui.shell import shop_hours
from ui.shell.giving import Giving
from ui.shell.handed_dialog import HandedDialog
from ui.shell.rule_dialog import RuleDialog
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look
from ui.widgets import words

_HANDED_ON: Final = "All they answer for passes to colleagues at once: promises, open ROs, customers."


class TeamPlace(QObject):
    """Owns the page; what is done with a promise on it goes out, to be done as on the promises' own page."""

    promise_wanted = Signal(str, dict)
    promise_opened = Signal(dict)
    promise_lit = Signal(object)
    """The promise whose row is in hand, if it is one."""
    owner_wanted = Signal(str)
    """A person, or a role's queue, whose promises are to be seen."""
    order_wanted = Signal(str)
    customer_wanted = Signal(str)

    def __init__(
        self, look: Look, session: Session, window: QWidget, giving: Giving, toast: Toast, reader: Callable[[], Reader]
    ) -> None:
        super().__init__(window)
        self._look = look
        self._session = session
        self._window = window
        self._giving = giving
        self._toast = toast
        self._reader = reader
        self.page = PeoplePage(look)
        self.page.wanted.connect(self._on_wanted)
        self.page.opened.connect(self._on_opened)
        self.page.view_wanted.connect(self.show_team)
        self.page.table.lit.connect(self._on_lit)
        giving.done.connect(self._on_done)

    def refresh(self) -> None:
        """Show the page as things stand, and the car of the row in hand."""
        self.show_team()
        self._on_lit(self.page.table.current_id())

    @Slot()
    def show_team(self) -> None:
        """Show what is about to drop, who carries what, the rules, or the hours."""
        reader = self._session.reader
        self.page.show_team(self._session.promises, reader.carried(), reader.store(), self._reader())

    @Slot(str, str)
    def _on_wanted(self, command: str, id: str) -> None:
        if self.page.view == DROPPING:
            self.promise_wanted.emit(command, dict(self.page.promises[id]))
        elif command == "rule.switch":
            on = (self.page.rules.get(id) or {}).get("on") is not False
            said = f"{words.RULE[id]} is {'off' if on else 'on'}"
            self._giving.give("store.set_rule", {"rule": id, "on": not on}, said)
        elif command == "store.set_rule":
            self._set_times(id)
        elif self.page.view == HOURS:
            shop_hours.begin(self._giving, command, self._session.reader.store(), self.page.days.get(id))
        else:
            name = self.page.carried[id].name
            self._giving.ask(command, {"employee_id": id}, {"heading": name, "lines": [_HANDED_ON], "confirm": True})

    @Slot(str, dict)
    def _on_done(self, command: str, answer: dict[str, Any]) -> None:
        """Somebody left or is away: the manager sees who got what, and may hand on once more."""
        changed = answer.get("changed") or {}
        if command in ("employee.deactivate", "employee.away"):
            gone = self._session.people.get(next(iter(changed.get("employee") or ()), ""), {})
            found = self._session.reader.handed_on(changed, "sales" in (gone.get("roles") or ()))
            dialog = HandedDialog(self._look, self._window, str(gone.get("name") or "they"), found, self._reader())
            dialog.opened.connect(self._on_handed_opened)
            dialog.hand_on_wanted.connect(self._on_hand_on_wanted)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    @Slot(dict)
    def _on_handed_opened(self, record: dict[str, Any]) -> None:
        if record["repair_order_id"] in self._session.board.cards:
            self.order_wanted.emit(str(record["repair_order_id"]))
        else:
            self.customer_wanted.emit(str(record["customer_id"]))

    @Slot(str, dict)
    def _on_hand_on_wanted(self, command: str, record: dict[str, Any]) -> None:
        known = {"promise_id": record["id"]} if command == "promise.offer" else {"customer_id": record["customer_id"]}
        heading = str((record["what"] if command == "promise.offer" else "") or record["title"])
        self._giving.ask(command, known, {"heading": heading})

    def _set_times(self, name: str) -> None:
        if not self._giving.allowed("store.set_rule"):
            self._toast.refuse(f"{DEEDS['t'].words}: your role may not do this.")
            return
        said = self.page.rules.get(name) or {}
        now = {key: said.get(key, value) for key, value in RULES[name].numbers.items()}
        dialog = RuleDialog(self._look, self._window, self._session.link.ask, name, now)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        if self.page.view == DROPPING:
            self.promise_opened.emit(dict(self.page.promises[id]))
        elif self.page.view == PEOPLE:
            self.owner_wanted.emit(id)
        elif self.page.view == HOURS:
            self._on_wanted("holiday.switch" if id in self.page.days else "store.set_hours", id)
        else:
            self._set_times(id)

    @Slot(str)
    def _on_lit(self, id: str) -> None:
        if self.page.isVisible() and self.page.view == DROPPING:
            self.promise_lit.emit(self.page.promises.get(id))
