"""What every screen test starts from: a look, a store's settings and one morning."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication

from advisor_desk.domain.lights import Settings
from ui.theme.look import Look

MORNING = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
"""Monday, 10:08 in New York."""


@pytest.fixture
def now() -> datetime:
    """The moment the drawings show."""
    return MORNING


@pytest.fixture
def settings() -> Settings:
    """A store in New York with everything at its default."""
    return Settings(zone=ZoneInfo("America/New_York"))


@pytest.fixture(params=["light"])
def look(qapp: QApplication, request: pytest.FixtureRequest) -> Look:
    """The light theme; parametrise indirectly for the dark one."""
    return Look(str(request.param))
