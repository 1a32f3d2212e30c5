"""The rows of the list after an outage: headings, and edits with a box to tick."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.shell.reconcile_words import Done, Order, Outage, Row
from ui.theme import icons
from ui.theme.look import Look
from ui.widgets.plain_text import draw

ROW: Final = int(Qt.ItemDataRole.UserRole) + 1
_NAME: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_CHECKED: Final = int(Qt.ItemDataRole.CheckStateRole)
_NO_PARENT: Final = QModelIndex()
_LEFT: Final = 14
_BOX: Final = 15
_INDENT: Final = _LEFT + _BOX + 12
Index = QModelIndex | QPersistentModelIndex


class Rows(QAbstractListModel):
    """The rows as a list; what is only said anew keeps the place in hand."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        """Show other rows."""
        if [_same(row) for row in rows] == [_same(row) for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        said = super().flags(index)
        return said & ~Qt.ItemFlag.ItemIsSelectable if isinstance(index.data(ROW), Outage) else said

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == _CHECKED and isinstance(row, Done):
            return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
        return {ROW: row, _NAME: row.sentence}.get(int(role))


def _same(row: Row) -> tuple[str, str]:
    return type(row).__name__, row.id if isinstance(row, Done) else row.title


class RowPainter(QStyledItemDelegate):
    """Paints headings and edits."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW)
        first, second = QFontMetrics(self._look.bold).height(), QFontMetrics(self._look.small).height()
        if isinstance(row, Done):
            return QSize(200, first + second + 15)
        return QSize(200, (second + 14) if isinstance(row, Outage) else first + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, look, box = index.data(ROW), self._look, option.rect
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = (
            "bg" if isinstance(row, Outage) else "accent_wash" if lit else "panel" if isinstance(row, Done) else "sunk"
        )
        painter.save()
        painter.fillRect(box, look.colour(ground))
        painter.setPen(look.colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if isinstance(row, Done):
            self._edit(painter, box, row)
        elif isinstance(row, Order):
            self._ends(painter, box.adjusted(_LEFT, 0, -_LEFT, 0), (row.title, "ink"), (row.count, "soft"), bold=True)
        else:
            self._ends(painter, box.adjusted(_LEFT, 0, -_LEFT, 0), (row.title, "soft"), ("", "soft"), bold=False)
        painter.restore()

    def _edit(self, painter: QPainter, box: QRect, row: Done) -> None:
        look, first = self._look, QFontMetrics(self._look.bold).height()
        paint_box(painter, QRect(box.left() + _LEFT, box.top() + 8, _BOX, _BOX), look, row.ticked)
        inner = QRect(box.left() + _INDENT, box.top() + 6, box.width() - _INDENT - _LEFT, first)
        self._ends(painter, inner, (row.what, "soft" if row.ticked else "ink"), (row.state, row.tone), bold=True)
        painter.setFont(look.small)
        painter.setPen(look.colour("amber" if row.by_hand and not row.ticked else "soft"))
        second = QRect(inner.left(), inner.bottom() + 1, inner.width(), QFontMetrics(look.small).height() + 2)
        draw(painter, second, row.more)

    def _ends(
        self, painter: QPainter, box: QRect, left: tuple[str, str], right: tuple[str, str], *, bold: bool
    ) -> None:
        """Words at the left, and at the right what is never cut for them."""
        look = self._look
        room = QFontMetrics(look.small).horizontalAdvance(right[0]) + 4
        painter.setFont(look.small)
        painter.setPen(look.colour(right[1]))
        draw(painter, QRect(box.right() - room, box.top(), room, box.height()), right[0], Qt.AlignmentFlag.AlignRight)
        painter.setFont(look.bold if bold else look.small)
        painter.setPen(look.colour(left[1]))
        draw(painter, box.adjusted(0, 0, -room - 12, 0), left[0])


def paint_box(painter: QPainter, box: QRect, look: Look, ticked: bool) -> None:
    """A box to tick."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(look.colour("accent" if ticked else "panel"))
    painter.setPen(look.colour("accent" if ticked else "faint"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if ticked:
        icons.paint(painter, box.adjusted(1, 1, -1, -1), "check", look, "on_accent")


class TickList(QListView):
    """Space or a click in the box ticks a row, Enter or a double click opens its repair order."""

    opened = Signal(QModelIndex)
    ticked = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Space:
            self.ticked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and isinstance(at.data(ROW), Done) and self._in_box(event, at):
            self.ticked.emit(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        if not (isinstance(at.data(ROW), Done) and self._in_box(event, at)):
            self.opened.emit(at)

    def _in_box(self, event: QMouseEvent, at: QModelIndex) -> bool:
        return event.position().x() < self.visualRect(at).left() + _INDENT
