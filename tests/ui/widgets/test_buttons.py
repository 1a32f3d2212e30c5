"""Buttons as they are painted: where the keyboard is, is seen all round."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.buttons import Segmented


@pytest.mark.parametrize("choice", ["mine", "team", "store"])
def test_the_segment_with_the_keyboard_is_ringed_on_every_side(look: Look, qtbot: QtBot, choice: str) -> None:
    scopes = Segmented(look, (("mine", "Mine"), ("team", "Team"), ("store", "Store")), choice)
    qtbot.addWidget(scopes)
    with qtbot.waitExposed(scopes):
        scopes.show()
    scopes.activateWindow()
    scopes.take_focus()
    segment = scopes.focusWidget()
    assert segment is not None
    image, box = segment.grab().toImage(), segment.rect()
    middle = box.center()
    sides = [(box.left(), middle.y()), (box.right(), middle.y()), (middle.x(), box.top()), (middle.x(), box.bottom())]
    assert [image.pixelColor(x, y) for x, y in sides] == [look.colour("accent")] * 4
