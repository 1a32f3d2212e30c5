"""Every light is told from every other without colour: in grey scale and as the red-green blind see it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from advisor_desk.domain.lights import Light
from ui.theme.look import Look
from ui.widgets.light_mark import paint_light

LIGHTS = {
    "parts": (
        ("late", "late"), ("unknown", "grey"), ("on_order", "amber"), ("at_risk", "amber"), ("in_stock", "blue"),
        ("ready", "green"), ("none", "none"),
    ),
    "promise": (("late", "late"), ("soon", "amber"), ("at_risk", "amber"), ("on_time", "green"), ("unset", "none")),
    "told": (("late", "late"), ("soon", "amber"), ("told", "green"), ("unknown", "none")),
    "approval": (("late", "late"), ("waiting", "amber"), ("approved", "green"), ("none", "none")),
}  # fmt: skip
"""Each light of a card with its states, as ``domain.lights`` gives them."""
Matrix = Sequence[Sequence[float]]
GREY: Matrix = ((0.2126, 0.7152, 0.0722),) * 3
"""Relative luminance, ITU-R BT.709."""
PROTAN: Matrix = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTAN: Matrix = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
"""Linear RGB as dichromats see it: Viénot, Brettel and Mollon 1999, "Digital video colourmaps for checking the
legibility of displays by dichromats", Color Research & Application 24(4)."""
FLOOR = 0.03
"""Two marks must differ in this share of their pixels, each by more than an eighth of black to white; one shape in two
colours differs in none in grey scale."""


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


LINEAR = [_linear(value) for value in range(256)]


def _lightness(linear: float) -> float:
    """CIE lightness from 0 to 1, which differs as eyes see it."""
    y = max(0.0, linear)
    return (116 * y ** (1 / 3) - 16) / 100 if y > 0.008856 else 9.033 * y


def seen(look: Look, name: str, state: tuple[str, str], matrix: Matrix) -> list[float]:
    """The lightness of each pixel of a mark on a card, seen through a matrix."""
    image = QImage(22, 18, QImage.Format.Format_RGB32)
    image.fill(look.colour("panel"))
    painter = QPainter(image)
    painter.setFont(look.small_bold)
    paint_light(painter, QRect(1, 1, 20, 16), name, Light(*state, "why"), look)
    painter.end()
    out = []
    for y in range(image.height()):
        for x in range(image.width()):
            colour = image.pixelColor(x, y)
            rgb = [LINEAR[part] for part in (colour.red(), colour.green(), colour.blue())]
            there = [sum(share * part for share, part in zip(row, rgb, strict=True)) for row in matrix]
            out.append(_lightness(sum(share * part for share, part in zip(GREY[0], there, strict=True))))
    return out


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """The share of pixels that differ clearly."""
    return sum(abs(a - b) > 1 / 8 for a, b in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
@pytest.mark.parametrize("matrix", [GREY, PROTAN, DEUTAN], ids=["grey", "protan", "deutan"])
@pytest.mark.parametrize("name", LIGHTS)
def test_each_state_of_a_light_is_told_from_every_other_without_colour(look: Look, matrix: Matrix, name: str) -> None:
    marks = {state[0]: seen(look, name, state, matrix) for state in LIGHTS[name]}
    apart = {(one, other): distance(marks[one], marks[other]) for one, other in combinations(marks, 2)}
    assert min(apart.values()) >= FLOOR, apart


def test_one_shape_in_two_colours_would_not_pass(look: Look) -> None:
    clocks = [seen(look, "parts", ("on_order", tone), GREY) for tone in ("amber", "green", "late")]
    assert all(distance(one, other) < FLOOR for one, other in combinations(clocks, 2))
