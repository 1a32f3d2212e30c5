"""Fields of a question: what stands in one already, and what is typed to it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.shell.ask_fields import LinesField
from ui.theme.look import Look


def test_another_phone_number_is_typed_after_those_that_are_there(look: Look, qtbot: QtBot) -> None:
    field = LinesField(look, "phones", "Phone numbers", "", 200)
    qtbot.addWidget(field)
    field.put(["mobile: (716) 555-0106"])
    assert not field.text.textCursor().hasSelection()
    qtbot.keyClicks(field.text, "7")
    assert field.value() == ["mobile: (716) 555-01067"]
