"""Words that are cut where there is no room for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.plain_text import PlainLabel, cut_before_end, cut_beginning, cut_end, draw, fits, in_lines


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
    said, room = "ETA passed 2 h ago, nothing received.", metrics.horizontalAdvance("ETA passed 2 h") + 1
    assert in_lines(metrics, said, room, 2) == ["ETA passed 2 h", "ago, nothing received."]
    assert in_lines(metrics, said, room, 1) == [said]
    assert in_lines(metrics, "Short.", room, 2) == ["Short."]


def test_a_line_that_was_found_to_fit_is_not_cut_when_it_is_drawn(look: Look) -> None:
    metrics, said = QFontMetrics(look.small), "Supplier keeps 3 of 10 dates, else usually 2 days late"
    for room in range(40, 400):
        first, *_ = in_lines(metrics, said, room, 2)
        assert fits(metrics, first, room) or " " not in first


def test_a_suppliers_name_stands_whole_beside_the_day_of_the_order_or_not_at_all(look: Look) -> None:
    metrics, said = QFontMetrics(look.small), "stock order · Wed 25 · Regional parts hub"
    width = metrics.horizontalAdvance
    assert cut_end(metrics, said, width("stock order · Wed 25") + 6) == "stock order · Wed 25"
    assert cut_end(metrics, said, width("stock order · Wed 25 · Regional")) == "stock order · Wed 25"
    assert cut_end(metrics, said, width(said) + 1) == said
    assert cut_end(metrics, "Regional parts hub", width("Regional")) == "Regional parts hub"


def test_an_e_mail_goes_to_the_next_line_whole_and_is_said_as_it_is_written(look: Look, qtbot: QtBot) -> None:
    room = QFontMetrics(look.font).horizontalAdvance("Ask for the e-") + 1

    def wrapped(text: str) -> PlainLabel:
        made = PlainLabel(look, text, wrap=True)
        qtbot.addWidget(made)
        made.resize(room, made.heightForWidth(room))
        return made

    label = wrapped("Ask for the e-mail address")
    assert label.text() == label.accessibleName() == "Ask for the e-mail address"
    assert label.grab().toImage() == wrapped("Ask for the\ne-mail\naddress").grab().toImage()
