"""The parts section as a person works it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.orders import marchetti, part
from ui.parts.section import PartsSection
from ui.theme.look import Look


@pytest.fixture
def section(qtbot: QtBot, look: Look) -> PartsSection:
    """The section at the width of a small screen."""
    out = PartsSection(look)
    qtbot.addWidget(out)
    out.resize(372, 400)
    return out


def fill(
    section: PartsSection, lines: list[dict[str, Any]], now: datetime, settings: Settings, anew: bool = True
) -> None:
    """Show lines without a promise."""
    section.show_lines(lines, None, now, settings, {}, lambda name: True, anew=anew)


def on_screen(section: PartsSection, qtbot: QtBot) -> None:
    """Show it with the keyboard in its window."""
    with qtbot.waitExposed(section):
        section.show()
    section.activateWindow()
    qtbot.waitUntil(section.isActiveWindow)


def test_enter_on_an_awaited_part_sets_its_eta(section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings):
    fill(section, marchetti()["parts"], now, settings)
    section.show()
    section.rows[0].setFocus()
    with qtbot.waitSignal(section.acted) as caught:
        qtbot.keyClick(section.rows[0], Qt.Key.Key_Return)
    assert caught.args == ["part.set_eta", {"part_line_id": "pump"}]


def test_the_heading_says_as_of_when_the_counter_spoke(section: PartsSection, now: datetime, settings: Settings):
    fill(section, marchetti()["parts"], now, settings)
    assert section.heading.note == "from the counter, 9:38"
    fill(section, [], now, settings)
    assert section.heading.note == "none needed"


def test_the_menu_holds_everything_that_can_be_done(
    section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings
):
    fill(section, marchetti()["parts"], now, settings)
    menu = section.rows[0].menu()
    assert [action.text() for action in menu.actions()] == ["Set ETA…", "Receive…", "Tell the customer"]
    with qtbot.waitSignal(section.acted) as caught:
        menu.actions()[1].trigger()
    assert caught.args == ["part.receive", {"part_line_id": "pump"}]


def test_forty_parts_fold_and_a_late_one_at_the_end_is_still_seen(
    section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    lines = [part(f"s{number}", description=f"Bolt {number}", state="in_stock") for number in range(39)]
    lines.append(part("late", description="Turbo", state="backordered"))
    fill(section, lines, now, settings)
    assert next(row.id for row in section.shown) == "late"
    assert len(section.shown) == 6
    qtbot.mouseClick(section._more, Qt.MouseButton.LeftButton)
    assert len(section.shown) == 40
    fill(section, lines, now, settings, anew=False)
    assert len(section.shown) == 40, "a refresh does not fold what a person unfolded"
    fill(section, lines, now, settings, anew=True)
    assert len(section.shown) == 6, "another repair order begins folded"


def test_a_reason_wraps_instead_of_being_cut(section: PartsSection, now: datetime, settings: Settings):
    fill(section, [part("p", description="Turbo", state="backordered", eta="2027-01-04T15:00:00Z")], now, settings)
    row = section.rows[0]
    assert row.heightForWidth(200) > row.heightForWidth(600)


def test_a_mark_says_why_and_a_cut_name_says_itself(
    section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings
):
    name = "Donaudampfschifffahrtsgesellschaftskapitänsmützenhalterung mit Schraubensatz und Dichtring"
    fill(section, [part("p", description=name, state="in_stock", bin="A1")], now, settings)
    on_screen(section, qtbot)
    section.rows[0].repaint()
    assert section.rows[0].hint(QPoint(20, 10)) == f"On the shelf, bin A1.\n{name}"
    assert section.rows[0].hint(QPoint(120, 10)) == name


def test_a_screen_reader_hears_the_whole_line(section: PartsSection, now: datetime, settings: Settings):
    fill(section, [part("p", description="Turbo", number="T-1", state="in_stock", bin="A1")], now, settings)
    assert section.rows[0].accessibleName() == "Turbo, T-1 · 1 · bin A1, on shelf. On the shelf, bin A1."


def test_tab_stops_once_and_the_arrows_go_through_the_lines(
    section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    fill(section, marchetti()["parts"], now, settings)
    on_screen(section, qtbot)
    stops = [row for row in section.rows if row.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [section.rows[0]]
    section.rows[0].setFocus()
    qtbot.keyClick(section.rows[0], Qt.Key.Key_Down)
    qtbot.waitUntil(section.rows[1].hasFocus)
    assert [row for row in section.rows if row.focusPolicy() & Qt.FocusPolicy.TabFocus] == [section.rows[1]]


def test_focus_stays_with_the_part_when_a_worse_one_comes_before_it(
    section: PartsSection, qtbot: QtBot, now: datetime, settings: Settings
) -> None:
    lines = [part("a", description="Filter", state="in_stock"), part("b", description="Belt", state="in_stock")]
    fill(section, lines, now, settings)
    on_screen(section, qtbot)
    section.rows[0].setFocus()
    fill(section, [*lines, part("c", description="Turbo", state="backordered")], now, settings, anew=False)
    held = next(row for row in section.rows if row.hasFocus())
    assert held.facts.id == "a"
