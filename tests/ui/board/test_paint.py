"""How a card looks: what must be seen of it whatever else is painted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from advisor_desk.domain import times
from tests.ui.board.test_model import facts
from ui.board.model import Board
from ui.board.paint import CardPainter
from ui.theme.look import Look


def painted(look: Look, board: Board, *, width: int = 220, ratio: float = 1, picked: str = "") -> QImage:
    """The first car in repair as the lane shows it, on a screen of this ratio."""
    painter, option = CardPainter(look), QStyleOptionViewItem()
    painter.picked = picked
    index = board.lanes["repair"].index(0)
    option.rect = QRect(0, 0, width, painter.sizeHint(option, index).height())  # type: ignore[attr-defined]
    image = QImage(option.rect.size() * ratio, QImage.Format.Format_RGB32)  # type: ignore[attr-defined]
    image.setDevicePixelRatio(ratio)
    image.fill(look.colour("sunk"))
    on = QPainter(image)
    painter.paint(on, option, index)
    on.end()
    return image


def across(image: QImage) -> list[QColor]:
    """The pixels of the card's left end, half way down."""
    return [image.pixelColor(x, image.height() // 2) for x in range(int(10 * image.devicePixelRatio()))]


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("ratio", [1, 1.5])
def test_the_card_in_hand_keeps_its_red_edge_inside_the_ring(
    look: Look, board: Board, now: datetime, ratio: float
) -> None:
    board.load([facts("1", now, promised_at=times.to_wire(now - timedelta(minutes=20)))])
    line = across(painted(look, board, ratio=ratio, picked="1"))
    assert line.count(look.colour("accent")) >= 1
    assert line.count(look.colour("late")) >= int(3 * ratio) - 1
    assert line.index(look.colour("accent")) < line.index(look.colour("late"))


@pytest.mark.parametrize(("spare", "shown"), [(0, True), (-1, False)])
def test_an_orders_number_stands_on_its_card_as_long_as_six_pixels_part_it_from_the_promised_time(
    look: Look, board: Board, now: datetime, spare: int, shown: bool
) -> None:
    board.load([facts("1", now)])
    card = board.cards["1"]
    bold, small = QFontMetrics(look.bold), QFontMetrics(look.small)
    words = ((bold, card.tag), (small, card.number), (bold, card.promised))
    said = sum(font.horizontalAdvance(text) for font, text in words)
    width = said + 2 * 6 + 2 * (2 + 10) + spare
    with_number = painted(look, board, width=width)
    board.load([facts("1", now, number="")])
    assert (with_number != painted(look, board, width=width)) == shown
