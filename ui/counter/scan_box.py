"""The line that takes a scanner's text or a typed number: always there, and ready for the next once it is received."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.theme.look import Look
from ui.widgets.entry import Entry

_WIDE = 270
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_LEAVE = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Down})
_OWN = ENTER | _LEAVE


class ScanBox(Entry):
    """A barcode scanner is a keyboard: it types a number and presses Enter."""

    scanned = Signal(str)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Scan or type an order number to receive")
        self.setFont(look.small)
        self.setAccessibleName("Scan or type an order number or a part number to receive")
        self.setAccessibleDescription("Key F3")
        self.setMaxLength(200)
        self.setFixedWidth(_WIDE)

    def sizeHint(self) -> QSize:
        """As high as the chips beside it."""
        return QSize(_WIDE, self.fontMetrics().height() + 11)

    def event(self, event: QEvent) -> bool:
        """Enter, Esc and the arrow are the line's own; Ctrl and a key still go to the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the text, Esc and the arrow down go back to the rows; what is typed stays."""
        if event.key() in ENTER:
            self.scanned.emit(self.text())
        elif event.key() in _LEAVE:
            self.left.emit()
        else:
            super().keyPressEvent(event)
