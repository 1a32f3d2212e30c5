"""What a card says of a car."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from tests.ui.board.test_model import facts
from ui.board import card


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Get Marchetti's answer: Headlamp out", "Get the answer: Headlamp out"),
        ("Get loaner L-7 back from Marchetti", "Get loaner L-7 back"),
        ("Give an ETA for Rear rotor (Marchetti)", "Give an ETA for Rear rotor"),
        ("Quote Rear camera for Marchetti", "Quote Rear camera"),
        ("Tell Marchetti: car is ready", "Tell: car is ready"),
        ("Update Marchetti", "Update due"),
    ],
)
def test_what_is_next_is_said_without_the_name_two_lines_above(
    now: datetime, settings: Settings, title: str, said: str
) -> None:
    due = times.to_wire(now + timedelta(minutes=20))
    owed = {"id": "p", "rule": "get_approval", "title": title, "due_at": due, "owner_id": "maria"}
    assert card.make(facts("1", now, promises=[owed]), now, settings).next_words == said
