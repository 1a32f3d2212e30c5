"""The page of what waits to be sent: in its order, since when, and why something is held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from ui.shell import reconcile_words
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.entry import see_through
from ui.widgets.page_parts import Empty, Footer, PageHead
from ui.widgets.plain_text import Panel, draw
from ui.widgets.scroll_bar import SlimBar

EMPTY: Final = "Everything is sent."
_EMPTY_MORE: Final = (
    "What you change while the bridge is away waits here, in order, and goes by itself once it is back."
)
_ROW: Final = int(Qt.ItemDataRole.UserRole) + 1
_NAME: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_KEYS: Final = (("Enter", "open the RO"),)
_STATES: Final = {
    "waiting": ("waits for the bridge", "soft"),
    "sent": ("sent, not answered yet", "soft"),
    "held": ("held: an edit before it needs your decision", "amber"),
    "later": ("held: the bridge must be updated first", "amber"),
}
_NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class Waiting:
    """One edit that has not been answered, in words."""

    def __init__(self, item: Mapping[str, Any], now: datetime, settings: Settings) -> None:
        self.id = str(item["id"])
        self.order_id = str(item.get("repair_order_id") or "")
        self.title = str(item.get("title") or "")
        intent = str(item.get("intent") or "")
        what = words.INTENT.get(intent, intent.replace(".", " ").replace("_", " ").capitalize())
        self.what = reconcile_words.told(what, item.get("set") or {}, now, settings)
        self.since = _since(lights.moment(item.get("made_at")), now, settings)
        self.state, self.tone = _STATES.get(str(item.get("state")), _STATES["waiting"])

    @property
    def sentence(self) -> str:
        """The whole row for a screen reader."""
        return ", ".join(part for part in (self.what, self.title, self.since, self.state) if part)


def _since(at: datetime | None, now: datetime, settings: Settings) -> str:
    """``since 9:31 · 37 min``; of the last minute only the time."""
    if at is None:
        return ""
    long = f" · {lights.ago(now - at)}" if now - at >= timedelta(minutes=1) else ""
    return f"since {lights.day_time(at, now, settings.zone)}{long}"


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Waiting] = []

    def show(self, rows: list[Waiting]) -> None:
        """Show other rows; while they are the same edits, only what is said of them changes."""
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        return {_ROW: row, _NAME: row.sentence}.get(int(role))


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._first, self._second = QFontMetrics(look.bold).height(), QFontMetrics(look.small).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._first + self._second + 15)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Waiting = index.data(_ROW)
        look, box = self._look, option.rect
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, look.colour("accent_wash" if lit else "panel"))
        painter.setPen(look.colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        number = QRect(box.left() + 14, box.top() + 7, 34, self._first)
        painter.setFont(look.small)
        painter.setPen(look.colour("faint"))
        draw(painter, number, str(index.row() + 1))
        right = max(QFontMetrics(look.small).horizontalAdvance(row.state) + 4, 60)
        inner = QRect(number.right(), box.top() + 7, box.width() - number.right() - 14, self._first)
        state = QRect(inner.right() - right, inner.top(), right, self._first)
        painter.setPen(look.colour(row.tone))
        draw(painter, state, row.state, Qt.AlignmentFlag.AlignRight)
        painter.setFont(look.bold)
        painter.setPen(look.colour("ink"))
        draw(painter, inner.adjusted(0, 0, -right - 12, 0), row.title)
        painter.setFont(look.small)
        painter.setPen(look.colour("soft"))
        second = QRect(inner.left(), inner.bottom() + 1, inner.width(), self._second)
        draw(painter, second, " · ".join(part for part in (row.what, row.since) if part))
        painter.restore()


class _List(QListView):
    """Enter or a double click opens a row; a single click never does, whatever the desktop is set to."""

    opened = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self.indexAt(event.position().toPoint()))


class OutboxPage(Panel):
    """Lists the edits the bridge has not answered, the next to go first."""

    order_wanted = Signal(str)

    def __init__(self, look: Look, now: Callable[[], datetime]) -> None:
        super().__init__(look, "bg")
        self._now = now
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Waiting to be sent")
        self.head = PageHead(look, "Waiting to be sent")
        self.empty = Empty(look, "outbox", EMPTY, _EMPTY_MORE)
        self._rows = _Rows()
        self._painter = _Painter(look)
        self.list = _List()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(self._painter)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBar(SlimBar(look))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Waiting to be sent, in order")
        see_through(self.list)
        self._foot = Footer(look, _KEYS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        column.addWidget(self._foot)
        self.list.opened.connect(self._on_opened)
        self.show_items([], {}, Settings())

    def show_items(self, items: Sequence[Mapping[str, Any]], link: Mapping[str, Any], settings: Settings) -> None:
        """Show what waits, and how the link stands in its own words; the row in hand stays."""
        now, held = self._now(), self._lit()
        self._rows.show([Waiting(item, now, settings) for item in items])
        ids = [row.id for row in self._rows.rows]
        if ids:
            self.list.setCurrentIndex(self._rows.index(ids.index(held) if held in ids else 0))
        self.head.count(len(ids))
        self.head.note.say(str(link.get("words") or ""))
        self.empty.setVisible(not ids)
        self.list.setVisible(bool(ids))
        self._foot.setVisible(bool(ids))

    def _lit(self) -> str:
        row = self.list.currentIndex().row()
        return self._rows.rows[row].id if 0 <= row < len(self._rows.rows) else ""

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        row: Waiting | None = index.data(_ROW)
        if row is not None and row.order_id:
            self.order_wanted.emit(row.order_id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list, when there is one."""
        super().focusInEvent(event)
        if self.list.isVisible():
            self.list.setFocus(event.reason())
