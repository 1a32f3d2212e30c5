"""The type of the papers: its sizes, and words broken into lines of a width, never read as anything but words."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

DPI: Final = 600
"""Everything is laid out in dots of this size, so that a preview, a PDF and a printer break the same lines."""
_STYLES: Final = {
    "plain": (10.0, False),
    "small": (8.5, False),
    "titles": (8.5, True),
    "strong": (10.5, True),
    "large": (14.0, True),
    "huge": (19.0, True),
}


def dots(millimetres: float) -> float:
    """A length on the paper."""
    return millimetres / 25.4 * DPI


class Type:
    """The fonts of one paper; a label that is too full has them all a little smaller."""

    def __init__(self, scale: float = 1.0) -> None:
        self._fonts = {name: _font(points * scale, bold) for name, (points, bold) in _STYLES.items()}
        self._metrics = {name: QFontMetricsF(font) for name, font in self._fonts.items()}

    def font(self, style: str) -> QFont:
        """The font of a style."""
        return self._fonts[style]

    def height(self, style: str) -> float:
        """From one line to the next."""
        return self._metrics[style].lineSpacing()

    def rise(self, style: str) -> float:
        """From a line's top to what its words stand on."""
        return self._metrics[style].ascent()

    def width(self, text: str, style: str) -> float:
        """How wide a line is."""
        return self._metrics[style].horizontalAdvance(text)

    def lines(self, text: str, style: str, width: float) -> list[str]:
        """The text in lines no wider than that; a word too long for one is broken where it must be."""
        out: list[str] = []
        for said in text.split("\n"):
            shown = "".join(char if char.isprintable() else " " for char in said).rstrip()
            out += [shown] if self.width(shown, style) <= width else self._broken(shown, style, width)
        return out

    def _broken(self, text: str, style: str, width: float) -> list[str]:
        layout = QTextLayout(text, self._fonts[style])
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        # Qt counts in UTF-16: a character beyond its first plane is two there and one here.
        units = text.encode("utf-16-le")
        out: list[str] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start = line.textStart() * 2
            out.append(units[start : start + line.textLength() * 2].decode("utf-16-le", "replace").rstrip())
        layout.endLayout()
        return out


def _font(points: float, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(round(points / 72 * DPI))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setBold(bold)
    return font
