"""An ETA as people at the counter type it, read in the store's time, and what is said of it before Enter."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line
from ui.counter.eta import HINT, understand

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("typed", "moment", "says"),
    [
        ("fri", "2026-11-27 12:00", "Fri Nov 27, by 12:00"),
        ("+2d", "2026-11-25 10:08", "Wed Nov 25, 10:08"),
        ("12/3", "2026-12-03 12:00", "Thu Dec 3, by 12:00"),
        ("tomorrow 10am", "2026-11-24 10:00", "Tue Nov 24, 10:00"),
        ("mañana 10", "2026-11-24 10:00", "Tue Nov 24, 10:00"),
        ("ven 15h", "2026-11-27 15:00", "Fri Nov 27, 15:00"),
    ],
)
def test_what_is_typed_is_read_in_the_stores_time_and_said_back(
    typed: str, moment: str, says: str, now: datetime, settings: Settings
) -> None:
    row = line("pump", now, promised=None)
    found = understand(typed, row, now, settings)
    wanted = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=settings.zone)
    assert found.moment == wanted.astimezone(UTC)
    assert (found.words, found.tone) == (says, "soft")


def test_the_same_word_means_another_moment_in_another_stores_zone(now: datetime, settings: Settings) -> None:
    row = line("pump", now)
    here, there = (understand("fri", row, now, one).moment for one in (settings, settings._replace(zone=MOSCOW)))
    assert here and there and (here - there).total_seconds() == 8 * 3600


def test_how_far_it_moves_the_eta_and_that_it_breaks_the_promise_is_said_before_enter(
    now: datetime, settings: Settings
) -> None:
    row = line("pump", now, promised=27, eta=24)  # promised Tuesday 13:08, due Tuesday 10:08
    assert understand("tomorrow 10am", row, now, settings).words == "Tue Nov 24, 10:00 · same day"
    close = understand("tomorrow 12:30", row, now, settings)
    assert (close.words, close.tone) == ("Tue Nov 24, 12:30 · same day · too close to the promise", "late")
    late = understand("wed", row, now, settings)
    assert (late.words, late.tone) == ("Wed Nov 25, by 12:00 · +1 d · after the promise", "late")
    assert "−1 d" in understand("today 15:00", row, now, settings).words


def test_what_cannot_be_read_says_what_to_type_instead(now: datetime, settings: Settings) -> None:
    row = line("pump", now)
    assert understand("", row, now, settings) == (None, HINT, "soft")
    assert understand("soon", row, now, settings).moment is None
    assert "past" in understand("11/23/2026 8:00", row, now, settings).words
    assert "three years" in understand("dec 3 2040", row, now, settings).words
