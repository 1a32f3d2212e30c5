"""How a card is painted: four lines, and a fifth when a promise on it is next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from ui.board.card import LIGHT_NAMES, Card
from ui.board.model import CARD
from ui.theme.look import Look
from ui.widgets.light_mark import paint_light
from ui.widgets.plain_text import cut_before_end, draw, tooltip

_GAP: Final = 6
_SIDE: Final = 10
_EDGE: Final = 3
_APART: Final = 6
"""Between two words of the first line."""
_DOT: Final = 14
"""What a pending edit's dot takes behind the number."""
_LIGHT: Final = QSize(20, 16)
_BETWEEN: Final = 4
_LEFT: Final = Qt.AlignmentFlag.AlignLeft
_RIGHT: Final = Qt.AlignmentFlag.AlignRight
Index = QModelIndex | QPersistentModelIndex


class CardPainter(QStyledItemDelegate):
    """Paints cards; ``painted`` counts them, ``picked`` is the id of the one in hand.

    Told rather than read from the option's state: QStyle alone would cost the first paint 8 ms.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.painted = 0
        self.picked = ""
        self._line = look.line_height
        self._bold = QFontMetrics(look.bold)
        self._small = QFontMetrics(look.small)
        self._short = _GAP + 8 + self._line * 3 + 6 + _LIGHT.height() + 8
        self._long = self._short + self._line + 8

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its lines."""
        card: Card | None = index.data(CARD)
        return QSize(120, self._long if card is not None and card.next_words else self._short)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one card."""
        card: Card | None = index.data(CARD)
        if card is None:
            return
        self.painted += 1
        selected = card.id == self.picked
        box: QRect = option.rect.adjusted(2, 0, -2, -_GAP)
        painter.save()
        self._frame(painter, box, card.edge, selected)
        inner = box.adjusted(_SIDE, 7, -_SIDE, -4)
        self._head(painter, QRect(inner.left(), inner.top(), inner.width(), self._line), card)
        painter.setFont(self._look.bold)
        painter.setPen(self._look.colour("ink"))
        draw(painter, QRect(inner.left(), inner.top() + self._line, inner.width(), self._line), card.customer)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("soft"))
        vehicle = cut_before_end(self._small, card.vehicle, inner.width())
        draw(painter, QRect(inner.left(), inner.top() + 2 * self._line, inner.width(), self._line), vehicle)
        self._lights(painter, inner, card)
        if card.next_words:
            self._next(painter, inner, card)
        painter.restore()

    def _frame(self, painter: QPainter, box: QRect, edge: str, selected: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(self._look.colour("panel"))
        painter.setPen(self._look.colour("accent" if selected else "line"))
        painter.drawRoundedRect(shape, 6, 6)
        if selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), 5, 5)
        if edge:
            ring = 2 if selected else 0
            within = QRectF(box).adjusted(ring, ring, -ring, -ring)
            path = QPainterPath()
            path.addRoundedRect(within, 6 - ring, 6 - ring)
            painter.setClipPath(path)
            painter.fillRect(QRectF(within.topLeft(), QSizeF(_EDGE, within.height())), self._look.colour(edge))
            painter.setClipping(False)

    def _head(self, painter: QPainter, line: QRect, card: Card) -> None:
        painter.setFont(self._look.bold)
        right = self._bold.horizontalAdvance(card.promised)
        painter.setPen(self._look.colour(card.promised_tone))
        draw(painter, QRect(line.right() - right - 2, line.top(), right + 3, line.height()), card.promised, _RIGHT)
        painter.setPen(self._look.colour("ink"))
        room = line.width() - right - _APART
        tag = self._bold.elidedText(card.tag, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, tag)
        used = self._bold.horizontalAdvance(tag) + (_APART if tag else 0)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("faint"))
        # Half a number is no number: it is shown whole or not at all.
        room -= used + (_DOT if card.pending else 0)
        number = card.number if self._small.horizontalAdvance(card.number) <= room else ""
        painter.drawText(line.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, number)
        if card.pending:
            used += self._small.horizontalAdvance(number) + 8
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("amber"))
            painter.drawEllipse(QPoint(line.left() + used, line.center().y() + 1), 3, 3)

    def _light_box(self, inner: QRect, number: int) -> QRect:
        top = inner.top() + 3 * self._line + 5
        return QRect(QPoint(inner.left() + number * (_LIGHT.width() + _BETWEEN), top), _LIGHT)

    def _lights(self, painter: QPainter, inner: QRect, card: Card) -> None:
        painter.setFont(self._look.small_bold)
        for number, (name, light) in enumerate(zip(LIGHT_NAMES, card.lights, strict=True)):
            paint_light(painter, self._light_box(inner, number), name, light, self._look)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("faint"))
        left = self._light_box(inner, 4).left()
        place = QRect(left, self._light_box(inner, 0).top(), inner.right() - left + 1, _LIGHT.height())
        fits = self._small.horizontalAdvance(card.age) <= place.width()
        draw(painter, place, card.age if fits else card.age.replace(" min", " m").replace(" h ", ":"), _RIGHT)

    def _next(self, painter: QPainter, inner: QRect, card: Card) -> None:
        top = self._light_box(inner, 0).bottom() + 6
        painter.setPen(self._look.colour("line"))
        painter.drawLine(inner.left(), top, inner.right(), top)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour(card.next_tone))
        right = self._small.horizontalAdvance(card.next_due) + 4
        line = QRect(inner.left(), top + 3, inner.width(), self._line)
        draw(painter, line.adjusted(0, 0, -right - 4, 0), card.next_words)
        draw(painter, QRect(line.right() - right, line.top(), right + 1, line.height()), card.next_due, _RIGHT)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Say why a light is as it is, when the mouse rests on it."""
        card: Card | None = index.data(CARD)
        if card is None:
            return False
        box: QRect = option.rect.adjusted(2, 0, -2, -_GAP)
        inner = box.adjusted(_SIDE, 7, -_SIDE, -4)
        for number, light in enumerate(card.lights):
            if self._light_box(inner, number).adjusted(-3, -3, 3, 3).contains(event.pos()):
                QToolTip.showText(event.globalPos(), tooltip(light.why), view)
                return True
        more = [card.technician, f"on hold: {card.hold}" if card.hold else "", f"spot {card.spot}" if card.spot else ""]
        words = "\n".join([card.customer, *(part for part in more if part)])
        QToolTip.showText(event.globalPos(), tooltip(words), view)
        return True
