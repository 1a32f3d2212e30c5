"""A window to ask over, a desk that hears, and one repair order as the cache reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.lights import Settings
from tests.ui.shell.fakes import FakeDesk
from ui.shell.asking import Asking
from ui.theme.look import Look


@pytest.fixture
def desk() -> FakeDesk:
    """A desk service that waits to be told what to answer."""
    return FakeDesk()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """A window on the screen, with the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield window


@pytest.fixture
def asking(look: Look, desk: FakeDesk, settings: Settings, now: datetime) -> Asking:
    """The asker over that desk, at the hour of the drawings."""
    return Asking(look, desk.ask, lambda: settings, lambda: now)


@pytest.fixture
def order() -> dict[str, Any]:
    """RO 48142: promised today at noon, its pump due on Thursday at noon."""
    return {
        "repair_order": {
            "id": "ro-1",
            "number": "48142",
            "tag": "T-160",
            "stage": "parts",
            "promised_at": "2026-11-23T17:00:00Z",
            "hold_reasons": ["parts"],
            "spot": "Row B 14",
        },
        "customer": {
            "id": "cu-1",
            "name": "Marchetti, Sofia",
            "phones": [{"raw": "(555) 010-7733"}],
            "emails": ["sofia@example.com"],
        },
        "jobs": [{"id": "job-1", "letter": "A", "complaint": "Coolant leak: water pump"}],
        "parts": [
            {
                "id": "part-1",
                "description": "Water pump kit",
                "number": "06L-121-111-J",
                "qty": 3,
                "qty_filled": 1,
                "state": "partly_received",
                "eta": "2026-11-26T17:00:00Z",
                "eta_source": "supplier",
                "supplier": "VW",
                "source": "emergency",
            }
        ],
    }
