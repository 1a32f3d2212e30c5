"""The real window at the parts counter in a process of its own, with a stopwatch."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from benches import window_probe
from benches.window_probe import Probe

_PATIENCE = 30


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
        started = time.perf_counter()
        QTest.keyClick(page.eta.entry, Qt.Key.Key_Return)
        self.until(lambda: not page.eta.row, _PATIENCE, "the answer")
        answered = time.perf_counter() - started
        self.until(lambda: page.row(id).get("eta") != before, _PATIENCE, "the row")
        page.table.viewport().repaint()
        took = time.perf_counter() - started
        self.until(self.live, _PATIENCE, "the link")
        return answered, took


if __name__ == "__main__":
    window_probe.main(CounterProbe)
