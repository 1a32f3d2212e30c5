"""The story as a list: plain words, copied, unfolded, kept in place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ui.contact.entries import Entry
from ui.contact.story import Story, StoryList
from ui.contact.story_paint import StoryPainter
from ui.theme.look import Look


def entry(id: str, words: str = "Called.", **fields: str) -> Entry:
    """An entry of today."""
    return Entry(id, words, **{"clock": "9:38", "icon": "call", "day": "Today", **fields})  # type: ignore[arg-type]


DAY = Entry("day", "Today")


@pytest.fixture
def story(qtbot: QtBot, look: Look) -> Story:
    """The story at the width of a small screen."""
    out = Story(look)
    qtbot.addWidget(out)
    out.resize(372, 400)
    return out


def test_the_list_keeps_qt_s_rules(qtbot: QtBot) -> None:
    model = StoryList()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_entries([DAY, entry("a"), entry("b")])
    model.show_entries([DAY, entry("c"), entry("a")])
    model.show_entries([entry("n"), DAY, entry("c"), entry("a")])
    assert [made.id for made in model.entries] == ["n", "day", "c", "a"]
    model.show_entries([])


def test_newer_words_come_on_top_without_a_reset(qtbot: QtBot) -> None:
    model = StoryList()
    model.show_entries([entry("a"), entry("b")])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsInserted):
        model.show_entries([entry("c"), entry("a"), entry("b")])


def test_what_is_picked_stays_picked_when_something_is_said(story: Story) -> None:
    story.show_entries([DAY, entry("a"), entry("b")])
    story.setCurrentIndex(story.model().index(2, 0))
    story.show_entries([DAY, entry("new"), entry("a"), entry("b")])
    assert [made.id for made in story.picked()] == ["b"]
    assert story.currentIndex().row() == 3


def test_ctrl_c_copies_what_is_picked_in_words(story: Story, qtbot: QtBot) -> None:
    story.show_entries([DAY, entry("a", "Called, voicemail.", suffix="Maria K."), entry("b", "“Thanks”")])
    story.selectAll()
    qtbot.keyClick(story, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert copied == "Today 9:38 Called, voicemail. Maria K.\nToday 9:38 “Thanks”"


def test_the_arrows_pass_over_a_day_s_heading(story: Story, qtbot: QtBot) -> None:
    story.show_entries([DAY, entry("a"), Entry("day2", "Yesterday"), entry("b")])
    story.setCurrentIndex(story.model().index(1, 0))
    qtbot.keyClick(story, Qt.Key.Key_Down)
    assert story.currentIndex().row() == 3


def test_a_long_message_is_cut_until_it_is_asked_for(story: Story, qtbot: QtBot) -> None:
    story.show_entries([entry("a", "word " * 400)])
    story.setCurrentIndex(story.model().index(0, 0))
    cut = story.heightForWidth(372)
    qtbot.keyClick(story, Qt.Key.Key_Return)
    assert story.heightForWidth(372) > 2 * cut
    qtbot.keyClick(story, Qt.Key.Key_Return)
    assert story.heightForWidth(372) == cut


def test_words_that_look_like_html_are_shown_as_they_are(story: Story) -> None:
    story.show_entries([entry("a", "<b>a</b><br><br><br>z")])
    plain = story.heightForWidth(372)
    story.show_entries([entry("a", "(b)a(/b)(br)(br)(br)z")])
    assert story.heightForWidth(372) == plain, "no break was read out of it"


def test_it_is_as_high_as_its_words_in_any_width(story: Story) -> None:
    story.show_entries([DAY, *(entry(str(number), "several words that wrap " * 6) for number in range(100))])
    assert story.heightForWidth(300) > story.heightForWidth(470) > 100 * 40


def test_emoji_cjk_and_text_from_right_to_left_are_laid_out(story: Story, qtbot: QtBot) -> None:
    mixed = [
        entry("1", "🚗🛠️ ready ", bold="Thu 26.", suffix="text · Maria K."),
        entry("2", "שלום, מתי הרכב מוכן?", suffix="text in"),
        entry("3", "山田さんに電話しました。" * 20),
        entry("4", "x" * 2_000),
        entry("5", "half \ud83d a pair"),
    ]
    story.show_entries(mixed)
    with qtbot.waitExposed(story):
        story.show()
    assert not story.grab().isNull()


def test_a_screen_reader_hears_each_entry(story: Story) -> None:
    story.show_entries([DAY, entry("a", "Called, voicemail.", suffix="Maria K.")])
    spoken = QAccessible.queryAccessibleInterface(story).child(1).text(QAccessible.Text.Name)
    assert spoken == "Today 9:38 Called, voicemail. Maria K."


def test_the_wheel_is_left_to_what_surrounds_it(story: Story) -> None:
    assert not story.verticalScrollBar().isVisible()
    assert story.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff


@pytest.mark.parametrize("width", range(250, 480, 10))
def test_no_line_ends_within_a_name_nor_before_the_dot(look: Look, width: int) -> None:
    said = entry("1", "Talked about the loaner and when it is due back.", suffix="call, reached · Maria K.")
    laid = StoryPainter(look)._layout(said, width)
    lines = [laid.lineAt(number) for number in range(laid.lineCount())]
    begun = [laid.text()[line.textStart() :].lstrip() for line in lines]
    assert not [line for line in begun if line.startswith(("·", "K.", "Maria"))]
