"""What the board's tests start from."""

from __future__ import annotations

from datetime import datetime

import pytest

from advisor_desk.domain.lights import Settings
from ui.board.model import Board


@pytest.fixture
def board(qapp: object, settings: Settings, now: datetime) -> Board:
    """A board whose clock stands still."""
    return Board(settings, lambda: now)
