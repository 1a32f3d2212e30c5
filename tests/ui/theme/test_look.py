"""The look: a theme's file names a colour for every role, and text keeps its contrast on its ground."""

from __future__ import annotations

import tomllib

import pytest
from PySide6.QtGui import QColor

from advisor_desk.host.resources import resource
from ui.theme.look import ROLES, THEMES, TONES, colours_of


@pytest.fixture(params=THEMES)
def said(request: pytest.FixtureRequest) -> str:
    """A theme's file."""
    return resource("themes", f"{request.param}.toml").read_text(encoding="utf-8")


def test_a_theme_is_read_as_a_toml_library_would_read_it(said: str) -> None:
    assert colours_of(said) == tomllib.loads(said)


def test_a_theme_names_every_role_and_no_other(said: str) -> None:
    assert set(colours_of(said)) == set(ROLES)


def _light(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2, its definition)."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: str, second: str) -> float:
    """How far two colours stand apart (WCAG 2.2, contrast ratio)."""
    high, low = sorted((_light(QColor(first)), _light(QColor(second))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["panel", "sunk", "bg"])
@pytest.mark.parametrize("ink", ["ink", "soft"])
def test_words_keep_aa_contrast_on_every_ground(said: str, ink: str, ground: str) -> None:
    colours = colours_of(said)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_keeps_aa_contrast_on_the_panel_and_on_its_wash(said: str, tone: str) -> None:
    colours = colours_of(said)
    assert contrast(colours[tone], colours["panel"]) >= 4.5
    assert contrast(colours[tone], colours[f"{tone}_wash"]) >= 4.5
