"""Words that are cut where there is no room for them."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from ui.theme.look import Look
from ui.widgets.plain_text import cut_before_end


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
