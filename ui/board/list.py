"""The dense list: every card a row, its columns declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from advisor_desk.domain.repair_order import STAGES
from ui.board.card import LIGHT_NAMES, Card
from ui.board.model import CARD, CardList
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.light_mark import paint_light
from ui.widgets.plain_text import cut_before_end, draw
from ui.widgets.scroll_bar import SlimBar

Index = QModelIndex | QPersistentModelIndex
_SORT: Final = int(Qt.ItemDataRole.UserRole) + 2
_NO_PARENT: Final = QModelIndex()


class Column(NamedTuple):
    """One column: its heading, width, what it says, how it sorts, the colour of its words, and how it gives way.

    ``share`` of the room left over goes to it; the higher ``goes``, the sooner it gives way where room is short.
    """

    title: str
    width: int
    text: Callable[[Card], str]
    sort: Callable[[Card], Any]
    role: Callable[[Card], str] = lambda card: "ink"
    bold: bool = False
    share: int = 0
    goes: int = 0


_RANK: Final = {"late": 0, "amber": 1, "grey": 2, "blue": 3, "green": 4}
COLUMNS: Final = (
    Column("Tag", 64, lambda card: card.tag, lambda card: card.tag, bold=True),
    Column("RO", 58, lambda card: card.number, lambda card: card.number, lambda card: "soft"),
    Column(
        "Promised",
        92,
        lambda card: card.promised,
        lambda card: card.order[0],
        lambda card: card.promised_tone,
        bold=True,
    ),
    Column("Customer", 150, lambda card: card.customer, lambda card: card.customer.casefold(), bold=True, share=3),
    Column(
        "Vehicle",
        150,
        lambda card: card.vehicle,
        lambda card: card.vehicle.casefold(),
        lambda card: "soft",
        share=4,
    ),
    Column("Stage", 84, lambda card: words.stage(card.stage), lambda card: _place(card.stage)),
    Column("Lights", 118, lambda card: "", lambda card: min(_RANK.get(light.tone, 9) for light in card.lights)),
    Column("In stage", 74, lambda card: card.age, lambda card: card.since, lambda card: "faint", goes=1),
    Column("Technician", 124, lambda card: card.technician, lambda card: card.technician, lambda card: "soft", goes=2),
    Column(
        "Next",
        150,
        lambda card: f"{card.next_words} {card.next_due}".strip(),
        lambda card: card.next_due or "~",
        lambda card: card.next_tone or "ink",
        share=4,
    ),
)
_LIGHTS: Final = next(number for number, column in enumerate(COLUMNS) if column.title == "Lights")


def _place(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else -1


class CardTable(QAbstractTableModel):
    """The cards of a list as a table."""

    def __init__(self, source: CardList) -> None:
        super().__init__(source)
        self._source = source
        source.dataChanged.connect(self._on_changed)
        source.rowsAboutToBeInserted.connect(self._on_inserting)
        source.rowsInserted.connect(self._on_inserted)
        source.rowsAboutToBeRemoved.connect(self._on_removing)
        source.rowsRemoved.connect(self._on_removed)
        source.modelAboutToBeReset.connect(self.beginResetModel)
        source.modelReset.connect(self.endResetModel)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """A row a card."""
        return 0 if parent.isValid() else len(self._source.cards)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """The declared columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = 0) -> Any:
        """The cell's card, words or sort value."""
        if not index.isValid() or index.row() >= len(self._source.cards):
            return None
        card, column, role = self._source.cards[index.row()], COLUMNS[index.column()], int(role)
        if role == CARD:
            return card
        if role == _SORT:
            return column.sort(card)
        if role == int(Qt.ItemDataRole.DisplayRole):
            return column.text(card)
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(light.why for light in card.lights) if index.column() == _LIGHTS else column.text(card)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and int(role) == int(Qt.ItemDataRole.DisplayRole):
            return COLUMNS[section].title
        return None

    def _on_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        self.dataChanged.emit(self.index(top.row(), 0), self.index(bottom.row(), len(COLUMNS) - 1))

    def _on_inserting(self, parent: QModelIndex, first: int, last: int) -> None:
        self.beginInsertRows(_NO_PARENT, first, last)

    def _on_inserted(self) -> None:
        self.endInsertRows()

    def _on_removing(self, parent: QModelIndex, first: int, last: int) -> None:
        self.beginRemoveRows(_NO_PARENT, first, last)

    def _on_removed(self) -> None:
        self.endRemoveRows()


