"""What is typed stands at one place in a field, whatever it holds."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ui.contact.field import Field
from ui.theme.look import Look
from ui.widgets.entry import Entry
from ui.widgets.text_box import TextBox


def ink_begins(field: QLineEdit | QPlainTextEdit, qtbot: QtBot) -> int:
    """Where the first letter begins, in pixels from the field's left edge."""
    qtbot.addWidget(field)
    field.resize(200, field.sizeHint().height())
    field.setPlaceholderText("")
    before = field.grab().toImage()
    field.setText("H") if isinstance(field, QLineEdit) else field.setPlainText("H")
    after = field.grab().toImage()
    columns = range(after.width())
    return next(x for x in columns if any(before.pixel(x, y) != after.pixel(x, y) for y in range(after.height())))


def test_many_lines_begin_as_far_from_the_edge_as_one(look: Look, qtbot: QtBot) -> None:
    assert ink_begins(Entry(look), qtbot) == ink_begins(TextBox(look), qtbot) == ink_begins(Field(look), qtbot)
