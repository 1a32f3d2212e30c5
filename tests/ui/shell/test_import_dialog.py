"""Importing a supplier's list: what is asked of the desk, what is shown of each row, and when it may be imported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.support.fake_link import FakeLink
from ui.shell.import_dialog import ImportDialog
from ui.theme.look import Look
from ui.widgets.table import Line

MAPPING = {"columns": {"order_no": "PO", "eta": "Ships"}, "day_first": False}
GOOD = {
    "row": 2, "cells": {"order_no": "PO-771", "eta": "12/3/2026"}, "eta": "2026-12-03T22:00:00Z", "on": ["48142"],
    "what": "Front pads", "lines": 1, "becomes": "", "changes": True, "wrong": [],
}  # fmt: skip
BAD = GOOD | {
    "row": 7, "cells": {"order_no": "PO-771", "eta": "=B7"}, "changes": False, "lines": 0, "on": [],
    "wrong": ["Row 7, Ships: holds a formula; put the value itself there."],
}  # fmt: skip


def seen(*, wrong: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "digest": "d1", "columns": ["PO", "Ships", "Note"], "sample": [{"PO": "PO-771", "Ships": "12/3/2026"}],
        "mapping": MAPPING, "lacks": "", "rows": 9, "changing": 9 - wrong, "lines": 9 - wrong, "wrong": wrong,
        "good": [GOOD], "bad": [BAD] * wrong, **more,
    }  # fmt: skip


@pytest.fixture
def link(qtbot: QtBot) -> FakeLink:
    """A service that answers when told to."""
    return FakeLink()


@pytest.fixture
def dialog(look: Look, qtbot: QtBot, link: FakeLink, settings: Settings, now: datetime) -> Iterator[ImportDialog]:
    """Luis has the dialog open."""
    made = ImportDialog(look, None, link.ask, settings, lambda: now)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made


def lines(dialog: ImportDialog) -> list[Line]:
    return dialog.table.model_.lines


def test_a_file_is_looked_at_and_its_rows_are_shown_before_anything_is_done(
    dialog: ImportDialog, link: FakeLink, qtbot: QtBot
) -> None:
    dialog.take_file("/lists/nov.csv")
    assert link.last[:2] == ("import.preview", {"path": "/lists/nov.csv", "supplier": ""})
    link.importing.connect(dialog.show_progress)
    link.importing.emit(4_000)
    assert dialog.verdict.text() == "Reading the list: 4,000 rows…"
    link.answer(**seen())
    assert dialog.file.text() == "nov.csv"
    assert dialog.verdict.text() == "9 of 9 rows will change 9 part lines."
    assert dialog.columns.buttons["order_no"].accessibleName() == "Order number: PO"
    assert [line.sentence for line in lines(dialog)] == [
        "As it will be (the first 1 of 9), 1",
        "2, PO-771, 12/3/2026, ETA Thu Dec 3, 17:00, Front pads · RO 48142",
    ]
    assert not dialog.send.isEnabled(), "no supplier is named yet"
    qtbot.keyClicks(dialog.supplier, "Northside")
    assert dialog.send.isEnabled()


def test_a_wrong_row_stands_first_and_nothing_can_be_imported(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.supplier.setText("Northside")
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen(wrong=1))
    assert dialog.verdict.text().startswith("1 row cannot be taken: set it right in the file, then look again.")
    assert lines(dialog)[1].sentence == "7, PO-771, =B7, Ships: holds a formula; put the value itself there."
    assert not dialog.send.isEnabled()
    dialog.send_it()
    assert link.last.do == "import.preview"


def test_the_whole_list_is_imported_as_it_was_looked_at_and_said_with_its_undo(
    dialog: ImportDialog, link: FakeLink, qtbot: QtBot
) -> None:
    dialog.supplier.setText("Northside")
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen())
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert link.last.do == "import.preview", "Enter alone imports nothing"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert link.last[:2] == (
        "import.apply",
        {"path": "/lists/nov.csv", "supplier": "Northside", "mapping": MAPPING, "digest": "d1"},
    )
    assert not dialog.send.isEnabled() and not dialog.supplier.isEnabled()
    with qtbot.waitSignal(dialog.imported) as told:
        link.answer(change="c-1", changed={"part_line": ["a", "b"]})
    assert told.args == ["Northside: 2 part lines changed by the list.", "c-1"]
    assert not dialog.isVisible()


def test_what_the_desk_refuses_is_said_and_the_list_is_looked_at_anew(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.supplier.setText("Northside")
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen())
    dialog.send_it()
    dialog.reject()
    assert not dialog.isVisible(), "it may be left while the desk goes on"
    link.refuse("Nothing was imported. Row 7, Ships: is in the past.")
    assert dialog.isVisible() and dialog.supplier.text() == "Northside"
    assert dialog.notice.words.text().startswith("Nothing was imported. Row 7")
    assert link.last.do == "import.preview"


def test_another_column_is_chosen_from_the_lists_own_headings(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen())
    menu = dialog.columns.menu("number")
    texts = [entry.text() for entry in menu.actions()]
    assert texts == ["Not in the list", "PO   PO-771", "Ships   12/3/2026", "Note   "]
    menu.actions()[3].trigger()
    chosen = {"columns": {"order_no": "PO", "eta": "Ships", "number": "Note"}, "day_first": False}
    assert link.last.args["mapping"] == chosen
    link.answer(**seen(mapping=chosen))
    dialog.columns.choose("number", "PO")
    assert link.last.args["mapping"]["columns"] == {"eta": "Ships", "number": "PO"}, "one column says one thing"
    dialog.columns.turn_dates()
    assert link.last.args["mapping"]["day_first"] is True


def test_a_list_whose_columns_are_not_known_asks_for_them(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.take_file("/lists/nov.csv")
    lacks = "Choose the column that holds the order number, the part number or the RO."
    link.answer(digest="d1", columns=["A", "B"], sample=[], mapping={"columns": {}, "day_first": False}, lacks=lacks)
    assert dialog.verdict.text() == lacks
    assert not dialog.send.isEnabled() and not lines(dialog)


def test_a_late_answer_to_an_earlier_look_is_not_shown(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.take_file("/lists/long.xlsx")
    first = link.last
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen())
    assert first.error is not None and first.ok is not None
    first.error({"code": "looked_again", "message": "Nothing was done.", "fields": {}})
    first.ok(seen(wrong=1))
    assert dialog.verdict.text() == "9 of 9 rows will change 9 part lines." and not dialog.notice.isVisible()


def test_a_file_with_other_columns_than_were_chosen_is_guessed_anew(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.take_file("/lists/nov.csv")
    link.answer(**seen())
    dialog.columns.choose("number", "Note")
    link.refuse("Mapping names the column Note, which the file does not have.", mapping="names the column Note")
    assert link.last.do == "import.preview" and "mapping" not in link.last.args


def test_a_refused_file_is_said_and_another_can_be_dropped(dialog: ImportDialog, link: FakeLink) -> None:
    dialog.take_file("/lists/nov.pdf")
    link.refuse("That is neither a CSV nor an XLSX file. Save the list as one of them.")
    assert dialog.notice.isVisible() and not lines(dialog)
    dropped = QMimeData()
    dropped.setUrls([QUrl("https://example.com/x.csv"), QUrl.fromLocalFile("/lists/nov.csv")])
    event = QDropEvent(
        QPointF(QPoint(10, 10)), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    dialog.dropEvent(event)
    assert link.last.args["path"] == "/lists/nov.csv" and not dialog.notice.isVisible()
