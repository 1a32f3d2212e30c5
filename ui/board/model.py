"""The board's cards, lane by lane, kept in step by differences: never reset by a sync."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from advisor_desk.domain.board import Owed
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.repair_order import LANES
from ui.board import card as cards
from ui.board.card import Card

CARD: Final = int(Qt.ItemDataRole.UserRole) + 1
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_NO_PARENT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class CardList(QAbstractListModel):
    """Some cards in order, one column: a lane, or the dense list's whole board."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []

    def put(self, card: Card) -> None:
        """Add a card, or show another state of it; it moves when its place in the order has changed."""
        row = self.row_of(card.id)
        if row is not None:
            before = self.cards[row]
            if before == card:
                return
            if before.order == card.order:
                self.cards[row] = card
                index = self.index(row)
                self.dataChanged.emit(index, index)
                return
            self.take(card.id)
        place = len(self.cards)
        for number, other in enumerate(self.cards):
            if (card.order, card.id) < (other.order, other.id):
                place = number
                break
        self.beginInsertRows(_NO_PARENT, place, place)
        self.cards.insert(place, card)
        self.endInsertRows()

    def take(self, id: str) -> None:
        """Remove a card."""
        row = self.row_of(id)
        if row is not None:
            self.beginRemoveRows(_NO_PARENT, row, row)
            del self.cards[row]
            self.endRemoveRows()

    def show(self, some: Iterable[Card]) -> None:
        """Show other cards altogether: the advisor's own filter, not a sync."""
        self.beginResetModel()
        self.cards = sorted(some, key=lambda card: (card.order, card.id))
        self.endResetModel()

    def row_of(self, id: str) -> int | None:
        """The row a card stands in."""
        return next((row for row, card in enumerate(self.cards) if card.id == id), None)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many cards."""
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = 0) -> Any:
        """The card, or its sentence for a screen reader."""
        if not index.isValid() or index.row() >= len(self.cards):
            return None
        role = int(role)
        if role == CARD:
            return self.cards[index.row()]
        if role == _ACCESSIBLE:
            return self.cards[index.row()].sentence
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A card can be picked and dragged to another lane."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled


class Board(QObject):
    """All open repair orders as cards; lanes and list show those that pass the filter."""

    counted = Signal()

    def __init__(
        self, settings: Settings, now: Callable[[], datetime], owes: Callable[[Owed], bool] = lambda owed: True
    ) -> None:
        super().__init__()
        self.settings = settings
        self._now = now
        self._owes = owes
        self.facts: dict[str, dict[str, Any]] = {}
        self.total = 0
        self.cards: dict[str, Card] = {}
        self.lanes = {stage: CardList(self) for stage in LANES}
        self.all = CardList(self)
        self._passes: Callable[[Card], bool] = lambda card: True

    def load(self, rows: Sequence[dict[str, Any]], total: int | None = None) -> None:
        """Show a board at the start; ``total`` says how many cars there are when only some of them are given."""
        self.total = len(rows) if total is None else total
        self.facts = {str(row["id"]): row for row in rows}
        self.cards = self._made(self.facts)
        self._show()

    def replace(self, rows: Sequence[dict[str, Any]]) -> None:
        """Show a whole board by its differences from what is shown: selection and scrolling stay."""
        fresh = {str(row["id"]): row for row in rows}
        self.total = len(fresh)
        changed = {id: row for id, row in fresh.items() if self.facts.get(id) != row}
        self.update(changed, [id for id in self.facts if id not in fresh])

    def update(self, rows: dict[str, dict[str, Any]], gone: Iterable[str]) -> None:
        """Take changed rows, and those that are no longer open."""
        for id in gone:
            if self.facts.pop(id, None) is not None:
                self.total -= 1
                self._remove(self.cards.pop(id))
        self.total += len(rows.keys() - self.facts.keys())
        self.facts |= rows
        for card in self._made(rows).values():
            self._put(card)
        self.counted.emit()

    def tick(self) -> None:
        """Time has passed: repaint what it has changed."""
        for id, card in self._made(self.facts).items():
            if card != self.cards[id]:
                self._put(card)
        self.counted.emit()

    def filter(self, passes: Callable[[Card], bool]) -> None:
        """Show only cards that pass."""
        self._passes = passes
        self._show()

    def lane_of(self, card: Card) -> CardList:
        """The lane a card belongs in; a stage nobody knows here stands with the write-ups, where it is seen first."""
        return self.lanes.get(card.stage, self.lanes[LANES[0]])

    def _made(self, rows: Mapping[str, dict[str, Any]]) -> dict[str, Card]:
        now = self._now()
        return {id: cards.make(row, now, self.settings, self._owes) for id, row in rows.items()}

    def _show(self) -> None:
        by_lane: dict[int, list[Card]] = {}
        passed = [card for card in self.cards.values() if self._passes(card)]
        for card in passed:
            by_lane.setdefault(id(self.lane_of(card)), []).append(card)
        for lane in self.lanes.values():
            lane.show(by_lane.get(id(lane), ()))
        self.all.show(passed)
        self.counted.emit()

    def _put(self, card: Card) -> None:
        before = self.cards.get(card.id)
        self.cards[card.id] = card
        if before is not None and (self.lane_of(before) is not self.lane_of(card) or not self._passes(card)):
            self._remove(before)
        if self._passes(card):
            self.lane_of(card).put(card)
            self.all.put(card)

    def _remove(self, card: Card) -> None:
        self.lane_of(card).take(card.id)
        self.all.take(card.id)
