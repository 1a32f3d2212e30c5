"""The lights as shapes: a promise forecast to miss is told from one that is close by its form, not by its colour."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from advisor_desk.domain.lights import Light
from ui.theme.look import Look
from ui.widgets.light_mark import LightMark


def painted(look: Look, name: str, state: str) -> QImage:
    """What stands on the screen for a light in amber."""
    mark = LightMark(look, name, Light(state, "amber", "Why."))
    mark.resize(mark.sizeHint())
    return mark.grab().toImage()


def test_a_promise_forecast_to_miss_wears_the_wave_of_a_part_at_risk(look: Look) -> None:
    forecast = painted(look, "promise", "at_risk")
    assert forecast == painted(look, "parts", "at_risk")
    assert forecast != painted(look, "promise", "soon")


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_an_estimate_unanswered_too_long_is_written_not_filled_in(look: Look) -> None:
    mark = LightMark(look, "approval", Light("late", "late", "Why."))
    mark.resize(mark.sizeHint())
    image, ink = mark.grab().toImage(), look.colour("late")
    solid = [[image.pixelColor(x, y) == ink for x in range(image.width())] for y in range(image.height())]
    assert any(map(any, solid))
    assert not any(all(row[x : x + 4]) for row in solid[2:11] for x in range(image.width() - 3)), "no stroke is so wide"
