"""Hours and holidays in their dialogs: what is set now stands there, and what is emptied is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from advisor_desk.domain.shop_hours import Day
from tests.ui.shell.fakes import FakeDesk
from ui.shell import shop_hours
from ui.shell.ask_dialog import AskDialog
from ui.shell.asking import Asking

LONG = {"opens": "07:30", "closes": "18:00"}
HOLIDAYS = {"country": "US", "subdivision": "NY", "extra": ["2026-12-24"], "worked": ["Columbus Day"]}
STORE = {"hours": [*[LONG] * 6, {}], "holidays": HOLIDAYS}


class FakeGiving:
    """Asks in a real dialog over the test's window, and keeps what is given at once."""

    def __init__(self, asking: Asking, window: QWidget) -> None:
        self._asking, self._window = asking, window
        self.dialog: AskDialog | None = None
        self.given: tuple[str, dict[str, Any], str] | None = None

    def ask(self, command: str, known: Mapping[str, Any], context: Mapping[str, Any]) -> None:
        """Open the dialog."""
        self.dialog = self._asking.open(self._window, command, known, context)

    def give(self, command: str, args: dict[str, Any], said: str) -> None:
        """Keep it."""
        self.given = (command, args, said)


@pytest.fixture
def giving(asking: Asking, window: QWidget) -> FakeGiving:
    return FakeGiving(asking, window)


def begun(giving: FakeGiving, deed: str, day: Day | None = None) -> AskDialog:
    """The dialog of a deed."""
    shop_hours.begin(giving, deed, STORE, day)  # type: ignore[arg-type]
    assert giving.dialog is not None
    return giving.dialog


def test_the_week_begins_as_it_is_and_an_emptied_day_is_shut(giving: FakeGiving, desk: FakeDesk) -> None:
    dialog = begun(giving, "store.set_hours")
    assert (dialog.fields["mon"].value(), dialog.fields["sun"].value()) == ("7:30-18:00", "")
    dialog.fields["sat"].put("")
    dialog.send_it()
    (asked,) = desk.asked
    assert asked[1] == dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "7:30-18:00") | {"sat": ""}


def test_hours_that_the_desk_refuses_are_marked_at_their_day(giving: FakeGiving, desk: FakeDesk) -> None:
    dialog = begun(giving, "store.set_hours")
    dialog.fields["tue"].put("18-7")
    dialog.send_it()
    desk.refuse("bad_arguments", "Tue closes before it opens.", {"tue": "closes before it opens"})
    assert dialog.fields["tue"].beneath.text() == "Tuesday closes before it opens."
    assert dialog.isVisible()


def test_only_the_country_and_the_state_are_asked_and_the_days_stay(giving: FakeGiving, desk: FakeDesk) -> None:
    dialog = begun(giving, "holiday.place")
    assert list(dialog.fields) == ["country", "subdivision"]
    dialog.fields["subdivision"].put("MA")
    dialog.send_it()
    assert desk.asked == [("store.set_holidays", HOLIDAYS | {"subdivision": "MA"})]


def test_other_days_are_a_line_each(giving: FakeGiving, desk: FakeDesk) -> None:
    dialog = begun(giving, "holiday.days")
    assert dialog.fields["extra"].value() == ["2026-12-24"]
    dialog.fields["extra"].put(["2026-12-24", "2026-12-31"])
    dialog.send_it()
    assert desk.asked == [("store.set_holidays", HOLIDAYS | {"extra": ["2026-12-24", "2026-12-31"]})]


def test_a_holiday_is_worked_at_one_press(giving: FakeGiving) -> None:
    shop_hours.begin(giving, "holiday.switch", STORE, Day(date(2026, 12, 25), "Christmas Day", True, False))  # type: ignore[arg-type]
    worked = {"worked": ["Columbus Day", "Christmas Day"]}
    assert giving.given == ("store.set_holidays", worked, "Christmas Day: the store is open")
