"""The rail: the number that waits at a page leaves the page's icon to be seen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.shell.rail import Rail
from ui.theme.look import Look


@pytest.mark.parametrize("number", [1, 9, 40, 100, 5_000])
def test_a_number_covers_no_more_than_a_corner_of_its_icon(look: Look, qtbot: QtBot, number: int) -> None:
    rail = Rail(look, {})
    qtbot.addWidget(rail)
    rail.count("promises", number)
    entry = rail.entries["promises"]
    badge, icon = entry.badge(), entry.icon_place(entry.badge())
    covered = badge.intersected(icon)
    assert entry.rect().contains(badge) and entry.rect().contains(icon)
    assert covered.width() * covered.height() <= icon.width() * icon.height() / 5


def test_a_page_where_nothing_waits_has_no_number(look: Look, qtbot: QtBot) -> None:
    rail = Rail(look, {})
    qtbot.addWidget(rail)
    assert rail.entries["promises"].badge().isEmpty()
