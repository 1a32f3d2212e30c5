"""The lights as shapes: each state told apart by its form and letter, with a tint behind it, never by colour alone.

A dial fills up as the promise comes near, a bubble is ticked once the customer knows, a line is signed once all is
approved; what is late is solid or marked, on an octagon.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from advisor_desk.domain.lights import Light
from ui.theme.look import Look
from ui.widgets.plain_text import tooltip


def paint_light(painter: QPainter, box: QRect, name: str, light: Light, look: Look) -> None:
    """Paint one light of a card (``parts``, ``promise``, ``told`` or ``approval``) in ``box``, about 20 by 16.

    Drawn once for each state, theme, size and screen: four lights would be half of what a card costs.
    """
    ratio = painter.device().devicePixelRatio()
    key = (f"{name} {light.state} {light.tone}", look.theme, box.width() * 1_000 + box.height(), ratio)
    if key not in look.drawings:
        look.drawings[key] = _drawn(box.size(), name, light, look, ratio)
    painter.drawPixmap(box.topLeft(), look.drawings[key])


def _drawn(size: QSize, name: str, light: Light, look: Look, ratio: float) -> QPixmap:
    out = QPixmap(size * ratio)
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setFont(look.small_bold)
    _draw(painter, QRect(QPoint(0, 0), size), name, light, look)
    painter.end()
    return out


def _draw(painter: QPainter, box: QRect, name: str, light: Light, look: Look) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QRectF(box).center()
    if light.tone == "none":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("faint"))
        painter.drawEllipse(centre, 1.3, 1.3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.wash(light.tone))
    if light.tone == "late":
        painter.drawPolygon(_octagon(centre, box.height() / 2))
    else:
        painter.drawRoundedRect(QRectF(box), 4, 4)
    pen = QPen(look.colour(light.tone), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SHAPES[_shape(name, light)](painter, centre)


def _shape(name: str, light: Light) -> str:
    if name == "parts":
        return {"late": "mark", "unknown": "question", "at_risk": "wave", "in_stock": "box", "ready": "tick"}.get(
            light.state, "clock"
        )
    if name == "promise" and light.state == "at_risk":
        return "wave"
    by_tone = {
        "promise": {"late": "clock_over", "amber": "clock_near"},
        "told": {"late": "bubble_full", "green": "bubble_ticked"},
        "approval": {"late": "called_for", "amber": "unsigned"},
    }
    usual = {"promise": "clock", "told": "bubble", "approval": "signature"}
    return by_tone[name].get(light.tone, usual[name])


def _octagon(centre: QPointF, radius: float) -> QPolygonF:
    corners = [math.radians(22.5 + 45 * place) for place in range(8)]
    return QPolygonF([QPointF(centre.x() + radius * math.cos(a), centre.y() + radius * math.sin(a)) for a in corners])


def _clock(painter: QPainter, centre: QPointF) -> None:
    painter.drawEllipse(centre, 4.6, 4.6)
    painter.drawPolyline(QPolygonF([centre + QPointF(0, -2.6), centre, centre + QPointF(1.9, 1.1)]))


def _clock_near(painter: QPainter, centre: QPointF) -> None:
    """Half of the dial is gone."""
    painter.drawEllipse(centre, 4.6, 4.6)
    painter.setBrush(painter.pen().color())
    painter.drawPie(QRectF(centre.x() - 4.6, centre.y() - 4.6, 9.2, 9.2), 90 * 16, 180 * 16)


def _clock_over(painter: QPainter, centre: QPointF) -> None:
    """All of the dial is gone."""
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(centre, 4.6, 4.6)


def _mark(painter: QPainter, centre: QPointF) -> None:
    pen = painter.pen()
    pen.setWidthF(2.2)
    painter.setPen(pen)
    painter.drawLine(centre + QPointF(0, -3.8), centre + QPointF(0, 0.6))
    painter.drawPoint(centre + QPointF(0, 3.8))


def _question(painter: QPainter, centre: QPointF) -> None:
    painter.drawText(QRectF(centre.x() - 8, centre.y() - 9, 16, 18), Qt.AlignmentFlag.AlignCenter, "?")


def _wave(painter: QPainter, centre: QPointF) -> None:
    steps = [QPointF(x, -1.7 * math.sin(x * math.pi / 4.5)) for x in (-4.5, -3.4, -2.2, -1.1, 0, 1.1, 2.2, 3.4, 4.5)]
    painter.drawPolyline(QPolygonF([centre + step for step in steps]))


def _box(painter: QPainter, centre: QPointF) -> None:
    painter.drawRoundedRect(QRectF(centre.x() - 4.3, centre.y() - 4, 8.6, 8), 1, 1)
    painter.drawLine(centre + QPointF(-4.3, -1.4), centre + QPointF(4.3, -1.4))
    painter.drawLine(centre + QPointF(-1, 0.8), centre + QPointF(1, 0.8))


def _tick(painter: QPainter, centre: QPointF) -> None:
    painter.drawPolyline(QPolygonF([centre + QPointF(-4, 0.2), centre + QPointF(-1.3, 3), centre + QPointF(4.2, -3.2)]))


_BUBBLE = ((-4.5, -3.8), (4.5, -3.8), (4.5, 2), (-1.2, 2), (-3.4, 4.4), (-3.4, 2), (-4.5, 2))


def _bubble(painter: QPainter, centre: QPointF) -> None:
    painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in _BUBBLE]))


def _bubble_full(painter: QPainter, centre: QPointF) -> None:
    """What should have been said is still in it."""
    painter.setBrush(painter.pen().color())
    _bubble(painter, centre)


def _bubble_ticked(painter: QPainter, centre: QPointF) -> None:
    """It has been said."""
    _bubble(painter, centre)
    ticked = ((-2.2, -1.1), (-0.6, 0.4), (2.3, -2.5))
    painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in ticked]))


def _line_to_sign(painter: QPainter, centre: QPointF) -> None:
    painter.drawLine(centre + QPointF(-4.6, 4.2), centre + QPointF(4.6, 4.2))


def _signature(painter: QPainter, centre: QPointF) -> None:
    stroke = ((-4.6, 2.2), (-2.6, -3.4), (-1.4, 1.6), (0.2, -0.6), (1.4, 1.6), (4.4, 1.2))
    painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in stroke]))
    _line_to_sign(painter, centre)


def _unsigned(painter: QPainter, centre: QPointF) -> None:
    """A cross marks where to sign."""
    for x in (-1.8, 1.8):
        painter.drawLine(centre + QPointF(-x - 1.8, -2.6), centre + QPointF(x - 1.8, 1))
    _line_to_sign(painter, centre)


def _called_for(painter: QPainter, centre: QPointF) -> None:
    """The signature that should have come, with a call for it."""
    stroke = ((-5.8, 2), (-3.8, -3.4), (-2.4, 1.8), (-0.8, -0.6), (1, 1.6))
    painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in stroke]))
    painter.drawLine(centre + QPointF(-5.2, 4.4), centre + QPointF(1, 4.4))
    _mark(painter, centre + QPointF(4.6, 0))


_SHAPES = {
    "clock": _clock, "clock_near": _clock_near, "clock_over": _clock_over, "mark": _mark, "question": _question,
    "wave": _wave, "box": _box, "tick": _tick, "bubble": _bubble, "bubble_full": _bubble_full,
    "bubble_ticked": _bubble_ticked, "signature": _signature, "unsigned": _unsigned, "called_for": _called_for,
}  # fmt: skip


class LightMark(QWidget):
    """One light as a widget; it says why on hover and to a screen reader."""

    def __init__(self, look: Look, name: str, light: Light) -> None:
        super().__init__()
        self._look = look
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_light(light)

    def show_light(self, light: Light) -> None:
        """Show another state."""
        self._light = light
        self.setToolTip(tooltip(light.why))
        self.setAccessibleName(f"{self._name.capitalize()}: {light.state.replace('_', ' ')}")
        self.setAccessibleDescription(light.why)
        self.update()

    def sizeHint(self) -> QSize:
        """A mark and its tint."""
        return QSize(22, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the light."""
        del event
        painter = QPainter(self)
        paint_light(painter, self.rect().adjusted(1, 1, -1, -1), self._name, self._light, self._look)
        painter.end()
