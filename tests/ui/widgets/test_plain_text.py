"""Words that are cut where there is no room for them."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics

from ui.theme.look import Look
from ui.widgets.plain_text import cut_before_end, cut_beginning, in_lines


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


def test_the_promised_time_is_read_however_long_the_customers_name(look: Look) -> None:
    metrics = QFontMetrics(look.small)
    said, room = "Washington-Villanueva · waits · 17:30", metrics.horizontalAdvance("Washington · waits · 17:30")
    cut = cut_beginning(metrics, said, room)
    assert cut.startswith("Wash") and cut.endswith("… · waits · 17:30")
    assert metrics.horizontalAdvance(cut) <= room
    assert cut_beginning(metrics, "Haddad · waits · 17:30", room) == "Haddad · waits · 17:30"
    assert cut_beginning(metrics, said, metrics.horizontalAdvance("waits · 17:30")) == "waits · 17:30"


def test_a_sentence_breaks_between_words_and_its_last_line_has_all_that_is_left(look: Look) -> None:
    metrics = QFontMetrics(look.small)
    said, room = "ETA passed 2 h ago, nothing received.", metrics.horizontalAdvance("ETA passed 2 h")
    assert in_lines(metrics, said, room, 2) == ["ETA passed 2 h", "ago, nothing received."]
    assert in_lines(metrics, said, room, 1) == [said]
    assert in_lines(metrics, "Short.", room, 2) == ["Short."]
