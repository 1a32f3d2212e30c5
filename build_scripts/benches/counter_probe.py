"""The real window at the parts counter in a process of its own, with a stopwatch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from benches import window_probe
from benches.window_probe import Probe

_PATIENCE = 30


class Moment(QObject):
    """When a widget has first dealt with a kind of event while something was so; 0 until then.

    What else the window does in the same round of its event loop comes after, and is not counted.
    """

    def __init__(self, widget: QWidget, kind: QEvent.Type, is_so: Callable[[], bool]) -> None:
        super().__init__()
        self.at = 0.0
        self._kind, self._is_so = kind, is_so
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The event comes; a word to itself comes next, before all others that wait."""
        if event.type() is self._kind and not self.at and self._is_so():
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority.value)
        return False

    def event(self, event: QEvent) -> bool:
        """It has been dealt with."""
        if event.type() is QEvent.Type.User and not self.at:
            self.at = time.perf_counter()
        return bool(super().event(event))


class CounterProbe(Probe):
    """The counter's page of the window, and what can be asked of it."""

    def counter(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How long frames take while the page is scrolled, and an ETA from Enter until its row says it."""
        self.until(self.live, 60, "the link")
        self.window.show_page("parts")
        self.page = self.window._doing.counter.page
        self.app.processEvents()
        bar = self.page.table.verticalScrollBar()
        still = [self._frame(bar.value()) for _ in range(30)]
        step = max(1, self.page.table.viewport().height() // 12)
        frames = [self._frame(value) for value in range(0, bar.maximum() + 1, step)[:600]]
        awaited = [id for id, item in self.page.items.items() if item.row["state"] == "ordered"]
        edits = [self._edit(id, number) for number, id in enumerate(awaited[: asked["edits"]])]
        return {
            "lines": len(self.page.items),
            "still": still,
            "frames": frames,
            "answered": [answered for answered, _ in edits],
            "took": [painted for _, painted in edits],
        }

    def _frame(self, value: int) -> float:
        started = time.perf_counter()
        self.page.table.verticalScrollBar().setValue(value)
        self.page.table.viewport().repaint()
        took = time.perf_counter() - started
        self.app.processEvents()
        return took

    def _edit(self, id: str, number: int) -> tuple[float, float]:
        """Seconds until the service has kept it, and until the row has been painted with it."""
        page = self.page
        before = page.row(id).get("eta")
        page.edit_eta(id, f"+{2 + number % 20}d")
        self.app.processEvents()
        kept = Moment(page.eta, QEvent.Type.Hide, lambda: not page.eta.row)
        painted = Moment(page.table.viewport(), QEvent.Type.Paint, lambda: page.row(id).get("eta") != before)
        started = time.perf_counter()
        QTest.keyClick(page.eta.entry, Qt.Key.Key_Return)
        self.until(lambda: bool(kept.at), _PATIENCE, "the answer")
        self.until(lambda: bool(painted.at), _PATIENCE, "the row")
        self.until(self.live, _PATIENCE, "the link")
        return kept.at - started, painted.at - started


if __name__ == "__main__":
    window_probe.main(CounterProbe)
