"""The promises workspace: what I owe, what my department owes, what the store owes, and the handovers between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout

from advisor_desk.domain.promise import may_answer
from ui.promises import rows
from ui.promises.rows import BY_CUSTOMER, BY_DUE, BY_RULE, MINE, QUEUE, STORE, Promise, Reader
from ui.theme.look import Look
from ui.widgets.buttons import Chip, Segmented
from ui.widgets.page_parts import Empty, Footer
from ui.widgets.plain_text import Panel
from ui.widgets.table import Table

EMPTY: Final = "Nothing is owed."
_EMPTY_MORE: Final = (
    "Promises are raised by themselves when a car becomes ready, an ETA moves, an order closes, a visit is missed … "
    "and end when what they ask for has happened."
)
DEEDS: Final = {
    "k": ("keep", "Keep it"),
    "m": ("promise.move", "Move the due time"),
    "h": ("promise.offer", "Hand over"),
    "a": ("promise.accept", "Accept the handover"),
    "d": ("promise.decline", "Decline the handover"),
    "x": ("promise.cancel", "Give up"),
}
_KEYS: Final = (
    ("Enter", "open"),
    ("K", "keep"),
    ("M", "move"),
    ("H", "hand over"),
    ("A", "accept"),
    ("D", "decline"),
    ("X", "give up"),
)


class PromisesPage(Panel):
    """Lists open promises; every deed is a key, and the menu says them all."""

    wanted = Signal(str, dict)
    """A command, or ``keep``, and the promise it is for."""
    opened = Signal(dict)
    scope_changed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "bg")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Promises")
        self._promises: dict[str, Promise] = {}
        self._reader: Reader | None = None
        self.scopes = Segmented(look, ((MINE, "Mine"), (QUEUE, "My department"), (STORE, "Store")), MINE)
        self.orders = Segmented(look, ((BY_DUE, "By time"), (BY_RULE, "By rule"), (BY_CUSTOMER, "By customer")), BY_DUE)
        self.late = Chip(look, "", "late", pill=False)
        self.escalated = Chip(look, "", "amber", pill=False)
        self.table = Table(look, rows.COLUMNS, "Promises")
        self.empty = Empty(look, "promise", EMPTY, _EMPTY_MORE)
        self._foot = Footer(look, _KEYS)
        self._frame = Panel(look, "panel", "top bottom left right")
        self._lay_out()
        self.scopes.chosen.connect(self._on_scope)
        self.orders.chosen.connect(self._refresh)
        for chip in (self.late, self.escalated):
            chip.setCheckable(True)
            chip.clicked.connect(self._refresh)
        self.table.opened.connect(self._on_opened)
        self.table.typed.connect(self._on_typed)
        self.table.menu_wanted.connect(self._on_menu)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for widget in (self.scopes, self.orders, self.late, self.escalated):
            bar.addWidget(widget)
        bar.addStretch(1)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table.headings)
        inside.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 0)
        column.setSpacing(8)
        column.addLayout(bar)
        column.addWidget(self._frame, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self._foot)

    def show_promises(self, promises: Sequence[Promise], reader: Reader) -> None:
        """Show the store's open promises as somebody sees them."""
        self._promises = {str(promise["id"]): promise for promise in promises}
        self._reader = reader
        self._refresh()

    def mine(self) -> int:
        """How many the reader owes that are late, or is offered."""
        reader = self._reader
        if reader is None:
            return 0
        found = [promise for promise in self._promises.values() if rows.is_mine(promise, reader)]
        return sum(rows.is_late(promise, reader) or promise.get("owner_id") != reader.me for promise in found)

    def show_scope(self, scope: str) -> None:
        """Show whose promises these are to be, as the page was left."""
        self.scopes.choose(scope if scope in rows.SCOPES else MINE)
        self._refresh()

    def _shown(self) -> list[Promise]:
        reader = self._reader
        if reader is None:
            return []
        scope = rows.SCOPES[self.scopes.current]
        found = [promise for promise in self._promises.values() if scope(promise, reader)]
        late = [promise for promise in found if rows.is_late(promise, reader)]
        escalated = [promise for promise in found if rows.is_escalated(promise, reader)]
        self.late.say(f"{len(late)} late")
        self.escalated.say(f"{len(escalated)} escalated")
        if self.late.isChecked():
            found = late
        if self.escalated.isChecked():
            found = [promise for promise in found if promise in escalated]
        return found

    @Slot()
    def _refresh(self) -> None:
        shown = self._shown()
        if self._reader is not None:
            self.table.show_groups(rows.groups(shown, self._reader, self.orders.current))
        self._frame.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self._foot.setVisible(bool(shown))

    @Slot(str)
    def _on_scope(self, scope: str) -> None:
        self._refresh()
        self.scope_changed.emit(scope)

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        if promise := self._promises.get(id):
            self.opened.emit(dict(promise))

    @Slot(str)
    def _on_typed(self, letter: str) -> None:
        promise = self._promises.get(self.table.current_id())
        if promise is not None and letter in self.deeds(promise):
            self.wanted.emit(DEEDS[letter][0], dict(promise))

    def deeds(self, promise: Promise) -> list[str]:
        """The keys that do something with a promise as it stands."""
        reader = self._reader
        if reader is None:
            return []
        answers = may_answer(promise, reader.me, reader.roles)
        return ["k", "m", *("a", "d") * answers, *("h",) * (not promise.get("handoff")), "x"]

    @Slot(str, QPoint)
    def _on_menu(self, id: str, place: QPoint) -> None:
        promise = self._promises.get(id)
        if promise is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for letter in self.deeds(promise):
            menu.addAction(f"{DEEDS[letter][1]}\t{letter.upper()}").setData(letter)
        menu.triggered.connect(self._on_chosen)
        menu.popup(place)

    @Slot(object)
    def _on_chosen(self, action: Any) -> None:
        self._on_typed(action.data())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the rows, when there are any."""
        super().focusInEvent(event)
        if self.table.isVisible():
            self.table.setFocus(event.reason())
