"""A menu is lined as what else lies over the window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.menu import Menu


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_a_menu_and_the_one_beside_it_have_the_line_of_the_theme_all_round(look: Look, qtbot: QtBot) -> None:
    menu = Menu()
    qtbot.addWidget(menu)
    beside = menu.under("Move to")
    beside.addAction("Parts")
    for one in (menu, beside):
        one.resize(one.sizeHint())
        image, box = one.grab().toImage(), one.rect()
        corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
        assert [image.pixelColor(corner) for corner in corners] == [look.colour("line")] * 4
