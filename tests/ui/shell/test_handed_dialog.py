"""After somebody left, the manager sees who got what, and hands one on once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from ui.promises.rows import Reader
from ui.shell.handed_dialog import HandedDialog, groups
from ui.theme.look import Look

PEOPLE = {"david": {"name": "David Park"}, "jo": {"name": "Jo Petersen"}}


def record(kind: str, id: str, to: str = "", role: str = "", what: str = "") -> dict[str, Any]:
    """A record as the cache reads it."""
    said = {"kind": kind, "id": id, "title": f"Customer of {id}", "what": what, "state": "", "repair_order_id": ""}
    return said | {"customer_id": f"c-{id}", "to": to, "to_role": role}


RECORDS = [
    record("promise", "p1", "david", what="Tell Bell: car is ready"),
    record("promise", "p2", role="manager", what="Give Ito somebody new"),
    record("repair_order", "r1", "david"),
    record("customer", "c1", "david"),
    record("customer", "c2", "jo"),
    record("customer", "c3", "jo"),
]


@pytest.fixture
def reader(settings: Settings, now: datetime) -> Reader:
    return Reader("helen", frozenset({"manager"}), PEOPLE, settings, now)


@pytest.fixture
def dialog(look: Look, window: QWidget, reader: Reader, qtbot: QtBot) -> Iterator[HandedDialog]:
    made = HandedDialog(look, window, "Maria Diaz", RECORDS, reader)
    made.open()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


def test_everything_stands_under_who_has_it_now_whoever_got_most_first(dialog: HandedDialog, reader: Reader) -> None:
    assert [group.title for group in groups(RECORDS, reader)] == [
        "David Park: 1 promise, 1 RO, 1 customer",
        "Jo Petersen: 2 customers",
        "Anybody of managers: 1 promise",
    ]
    assert dialog.summary.text() == "2 promises, 1 RO, 3 customers"
    assert dialog.windowTitle() == "What Maria Diaz answered for"


@pytest.mark.parametrize(
    ("id", "command"),
    [("promise p1", "promise.offer"), ("customer c2", "customer.adopt"), ("repair_order r1", "customer.adopt")],
)
def test_h_hands_the_one_in_hand_on(dialog: HandedDialog, qtbot: QtBot, id: str, command: str) -> None:
    dialog.table.go_to(dialog.table.model_.row_of(id))
    with qtbot.waitSignal(dialog.hand_on_wanted) as said:
        qtbot.keyClick(dialog.table, Qt.Key.Key_H)
    assert (said.args[0], said.args[1]["id"]) == (command, id.partition(" ")[2])
    assert dialog.isVisible()


def test_enter_opens_what_it_is_about(dialog: HandedDialog, qtbot: QtBot) -> None:
    dialog.table.go_to(dialog.table.model_.row_of("customer c3"))
    with qtbot.waitSignal(dialog.opened) as said:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert said.args[0]["customer_id"] == "c-c3"
    assert not dialog.isVisible()


def test_somebody_who_answered_for_nothing_leaves_nothing_behind(
    look: Look, window: QWidget, reader: Reader, qtbot: QtBot
) -> None:
    made = HandedDialog(look, window, "Maria Diaz", [], reader)
    qtbot.addWidget(made)
    assert made.summary.text() == "Nothing had to be handed on."
