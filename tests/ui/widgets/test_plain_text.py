"""Words that are cut where there is no room for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage, QPainter

from ui.theme.look import Look
from ui.widgets.plain_text import cut_before_end, draw


def test_how_the_customer_waits_is_read_however_long_the_cars_name(look: Look) -> None:
    metrics = QFontMetrics(look.small)
    car = "2024 Tundra Limited · waiter"
    cut = cut_before_end(metrics, car, metrics.horizontalAdvance("2024 Tundra · waiter"))
    assert cut.startswith("2024 T") and cut.endswith("… · waiter")
    assert metrics.horizontalAdvance(cut) <= metrics.horizontalAdvance("2024 Tundra · waiter")
    assert cut_before_end(metrics, car, metrics.horizontalAdvance(car)) == car


def test_what_has_no_end_to_keep_is_left_to_be_cut_as_it_is(look: Look) -> None:
    metrics = QFontMetrics(look.small)
    assert cut_before_end(metrics, "2024 Tundra Limited", 40) == "2024 Tundra Limited"
    assert cut_before_end(metrics, "2024 Tundra · waiter", 20) == "2024 Tundra · waiter"


def drawn(look: Look, text: str, width: int) -> QImage:
    """The first so many pixels of a line."""
    picture = QImage(400, 30, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFF)
    painter = QPainter(picture)
    painter.setFont(look.font)
    draw(painter, picture.rect(), text)
    painter.end()
    return picture.copy(QRect(0, 0, width, 30))


@pytest.mark.parametrize("name", ["שרה כהן", "محمد عبد الرحمن"])
@pytest.mark.parametrize("rest", ["waits · 14:30", "50707 2"])
def test_a_hebrew_or_arabic_name_stays_before_what_is_said_of_its_car(look: Look, name: str, rest: str) -> None:
    width = QFontMetrics(look.font).horizontalAdvance(name)
    assert drawn(look, f"{name} · {rest}", width) == drawn(look, name, width)
