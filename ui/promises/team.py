"""The manager's view: what is about to drop, who carries too much, and the rules; from here somebody leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal, Slot

from advisor_desk.domain.commands import COMMANDS
from ui.promises import team_rows as rows
from ui.promises.page import DEEDS as PROMISE_DEEDS
from ui.promises.rows import Promise, Reader
from ui.theme.look import Look
from ui.widgets.buttons import Segmented
from ui.widgets.page_parts import Empty
from ui.widgets.table import Grid
from ui.widgets.workspace import Deed, Workspace

DROPPING, PEOPLE, RULES = "dropping", "people", "rules"
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
}
_OF_VIEW: Final = {DROPPING: ("k", "m", "h"), PEOPLE: ("l", "y"), RULES: ("o", "t")}
_SAME: Final = {"o": "store.set_rule"}
"""What is another command underneath."""
_COLUMNS: Final = {DROPPING: rows.DROPPING, PEOPLE: rows.PEOPLE, RULES: rows.SETTINGS}


class PeoplePage(Workspace):
    """Three tables in one place, for managers."""

    view_wanted = Signal(str)

    def __init__(self, look: Look) -> None:
        empty = Empty(look, "people", _EMPTY, _EMPTY_MORE)
        super().__init__(look, "The team", rows.DROPPING, empty, DEEDS)
        choices = ((DROPPING, "About to drop"), (PEOPLE, "Who carries what"), (RULES, "Rules"))
        self.views = Segmented(look, choices, DROPPING)
        self.put_above(self.views)
        self.views.chosen.connect(self._on_view)
        self.promises: dict[str, Promise] = {}
        self.carried: dict[str, rows.Load] = {}
        self.rules: Mapping[str, Any] = {}
        self._roles: frozenset[str] = frozenset()

    @property
    def view(self) -> str:
        """Which of the three is shown."""
        return self.views.current

    def show_team(
        self,
        promises: Sequence[Promise],
        counts: Mapping[str, Mapping[str, int]],
        rules: Mapping[str, Any],
        reader: Reader,
    ) -> None:
        """Show the view that is chosen, as things stand."""
        self.promises = {str(promise["id"]): promise for promise in promises}
        carried = rows.loads(promises, counts, reader)
        self.carried = {load.id: load for load in carried}
        self.rules, self._roles = rules, reader.roles
        self.table.set_grid(Grid(_COLUMNS[self.view]))
        if self.view == DROPPING:
            self.show_groups(rows.dropping(promises, reader))
        elif self.view == PEOPLE:
            self.show_groups(rows.people(carried, reader))
        else:
            self.show_groups(rows.settings(rules))

    def deeds(self, id: str) -> Sequence[str]:
        """What the view and the reader's roles allow; a queue does not leave."""
        return () if id.startswith("role ") else tuple(filter(self._may, _OF_VIEW[self.view]))

    def _may(self, letter: str) -> bool:
        declared = COMMANDS.get(_SAME.get(letter, DEEDS[letter].command))
        return declared is None or not declared.roles or not self._roles or bool(declared.roles & self._roles)

    @Slot(str)
    def _on_view(self, view: str) -> None:
        self.view_wanted.emit(view)
