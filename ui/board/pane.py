"""The board's pane: whose cars, lanes or list, what to look for, and the cars."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.board.card import Card
from ui.board.lanes import Lanes
from ui.board.model import Board
from ui.board.paint import CardPainter
from ui.theme.look import Look
from ui.widgets.buttons import Chip, KeyButton, Segmented
from ui.widgets.chip_row import ChipRow
from ui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from ui.board.list import BoardList

MINE, TEAM, STORE = "mine", "team", "store"
LANES, LIST = "lanes", "list"
_SIDE: Final = 12
_GAP: Final = 8
_NARROWEST: Final = 620


class Looking(NamedTuple):
    """One thing to look for: its name, words for one and for several, the tone of its number, and which cards."""

    name: str
    one: str
    many: str
    tone: str
    has: Callable[[Card], bool]


LOOKING: Final = (
    Looking("late", "late", "late", "late", lambda card: card.late),
    Looking("after", "part after promise", "parts after promise", "late", lambda card: card.after_promise),
    Looking("untold", "customer not told", "customers not told", "amber", lambda card: card.untold),
    Looking("waiter", "waiter", "waiters", "grey", lambda card: card.waiter),
    Looking("loaner", "loaner out", "loaners out", "grey", lambda card: card.loaner),
)


class BoardPane(QWidget):
    """Filters above, cars below; it remembers nothing itself."""

    picked = Signal(str)
    opened = Signal(str)
    moved = Signal(str, str)
    menu_wanted = Signal(str, QPoint)
    scope_changed = Signal(str)
    view_changed = Signal(str)
    team_wanted = Signal()

    def __init__(self, look: Look, board: Board) -> None:
        super().__init__()
        self._look = look
        self._board = board
        self.me = ""
        self.team: frozenset[str] = frozenset()
        self.setMinimumWidth(_NARROWEST)
        self.painter = CardPainter(look)
        self.scopes = Segmented(look, ((MINE, "Mine"), (TEAM, "Team"), (STORE, "Store")), MINE)
        self.views = Segmented(look, ((LANES, "Lanes"), (LIST, "List")), LANES)
        self.lanes = Lanes(look, board, self.painter)
        self.list: BoardList | None = None
        self._chips = {looking.name: Chip(look, "", looking.tone, pill=False) for looking in LOOKING}
        self._row = ChipRow(self._chips.values())
        self._stack = QStackedWidget()
        self._empty = _Empty(look)
        self._stack.addWidget(self.lanes)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 8, _SIDE, 10)
        column.setSpacing(_GAP)
        column.addLayout(self._bar())
        column.addWidget(self._stack, 1)
        self.scopes.chosen.connect(self._on_scope)
        self.scopes.again.connect(self._on_scope_again)
        self.views.chosen.connect(self.show_view)
        self.lanes.picked.connect(self.picked)
        self.lanes.opened.connect(self.opened)
        self.lanes.moved.connect(self.moved)
        self.lanes.menu_wanted.connect(self.menu_wanted)
        self._empty.everyone.clicked.connect(self._on_everyone)
        board.counted.connect(self._count)
        look.changed.connect(self._repaint)

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(_GAP)
        bar.addWidget(self.scopes)
        bar.addWidget(self.views)
        for chip in self._chips.values():
            chip.clicked.connect(self._filter)
        bar.addWidget(self._row, 1)
        return bar

    @property
    def scope(self) -> str:
        """Whose cars are shown."""
        return self.scopes.current

    def begin(self, me: str, team: frozenset[str], scope: str, view: str) -> None:
        """Show the board as it was left; without a person, the whole store."""
        self.me, self.team = me, team
        self.scopes.choose(scope if me else STORE)
        self._filter()
        self.views.choose(view)
        self.show_view(view)

    def shown(self) -> list[Card]:
        """The cards that pass, in the order of their promised times."""
        return self._board.all.cards

    def mine(self, card: Card) -> bool:
        """True for a card of the chosen people."""
        if self.scope == MINE:
            return card.advisor_id == self.me
        return self.scope == STORE or card.advisor_id in self.team or card.advisor_id == self.me

    def show_scope(self, scope: str) -> None:
        """Show other people's cars."""
        self.scopes.choose(scope)
        self._on_scope(scope)

    def show_view(self, view: str) -> None:
        """Lanes or the dense list; the list is made when it is first asked for."""
        if view == LIST and self.list is None:
            from ui.board.list import BoardList  # a table costs the first paint what most mornings do not ask for

            self.list = BoardList(self._look, self._board.all)
            self.list.picked.connect(self._on_list_picked)
            self.list.opened.connect(self.opened)
            self.list.menu_wanted.connect(self.menu_wanted)
            self._stack.addWidget(self.list)
        self.views.choose(view)
        self._show_right()
        if self.lanes.current:
            self.pick(self.lanes.current)
        self.view_changed.emit(view)

    def pick(self, id: str) -> None:
        """Mark a car and bring it into sight; one that is filtered out shows the whole store first."""
        card = self._board.cards.get(id)
        if card is not None and self._board.all.row_of(id) is None:
            for chip in self._chips.values():
                chip.setChecked(False)
            if not self.mine(card):
                self.scopes.choose(STORE)
                self.scope_changed.emit(STORE)
            self._filter()
        self.lanes.pick(id)
        if listed := self._listed():
            listed.pick(id)

    def focus_cars(self) -> None:
        """Give the keyboard to the cars."""
        if listed := self._listed():
            listed.setFocus()
        else:
            self.lanes.focus_current()

    def _listed(self) -> BoardList | None:
        """The list while it is what is shown."""
        return self.list if self._stack.currentWidget() is self.list else None

    def _on_list_picked(self, id: str) -> None:
        self.lanes.pick(id)
        self.picked.emit(id)

    def _on_scope(self, scope: str) -> None:
        if scope == TEAM and not self.team:
            self.team_wanted.emit()
        self._filter()
        self.scope_changed.emit(scope)

    def _on_scope_again(self, scope: str) -> None:
        if scope == TEAM:
            self.team_wanted.emit()

    def _on_everyone(self) -> None:
        for chip in self._chips.values():
            chip.setChecked(False)
        self.show_scope(STORE)

    def _filter(self) -> None:
        wanted = [looking.has for looking in LOOKING if self._chips[looking.name].isChecked()]

        def passes(card: Card) -> bool:
            return self.mine(card) and all(has(card) for has in wanted)

        self._board.filter(passes)

    def _count(self) -> None:
        cards = list(self._board.cards.values())
        mine = sum(card.advisor_id == self.me for card in cards)
        self.scopes.say(MINE, f"Mine {mine}")
        self.scopes.say(STORE, f"Store {self._board.total}")
        whose = [card for card in cards if self.mine(card)]
        for looking in LOOKING:
            chip = self._chips[looking.name]
            count = sum(looking.has(card) for card in whose)
            chip.show_as(f"{count} {looking.one if count == 1 else looking.many}", looking.tone)
            self._row.want(chip, bool(count) or chip.isChecked())
        self._row.fit()
        self._show_right()
        if listed := self._listed():
            listed.keep(self.lanes.current)

    def _show_right(self) -> None:
        if not self._board.all.cards:
            self._empty.explain(bool(self._board.cards), any(chip.isChecked() for chip in self._chips.values()))
            self._stack.setCurrentWidget(self._empty)
        elif self.views.current == LIST and self.list is not None:
            self._stack.setCurrentWidget(self.list)
        else:
            self._stack.setCurrentWidget(self.lanes)

    def _repaint(self) -> None:
        for widget in self.findChildren(QWidget):
            widget.update()


class _Empty(QWidget):
    """What stands where no car does: why, and what to do."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        self._title = PlainLabel(look, "", "soft", look.large_bold)
        self._why = PlainLabel(look, "", "soft")
        self.everyone = KeyButton(look, "Show the whole store")
        column.addStretch(2)
        for label in (self._title, self._why):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addWidget(self.everyone, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def explain(self, others: bool, filtered: bool) -> None:
        """Say whether the store has cars at all, and whether a filter hides them."""
        if not others:
            self._title.say("No open repair orders")
            self._why.say("They appear here as they are written up. Ctrl+K finds a customer to begin with.")
        elif filtered:
            self._title.say("No car passes the filter")
            self._why.say("Press a filter again to let it go.")
        else:
            self._title.say("None of these cars are yours")
            self._why.say("All of the store's open repair orders are one press away.")
        self.everyone.setVisible(others)
