"""Icons by name and role: monochrome drawings in the colour a theme gives the role, drawn when first asked for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from advisor_desk.host.resources import resource
from ui.theme.look import Look

_INK: Final = b"currentColor"


def icon(name: str, look: Look, role: str = "soft") -> QIcon:
    """An icon that follows the theme by itself: it is drawn in the role's colour of the moment, at any size."""
    return QIcon(_Engine(name, look, role))


def pixmap(name: str, look: Look, role: str = "soft", size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The drawing in the role's colour of the moment, ``size`` logical pixels wide and high."""
    return _drawn(name, look.colour(role).name(), size, ratio)


def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    # Here and not above: the board is painted before an SVG library is worth loading.
    from PySide6.QtSvg import QSvgRenderer

    said = resource("icons", f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(said.replace(_INK, colour.encode()))
    out = QPixmap(round(size * ratio), round(size * ratio))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    out.setDevicePixelRatio(ratio)
    return out


class _Engine(QIconEngine):
    """Draws when asked, and keeps what it drew until the colour or the size is another."""

    def __init__(self, name: str, look: Look, role: str) -> None:
        super().__init__()
        self._name, self._look, self._role = name, look, role
        self._kept: dict[tuple[str, int, float], QPixmap] = {}

    def _at(self, size: int, ratio: float, mode: QIcon.Mode) -> QPixmap:
        role = "faint" if mode is QIcon.Mode.Disabled else self._role
        key = (self._look.colour(role).name(), size, ratio)
        if key not in self._kept:
            self._kept[key] = _drawn(self._name, key[0], size, ratio)
        return self._kept[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw it in the middle of a rectangle."""
        del state
        size = min(rect.width(), rect.height())
        place = rect.center() - QPoint((size - 1) // 2, (size - 1) // 2)
        painter.drawPixmap(place, self._at(size, painter.device().devicePixelRatio(), mode))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """The drawing as a pixmap for a screen of ``scale``; Qt gives the size in logical pixels."""
        del state
        return self._at(min(size.width(), size.height()), scale, mode)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The drawing as a pixmap of an ordinary screen."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def clone(self) -> QIconEngine:
        """Another of the same."""
        return _Engine(self._name, self._look, self._role)
