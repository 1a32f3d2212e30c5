"""Icons by name and role: monochrome drawings in the colour a theme gives the role, drawn when first asked for."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

from advisor_desk.host.resources import resource
from ui.theme.look import Look

_INK: Final = b"currentColor"

# No QIcon with an engine of ours: Qt deletes the engine with the icon and Python deletes it again; which comes first is
# the garbage collector's to say, and the second one crashes.


def paint(painter: QPainter, rect: QRect, name: str, look: Look, role: str = "soft") -> None:
    """Draw an icon in the middle of a rectangle, in the role's colour of the moment."""
    size = min(rect.width(), rect.height())
    place = rect.center() - QPoint((size - 1) // 2, (size - 1) // 2)
    painter.drawPixmap(place, pixmap(name, look, role, size, painter.device().devicePixelRatio()))


def pixmap(name: str, look: Look, role: str = "soft", size: int = 20, ratio: float = 1.0) -> QPixmap:
    """The drawing in the role's colour of the moment, ``size`` logical pixels wide and high; the look keeps it."""
    key = (name, look.colour(role).name(), size, ratio)
    if key not in look.drawings:
        look.drawings[key] = _drawn(*key)
    return look.drawings[key]


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
