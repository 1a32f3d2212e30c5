"""The manager's view: what is about to drop, who carries too much, the rules, the hours; from here somebody leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal, Slot

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.shop_hours import WEEK, Day
from ui.promises import hours_rows
from ui.promises import team_rows as rows
from ui.promises.page import DEEDS as PROMISE_DEEDS
from ui.promises.rows import Promise, Reader
from ui.theme.look import Look
from ui.widgets.buttons import Segmented
from ui.widgets.page_parts import Empty
from ui.widgets.table import Grid
from ui.widgets.workspace import Deed, Workspace

DROPPING, PEOPLE, RULES, HOURS = "dropping", "people", "rules", "hours"
_EMPTY: Final = "Nothing is about to be dropped."
_EMPTY_MORE: Final = "What is late, passed on to a manager or due within half an hour stands here, the worst first."
DEEDS: Final = {
    "k": PROMISE_DEEDS["k"],
    "m": PROMISE_DEEDS["m"],
    "h": PROMISE_DEEDS["h"],
    "l": Deed("has left", "Has left the store", "employee.deactivate"),
    "y": Deed("is away", "Is away", "employee.away"),
    "o": Deed("on or off", "Switch the rule on or off", "rule.switch"),
    "t": Deed("set times", "Set the rule's times", "store.set_rule"),
    "e": Deed("set hours", "Set the opening hours", "store.set_hours"),
    "w": Deed("work on it, or not", "Work on this holiday, or not", "holiday.switch"),
    "n": Deed("shut on other days", "Name the other days it is shut", "holiday.days"),
    "c": Deed("country and state", "Set the country and state of its holidays", "holiday.place"),
}
_OF_VIEW: Final = {
    DROPPING: ("k", "m", "h"),
    PEOPLE: ("l", "y"),
    RULES: ("o", "t"),
    HOURS: ("e", "w", "n", "c"),
}
_SAME: Final = {"o": "store.set_rule", **dict.fromkeys("wnc", "store.set_holidays")}
"""What is another command underneath."""
_COLUMNS: Final = {
    DROPPING: rows.DROPPING,
    PEOPLE: rows.PEOPLE,
    RULES: rows.SETTINGS,
    HOURS: hours_rows.COLUMNS,
}


class PeoplePage(Workspace):
    """Four tables in one place, for managers."""

    view_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        empty = Empty(look, "people", _EMPTY, _EMPTY_MORE)
        super().__init__(look, "The team", rows.DROPPING, empty, DEEDS)
        choices = ((DROPPING, "About to drop"), (PEOPLE, "Who carries what"), (RULES, "Rules"), (HOURS, "Hours"))
        self.views = Segmented(look, choices, DROPPING)
        self.put_above(self.views)
        self.views.chosen.connect(self._on_view)
        self.promises: dict[str, Promise] = {}
        self.carried: dict[str, rows.Load] = {}
        self.rules: Mapping[str, Any] = {}
        self.days: dict[str, Day] = {}
        self._roles: frozenset[str] = frozenset()

    @property
    def view(self) -> str:
        """Which of the four is shown."""
        return self.views.current

    def show_team(
        self,
        promises: Sequence[Promise],
        counts: Mapping[str, Mapping[str, int]],
        store: Mapping[str, Any],
        reader: Reader,
    ) -> None:
        """Show the view that is chosen, as things stand."""
        self.promises = {str(promise["id"]): promise for promise in promises}
        carried = rows.loads(promises, counts, reader)
        self.carried = {load.id: load for load in carried}
        self.rules, self._roles = store.get("rules") or {}, reader.roles
        self.table.set_grid(Grid(_COLUMNS[self.view]))
        if self.view == DROPPING:
            self.show_groups(rows.dropping(promises, reader))
        elif self.view == PEOPLE:
            self.show_groups(rows.people(carried, reader))
        elif self.view == RULES:
            self.show_groups(rows.settings(self.rules))
        else:
            self.days = hours_rows.coming(store, reader.now.astimezone(reader.settings.zone).date())
            self.show_groups(hours_rows.groups(store, self.days))

    def deeds(self, id: str) -> Sequence[str]:
        """What the view and the reader's roles allow; a queue does not leave, and a weekday is no holiday."""
        letters = () if id.startswith("role ") else _OF_VIEW[self.view]
        return tuple(letter for letter in letters if self._may(letter) and (letter != "w" or id not in WEEK))

    def _may(self, letter: str) -> bool:
        declared = COMMANDS.get(_SAME.get(letter, DEEDS[letter].command))
        return declared is None or not declared.roles or not self._roles or bool(declared.roles & self._roles)

    @Slot(str)
    def _on_view(self, view: str) -> None:
        self.view_wanted.emit(view)
