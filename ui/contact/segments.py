"""A line of short facts, each in its tone, that wraps between facts and never inside one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.contact.who import Segment
from ui.theme.look import Look
from ui.widgets.dot import paint_dot
from ui.widgets.plain_text import draw, tooltip

_BETWEEN = " · "
_DOT = 12


class Segments(QWidget):
    """Facts with dots between them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._metrics = QFontMetrics(look.small)
        self.segments: list[Segment] = []
        self._broken: dict[int, list[list[Segment]]] = {}
        """The facts line by line, by width."""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def text(self) -> str:
        """All of it in one line."""
        return _BETWEEN.join(segment.text for segment in self.segments)

    def say(self, segments: Sequence[Segment]) -> None:
        """Show other facts."""
        if list(segments) == self.segments:
            return
        self.segments = list(segments)
        self._broken.clear()
        waits = any(segment.pending for segment in self.segments)
        self.setAccessibleName(f"{self.text}, not yet sent" if waits else self.text)
        self.setToolTip(tooltip(self.text))
        self.setVisible(bool(self.segments))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """It wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As many lines as the facts need."""
        return len(self._lines(width)) * (self._metrics.height() + 3)

    def sizeHint(self) -> QSize:
        """Its height comes of its width."""
        return QSize(200, self._metrics.height() + 3)

    def minimumSizeHint(self) -> QSize:
        """It may be cut to any width."""
        return QSize(60, self._metrics.height() + 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the facts line by line."""
        del event
        painter = QPainter(self)
        painter.setFont(self._look.small)
        height = self._metrics.height() + 3
        for number, line in enumerate(self._lines(self.width())):
            left = 0
            for place, segment in enumerate(line):
                if place:
                    painter.setPen(self._look.colour("soft"))
                    draw(painter, QRect(left, number * height, 40, height), _BETWEEN)
                    left += self._metrics.horizontalAdvance(_BETWEEN)
                painter.setPen(self._look.colour(segment.tone))
                draw(painter, QRect(left, number * height, self.width() - left, height), segment.text)
                left += self._metrics.horizontalAdvance(segment.text)
                if segment.pending:
                    paint_dot(painter, QPoint(left + 7, number * height + height // 2 + 1), self._look)
                    left += _DOT
        painter.end()

    def _lines(self, width: int) -> list[list[Segment]]:
        if width not in self._broken:
            self._broken[width] = self._break(width)
        return self._broken[width]

    def _break(self, width: int) -> list[list[Segment]]:
        lines: list[list[Segment]] = []
        used = 0
        for segment in self.segments:
            wide = self._metrics.horizontalAdvance(segment.text) + (_DOT if segment.pending else 0)
            more = wide + self._metrics.horizontalAdvance(_BETWEEN)
            if not lines or used + more > width:
                lines.append([])
                used, more = 0, wide
            lines[-1].append(segment)
            used += more
        return lines
