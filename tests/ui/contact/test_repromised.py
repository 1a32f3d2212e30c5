"""What is proposed to tell a customer whose car was promised anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from advisor_desk.domain.lights import Settings
from ui.contact.repromised import words

NOON, THURSDAY, FRIDAY = "2026-11-23T17:00:00Z", "2026-11-26T17:00:00Z", "2026-11-27T22:00:00Z"


def test_the_old_time_the_new_one_and_the_part_it_waits_for(now: datetime, settings: Settings) -> None:
    pump: dict[str, Any] = {"description": "Water pump kit", "state": "ordered", "eta": THURSDAY}
    belt = pump | {"description": "Belt", "eta": "2026-11-25T17:00:00Z"}
    here = pump | {"description": "Seal", "state": "received", "eta": FRIDAY}
    assert words(NOON, FRIDAY, [belt, pump, here], now, settings) == (
        "Your car will be ready Fri 17:00, not today 12:00 as we said. "
        "It waits for a part: Water pump kit, due Thu 12:00."
    )


def test_without_an_old_time_or_a_part_it_says_what_there_is(now: datetime, settings: Settings) -> None:
    assert words("", NOON, [], now, settings) == "Your car will be ready today 12:00."
    assert words(NOON, "", [], now, settings) == ""
