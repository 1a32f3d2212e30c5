"""The promises workspace: what I owe, what my department owes, what the store owes, and the handovers between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal, Slot

from advisor_desk.domain.promise import in_queue, may_answer
from ui.promises import rows
from ui.promises.rows import BY_CUSTOMER, BY_DUE, BY_RULE, MINE, QUEUE, STORE, Promise, Reader
from ui.theme.look import Look
from ui.widgets.buttons import Chip, Segmented
from ui.widgets.page_parts import Empty
from ui.widgets.workspace import Deed, Workspace

EMPTY: Final = {
    MINE: "You owe nothing.",
    QUEUE: "Nothing waits in your department's queue.",
    STORE: "Nothing is owed in the store.",
}
_EMPTY_MORE: Final = (
    "Promises are raised automatically when a car becomes ready, an ETA moves, an order closes or a visit is missed, "
    "and end when what they ask for has happened."
)
DEEDS: Final = {
    "k": Deed("keep", "Keep it", "keep"),
    "m": Deed("move", "Move the due time", "promise.move"),
    "h": Deed("hand over", "Hand over", "promise.offer"),
    "a": Deed("take", "Take it over", "promise.accept"),
    "d": Deed("decline", "Decline the handover", "promise.decline"),
    "x": Deed("give up", "Give up", "promise.cancel"),
}


class PromisesPage(Workspace):
    """Lists open promises, by time, rule or customer."""

    scope_changed = Signal(str)

    def __init__(self, look: Look) -> None:
        empty = Empty(look, "promise", EMPTY[MINE], _EMPTY_MORE)
        super().__init__(look, "Promises", rows.COLUMNS, empty, DEEDS)
        self.promises: dict[str, Promise] = {}
        self._reader: Reader | None = None
        self._owner = ""
        """The only one whose promises are shown, when somebody was chosen; as in ``team_rows.Load``."""
        self.scopes = Segmented(look, ((MINE, "Mine"), (QUEUE, "My department"), (STORE, "Store")), MINE)
        self.orders = Segmented(look, ((BY_DUE, "By time"), (BY_RULE, "By rule"), (BY_CUSTOMER, "By customer")), BY_DUE)
        self.late = Chip(look, "", "late", pill=False)
        self.escalated = Chip(look, "", "amber", pill=False)
        self.put_above(self.scopes, self.orders, self.late, self.escalated)
        self.scopes.chosen.connect(self._on_scope)
        self.orders.chosen.connect(self._refresh)
        self.add_filters(self.late, self.escalated)

    def show_promises(self, promises: Sequence[Promise], reader: Reader) -> None:
        """Show the store's open promises as somebody sees them."""
        self.take(promises, reader)
        self._refresh()

    def take(self, promises: Sequence[Promise], reader: Reader) -> None:
        """Know of them, to be counted; they are put into rows when they are next shown."""
        self.promises = {str(promise["id"]): promise for promise in promises}
        self._reader = reader

    def mine(self) -> int:
        """How many the reader owes that are late, or is offered."""
        reader = self._reader
        if reader is None:
            return 0
        found = [promise for promise in self.promises.values() if rows.is_mine(promise, reader)]
        return sum(rows.is_late(promise, reader) or promise.get("owner_id") != reader.me for promise in found)

    def show_owner(self, id: str) -> None:
        """Show what one person, or a role's queue, owes."""
        self._owner = id
        self.scopes.choose(STORE)
        self._refresh()

    def show_scope(self, scope: str) -> None:
        """Show whose promises these are to be, as the page was left."""
        self.scopes.choose(scope if scope in rows.SCOPES else MINE)
        self._refresh()

    def deeds(self, id: str) -> Sequence[str]:
        """An offer is answered by those it is made to, and made once at a time."""
        promise, reader = self.promises.get(id), self._reader
        if promise is None or reader is None:
            return ()
        answers = may_answer(promise, reader.me, reader.roles)
        takes = ("a", "d") if answers else ("a",) if in_queue(promise, reader.roles) else ()
        return ("k", "m", *takes, *("h",) * (not promise.get("handoff")), "x")

    def _shown(self, reader: Reader) -> list[Promise]:
        scope = rows.SCOPES[self.scopes.current]
        found = [promise for promise in self.promises.values() if scope(promise, reader) and self._is_owners(promise)]
        late = [promise for promise in found if rows.is_late(promise, reader)]
        escalated = [promise for promise in found if rows.is_escalated(promise, reader)]
        self.count_filter(self.late, len(late), "late")
        self.count_filter(self.escalated, len(escalated), "escalated")
        return late if self.late.isChecked() else escalated if self.escalated.isChecked() else found

    def narrow(self) -> None:
        """Show what passes the filters."""
        self._refresh()

    def _is_owners(self, promise: Promise) -> bool:
        owner = str(promise.get("owner_id") or "") or f"role {promise.get('owner_role')}"
        return not self._owner or owner == self._owner

    def _nothing(self, reader: Reader) -> str:
        """What is said where no promise is."""
        if not self._owner:
            return EMPTY[self.scopes.current]
        role = self._owner.partition("role ")[2]
        owner = rows.whose({"owner_id": "" if role else self._owner, "owner_role": role}, reader)
        return f"{owner} {'owe' if role or owner == 'You' else 'owes'} nothing."

    @Slot()
    def _refresh(self) -> None:
        if self._reader is not None:
            self.empty.say(self._nothing(self._reader))
            self.show_groups(rows.groups(self._shown(self._reader), self._reader, self.orders.current))

    @Slot(str)
    def _on_scope(self, scope: str) -> None:
        self._owner = ""
        self._refresh()
        self.scope_changed.emit(scope)
