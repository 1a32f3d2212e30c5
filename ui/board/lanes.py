"""The lanes: a column a stage; empty ones fold to a slim column, quiet ones too where room is short.

A lane with late cars folds last, and folded says how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from advisor_desk.domain.repair_order import LANES
from ui.board.model import CARD, Board, CardList
from ui.board.paint import CardPainter
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.scroll_bar import SlimBar

_MIME = "application/x-advisor-desk-repair-order"
_FOLDED = 30
_WIDEST = 330
_NARROWEST = 172
_PRESSING: Final = {"late": "late", "amber": "soon"}
"""The edges of cards that need someone, worst first, and what a folded lane calls them."""
Index = QModelIndex | QPersistentModelIndex


class Lane(QListView):
    """One stage's cards."""

    dropped = Signal(str, str)
    picked = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)
    sideways = Signal(int)

    def __init__(self, look: Look, stage: str, model: CardList, painter: CardPainter) -> None:
        super().__init__()
        self.stage = stage
        self.list = model
        self.setModel(model)
        self.setItemDelegate(painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBar(SlimBar(look))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setAccessibleName(f"{words.STAGE[stage]} lane")
        self.viewport().setAutoFillBackground(False)
        self._heights: dict[str, bool] = {}

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:
        """Repaint the cards that changed; lay the lane out again only when one has changed its height.

        Qt's own would lay the whole view out each time: 14 to 33 times dearer.
        """
        grown = False
        for row in range(top.row(), bottom.row() + 1):
            index = self.list.index(row)
            card = index.data(CARD)
            tall = bool(card.next_words)
            grown = grown or self._heights.get(card.id, tall) != tall
            self._heights[card.id] = tall
            self.update(index)
        if grown:
            self.scheduleDelayedItemsLayout()

    def selectionChanged(self, selected: object, deselected: object) -> None:
        """Tell which card is picked."""
        super().selectionChanged(selected, deselected)  # type: ignore[arg-type]
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isSelected(index):
            self.picked.emit(index.data(CARD).id)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Put down a card that goes: Qt would pick its neighbour, which nobody asked for."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

    def pick(self, id: str) -> bool:
        """Pick a card by its id."""
        row = self.list.row_of(id)
        if row is None:
            self.clearSelection()
            return False
        index = self.list.index(row)
        if self.currentIndex() != index or not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to the next lane; Enter opens the card."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.sideways.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(CARD).id)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Plain keys are commands here, not a search."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the card's menu."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(index.data(CARD).id, event.globalPos())

    def mimeData(self, indexes: object) -> QMimeData:
        """What is dragged: the card's id."""
        data = QMimeData()
        data.setData(_MIME, QByteArray(self.currentIndex().data(CARD).id.encode()))
        return data

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the picked card."""
        from PySide6.QtGui import QDrag

        index = self.currentIndex()
        if index.isValid():
            drag = QDrag(self)
            drag.setMimeData(self.mimeData([index]))
            drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take cards, nothing else."""
        if event.mimeData().hasFormat(_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """A card may be dropped anywhere in the lane."""
        if event.mimeData().hasFormat(_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A card was dropped here: it is asked to move."""
        if event.mimeData().hasFormat(_MIME):
            self.dropped.emit(bytes(event.mimeData().data(_MIME).data()).decode(), self.stage)
            event.acceptProposedAction()


class Column(QWidget):
    """A lane with its heading, or folded to a slim strip that says its name and count."""

    toggled = Signal()

    def __init__(self, look: Look, lane: Lane) -> None:
        super().__init__()
        self._look = look
        self.lane = lane
        self.folded = False
        self._said: tuple[object, ...] = ()
        self.forced: bool | None = None
        """What the person chose for this lane; None leaves it to the room there is."""
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 32, 4, 4)
        column.addWidget(lane)
        self.setAccessibleName(words.STAGE[lane.stage])

    @property
    def count(self) -> int:
        """Cards in the lane."""
        return len(self.lane.list.cards)

    def edged(self, tone: str) -> int:
        """Cards in the lane with such an edge."""
        return sum(card.edge == tone for card in self.lane.list.cards)

    @property
    def quiet(self) -> int:
        """How little the lane needs someone: 0 while a car in it is late, 1 while one soon is, else 2."""
        return next((rank for rank, tone in enumerate(_PRESSING) if self.edged(tone)), len(_PRESSING))

    @property
    def pressing(self) -> tuple[str, str]:
        """What a folded lane says of its cars that are late, else of those that soon are, and in which tone."""
        tone = next((tone for tone in _PRESSING if self.edged(tone)), "")
        return (f"{self.edged(tone)} {_PRESSING[tone]}", tone) if tone else ("", "")

    def show_count(self) -> None:
        """Say how many cards there are, and folded how many are late, when that is something else than before."""
        says = (self.count, self.pressing)
        if says != self._said:
            self._said = says
            self.setAccessibleDescription(self.pressing[0])
            self.update() if self.folded else self.update(0, 0, self.width(), 32)

    def fold(self, folded: bool) -> None:
        """Fold or unfold."""
        self.folded = folded
        self.lane.setVisible(not folded)
        self.setToolTip("Click to unfold" if folded else "")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the heading folds or unfolds."""
        if self.folded or event.position().y() < 32:
            self.forced = not self.folded
            self.toggled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the heading and the count."""
        del event
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("line"))
        painter.setBrush(look.colour("sunk"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(look.small_bold)
        painter.setPen(look.colour("soft"))
        name = words.STAGE[self.lane.stage]
        if self.folded:
            painter.translate(self.width() / 2 + 5, 14)
            painter.rotate(90)
            said = f"{name} · {self.count}"
            painter.drawText(0, 10, said)
            self._press(painter, painter.fontMetrics().horizontalAdvance(said) + 10)
        else:
            painter.drawText(self.rect().adjusted(12, 9, -12, 0), Qt.AlignmentFlag.AlignLeft, name)
            painter.setFont(look.small)
            painter.setPen(look.colour("faint"))
            painter.drawText(self.rect().adjusted(12, 9, -12, 0), Qt.AlignmentFlag.AlignRight, str(self.count))
        painter.end()

    def _press(self, painter: QPainter, left: int) -> None:
        """Say how many are late on a tint of theirs, further down the folded strip."""
        said, tone = self.pressing
        if said:
            place = QRect(left, -4, painter.fontMetrics().horizontalAdvance(said) + 14, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.wash(tone))
            painter.drawRoundedRect(place, 6, 6)
            painter.setPen(self._look.colour(tone))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, said)

    def sizeHint(self) -> QSize:
        """As the lanes' view lays it out."""
        return QSize(_FOLDED if self.folded else _NARROWEST, 200)


class Lanes(QWidget):
    """All lanes side by side."""

    picked = Signal(str)
    opened = Signal(str)
    moved = Signal(str, str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, look: Look, board: Board, painter: CardPainter) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._row = row
        self.columns: list[Column] = []
        self._painter = painter
        self._folded: set[Column] | None = None
        for stage in LANES:
            lane = Lane(look, stage, board.lanes[stage], painter)
            lane.picked.connect(self._on_picked)
            lane.opened.connect(self.opened)
            lane.dropped.connect(self.moved)
            lane.menu_wanted.connect(self.menu_wanted)
            lane.sideways.connect(self._on_sideways)
            column = Column(look, lane)
            column.toggled.connect(self.arrange)
            self.columns.append(column)
            row.addWidget(column)
        board.counted.connect(self._on_counted)

    def arrange(self) -> None:
        """Fold what is empty, and the quietest lanes while the rest would be too narrow; late cars keep theirs open."""
        width = max(self.width(), 400)
        folded = {
            column for column in self.columns if (column.forced if column.forced is not None else column.count == 0)
        }
        quiet = sorted(
            (c for c in self.columns if c not in folded and c.forced is None),
            key=lambda c: (-c.quiet, c.count, LANES.index(c.lane.stage)),
        )
        holding = next((c for c in self.columns if c.lane.list.row_of(self.current) is not None), None)
        while quiet and (width - len(folded) * (_FOLDED + 8)) / max(8 - len(folded), 1) < _NARROWEST + 8:
            least = quiet.pop(0)
            if least is not holding:
                folded.add(least)
        if folded != self._folded:
            self._folded = folded
            self._fold()
        for column in self.columns:
            column.show_count()

    def _fold(self) -> None:
        for column in self.columns:
            is_folded = self._folded is not None and column in self._folded
            column.fold(is_folded)
            column.setMinimumWidth(_FOLDED if is_folded else min(_NARROWEST, 120))
            column.setMaximumWidth(_FOLDED if is_folded else _WIDEST)
            self._row.setStretchFactor(column, 0 if is_folded else 1)

    @Slot()
    def _on_counted(self) -> None:
        """Cards came, went or moved: fold anew, and stay with the one in hand wherever it stands now."""
        self.arrange()
        focused = any(column.lane.hasFocus() for column in self.columns)
        for column in self.columns:
            row = column.lane.list.row_of(self.current)
            if row is not None and column.lane.currentIndex().row() != row:
                column.lane.pick(self.current)
                if focused:
                    column.lane.setFocus()

    def chosen_folds(self) -> dict[str, bool]:
        """The lanes a person has folded or unfolded, by stage."""
        return {column.lane.stage: column.forced for column in self.columns if column.forced is not None}

    def restore(self, folds: dict[str, bool]) -> None:
        """Fold and unfold as a person chose before."""
        for column in self.columns:
            chosen = folds.get(column.lane.stage)
            column.forced = chosen if isinstance(chosen, bool) else None

    @property
    def current(self) -> str:
        """The card in hand; empty for none."""
        return self._painter.picked

    def pick(self, id: str) -> None:
        """Pick a card wherever it stands."""
        self._painter.picked = id
        for column in self.columns:
            if column.lane.pick(id) and column.folded:
                column.forced = False
                self.arrange()

    def focus_current(self) -> None:
        """Give the keyboard to the lane of the picked card."""
        for column in self.columns:
            if column.lane.list.row_of(self.current) is not None:
                column.lane.setFocus()
                return
        for column in self.columns:
            if column.count and not column.folded:
                column.lane.setFocus()
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room: fold anew."""
        super().resizeEvent(event)
        self.arrange()

    def _on_picked(self, id: str) -> None:
        self._painter.picked = id
        for column in self.columns:
            if column.lane.list.row_of(id) is None:
                column.lane.clearSelection()
        self.picked.emit(id)

    def _on_sideways(self, step: int) -> None:
        here = next((number for number, column in enumerate(self.columns) if column.lane is self.sender()), 0)
        number = here + step
        while 0 <= number < len(self.columns):
            column = self.columns[number]
            if column.count and not column.folded:
                row = min(max(self.columns[here].lane.currentIndex().row(), 0), column.count - 1)
                column.lane.setFocus()
                column.lane.setCurrentIndex(column.lane.list.index(row))
                return
            number += step
