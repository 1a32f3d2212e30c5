"""The search of the top strip: looks on this desk for what is typed, and lets it be picked by the keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import shiboken6
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.look import Look
from ui.widgets.entry import Entry

if TYPE_CHECKING:
    from ui.shell.search_results import Results

PLACEHOLDER: Final = "Name, phone, RO, tag, plate, VIN tail"
_PAUSE: Final = 30
"""Milliseconds after a key before looking, so that a fast typist is looked after once."""
_KEYS: Final = "Ctrl K"
_WIDEST: Final = 640
_MOVES: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 6,
    Qt.Key.Key_PageUp: -6,
}
_OWN: Final = {Qt.Key.Key_Escape, *_MOVES}


class SearchBox(Entry):
    """One line to type in, and what it finds beneath; ``found`` carries the row that was picked."""

    found = Signal(dict)

    def __init__(self, look: Look, search: Callable[[str], list[dict[str, Any]]]) -> None:
        super().__init__(look, PLACEHOLDER, "sunk")
        self._search = search
        self._before: QWidget | None = None
        self._results: Results | None = None
        self.setAccessibleName("Search")
        self.setAccessibleDescription(PLACEHOLDER)
        self.setMaxLength(100)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._look_up)
        self.textEdited.connect(self._on_edited)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        self._make_room()

    def take_focus(self) -> None:
        """Give the keyboard to the search, with what stands there chosen."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def results(self) -> Results:
        """The list beneath, made when it is first needed: it lies over the window and never takes the keyboard."""
        if self._results is None:
            from ui.shell.search_results import Results  # not before the first paint: nobody has typed yet

            self._results = Results(self._look, self.window())
            self._results.picked.connect(self._on_picked)
        return self._results

    @property
    def is_open(self) -> bool:
        """True while results are shown."""
        return self._results is not None and self._results.isVisible()

    @Slot()
    def _on_edited(self) -> None:
        if self.text().strip():
            self._timer.start()
        else:
            self._close()

    @Slot()
    def _look_up(self) -> None:
        text = self.text().strip()
        if text and self.hasFocus():
            self.results.show_hits(self._search(text))
            self._place()
            self.results.show()
            self.results.raise_()
            self._say_where()

    def _place(self) -> None:
        window = self.window()
        corner = self.mapTo(window, QPoint(0, self.height() + 4))
        room = QRect(corner.x(), corner.y(), window.width() - corner.x() - 12, window.height() - corner.y() - 12)
        width = min(max(self.width(), min(_WIDEST, room.width())), room.width())
        self.results.setGeometry(corner.x(), corner.y(), width, min(self.results.wanted_height(), room.height()))

    def _say_where(self) -> None:
        self.setAccessibleDescription(self.results.said() if self.is_open else PLACEHOLDER)

    def _close(self) -> None:
        self._timer.stop()
        if self._results is not None:
            self._results.hide()
        self._say_where()

    def _leave(self) -> None:
        """Close, forget what was typed, and give the keyboard back to where it was."""
        self._close()
        self.clear()
        before, self._before = self._before, None
        if before is not None and shiboken6.isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    @Slot(dict)
    def _on_picked(self, hit: dict[str, Any]) -> None:
        self._leave()
        self.found.emit(hit)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self and old is not None and old is not self and old.window() is self.window():
            self._before = old

    def _cap(self) -> QRect:
        width = QFontMetrics(self._look.tiny).horizontalAdvance(_KEYS) + 12
        return QRect(self.width() - width - 8, 6, width, self.height() - 12)

    def _make_room(self) -> None:
        width = QFontMetrics(self._look.tiny).horizontalAdvance(_KEYS) + 24
        margins = self.textMargins()
        self.setTextMargins(margins.left(), 0, width, 0)

    def event(self, event: QEvent) -> bool:
        """Escape and the arrows are the search's own while it has the keyboard, whatever the window does with them."""
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() in _OWN:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move in the list, Enter picks, Escape closes; all else is typed."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():
                self._timer.stop()
                self._look_up()
            if self.is_open:
                self.results.pick()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key in _MOVES:
            if self.is_open:
                self.results.move_by(_MOVES[key])
                self._say_where()
            elif self.text().strip():
                self._look_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The results go when the keyboard does."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self._close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list keeps beneath the field."""
        super().resizeEvent(event)
        if self.is_open:
            self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        """No list without its field."""
        super().hideEvent(event)
        self._close()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the keys that lead to it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.colour("line"))
        painter.setBrush(self._look.colour("panel"))
        painter.drawRoundedRect(QRectF(self._cap()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(self._look.colour("soft"))
        painter.setFont(self._look.tiny)
        painter.drawText(self._cap(), Qt.AlignmentFlag.AlignCenter, "Esc" if self.hasFocus() else _KEYS)
        painter.end()
