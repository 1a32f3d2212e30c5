"""The counter on the screen, and what was asked of it: what its tests begin with."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import morning
from ui.counter.matched import Receipt
from ui.counter.page import CounterPage
from ui.theme.look import Look


@pytest.fixture
def page(look: Look, qtbot: QtBot, settings: Settings, now: datetime) -> CounterPage:
    """The morning of the drawings, the keyboard on its rows."""
    made = CounterPage(look, lambda: now)
    qtbot.addWidget(made)
    made.resize(1500, 760)
    made.show_rows(morning(now), now, settings)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.setFocus()
    assert made.table.hasFocus()
    return made


@pytest.fixture
def came(page: CounterPage) -> list[Receipt]:
    """What was to be booked in."""
    found: list[Receipt] = []
    page.receipt_wanted.connect(found.append)
    return found
