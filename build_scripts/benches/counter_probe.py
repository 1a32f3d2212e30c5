"""The real window at the parts counter in a process of its own, with a stopwatch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from benches import window_probe
from benches.window_probe import Probe

_PATIENCE = 30


class Frame(QObject):
    """When a window has painted a frame in which a widget was painted while something was so; 0 until then.

    What else the window does before its event loop returns is not counted.
    """

    def __init__(self, widget: QWidget, is_so: Callable[[], bool]) -> None:
        super().__init__()
        self.at = 0.0
        self._widget, self._is_so = widget, is_so
        self._seen = False
        widget.installEventFilter(self)
        widget.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A frame is the window's answer to one event, which is dealt with here to see when that is done."""
        if watched is self._widget:
            self._seen = self._seen or (event.type() is QEvent.Type.Paint and self._is_so())
        elif event.type() is QEvent.Type.UpdateRequest and not self.at:
            watched.event(event)
            self.at = time.perf_counter() if self._seen else 0.0
            return True
        return False


class Shut(QObject):
    """When a widget was hidden; 0 until then."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look on."""
        if event.type() is QEvent.Type.Hide and not self.at:
            self.at = time.perf_counter()
        return False


class CounterProbe(Probe):
    """The counter's page of the window, and what can be asked of it."""

    def counter(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How long frames take while the page is scrolled, and an ETA from Enter until the rows are painted with it."""
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
        """Seconds until the service has kept it, and until the rows are painted with it, wherever it took its own."""
        page = self.page
        before = page.row(id).get("eta")
        page.edit_eta(id, f"+{2 + number % 20}d")
        self.app.processEvents()
        kept, painted = Shut(page.eta), Frame(page.table.viewport(), lambda: page.row(id).get("eta") != before)
        started = time.perf_counter()
        QTest.keyClick(page.eta.entry, Qt.Key.Key_Return)
        self.until(lambda: bool(kept.at), _PATIENCE, "the answer")
        self.until(lambda: bool(painted.at), _PATIENCE, "the row")
        self.until(self.live, _PATIENCE, "the link")
        return kept.at - started, painted.at - started


if __name__ == "__main__":
    window_probe.main(CounterProbe)
