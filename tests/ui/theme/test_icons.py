"""Icons take the colour of a role, follow the theme, and are not loaded before the board needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from advisor_desk.host.resources import resource
from ui.theme import icons
from ui.theme.look import Look

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg"))
PROMISED = {
    "board", "promise", "car", "parts", "people", "chart", "settings", "attention", "outbox", "search", "call", "text",
    "mail", "person", "note", "pen", "clock", "box", "undo", "refresh", "sun", "moon", "close", "more", "hold", "pin",
}  # fmt: skip


def strongest(image: QImage) -> QColor:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda colour: colour.alpha())


def test_every_icon_the_screens_name_is_drawn() -> None:
    assert set(NAMES) >= PROMISED


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_of_its_role_and_in_no_other(look: Look, name: str) -> None:
    drawn = icons.pixmap(name, look, "late", size=24, ratio=2).toImage()
    assert drawn.size() == QSize(48, 48)
    assert strongest(drawn).name() == look.colour("late").name()
    assert b"currentColor" in resource("icons", f"{name}.svg").read_bytes()


def test_an_icon_follows_the_theme(look: Look) -> None:
    light = strongest(icons.pixmap("sun", look, "accent").toImage())
    look.use("dark")
    dark = strongest(icons.pixmap("sun", look, "accent").toImage())
    assert (light.name(), dark.name()) == ("#1f5fbf", look.colour("accent").name())


def test_an_icon_is_sharp_on_a_screen_of_twice_the_density(look: Look) -> None:
    drawn = icons.pixmap("car", look, ratio=2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (40, 2.0)


def test_an_icon_is_drawn_once_for_a_colour_and_size(look: Look) -> None:
    assert icons.pixmap("car", look).cacheKey() == icons.pixmap("car", look).cacheKey()


def test_an_icon_is_painted_in_the_middle_of_a_wide_place(look: Look) -> None:
    sheet = QPixmap(60, 20)
    sheet.fill(look.colour("panel"))
    painter = QPainter(sheet)
    icons.paint(painter, QRect(0, 0, 60, 20), "plus", look, "ink")
    painter.end()
    inked = [x for x in range(60) if sheet.toImage().pixelColor(x, 10) != look.colour("panel")]
    assert min(inked) >= 20
    assert max(inked) < 40


def test_naming_an_icon_loads_no_svg_library() -> None:
    program = "import sys, ui.theme.icons; sys.exit('PySide6.QtSvg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
