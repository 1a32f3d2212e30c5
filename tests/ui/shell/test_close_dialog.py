"""Closing an order: what it will raise, and what it has raised."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.support.fake_link import FakeLink
from ui.promises.rows import Reader
from ui.shell.close_dialog import CloseDialog
from ui.theme.look import Look
from ui.widgets.plain_text import PlainLabel

RAISED = [
    {"title": "Book Bell's next visit", "owner_role": "bdc", "due_at": "2027-04-22T21:00:00Z"},
    {"title": "Ask Bell how the visit was", "owner_id": "maria", "due_at": "2026-11-24T23:00:00Z"},
]


@pytest.fixture
def link(qtbot: QtBot) -> FakeLink:
    """A service that answers when told to."""
    return FakeLink()


@pytest.fixture
def dialog(look: Look, qtbot: QtBot, link: FakeLink, settings: Settings, now: datetime) -> CloseDialog:
    """Maria closes Bell's order."""
    reader = Reader("maria", frozenset({"advisor"}), {"maria": {"name": "Maria Keller"}}, settings, now)
    made = CloseDialog(look, None, link.ask, {"id": "ro-1"}, "T-205 · RO 48197 · Bell", reader)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_asks_what_closing_raises_and_lists_it_by_time_before_anything_is_done(
    dialog: CloseDialog, link: FakeLink
) -> None:
    assert link.last.do == "read.raises" and link.last.args["command"] == "ro.close"
    link.answer(promises=RAISED)
    assert dialog.what.text() == "This raises 2 promises:"
    assert dialog.shown == [
        "Ask Bell how the visit was — You, by Tue 18:00",
        "Book Bell's next visit — BDC, by Apr 22 17:00",
    ]


def test_enter_closes_and_the_same_list_stands_as_raised(dialog: CloseDialog, link: FakeLink, qtbot: QtBot) -> None:
    link.answer(promises=RAISED)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert (link.last.do, link.last.args) == ("ro.close", {"repair_order_id": "ro-1"})
    with qtbot.waitSignal(dialog.closed):
        link.answer(raised=RAISED)
    assert dialog.title.text() == "Closed" and dialog.what.text() == "2 promises raised:"
    assert len(dialog.shown) == 2
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible() and link.last.do == "ro.close"


def test_with_work_left_it_says_which_and_closes_only_with_a_reason(
    dialog: CloseDialog, link: FakeLink, qtbot: QtBot
) -> None:
    assert link.last.error is not None
    link.last.error({"code": "work_left", "message": "Job A is not done. Finish it, or close anyway.", "fields": {}})
    assert dialog.notice.words.text().startswith("Job A is not done")
    assert link.last.do == "read.raises" and link.last.args["args"]["anyway"] is True
    link.answer(promises=RAISED)
    dialog.send_it()
    assert link.last.do == "read.raises" and dialog.reason.beneath.text() == "This is needed."
    dialog.reason.put("comes back for the rest")
    dialog.send_it()
    assert link.last.args == {"repair_order_id": "ro-1", "anyway": True, "reason": "comes back for the rest"}


def test_what_it_raises_is_shown_whole(dialog: CloseDialog, link: FakeLink, qtbot: QtBot) -> None:
    link.answer(promises=RAISED * 3)
    labels = [label for label in dialog.findChildren(PlainLabel) if label.text() in {row["title"] for row in RAISED}]
    assert len(labels) == 6
    qtbot.waitUntil(lambda: all(label.height() >= label.sizeHint().height() for label in labels))
    dialog.resize(dialog.width(), 200)
    assert all(label.height() >= label.sizeHint().height() for label in labels)
