"""A line of short facts, each in its tone, that wraps between facts and never inside one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.contact.who import Segment
from ui.theme.look import Look
from ui.widgets.plain_text import draw, tooltip

_BETWEEN = " · "


class Segments(QWidget):
    """Facts with dots between them."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._metrics = QFontMetrics(look.small)
        self.segments: list[Segment] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """All of it in one line."""
        return _BETWEEN.join(segment.text for segment in self.segments)

    def say(self, segments: Sequence[Segment]) -> None:
        """Show other facts."""
        self.segments = list(segments)
        self.setAccessibleName(self.text)
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
        """As high as its width asks."""
        return QSize(200, self.heightForWidth(max(self.width(), 120)))

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
        painter.end()

    def _lines(self, width: int) -> list[list[Segment]]:
        lines: list[list[Segment]] = []
        used = 0
        for segment in self.segments:
            wide = self._metrics.horizontalAdvance(segment.text)
            more = wide + self._metrics.horizontalAdvance(_BETWEEN)
            if not lines or used + more > width:
                lines.append([])
                used, more = 0, wide
            lines[-1].append(segment)
            used += more
        return lines
