"""I owe next: the promises due first, each with the one press that keeps it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy

from advisor_desk.domain import board, lights
from advisor_desk.domain.board import Owed
from advisor_desk.domain.lights import Settings
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.plain_text import Panel, PlainLabel, draw, tooltip

MOST: Final = 5
_NARROWEST: Final = 168
_SOON: Final = timedelta(minutes=15)
_RULE: Final = {
    "tell_ready": "15 min rule",
    "get_approval": "estimate sent",
    "tell_eta": "ETA moved",
    "tell_arrival": "part arrived",
    "update_customer": "update due",
}


class Item(NamedTuple):
    """One tile: what is owed, on which car, and how soon."""

    owed: Owed
    detail: str
    due: str
    tone: str


def first_due(
    facts: Sequence[Mapping[str, Any]],
    settings: Settings,
    now: datetime,
    others: Iterable[Mapping[str, Any]] = (),
    *,
    owes: Callable[[Owed], bool] = lambda owed: True,
) -> list[Item]:
    """What is owed first, soonest first: one thing for each repair order, and promises to those without a car here.

    ``owes`` says of what stands on a car whether it is theirs to do who looks.
    """
    owed: list[tuple[Owed, Mapping[str, Any]]] = []
    for row in facts:
        if first := next(filter(owes, board.owed(row, settings, now)), None):
            owed.append((first, row))
    on_board = {row.get("id") for row in facts}
    elsewhere = (row for row in others if row.get("repair_order_id") not in on_board)
    waiting = ((at, row) for row in elsewhere if (at := lights.moment(row.get("due_at"))))
    # Of the thousands that a department may owe, only those that could be shown are looked at any closer.
    soonest = heapq.nsmallest(MOST, waiting, key=itemgetter(0))
    owed += [(item, row) for _, row in soonest if (item := board.of_promise(row))]
    owed.sort(key=lambda pair: pair[0].due_at)
    return [_item(item, row, now) for item, row in owed[:MOST]]


def _item(owed: Owed, row: Mapping[str, Any], now: datetime) -> Item:
    car = str(row.get("tag") or "") or (f"RO {row['number']}" if row.get("number") else "")
    detail = " · ".join(part for part in (car, _RULE.get(owed.rule, "")) if part)
    tone = "late" if owed.due_at < now else "amber" if owed.due_at - now <= _SOON else ""
    return Item(owed, detail, words.until(owed.due_at, now), tone)


_DEEDS: Final = {"k": "keep", "m": "promise.move", "h": "promise.offer"}


def _deed(event: QKeyEvent) -> str:
    return "" if event.modifiers() else _DEEDS.get(event.text().lower(), "")


class _Tile(QAbstractButton):
    deed = Signal(str, object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.item: Item | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_item(self, item: Item) -> None:
        if item != self.item:
            self.item = item
            said = f"{item.owed.title}, {item.detail}, {item.due}"
            self.setAccessibleName(said)
            self.setToolTip(tooltip(said))
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _deed(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = _deed(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif deed and self.item is not None and self.item.owed.id:
            self.deed.emit(deed, self.item.owed)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(_NARROWEST, 2 * self._look.line_height + 15)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.item is None:
            return
        look, painter, item = self._look, QPainter(self), self.item
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        late = item.tone == "late"
        painter.setPen(look.colour("accent" if self.hasFocus() else "late" if late else "line"))
        painter.setBrush(look.colour("late_wash" if late else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = self.rect().adjusted(10, 6, -10, -6)
        first = QRect(inner.left(), inner.top(), inner.width(), look.line_height)
        second = first.translated(0, look.line_height + 2)
        painter.setFont(look.small_bold)
        painter.setPen(look.colour("ink"))
        draw(painter, first, item.owed.title)
        due = painter.fontMetrics().horizontalAdvance(item.due) + 2
        painter.setPen(look.colour(item.tone or "soft"))
        draw(
            painter,
            QRect(second.right() - due, second.top(), due + 1, second.height()),
            item.due,
            Qt.AlignmentFlag.AlignRight,
        )
        painter.setFont(look.small)
        painter.setPen(look.colour("ink" if late else "soft"))
        place = second.adjusted(0, 0, -due - 8, 0)
        # Cut off in the middle the rule says nothing; the car alone still does.
        fits = painter.fontMetrics().horizontalAdvance(item.detail) <= place.width()
        draw(painter, place, item.detail if fits else item.detail.partition(" · ")[0])
        painter.end()


class PromiseStrip(Panel):
    """The foot of the board."""

    chosen = Signal(str, object)
    """``keep``, or a command, and what is owed."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "panel", "top")
        self.setMinimumWidth(2 * _NARROWEST)  # said here, so that the tiles do not say it for the window
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        title = PlainLabel(look, "I owe next", "soft", look.small_bold)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(title)
        self._none = PlainLabel(look, "", "faint", look.small)
        row.addWidget(self._none, 1)
        self.tiles = [_Tile(look) for _ in range(MOST)]
        for tile in self.tiles:
            tile.clicked.connect(self._on_clicked)
            tile.deed.connect(self.chosen)
            row.addWidget(tile, 1)
        row.addStretch()  # with nothing to show the title keeps to the left
        self._items: list[Item] = []
        self._has_cars = False
        self.setAccessibleName("I owe next")
        look.changed.connect(self.update)

    def show_items(self, items: list[Item], has_cars: bool = True) -> None:
        """Show these, as many as there is room for; without any car there is nobody to have been told."""
        self._items, self._has_cars = items, has_cars
        room = max(1, (self.width() - 110) // (_NARROWEST + 8))
        self._none.say("Nothing is due from you." if has_cars else "Nothing is due.")
        self._none.setVisible(not items)
        for number, tile in enumerate(self.tiles):
            tile.setVisible(number < min(len(items), room))
            if number < len(items):
                tile.show_item(items[number])

    def focus_first(self) -> None:
        """Give the keyboard to the promise due first."""
        if self._items:
            self.tiles[0].setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room: more or fewer tiles."""
        super().resizeEvent(event)
        self.show_items(self._items, self._has_cars)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, _Tile) and sender.item is not None:
            self.chosen.emit("keep", sender.item.owed)
