"""The store whose papers these are, and a repair order whose parts have come."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.ui.orders import marchetti
from ui.printing.shop import Shop

NORTHGATE = {
    "name": "Northgate Motors",
    "phone": "(555) 010-0100",
    "holidays": {"country": "US", "subdivision": "NY"},
}


@pytest.fixture
def shop() -> Shop:
    """A store in New York."""
    return Shop.of_store(NORTHGATE, ZoneInfo("America/New_York"))


@pytest.fixture
def arrived() -> dict[str, Any]:
    """RO 48142 with its water pump kit here since this morning, in bin S04, to go back on December 21."""
    data = marchetti()
    data["customer"]["address"] = "14 Alder Court\nNorthgate, NY 10001"
    data["parts"][0] |= {
        "state": "received",
        "received_at": "2026-11-23T14:00:00Z",
        "return_by": "2026-12-21",
        "bin": "S04",
    }
    return data
