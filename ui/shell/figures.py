"""The figures, counted by the service while the window goes on: a store's records of months take it a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QObject, Slot

from advisor_desk.domain import times
from advisor_desk.domain.figure import Figure, Line
from ui.reports.page import ReportsPage
from ui.shell.session import Session

_STAND: Final = timedelta(minutes=1)
"""How long figures stand while the page is left open; opened again, they are counted anew."""


class Figures(QObject):
    """Answers the page's wish for figures, one question at a time."""

    def __init__(self, page: ReportsPage, session: Session, refuse: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._refuse = refuse
        self._asked = 0
        """The days that are being counted; 0 while nobody counts."""
        self._at: datetime | None = None
        page.days_wanted.connect(self.count)

    def look(self) -> None:
        """Count anew what has stood long enough."""
        if self._at is None or self._session.now() - self._at >= _STAND:
            self.count()

    @Slot()
    def count(self) -> None:
        """Ask for the figures of the page's days, unless they are being counted."""
        if self._asked:
            return  # whoever wants other days by then gets them after these
        self._asked, self._at = self._page.days, self._session.now()
        span = {"since": times.to_wire(self._at - timedelta(days=self._asked)), "until": times.to_wire(self._at)}
        self._session.link.ask("read.report", span, self._came, self._failed)

    def _came(self, answer: dict[str, Any]) -> None:
        if self._end():
            self._page.show_figures([_figure(one) for one in answer["figures"]], self._session.people)

    def _failed(self, error: dict[str, Any]) -> None:
        if self._end():
            self._refuse(error)

    def _end(self) -> bool:
        """The question is answered; False where other days are wanted by now, and asked for."""
        asked, self._asked = self._asked, 0
        if asked == self._page.days:
            return True
        self.count()
        return False


def _figure(said: dict[str, Any]) -> Figure:
    """A figure as the service says it."""
    lines = tuple(
        Line(line["label"], tuple(line["values"]), tuple((kind, id) for kind, id in line["records"]))
        for line in said["lines"]
    )
    return Figure(said["name"], said["title"], tuple(said["columns"]), lines)
