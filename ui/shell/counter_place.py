"""What happens at the parts counter's page: what it reads when something changed, and what its keys give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from advisor_desk.domain import harm, moments, times
from ui.contact.draft import fault_words
from ui.counter import rows
from ui.counter.matched import Receipt
from ui.counter.page import CounterPage
from ui.shell import ask_context
from ui.shell.giving import Giving
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look

_AT_ONCE: Final = {"part.pull": "pulled"}


class CounterPlace(QObject):
    """Owns the parts counter's page; it reads only the orders that changed, a store has thousands of lines."""

    order_wanted = Signal(str)
    print_wanted = Signal(str, str, list)
    """A paper, the order it is of, and the orders to be pulled with it."""

    def __init__(self, look: Look, session: Session, window: QWidget, giving: Giving, toast: Toast) -> None:
        super().__init__(window)
        self._session = session
        self._giving = giving
        self._toast = toast
        self._stale: set[str] | None = None
        """The orders that changed since the page was shown; None for all."""
        self._held = ""
        """The line that was refused because a colleague has it in hand."""
        self.page = CounterPage(look, session.now)
        self.page.wanted.connect(self._on_wanted)
        self.page.eta_wanted.connect(self._on_eta)
        self.page.receipt_wanted.connect(self._on_receipt)
        session.touched.connect(self._on_touched)
        session.ticked.connect(self._on_tick)

    def refresh(self) -> None:
        """Show the page as things stand."""
        session, stale, self._stale = self._session, self._stale, set()
        now, settings = session.now(), session.settings
        if stale is None:
            self.page.show_rows(session.reader.counter(), now, settings)
        elif stale:
            self.page.show_changed(stale, session.reader.counter(stale), now, settings)

    @Slot(object, object)
    def _on_touched(self, orders: set[str] | None, kinds: set[str]) -> None:
        if orders is None or self._stale is None:
            self._stale = None
            return
        self._stale |= orders
        if "appointment" in kinds:  # whether somebody comes for what lies here
            left = (item.row for item in self.page.items.values() if harm.is_left_here(item.row))
            self._stale |= {str(row["order"]["id"]) for row in left}

    @Slot()
    def _on_tick(self) -> None:
        if self.page.isVisible():
            self.page.tick(self._session.now(), self._session.settings)

    @Slot(str, str)
    def _on_wanted(self, command: str, id: str) -> None:
        row = self.page.row(id)
        known: dict[str, Any] = {"part_line_id": id}
        if command == "order":
            self._open(row)
        elif command == "print":
            self._print(row)
        elif command == "part.receive":
            self.page.receive(id)
        elif command == "part.claim":
            self._claim(row)
        elif command in _AT_ONCE:
            self._giving.give(command, known, f"{rows.name(row)}: {_AT_ONCE[command]}")
        else:
            self._giving.ask(command, known, self._context(command, known, row))

    def _print(self, row: rows.Row) -> None:
        """A label for what has come for this car, else the pick list of the store, else the order."""
        pulled = self.page.to_pull()
        from ui.printing import facts  # its money and addresses take a moment that no first paint has

        label = facts.came_for_this_car(row)
        name = "label" if label else "pick_list" if pulled else "ro_copy"
        self.print_wanted.emit(name, str(row["order"]["id"]), pulled)

    @Slot(object)
    def _on_receipt(self, receipt: Receipt) -> None:
        self._giving.give(receipt.command, receipt.args, receipt.said, self.page.received, self._on_receipt_refused)

    def _on_receipt_refused(self, error: dict[str, Any]) -> None:
        self.page.refuse_receipt(fault_words(error))

    def _claim(self, row: rows.Row) -> None:
        """Take a line in hand, or let go of one's own; the same key once more takes a colleague's over."""
        id, mine = str(row["id"]), row.get("claimed_by") == self._session.me.get("id")
        more = {"release": True} if mine else {"again": True} if id == self._held else {}
        self._held = ""

        def refused(error: dict[str, Any]) -> None:
            self._held = id if error.get("code") == "claimed_already" else ""
            self._giving.refuse(error)

        said = f"{rows.name(row)}: {'let go' if mine else 'in your hands'}"
        self._giving.give("part.claim", {"part_line_id": id, **more}, said, refused=refused)

    @Slot(str, object, list)
    def _on_eta(self, id: str, moment: datetime, others: list[str]) -> None:
        """Set what was typed; the field is shut once it is kept, and says what was wrong when it is not."""
        now, settings = self._session.now(), self._session.settings
        row = self.page.row(id)
        args: dict[str, Any] = {"part_line_id": id, "eta": times.to_wire(moment)}
        whose = rows.name(row)
        if others:
            args["also"] = others
            whose = f"{len(others) + 1} lines of order {rows.order_words(row)}"
        said = f"ETA {moments.say(moment, now, settings.zone)}: {whose}"
        self._giving.give("part.set_eta", args, said, self.page.eta_kept, self._on_eta_refused)

    def _on_eta_refused(self, error: dict[str, Any]) -> None:
        self.page.eta.refuse(fault_words(error))

    def _open(self, row: rows.Row) -> None:
        order = str(row["order"]["id"])
        if order in self._session.board.cards:
            self.order_wanted.emit(order)
        else:
            self._toast.refuse("That repair order is closed. It is in the customer's history.")

    def _context(self, command: str, known: dict[str, Any], row: rows.Row) -> dict[str, Any]:
        session = self._session
        customer = {"name": row.get("customer")} if row.get("customer") else {}
        read = {"repair_order": row["order"], "customer": customer, "parts": [row]}
        return ask_context.of(command, read, known, session.now(), session.settings)
