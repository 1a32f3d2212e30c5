"""Cyclic garbage collected in the screen's thread and in no other: a widget must not be deleted anywhere else."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY: Final = 1_000
"""Milliseconds between looks."""


class Tidy(QObject):
    """Turns Python's own collector off while it lives, and does its work by Python's own thresholds.

    Python collects in whichever thread happens to allocate. The thread that reads the service's lines does, and would
    delete closed dialogs from there, under Qt's feet.
    """

    def __init__(self, parent: QObject | None = None, busy: Callable[[], bool] = lambda: False) -> None:
        super().__init__(parent)
        self._busy = busy
        """While somebody waits for an answer nothing is collected: thousands of new rows take 50 ms."""
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_EVERY)

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation whose count is over its threshold."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [number for number in (2, 1, 0) if thresholds[number] and counts[number] > thresholds[number]]
        if due and not self._busy():
            gc.collect(due[0])

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
