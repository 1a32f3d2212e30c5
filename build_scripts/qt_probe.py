"""Whether the installed Qt for Python drops references to None, as PySide6 6.12.0 does: Python < 3.12 then aborts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6 import __version__ as version
from PySide6.QtCore import QObject, QStringListModel, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

_CALLS = 200
_ALLOWED = 0.01


class Teller(QObject):
    """Says something to a Python function."""

    said = Signal(int)


def _heard(number: int) -> None:
    pass


def leaks() -> dict[str, float]:
    """The change of None's reference count per call, of each call that returns nothing."""
    widget, label, teller, model = QWidget(), QLabel(), Teller(), QStringListModel(["a"])
    teller.said.connect(_heard)
    pixmap = QPixmap(32, 32)
    painter = QPainter(pixmap)
    index, colour = model.index(0, 0), QColor("black")
    calls: dict[str, Callable[[], object]] = {
        "QWidget.update": widget.update,
        "QWidget.setGeometry": lambda: widget.setGeometry(0, 0, 9, 9),
        "QLabel.setText": lambda: label.setText("a"),
        "QPainter.setPen": lambda: painter.setPen(colour),
        "QPainter.drawRect": lambda: painter.drawRect(1, 1, 9, 9),
        "Signal.emit": lambda: teller.said.emit(1),
        "dataChanged.emit": lambda: model.dataChanged.emit(index, index),
    }
    changes = {name: _change(call) for name, call in calls.items()}
    painter.end()
    return changes


def _change(call: Callable[[], object]) -> float:
    call()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        call()
    return (sys.getrefcount(None) - before) / _CALLS


def main() -> int:
    """0 when this Qt may be used here."""
    if sys.version_info >= (3, 12):
        print(f"PySide6 {version}: nothing to prove on Python {sys.version_info[0]}.{sys.version_info[1]}.")
        return 0
    app = QApplication([])
    bad = {name: change for name, change in leaks().items() if abs(change) > _ALLOWED}
    app.processEvents()
    if bad:
        calls = ", ".join(f"{name} {change:+.2f}" for name, change in bad.items())
        print(
            f"PySide6 {version} drops references to None ({calls}): it aborts on this Python. Keep to PySide6 < 6.12."
        )
        return 1
    print(f"PySide6 {version} keeps its references to None.")
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # a Qt that drops references may abort on the way out
