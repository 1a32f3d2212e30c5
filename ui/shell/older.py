"""Older contacts for the story: from the cache while it has them, then page by page from the bridge."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, Slot

from ui.shell.order import OrderPane
from ui.shell.session import Session

_PAGE: Final = 100
"""Contacts a read of the cache brings at a time; as many mean that there may be more."""


class Older(QObject):
    """Answers the pane's wish for older contacts; what the bridge sends is shown with its order and kept nowhere."""

    def __init__(self, pane: OrderPane, session: Session) -> None:
        super().__init__(pane)
        self._pane = pane
        self._session = session
        pane.older_wanted.connect(self._on_wanted)

    @Slot(str, str)
    def _on_wanted(self, customer_id: str, before: str) -> None:
        place = self._pane.older.place
        if not place:
            here = self._session.reader.older_story(customer_id, before) if before else []
            self._pane.add_older(here)
            if len(here) >= _PAGE:
                return
            before = str(here[-1]["at"]) if here else before
        self._pane.older.asking()
        order = self._pane.repair_order_id
        args = {"customer_id": customer_id, "before": place or before}
        self._session.link.ask("read.history", args, partial(self._came, order), partial(self._failed, order))

    def _came(self, order: str, answer: dict[str, Any]) -> None:
        if order != self._pane.repair_order_id:
            return  # another order was picked meanwhile
        self._pane.add_older(answer["story"])
        if answer.get("before"):
            self._pane.older.offer(str(answer["before"]))
        else:
            self._pane.older.end()

    def _failed(self, order: str, error: dict[str, Any]) -> None:
        if order == self._pane.repair_order_id:
            self._pane.older.failed(str(error.get("message")))