class _CellPainter(QStyledItemDelegate):
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card: Card = index.data(CARD)
        look, column = self._look, COLUMNS[index.column()]
        box: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, look.colour("accent_wash" if selected else "panel"))
        if index.column() == 0 and card.edge:
            painter.fillRect(QRect(box.left(), box.top() + 1, 3, box.height() - 2), look.colour(card.edge))
        painter.setPen(look.colour("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if index.column() == _LIGHTS:
            painter.setFont(look.small_bold)
            for number, (name, light) in enumerate(zip(LIGHT_NAMES, card.lights, strict=True)):
                place = QRect(QPoint(box.left() + 8 + number * 26, box.center().y() - 7), QSize(20, 16))
                paint_light(painter, place, name, light, look)
        else:
            painter.setFont(look.bold if column.bold else look.small)
            painter.setPen(look.colour(column.role(card)))
            place = box.adjusted(8, 0, -4, 0)
            draw(painter, place, cut_before_end(painter.fontMetrics(), column.text(card), place.width()))
        painter.restore()


class _Headings(QHeaderView):
    """Headings in the look's own hand, above their cells' words."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(look.line_height + 12)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        """Paint one heading, with the way it is sorted."""
        look = self._look
        painter.save()
        painter.fillRect(rect, look.colour("sunk"))
        painter.setPen(look.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        sorted_by = self.sortIndicatorSection() == logicalIndex
        mark = ("", " ▲", " ▼")[1 + (self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder) if sorted_by else 0]
        painter.setFont(look.small_bold if sorted_by else look.small)
        painter.setPen(look.colour("ink" if sorted_by else "soft"))
        draw(painter, rect.adjusted(8, 0, -4, 0), COLUMNS[logicalIndex].title + mark)
        painter.restore()


class BoardList(QTableView):
    """The dense list's view."""

    picked = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, look: Look, source: CardList) -> None:
        super().__init__()
        self._table = CardTable(source)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._table)
        self._sorted.setSortRole(_SORT)
        self._sorted.setDynamicSortFilter(True)
        self.setModel(self._sorted)
        self.setItemDelegate(_CellPainter(look))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.sortByColumn(2, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(SlimBar(look))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.line_height + 14)
        header = _Headings(look)
        self.setHorizontalHeader(header)
        header.setSortIndicator(2, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName("Board as a list")
        self.setTabKeyNavigation(False)

    def pick(self, id: str) -> None:
        """Pick a card's row."""
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if index.data(CARD).id == id:
                if self.currentIndex().row() != row:
                    self.setCurrentIndex(index)
                self.scrollTo(index)
                return

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Tell which card is picked."""
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isSelected(index):
            self.picked.emit(index.data(CARD).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the card."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(CARD).id)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out; the least needed columns give way where it is short."""
        super().resizeEvent(event)
        room = self.viewport().width()
        shown = list(COLUMNS)
        while sum(column.width for column in shown) > room and any(column.goes for column in shown):
            shown.remove(max(shown, key=lambda column: column.goes))
        left = room - sum(column.width for column in shown)
        shares = sum(column.share for column in shown)
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, column not in shown)
            self.setColumnWidth(number, column.width + left * column.share // shares)

    def keyboardSearch(self, search: str) -> None:
        """Plain keys are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the card's menu."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_wanted.emit(index.data(CARD).id, event.globalPos())
