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
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
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


def _nothing(card: Card) -> str:
    return ""


class Column(NamedTuple):
    """One column: its heading, what it says, how it sorts, the colour of its words, and how it shares the room.

    It is as wide as its heading and the ``longest`` it usually says. ``share`` of the room left over goes to it; where
    room is short, the higher ``goes``, the sooner it is left out, and the one that ``gives`` is cut.
    """

    title: str
    longest: str
    text: Callable[[Card], str]
    sort: Callable[[Card], Any]
    role: Callable[[Card], str] = lambda card: "ink"
    aside: Callable[[Card], str] = _nothing
    """What stands at its right end and is never cut."""
    bold: bool = False
    share: int = 0
    goes: int = 0
    gives: bool = False

    def width(self, look: Look) -> int:
        """The room it asks for."""
        if self.title == "Lights":
            return _PAD + len(LIGHT_NAMES) * _PITCH
        said = QFontMetrics(look.bold if self.bold else look.small).horizontalAdvance(self.longest)
        return _PAD + max(said, QFontMetrics(look.small_bold).horizontalAdvance(f"{self.title} ▲")) + _ROUNDED


_PAD: Final = 8
"""Before what a column says; nothing stands behind it."""
_ROUNDED: Final = 1
"""What a font's measure may lack between two pixels."""
_PITCH: Final = 24
"""From one light to the next."""
_RANK: Final = {"late": 0, "amber": 1, "grey": 2, "blue": 3, "green": 4}
COLUMNS: Final = (
    Column("Tag", "T-1000", lambda card: card.tag, lambda card: card.tag, bold=True),
    Column("RO", "480000", lambda card: card.number, lambda card: card.number, lambda card: "soft"),
    Column(
        "Promised",
        "Wed 12:00",
        lambda card: card.promised,
        lambda card: card.order[0],
        lambda card: card.promised_tone,
        bold=True,
        share=1,
    ),
    Column(
        "Customer",
        "Espinoza, Minh-Anh",
        lambda card: card.customer,
        lambda card: card.customer.casefold(),
        bold=True,
        share=3,
    ),
    Column(
        "Vehicle",
        "2024 Silverado · shuttle",
        lambda card: card.vehicle,
        lambda card: card.vehicle.casefold(),
        lambda card: "soft",
        share=3,
        gives=True,
    ),
    Column("Stage", "Diagnosis", lambda card: words.stage(card.stage), lambda card: _place(card.stage)),
    Column("Lights", "", _nothing, lambda card: min(_RANK.get(light.tone, 9) for light in card.lights)),
    Column("In stage", "10 h 40", lambda card: card.age, lambda card: card.since, lambda card: "faint", goes=1),
    Column(
        "Technician",
        "Hugo Marin",
        lambda card: card.technician,
        lambda card: card.technician,
        lambda card: "soft",
        share=1,
        goes=2,
    ),
    Column(
        "Next",
        "Tell: car is ready · 13:57",
        lambda card: card.next_words,
        lambda card: card.next_due or "~",
        lambda card: card.next_tone or "ink",
        lambda card: card.next_due,
        share=6,
        gives=True,
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
        said = f"{column.text(card)} {column.aside(card)}".strip()
        if role == int(Qt.ItemDataRole.DisplayRole):
            return said
        if role == int(Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(light.why for light in card.lights) if index.column() == _LIGHTS else said
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
                place = QRect(QPoint(box.left() + _PAD + number * _PITCH, box.center().y() - 7), QSize(20, 16))
                paint_light(painter, place, name, light, look)
        else:
            painter.setFont(look.bold if column.bold else look.small)
            painter.setPen(look.colour(column.role(card)))
            place, metrics = box.adjusted(_PAD, 0, 0, 0), painter.fontMetrics()
            if aside := column.aside(card):
                place.setRight(place.right() - 4)
                draw(painter, place, aside, Qt.AlignmentFlag.AlignRight)
                place.setRight(place.right() - metrics.horizontalAdvance(aside) - _PAD)
            draw(painter, place, cut_before_end(metrics, column.text(card), place.width() - _ROUNDED))
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
        draw(painter, rect.adjusted(_PAD, 0, 0, 0), COLUMNS[logicalIndex].title + mark)
        painter.restore()


class BoardList(QTableView):
    """The dense list's view."""

    picked = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, look: Look, source: CardList) -> None:
        super().__init__()
        self._widths = {column: column.width(look) for column in COLUMNS}
        self._source = source
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
        header.setStretchLastSection(True)
        header.setSortIndicator(2, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName("Board as a list")
        self.setTabKeyNavigation(False)

    def pick(self, id: str) -> None:
        """Pick a card's row and bring it into sight."""
        self.keep(id)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def keep(self, id: str) -> None:
        """Light a card's row again where rows came or went; what is in sight stays in sight."""
        row = self._source.row_of(id)
        if row is None:
            self.clearSelection()
            return
        index = self._sorted.mapFromSource(self._table.index(row, 0))
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Put down a card that goes: Qt would pick its neighbour, which nobody asked for."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

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
        shown = dict(self._widths)
        while sum(shown.values()) > room and any(column.goes for column in shown):
            del shown[max(shown, key=lambda column: column.goes)]
        left = room - sum(shown.values())
        shares = {column: column.share if left > 0 else int(column.gives) for column in shown}
        for number, column in enumerate(COLUMNS):
            self.setColumnHidden(number, column not in shown)
            if column in shown:
                self.setColumnWidth(number, shown[column] + left * shares[column] // sum(shares.values()))

    def keyboardSearch(self, search: str) -> None:
        """Plain keys are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the card's menu."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_wanted.emit(index.data(CARD).id, event.globalPos())
