"""What can be printed, from wherever it is asked for; the orders are read anew and the paper is shown first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.printing import arrival, order_copy, pick_list, special_label
from ui.printing.sheet import Document
from ui.printing.shop import Shop
from ui.shell.layout import Layout
from ui.shell.print_dialog import PrintDialog
from ui.shell.session import Session
from ui.shell.toast import Toast
from ui.theme.look import Look

PICK_LIST, LABEL, ARRIVAL, COPY = "pick_list", "label", "arrival_notice", "ro_copy"
_NONE: Final = {
    PICK_LIST: "Nothing on the shelf waits to be pulled.",
    LABEL: "No special order has arrived: there is no label to print.",
    ARRIVAL: "No part the customer waits for has arrived: there is nothing to tell.",
    COPY: "That repair order is not on this desk.",
}


class Printing(QObject):
    """Makes papers of what the cache holds at the moment."""

    def __init__(self, look: Look, session: Session, window: QWidget, toast: Toast, layout: Layout) -> None:
        super().__init__(window)
        self._look, self._session, self._window, self._toast, self._layout = look, session, window, toast, layout

    def pick_list(self, orders: Iterable[str]) -> None:
        """Show the pick list of these repair orders (their ids): what is on the shelf and not pulled, bin by bin."""
        shop = self._shop()
        found = pick_list.make(self._session.reader.papers(orders), shop, self._session.now())
        self._show({PICK_LIST: found}, PICK_LIST, shop)

    def labels(self, orders: Iterable[str], lines: Iterable[str] = ()) -> None:
        """Show a label for each special order that came for these repair orders; ``lines`` picks part lines by id.

        A line that has not arrived, or stood on the shelf anyway, has no label; when none has, that is said.
        """
        shop = self._shop()
        found = special_label.make(self._session.reader.papers(orders), shop, frozenset(lines))
        self._show({LABEL: found}, LABEL, shop)

    def arrival_notice(self, order: str) -> None:
        """Show the letter that tells a repair order's customer what has arrived, among the order's other papers."""
        self.order(ARRIVAL, order)

    def ro_copy(self, order: str) -> None:
        """Show the customer's copy of a repair order, among its other papers."""
        self.order(COPY, order)

    def order(self, name: str, id: str, pulled_with: Iterable[str] = ()) -> None:
        """Show a paper of a repair order, named as its action is; the others that it has can be turned to.

        Its pick list is also that of the orders it is ``pulled_with``: nobody walks to the shelf for one of them.
        """
        shop, now, reader = self._shop(), self._session.now(), self._session.reader
        data = reader.repair_order(id)
        papers: dict[str, Document | None] = {PICK_LIST: pick_list.make(reader.papers([id, *pulled_with]), shop, now)}
        if data is not None:
            papers[LABEL] = special_label.make([data], shop)
            papers[ARRIVAL] = arrival.make(data, shop, now)
            papers[COPY] = order_copy.make(data, shop, now)
        self._show(papers, name, shop)

    def _show(self, papers: dict[str, Document | None], name: str, shop: Shop) -> None:
        made = {key: paper for key, paper in papers.items() if paper is not None}
        if name not in made:
            self._toast.refuse(_NONE[name])
            return
        dialog = PrintDialog(self._look, self._window, made, name, shop.country, self._layout)
        dialog.said.connect(self._toast.say)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _shop(self) -> Shop:
        return Shop.of_store(self._session.reader.store(), self._session.settings.zone)
