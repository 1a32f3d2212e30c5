"""The lights as shapes: a promise forecast to miss is told from one that is close by its form, not by its colour."""

from __future__ import annotations

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
