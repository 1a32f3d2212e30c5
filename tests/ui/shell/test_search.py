"""The search: found as it is typed, picked by keyboard, and gone without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.shell.search import SearchBox
from ui.shell.search_results import NOTHING
from ui.theme.look import Look

SOFIA = {"kind": "repair_order", "id": "ro-1", "title": "Marchetti, Sofia", "detail": "T-160 · RO 48142", "open": True}
MARLOW = {"kind": "part_line", "id": "pl-1", "title": "Marlow, Denise", "detail": "T-181 · RO 48166", "open": True}
OLD = {"kind": "customer", "id": "cu-3", "title": "Marsh <b>Hubert</b>", "detail": "RO 40120", "open": False}


class Shelf:
    """What can be found, and what was looked for."""

    def __init__(self) -> None:
        self.looked_for: list[str] = []

    def search(self, text: str) -> list[dict[str, Any]]:
        """Rows whose title begins with the text."""
        self.looked_for.append(text)
        return [hit for hit in (SOFIA, MARLOW, OLD) if str(hit["title"]).casefold().startswith(text.casefold())]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def box(look: Look, window: QWidget, shelf: Shelf, qtbot: QtBot) -> SearchBox:
    box = SearchBox(look, shelf.search)
    other = QLineEdit()
    other.setObjectName("other")
    column = QVBoxLayout(window)
    column.addWidget(box)
    column.addWidget(other)
    column.addStretch(1)
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    return box


@pytest.fixture
def type_in(box: SearchBox, qtbot: QtBot) -> Callable[[str], None]:
    def type_it(text: str) -> None:
        box.take_focus()
        qtbot.keyClicks(box, text)
        qtbot.waitUntil(lambda: box.is_open)

    return type_it


def test_what_is_found_stands_beneath_while_typing_and_the_keyboard_stays_in_the_field(
    box: SearchBox, type_in: Callable[[str], None]
) -> None:
    type_in("mar")
    assert [hit["title"] for hit in box.results.hits] == ["Marchetti, Sofia", "Marlow, Denise", "Marsh <b>Hubert</b>"]
    assert box.hasFocus()
    assert box.results.geometry().top() >= box.geometry().bottom()


def test_a_fast_typist_is_looked_after_once(box: SearchBox, shelf: Shelf, type_in: Callable[[str], None]) -> None:
    type_in("marche")
    assert shelf.looked_for[-1] == "marche"
    assert len(shelf.looked_for) < 6


def test_the_arrows_and_enter_pick_one_and_the_keyboard_goes_back_where_it_was(
    box: SearchBox, window: QWidget, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    type_in("mar")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    with qtbot.waitSignal(box.found) as heard:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard.args == [MARLOW]
    assert not box.is_open
    assert box.text() == ""
    assert window.findChild(QLineEdit, "other").hasFocus()


def test_up_from_the_first_comes_to_the_last(box: SearchBox, type_in: Callable[[str], None], qtbot: QtBot) -> None:
    type_in("mar")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    with qtbot.waitSignal(box.found) as heard:
        qtbot.keyClick(box, Qt.Key.Key_Enter)
    assert heard.args == [OLD]


def test_enter_does_not_wait_for_the_list(box: SearchBox, qtbot: QtBot) -> None:
    box.take_focus()
    with qtbot.waitSignal(box.found) as heard:
        qtbot.keyClicks(box, "marl")
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard.args == [MARLOW]


def test_no_match_is_said_and_enter_then_picks_nothing(
    box: SearchBox, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    type_in("zzz")
    assert box.results.nothing.isVisible()
    assert box.results.nothing.text() == NOTHING
    with qtbot.assertNotEmitted(box.found):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == "zzz"


def test_escape_closes_the_list_empties_the_field_and_returns_the_keyboard(
    box: SearchBox, window: QWidget, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    type_in("mar")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.is_open
    assert box.text() == ""
    assert window.findChild(QLineEdit, "other").hasFocus()


def test_emptying_the_field_closes_the_list(box: SearchBox, type_in: Callable[[str], None], qtbot: QtBot) -> None:
    type_in("m")
    qtbot.keyClick(box, Qt.Key.Key_Backspace)
    assert not box.is_open


def test_a_click_picks_and_leaving_the_field_closes(
    box: SearchBox, window: QWidget, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    type_in("mar")
    view = box.results.list
    place = view.visualRect(view.model().index(1, 0)).center()
    with qtbot.waitSignal(box.found) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.args == [MARLOW]
    type_in("mar")
    window.findChild(QLineEdit, "other").setFocus()
    assert not box.is_open


def test_letters_that_are_keys_of_the_window_are_typed(
    box: SearchBox, window: QWidget, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    pressed: list[str] = []
    for keys in ("M", "R", "Esc", "Down"):
        QShortcut(QKeySequence(keys), window).activated.connect(lambda keys=keys: pressed.append(keys))
    type_in("mr")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert pressed == []


def test_a_screen_reader_hears_what_is_lit(box: SearchBox, type_in: Callable[[str], None], qtbot: QtBot) -> None:
    assert box.accessibleName() == "Search"
    type_in("mar")
    assert box.accessibleDescription() == "Marchetti, Sofia, T-160 · RO 48142. 1 of 3"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.accessibleDescription() == "Marsh <b>Hubert</b>, RO 40120, closed. 3 of 3"
    index = box.results.list.model().index(2, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Marsh <b>Hubert</b>, RO 40120, closed"


def test_the_lists_model_keeps_qts_rules(box: SearchBox, type_in: Callable[[str], None]) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(box.results.list.model(), mode)
    type_in("mar")
    box.results.show_hits([])
    box.results.show_hits([SOFIA])
    assert tester.model().rowCount() == 1


def test_the_list_keeps_within_the_window(
    box: SearchBox, window: QWidget, type_in: Callable[[str], None], qtbot: QtBot
) -> None:
    window.resize(420, 160)
    type_in("mar")
    qtbot.waitUntil(lambda: window.rect().contains(box.results.geometry()))


def test_it_paints_in_both_themes(box: SearchBox, look: Look, type_in: Callable[[str], None]) -> None:
    type_in("mar")
    light = box.results.grab().toImage().pixelColor(40, 3).name()
    look.use("dark")
    assert (light, box.results.grab().toImage().pixelColor(40, 3).name()) == ("#ffffff", look.colour("panel").name())
