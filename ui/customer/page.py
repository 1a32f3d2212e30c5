"""A customer's page: who they are, their cars, what is promised them, and both lifecycles on one line of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advisor_desk.domain.lights import Settings
from ui.customer import rows
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.page_parts import Empty
from ui.widgets.plain_text import PlainLabel
from ui.widgets.workspace import Deed, Workspace

EMPTY: Final = "Nobody is shown yet."
_EMPTY_MORE: Final = (
    "Search for a name, or press U on a car, to see all that was ever between a customer and the store."
)
DEEDS: Final = {
    "l": Deed("log a contact", "Log a contact", "contact.log"),
    "b": Deed("book a visit", "Book a visit", "visit.book"),
    "w": Deed("write up", "Write up an RO", "ro.open"),
    "p": Deed("promise", "Promise something", "promise.make"),
    "e": Deed("edit", "Edit the customer", "customer.edit"),
    "h": Deed("brief", "Handover brief", "brief"),
}
_USUAL: Final = ("l", "b", "w", "p", "e", "h")


class CustomerPage(Workspace):
    """Shows one customer; its deeds are for the customer, whatever row is in hand."""

    for_customer = Signal(str, dict)
    """A command, or ``brief``, and the customer it is for."""
    record_wanted = Signal(str, str)
    """A kind and an id, of the row that was opened."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Customer", rows.COLUMNS, Empty(look, "person", EMPTY, _EMPTY_MORE), DEEDS)
        self.data: Mapping[str, Any] = {}
        self.name = PlainLabel(look, "", "ink", look.large_bold)
        self.reach = PlainLabel(look, "", "soft", look.small)
        self.cars = PlainLabel(look, "", "soft", look.small)
        who = QWidget()
        column = QVBoxLayout(who)
        column.setContentsMargins(2, 0, 0, 0)
        column.setSpacing(1)
        for label in (self.name, self.reach, self.cars):
            column.addWidget(label)
        self.bar.addWidget(who, 1)
        self._buttons = [KeyButton(look, DEEDS[letter].words, letter.upper()) for letter in ("l", "b", "h")]
        for button in self._buttons:
            button.clicked.connect(self._on_button)
            self.bar.addWidget(button)
        self.wanted.connect(self._on_wanted)
        self.opened.connect(self._on_opened)
        self.show_customer({}, None, Settings())

    @property
    def customer_id(self) -> str:
        """Who is shown; empty for nobody."""
        return str((self.data.get("customer") or {}).get("id") or "")

    def show_customer(self, data: Mapping[str, Any], now: datetime | None, settings: Settings) -> None:
        """Show a customer as the cache holds them, or nobody."""
        self.data = data
        customer = data.get("customer") or {}
        self.name.say(str(customer.get("name") or ("No name" if customer else "")))
        phones = [str(phone.get("raw") or phone.get("e164") or "") for phone in customer.get("phones") or ()]
        advisor = words.short_name(str((data.get("advisor") or {}).get("name") or ""))
        sales = words.short_name(str((data.get("salesperson") or {}).get("name") or ""))
        by = (f"advisor {advisor}" if advisor else "", f"sold by {sales}" if sales else "")
        said = (*phones[:2], *(customer.get("emails") or ())[:1], *by)
        self.reach.say(" · ".join(part for part in said if part))
        self.cars.say(" · ".join(str(car.get("words") or "a car") for car in data.get("vehicles") or ()))
        for button in self._buttons:
            button.setVisible(bool(customer))
        self.show_groups(rows.groups(data, now, settings) if customer and now else ())

    def deeds(self, id: str) -> Sequence[str]:
        """The same on every row: they are for the customer."""
        del id
        return _USUAL if self.customer_id else ()

    def _on_wanted(self, command: str, row: str) -> None:
        del row
        self.for_customer.emit(command, dict(self.data))

    def _on_button(self) -> None:
        letter = ("l", "b", "h")[self._buttons.index(self.sender())]  # type: ignore[arg-type]
        self._on_wanted(DEEDS[letter].command, "")

    def _on_opened(self, row: str) -> None:
        kind, id, *_ = row.split(" ")
        self.record_wanted.emit(kind, id)
