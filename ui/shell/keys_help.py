"""The keys, laid over the window until any of them is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.look import Look
from ui.widgets.page_parts import paint_cap
from ui.widgets.plain_text import draw

Line = tuple[str, str, str]
"""The group, what it does, and its keys, as ``Ctrl+K or /``."""
_COLUMN: Final = 330
_SIDE: Final = 24
_GAP: Final = 32
_VEIL: Final = 170
_AIR: Final = 16
_ALONE: Final = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


class KeysHelp(QWidget):
    """A sheet with what every key does; it goes at a key or a click, and the keyboard returns where it was."""

    def __init__(self, look: Look, lines: Sequence[Line]) -> None:
        super().__init__()
        self._look = look
        self._groups: dict[str, list[tuple[str, list[str]]]] = {}
        for group, words, keys in lines:
            self._groups.setdefault(group, []).append((words, keys.replace("+", " ").split(" or ")))
        self._before: QWidget | None = None
        self._row = QFontMetrics(look.font).height() + 10
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys")
        self.setAccessibleDescription(". ".join(f"{words}: {keys}" for _, words, keys in lines))
        look.changed.connect(self.update)

    def open_over(self, window: QWidget) -> None:
        """Cover a window and take the keyboard."""
        self._before = QApplication.focusWidget()
        self.setParent(window)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_sheet(self) -> None:
        """Go, and give the keyboard back."""
        self.hide()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def columns(self) -> list[list[str]]:
        """The groups of each column, about as many lines in all: two, or three in a window too low for two."""
        two, three = self._spread(2), self._spread(3)
        low = self._size(two).height() > self.height() - _AIR
        return three if low and self._size(three).width() <= self.width() - _AIR else two

    def _spread(self, count: int) -> list[list[str]]:
        out: list[list[str]] = [[] for _ in range(count)]
        for group in self._groups:
            min(out, key=self._lines).append(group)
        return [column for column in out if column]

    def _lines(self, column: Sequence[str]) -> int:
        return sum(len(self._groups[group]) + 2 for group in column)

    def _size(self, columns: Sequence[Sequence[str]]) -> QSize:
        lines = max(map(self._lines, columns), default=1) - 1
        width = len(columns) * _COLUMN + max(len(columns) - 1, 0) * _GAP + 2 * _SIDE
        return QSize(width, lines * self._row + 2 * _SIDE + self._row)

    def sheet(self) -> QRect:
        """Where the sheet lies in the window."""
        room = self.size() - QSize(_AIR, _AIR)
        box = QRect(QPoint(0, 0), self._size(self.columns()).boundedTo(room))
        box.moveCenter(self.rect().center())
        return box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window when it changes its size."""
        window = self.parentWidget()
        if event.type() is QEvent.Type.Resize and window is not None and watched is window:
            self.setGeometry(window.rect())
        return False

    def event(self, event: QEvent) -> bool:
        """No key reaches the window while the sheet lies over it."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Any key closes it."""
        if event.key() not in _ALONE:
            self.close_sheet()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """So does a click."""
        del event
        self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the veil, the sheet and its lines."""
        del event
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(look.colour("bg"))
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        box = self.sheet()
        painter.setBrush(look.colour("panel"))
        painter.setPen(look.colour("line"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        inner = box.adjusted(_SIDE, _SIDE - 6, -_SIDE, -_SIDE)
        painter.setFont(look.large_bold)
        painter.setPen(look.colour("ink"))
        draw(painter, QRect(inner.left(), inner.top(), inner.width(), self._row), "Keys")
        columns = self.columns()
        width = (inner.width() - _GAP * (len(columns) - 1)) // max(len(columns), 1)
        for number, groups in enumerate(columns):
            place = QRect(inner.left() + number * (width + _GAP), inner.top() + self._row + 8, width, self._row)
            for group in groups:
                self._paint_group(painter, place, group)
        painter.end()

    def _paint_group(self, painter: QPainter, place: QRect, group: str) -> None:
        look = self._look
        painter.setFont(look.small_bold)
        painter.setPen(look.colour("soft"))
        draw(painter, place, group)
        place.translate(0, self._row)
        for words, keys in self._groups[group]:
            painter.fillRect(place.left(), place.top(), place.width(), 1, look.colour("line"))
            left = self._paint_keys(painter, place, keys)
            painter.setFont(look.font)
            painter.setPen(look.colour("ink"))
            draw(painter, QRect(place.left(), place.top(), left - place.left() - 8, place.height()), words)
            place.translate(0, self._row)
        place.translate(0, self._row)

    def _paint_keys(self, painter: QPainter, place: QRect, keys: Sequence[str]) -> int:
        """Paint caps from the right; where they begin."""
        painter.setFont(self._look.small)
        right = place.right()
        for key in reversed(keys):
            width = max(painter.fontMetrics().horizontalAdvance(key) + 12, 22)
            paint_cap(painter, QRect(right - width, place.top() + 4, width, place.height() - 8), key, self._look)
            right -= width + 6
        return right
