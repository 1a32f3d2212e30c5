"""A scanner among the rows: characters that come faster than anybody types and end in Enter are one text, not keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.counter.scan_box import ENTER
from ui.widgets.table import WITH, is_typed

PAUSE: Final = 40
"""Milliseconds after which a character was a key: a scanner sends the next within 20, a quick typist after 60."""
LEAST: Final = 4
"""A scanned text has at least so many characters."""
_BESIDE: Final = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta})
"""A scanner presses Shift before a capital; alone these are nobody's keys."""


class Wedge(QObject):
    """Holds what is typed on the rows until it is clear who types: a scanner is a keyboard too."""

    scanned = Signal(str)
    typed = Signal(str)
    """What a person typed: a character, now and then several that came together."""

    def __init__(self, rows: QWidget) -> None:
        super().__init__(rows)
        self._held = ""
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._let_go)
        rows.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold characters back; any other key comes after what was held."""
        if not isinstance(event, QKeyEvent) or event.key() in _BESIDE:
            return False
        text = self._text(event)
        if event.type() is QEvent.Type.ShortcutOverride and text:
            event.accept()
            return True
        if event.type() is not QEvent.Type.KeyPress:
            return False
        if text:
            self._hold(text, event)
            return True
        if event.key() in ENTER and len(self._held) >= LEAST:
            self.scanned.emit(self._take())
            return True
        return self._after_held(event, watched)

    def _text(self, event: QKeyEvent) -> str:
        """What the key types; a sign that is the window's key is a character only in the midst of others."""
        plain = event.text().isprintable() and not event.modifiers() & ~WITH
        return event.text() if is_typed(event) or (self._held and plain) else ""

    def _hold(self, text: str, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():  # a key that is held down is pressed once
            self._held += text
            self._pause.start()

    def _after_held(self, event: QKeyEvent, rows: QObject) -> bool:
        """A key after one that opened a field belongs to the field."""
        if not self._held:
            return False
        self._let_go()
        holder = QApplication.focusWidget()
        if holder is None or holder is rows:
            return False
        QApplication.sendEvent(holder, event)
        return True

    def _take(self) -> str:
        self._pause.stop()
        found, self._held = self._held, ""
        return found

    @Slot()
    def _let_go(self) -> None:
        if found := self._take():
            self.typed.emit(found)
