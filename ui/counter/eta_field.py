"""The field an ETA is typed into where it stands in its row, with what was understood beneath it before Enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from ui.counter.eta import Understood
from ui.theme.look import Look
from ui.widgets.entry import Entry
from ui.widgets.plain_text import draw

Understand = Callable[[str], Understood]
_WIDE: Final = 120
_PAD: Final = 4


def _is_typed(event: QKeyEvent) -> bool:
    ours = event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return ours or (event.text().isprintable() and bool(event.text()))


class _Typed(Entry):
    """One low line; Enter, Shift+Enter and Esc are the field's."""

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, QFontMetrics(self.font()).height() + 5)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _is_typed(event):
            event.accept()
            return True
        return bool(super().event(event))


class EtaField(QWidget):
    """Lies over a row's cell. What is typed stays until it is kept, or the person leaves it with Esc."""

    entered = Signal(bool)
    """What is typed is to be set; for every line of the order when True."""
    left = Signal()
    covers = Signal(str, int, int)
    """The row whose second lines the words beneath lie over, and from where to where."""

    def __init__(self, look: Look, over: QWidget) -> None:
        super().__init__(over)
        self._look = look
        self._over = over
        self._place = QRect()
        self._understand: Understand = lambda text: Understood(None, "")
        self._drafts: dict[str, str] = {}
        self.row = ""
        """The row it is open on; empty while it is shut."""
        self.said = Understood(None, "")
        self.entry = _Typed(look)
        self.entry.setParent(self)
        self.entry.setAccessibleName("ETA")
        self.entry.textChanged.connect(self._on_typed)
        self.entry.installEventFilter(self)
        self.hide()

    def open(self, row: str, place: QRect, understand: Understand, text: str = "") -> None:
        """Begin on a row; what was left unfinished there is taken up again, unless there is a first letter."""
        self.shut()
        self.row, self._understand = row, understand
        self.entry.setText(text or self._drafts.get(row, ""))
        self._on_typed()
        self.put_at(place)
        self.show()
        self.raise_()
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_at(self, place: QRect) -> None:
        """Stand over a cell; the words beneath may run on to the right."""
        width, over = place.width(), self._over.width()
        metrics = QFontMetrics(self._look.small)
        words = metrics.horizontalAdvance(self.said.words) + 2 * _PAD + 2
        self.entry.setGeometry(0, 0, width, self.entry.sizeHint().height())
        self.setGeometry(place.left(), place.top() + 2, min(max(width, words), over - place.left()), place.height() - 4)
        # Only the line beneath runs on over the other cells; what stands beside the field stays to be read.
        low = self.entry.height()
        self.setMask(QRegion(0, 0, width, low) | QRegion(0, low, self.width(), self.height() - low))
        self._place = place
        self.covers.emit(self.row, self.x(), self.x() + self.width())

    def refuse(self, words: str) -> None:
        """Say why it could not be set; what is typed stays."""
        self.entry.setReadOnly(False)
        self.entry.mark_fault(True)
        self._say(self.said._replace(words=words, tone="late"))

    def wait(self) -> None:
        """It is on its way to the service."""
        self.entry.setReadOnly(True)

    def kept(self) -> None:
        """It has been set: nothing is left to keep."""
        self._forget()

    def shut(self) -> None:
        """Close; what was typed waits for when the row is opened again."""
        if not self.row:
            return
        if text := self.entry.text().strip():
            self._drafts[self.row] = text
        self._close()

    def leave(self) -> None:
        """Close and forget what was typed."""
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        self._drafts.pop(self.row, None)
        self._close()

    def _close(self) -> None:
        self.row = ""
        self.hide()
        self.entry.setReadOnly(False)
        self.entry.clear()  # once it is gone: nobody reads what it says of that
        self.covers.emit("", 0, 0)

    @Slot()
    def _on_typed(self) -> None:
        self.entry.mark_fault(False)
        self._say(self._understand(self.entry.text()))

    def _say(self, said: Understood) -> None:
        self.said = said
        self.entry.setAccessibleDescription(said.words)
        if self.row and not self.isHidden():
            self.put_at(self._place)
        self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Enter sets it, with Shift for the whole order; Esc leaves; nothing else goes on to the table beneath."""
        if watched is not self.entry or event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter(whole=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)

    def enter(self, *, whole: bool = False) -> None:
        """Take what is typed, for the line or for the whole order; what cannot be read says why and stays."""
        if self.entry.isReadOnly():
            return
        if not self.entry.text().strip():
            self.leave()
        elif self.said.moment is None:
            self.refuse(self.said.words)
        else:
            self.entered.emit(whole)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row's ground and the words beneath the field."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("accent_wash"))
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour(self.said.tone))
        top = self.entry.height()
        draw(painter, QRect(_PAD, top, self.width() - 2 * _PAD, self.height() - top), self.said.words)
        painter.end()
