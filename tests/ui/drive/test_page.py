"""The drive: who is here, who is late, and what each key does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from ui.drive.page import DrivePage
from ui.theme.look import Look


def visit(id: str, now: datetime, minutes: int, status: str = "booked", **more: Any) -> dict[str, Any]:
    """A visit so many minutes from now."""
    starts = times.to_wire(now + timedelta(minutes=minutes))
    said = {"id": id, "starts_at": starts, "status": status, "customer": f"{id.title()}, Ann", "vehicle": "2019 CR-V"}
    return said | {"concerns": "Brakes squeal", "hours": 1.5, "phone": "(555) 010-7733"} | more


@pytest.fixture
def page(look: Look, qtbot: QtBot, settings: Settings, now: datetime) -> DrivePage:
    """A morning's visits."""
    made = DrivePage(look)
    qtbot.addWidget(made)
    made.resize(900, 600)
    order = {"id": "ro-1", "number": "48213", "tag": "T-231", "stage": "write_up"}
    day = {
        "day": "2026-11-23",
        "opens": "2026-11-23T12:30:00Z",
        "holiday": False,
        "booked": {"general": 12.5, "hybrid": 3},
        "capacity": {"general": 40},
        "visits": [
            visit("written", now, -120, "arrived", repair_order=order),
            visit("here", now, -20, "arrived"),
            visit("late", now, -45),
            visit("soon", now, 30, "confirmed"),
            visit("missed", now, -180, "no_show"),
            visit("off", now, 60, "cancelled", reason="sold the car"),
        ],
    }
    made.show_day(day, now, settings)
    made.show()
    return made


def lines(page: DrivePage) -> list[str]:
    """The rows as they stand, headings with a mark."""
    return [f"# {line.title}" if line.title else line.id for line in page.table.model_.lines]


def test_who_is_here_comes_first_then_who_is_late(page: DrivePage) -> None:
    assert lines(page) == [
        "# Here, to write up", "here", "# Late", "late", "# To come", "soon", "# Did not come", "missed",
        "# Written up", "written", "# Called off", "off",
    ]  # fmt: skip


def test_the_head_counts_who_came_and_the_hours_of_each_skill(page: DrivePage) -> None:
    assert page.title.text() == "Today, Mon Nov 23"
    assert page.here.text() == "2 of 6 came"
    assert page.late.text() == "2 late or missed"
    assert page.unconfirmed.text() == "1 not confirmed"
    assert page.load.accessibleName() == "booked: general 12.5 of 40 h · hybrid 3 h"


def test_the_hours_are_said_shorter_before_a_skill_is_left_out(page: DrivePage) -> None:
    def said_in_the_room_of(words: str) -> str:
        page.load.resize(page.load.fontMetrics().horizontalAdvance(words), 20)
        return page.load.text()

    whole = "booked: general 12.5 of 40 h · hybrid 3 h"
    assert said_in_the_room_of(whole) == page.load.toolTip() == whole
    assert said_in_the_room_of("booked: general 12.5 of 40 h · hy") == "general 12.5/40 h · hybrid 3 h"
    assert said_in_the_room_of("general 12.5/40 h · hy") == "general 12.5/40 h"
    assert page.load.toolTip() == whole


def test_where_there_is_room_for_one_skill_it_is_the_fullest(
    page: DrivePage, settings: Settings, now: datetime
) -> None:
    full = {"general": 40, "diagnosis": 8}
    day = {
        "day": "2026-11-23",
        "opens": "2026-11-23T12:30:00Z",
        "booked": {"general": 12, "diagnosis": 9},
        "visits": [],
    }
    page.show_day({**day, "capacity": full}, now, settings)
    assert page.load.toolTip() == "booked: general 12 of 40 h · diagnosis 9 of 8 h"
    page.load.resize(page.load.fontMetrics().horizontalAdvance("diagnosis 9/8 h · ge"), 20)
    assert page.load.text() == "diagnosis 9/8 h"


def test_a_late_visit_that_nobody_confirmed_says_so_too(page: DrivePage) -> None:
    (line,) = [line for line in page.table.model_.lines if line.id == "late"]
    assert line.sentence.endswith("45 min late, not confirmed")


def test_of_a_day_to_come_it_is_said_how_many_are_booked(page: DrivePage, settings: Settings, now: datetime) -> None:
    visits = [
        visit("ann", now, 24 * 60),
        visit("bob", now, 25 * 60, "confirmed"),
        visit("off", now, 26 * 60, "cancelled"),
    ]
    page.show_day({"day": "2026-11-24", "opens": "2026-11-24T12:30:00Z", "visits": visits}, now, settings)
    assert page.here.text() == "2 booked"


@pytest.mark.parametrize(
    ("row", "key", "command"),
    [
        ("here", Qt.Key.Key_W, "ro.open"),
        ("late", Qt.Key.Key_A, "visit.arrive"),
        ("late", Qt.Key.Key_N, "visit.no_show"),
        ("soon", Qt.Key.Key_M, "visit.move"),
        ("soon", Qt.Key.Key_X, "visit.cancel"),
        ("missed", Qt.Key.Key_M, "visit.move"),
        ("written", Qt.Key.Key_B, "visit.book"),
    ],
)
def test_a_key_does_its_deed_on_the_row_in_hand(
    page: DrivePage, qtbot: QtBot, row: str, key: Qt.Key, command: str
) -> None:
    page.table.go_to(page.table.model_.row_of(row))
    with qtbot.waitSignal(page.wanted) as said:
        qtbot.keyClick(page.table, key)
    assert said.args == [command, row]


def test_a_visit_that_is_written_up_is_not_written_up_again(page: DrivePage) -> None:
    assert "w" not in page.deeds("written") and "a" not in page.deeds("here")


def test_a_shut_day_without_visits_says_both(page: DrivePage, settings: Settings, now: datetime) -> None:
    day = {"day": "2026-11-26", "opens": None, "holiday": True, "visits": []}
    page.show_day(day, now, settings)
    assert page.load.text() == "Shut: a holiday" and page.empty.isVisible()
    assert page.title.text() == "Thu Nov 26"


def test_the_arrows_ask_for_the_days_beside(page: DrivePage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.day_wanted) as said:
        page.after.click()
    assert str(said.args[0]) == "2026-11-24"
    with qtbot.waitSignal(page.day_wanted) as said:
        page.before.click()
    assert str(said.args[0]) == "2026-11-22"


def test_a_filter_leaves_the_late_ones_and_another_takes_its_place(page: DrivePage, qtbot: QtBot) -> None:
    page.late.click()
    assert lines(page) == ["# Late", "late", "# Did not come", "missed"]
    page.unconfirmed.click()
    assert lines(page) == ["# Late", "late"] and not page.late.isChecked()
    page.unconfirmed.click()
    assert len(lines(page)) == 12


def test_what_nobody_is_late_for_is_no_filter(page: DrivePage, settings: Settings, now: datetime) -> None:
    page.late.click()
    page.show_day({"day": "2026-11-24", "visits": [visit("soon", now, 30, "confirmed")]}, now, settings)
    assert not page.late.isVisible() and lines(page) == ["# To come", "soon"]


def test_the_foot_names_what_can_be_done_with_the_row_in_hand(page: DrivePage) -> None:
    page.table.go_to(page.table.model_.row_of("written"))
    assert page.foot.accessibleName() == "Enter: open, B: book, Alt ← →: other days"
    page.table.go_to(page.table.model_.row_of("here"))
    assert "W: write up" in page.foot.accessibleName()
