"""A customer's page and the handover brief: promised, changed, said last, due next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from ui.customer import brief
from ui.customer.page import CustomerPage
from ui.theme.look import Look

PEOPLE = {"maria": {"name": "Maria Keller"}}


@pytest.fixture
def data() -> dict[str, Any]:
    """Sofia Marchetti: one car in the shop, one call, one promise moved."""
    order = {
        "id": "ro-1", "number": "48142", "tag": "T-160", "stage": "parts", "opened": "2026-11-21T14:00:00Z",
        "promised_at": "2026-11-23T17:00:00Z",
        "promise_moves": [
            {"was": "2026-11-22T17:00:00Z", "to": "2026-11-23T17:00:00Z", "reason": "waiting for a part"},
        ],
    }  # fmt: skip
    owed = {"id": "p-1", "rule": "tell_eta", "title": "Tell Marchetti: Water pump Thu 12:00", "state": "open",
            "due_at": "2026-11-23T15:40:00Z", "owner_id": "maria"}  # fmt: skip
    call = {"id": "e-1", "kind": "contact", "channel": "call", "direction": "out", "outcome": "voicemail",
            "at": "2026-11-23T13:05:00Z", "employee": "Maria Keller", "vehicle_id": "v-1"}  # fmt: skip
    opened = {"id": "ro-1-opened", "kind": "opened", "at": order["opened"], "vehicle": "2021 Tiguan",
              "of": "repair_order", "record": order}  # fmt: skip
    return {
        "customer": {"id": "c-1", "name": "Marchetti, Sofia", "phones": [{"raw": "(555) 010-7733"}]},
        "advisor": {"name": "Maria Keller"},
        "vehicles": [{"id": "v-1", "words": "2021 Tiguan SE"}],
        "repair_orders": [order],
        "part_lines": [
            {
                "id": "line-1",
                "description": "Water pump",
                "state": "ordered",
                "first_eta": "2026-11-23T14:00:00Z",
                "eta": "2026-11-26T17:00:00Z",
            },
            {
                "id": "line-2",
                "description": "Thermostat",
                "state": "received",
                "first_eta": "2026-11-23T14:00:00Z",
                "eta": "2026-11-24T14:00:00Z",
            },
        ],
        "promises": [owed],
        "timeline": [call, opened],
    }


@pytest.fixture
def page(look: Look, qtbot: QtBot, settings: Settings, now: datetime, data: dict[str, Any]) -> CustomerPage:
    """Her page."""
    made = CustomerPage(look)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show_customer(data, now, settings)
    made.show()
    return made


def test_open_promises_stand_above_the_line_of_time(page: CustomerPage) -> None:
    said = [line.title or line.cells[1].first for line in page.table.model_.lines]
    assert said == [
        "Promised and open", "Tell Marchetti: Water pump Thu 12:00", "The last seven days", "Called, voicemail",
        "RO 48142 opened",
    ]  # fmt: skip
    assert page.reach.text() == "(555) 010-7733 · advisor Maria K."


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_B, "visit.book"),
        (Qt.Key.Key_L, "contact.log"),
        (Qt.Key.Key_P, "promise.make"),
        (Qt.Key.Key_H, "brief"),
    ],
)
def test_a_key_is_for_the_customer_whatever_row_is_in_hand(
    page: CustomerPage, qtbot: QtBot, key: Qt.Key, command: str
) -> None:
    with qtbot.waitSignal(page.for_customer) as said:
        qtbot.keyClick(page.table, key)
    assert said.args[0] == command and said.args[1]["customer"]["id"] == "c-1"


def test_nobodys_page_says_how_to_find_somebody(page: CustomerPage, settings: Settings) -> None:
    page.show_customer({}, None, settings)
    assert page.empty.isVisible() and page.deeds("") == ()


def test_the_brief_says_what_is_promised_what_changed_what_was_said_and_what_is_due(
    data: dict[str, Any], now: datetime, settings: Settings
) -> None:
    made = brief.make(data, now, settings, PEOPLE)
    assert made.title == "Marchetti, Sofia · (555) 010-7733"
    assert dict(made.parts) == {
        "Promised": [
            "T-160, RO 48142, in parts, promised 12:00",
            "Tell Marchetti: Water pump Thu 12:00, by 10:40 (Maria K.)",
        ],
        "Changed": [
            "Promised Sun 12:00, then today 12:00: waiting for a part",
            "Water pump: ETA today 9:00, then Thu 12:00",
        ],
        "Said last": ["8:05 · Called, voicemail · Maria K."],
        "Due next": ["Tell Marchetti: Water pump Thu 12:00: in 32 min"],
    }
    assert "- Promised Sun 12:00" in made.text
