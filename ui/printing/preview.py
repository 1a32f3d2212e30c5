"""A page as it will be on the paper, as wide as there is room; the keys of a reader turn it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.printing.frame import Text
from ui.printing.layout import Laid
from ui.printing.render import picture
from ui.theme.look import Look

_EDGE = 14


class Preview(QWidget):
    """Shows one page of a document."""

    turned = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._laid: Laid | None = None
        self._pictures: dict[tuple[int, int], QPixmap] = {}
        self.number = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 260)
        look.changed.connect(self.update)

    def show_document(self, laid: Laid) -> None:
        """Show the first page of another document."""
        self._laid, self.number = laid, 0
        self._pictures.clear()
        self._say()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._laid.pages) if self._laid else 0

    def turn(self, step: int) -> None:
        """Turn some pages on, or back."""
        number = min(max(self.number + step, 0), max(self.count - 1, 0))
        if number != self.number:
            self.number = number
            self._say()

    def _say(self) -> None:
        title = self._laid.document.title if self._laid else ""
        self.setAccessibleName(f"{title}, page {self.number + 1} of {self.count}")
        marks = self._laid.pages[self.number].marks if self._laid else []
        words = [mark.text for mark in marks if isinstance(mark, Text)]
        self.setAccessibleDescription(". ".join(words))
        self.update()
        self.turned.emit()

    def paper(self) -> QRect:
        """Where the paper lies."""
        if self._laid is None:
            return QRect()
        room = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        size = self._laid.size
        wanted = QSize(round(size.width * 100), round(size.height * 100)).scaled(
            room.size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        box = QRect(0, 0, wanted.width(), wanted.height())
        box.moveCenter(room.center())
        return box

    def sizeHint(self) -> QSize:
        """A page large enough to be read."""
        return QSize(520, 640)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page down and up, or the arrows, turn the page."""
        key = event.key()
        if key in (Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.turn(1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.turn(-1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.turn(self.count if key == Qt.Key.Key_End else -self.count)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel turns the page."""
        if delta := event.angleDelta().y():
            self.turn(-1 if delta > 0 else 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page on its ground."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("sunk"))
        if self._laid is not None:
            box = self.paper()
            key = (self.number, box.width())
            if key not in self._pictures:
                image = picture(self._laid, self.number, box.width(), self.devicePixelRatioF())
                self._pictures[key] = QPixmap.fromImage(image)
            painter.drawPixmap(box, self._pictures[key])
            painter.setPen(self._look.colour("accent" if self.hasFocus() else "line"))
            painter.drawRect(box.adjusted(-1, -1, 0, 0))
        painter.end()
