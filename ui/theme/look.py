"""The look: a palette of roles and the fonts, taken from a theme's file; widgets ask for roles and nothing else."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from advisor_desk.host.resources import resource

ROLES: Final = (
    "bg", "panel", "sunk", "line", "ink", "soft", "faint", "accent", "accent_wash", "on_accent", "late", "late_wash",
    "amber", "amber_wash", "blue", "blue_wash", "green", "green_wash", "grey", "grey_wash",
)  # fmt: skip
TONES: Final = ("late", "amber", "blue", "green", "grey", "accent")
THEMES: Final = ("light", "dark")
_BASE_PIXELS: Final = 13


class Look(QObject):
    """The colours and fonts of the moment; painted widgets read them each time they paint."""

    changed = Signal()

    def __init__(self, theme: str = "light") -> None:
        super().__init__()
        self.theme = ""
        self._colours: dict[str, QColor] = {}
        self.drawings: dict[tuple[str, str, int, float], QPixmap] = {}
        """Icons drawn so far, by name, colour, size and pixel ratio; they must not outlive the application."""
        base = QGuiApplication.font()
        base.setPixelSize(max(_BASE_PIXELS, base.pixelSize()))
        self.font = base
        self.bold = _weighted(base, QFont.Weight.DemiBold)
        self.small = _sized(base, -1)
        self.small_bold = _weighted(self.small, QFont.Weight.DemiBold)
        self.tiny = _sized(base, -2)
        self.large_bold = _weighted(_sized(base, 3), QFont.Weight.DemiBold)
        self.line_height = QFontMetrics(base).height()
        self.use(theme)

    def colour(self, role: str) -> QColor:
        """The colour of a role."""
        return self._colours[role]

    def wash(self, tone: str) -> QColor:
        """The tint behind a tone; none for what has no tone."""
        return self._colours.get(f"{tone}_wash", QColor(Qt.GlobalColor.transparent))

    def use(self, theme: str) -> None:
        """Change to a theme; everything repaints."""
        theme = system_theme() if theme not in THEMES else theme
        if theme == self.theme:
            return
        said = colours_of(resource("themes", f"{theme}.toml").read_text(encoding="utf-8"))
        self._colours = {role: QColor(said[role]) for role in ROLES}
        self.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyle("Fusion")
            app.setFont(self.font)
            app.setPalette(self.palette())
        self.changed.emit()

    def palette(self) -> QPalette:
        """The palette Qt's own widgets paint by."""
        group, role, palette = QPalette.ColorGroup, QPalette.ColorRole, QPalette()
        for name, part in (
            ("bg", role.Window),
            ("ink", role.WindowText),
            ("panel", role.Base),
            ("sunk", role.AlternateBase),
            ("ink", role.Text),
            ("panel", role.Button),
            ("ink", role.ButtonText),
            ("accent", role.Highlight),
            ("on_accent", role.HighlightedText),
            ("faint", role.PlaceholderText),
            ("ink", role.ToolTipText),
            ("panel", role.ToolTipBase),
            ("accent", role.Link),
            ("line", role.Mid),
            ("line", role.Midlight),
            ("panel", role.Light),
        ):
            palette.setColor(part, self._colours[name])
        for part in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, part, self._colours["faint"])
        palette.setColor(group.Disabled, role.Base, self._colours["sunk"])
        return palette


def colours_of(theme: str) -> dict[str, str]:
    """The colours a theme's file names by role.

    The file is TOML and holds nothing but such lines; a TOML library would cost the first paint 8 ms.
    """
    return dict(re.findall(r'^(\w+) = "(#[0-9a-f]{6})"$', theme, re.MULTILINE))


def system_theme() -> str:
    """Light or dark, as the system has it; light where it does not say."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def _weighted(font: QFont, weight: QFont.Weight) -> QFont:
    out = QFont(font)
    out.setWeight(weight)
    return out


def _sized(font: QFont, more: int) -> QFont:
    out = QFont(font)
    out.setPixelSize(font.pixelSize() + more)
    return out
