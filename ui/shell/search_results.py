"""The list beneath the search: what was found, open work first, or that nothing was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from ui.theme import icons
from ui.theme.look import Look
from ui.widgets.entry import see_through
from ui.widgets.plain_text import PlainLabel, draw
from ui.widgets.scroll_bar import SlimBar

HIT: Final = int(Qt.ItemDataRole.UserRole) + 1
NOTHING: Final = "No match on this desk"
_NAME: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_ICONS: Final = {"customer": "person", "employee": "people", "part_line": "parts"}
_MOST: Final = 9
"""Rows shown before the list scrolls."""
_NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class _Hits(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.hits: list[dict[str, Any]] = []

    def show(self, hits: Sequence[dict[str, Any]]) -> None:
        self.beginResetModel()
        self.hits = list(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self.hits):
            return None
        hit = self.hits[index.row()]
        if int(role) == HIT:
            return hit
        return sentence(hit) if int(role) == _NAME else None


def sentence(hit: dict[str, Any]) -> str:
    """A hit for a screen reader."""
    said = ", ".join(str(part) for part in (hit.get("title"), hit.get("detail")) if part)
    return said if hit.get("open") else f"{said}, closed"


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.height = QFontMetrics(look.font).height() + QFontMetrics(look.small).height() + 13

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HIT)
        box, look = option.rect, self._look
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_wash"))
            painter.drawRoundedRect(QRectF(box), 5, 5)
        is_open = bool(hit.get("open"))
        mark = QRect(box.left() + 8, box.top() + (box.height() - 18) // 2, 18, 18)
        icons.paint(painter, mark, _ICONS.get(str(hit.get("kind")), "car"), look, "soft" if is_open else "faint")
        first = QFontMetrics(look.font).height()
        detail = str(hit.get("detail") or "")
        top = box.top() + (6 if detail else (box.height() - first) // 2)
        words = QRect(mark.right() + 10, top, box.width() - mark.right() - 18, first)
        painter.setFont(look.bold if is_open else look.font)
        painter.setPen(look.colour("ink" if is_open else "soft"))
        draw(painter, words, str(hit.get("title") or "No name"))
        painter.setFont(look.small)
        painter.setPen(look.colour("soft"))
        second = QRect(words.left(), words.bottom() + 1, words.width(), QFontMetrics(look.small).height())
        draw(painter, second, detail)
        painter.restore()


class Results(QWidget):
    """Lies over the window under the search and never takes the keyboard from it."""

    picked = Signal(dict)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._hits = _Hits()
        self._painter = _Painter(look)
        self.list = QListView()
        self.list.setModel(self._hits)
        self.list.setItemDelegate(self._painter)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBar(SlimBar(look))
        self.list.setAccessibleName("Search results")
        see_through(self.list)
        self.nothing = PlainLabel(look, NOTHING, "soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 5, 5, 5)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self.nothing.setContentsMargins(9, 8, 9, 8)
        for widget in (self, self.list, self.list.viewport()):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._on_clicked)
        self.list.entered.connect(self._on_entered)
        self.hide()

    @property
    def hits(self) -> list[dict[str, Any]]:
        """What is shown."""
        return self._hits.hits

    def show_hits(self, hits: Sequence[dict[str, Any]]) -> None:
        """Show what was found; the first is the one Enter picks."""
        self._hits.show(hits)
        self.list.setVisible(bool(hits))
        self.nothing.setVisible(not hits)
        if hits:
            self._go_to(0)

    def move_by(self, step: int) -> None:
        """Go up or down, from the end to the beginning again by single steps."""
        count = len(self.hits)
        if count:
            to = self.list.currentIndex().row() + step
            self._go_to(to % count if abs(step) == 1 else max(0, min(count - 1, to)))

    def pick(self) -> None:
        """Take the one that is lit."""
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.hits):
            self.picked.emit(self.hits[row])

    def said(self) -> str:
        """What is lit, for a screen reader on the field."""
        row = self.list.currentIndex().row()
        return f"{sentence(self.hits[row])}. {row + 1} of {len(self.hits)}" if self.hits else NOTHING

    def wanted_height(self) -> int:
        """As high as its rows, up to where it scrolls."""
        rows = min(len(self.hits), _MOST) * self._painter.height
        return (rows or self.nothing.sizeHint().height() + 16) + 10

    def _go_to(self, row: int) -> None:
        index = self._hits.index(row)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self.list.viewport().update()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._go_to(index.row())
        self.pick()

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self.list.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and its edge."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._look.colour("panel"))
        painter.setPen(self._look.colour("line"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()
