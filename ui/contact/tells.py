"""What a contact tells besides its words: ETAs that moved and parts that came, each to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from ui.contact.draft import Untold
from ui.theme.look import Look
from ui.widgets.plain_text import draw, tooltip

_BOX = 14
_MOST = 3
"""More lines than this are told of together."""


class Tick(QCheckBox):
    """A box to tick whose words are cut to the room there is; its ids are the part lines it stands for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFont(look.small)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.ids: list[str] = []
        self.words = ""

    def say(self, ids: Sequence[str], words: str) -> None:
        """Stand for these lines."""
        self.ids, self.words = list(ids), words
        self.setAccessibleName(words)
        self.setToolTip(tooltip(words))
        self.update()

    def sizeHint(self) -> QSize:
        """A box and a line of words."""
        return QSize(120, max(self.fontMetrics().height() + 4, _BOX + 4))

    def minimumSizeHint(self) -> QSize:
        """It may be cut to any width."""
        return QSize(60, self.sizeHint().height())

    def hitButton(self, place: QPoint) -> bool:
        """The words are pressed as well as the box."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box and the words."""
        del event
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.5, (self.height() - _BOX) / 2 + 0.5, _BOX - 1, _BOX - 1)
        painter.setPen(look.colour("accent" if self.hasFocus() or self.isChecked() else "faint"))
        painter.setBrush(look.colour("accent" if self.isChecked() else "panel"))
        painter.drawRoundedRect(box, 3, 3)
        if self.isChecked():
            pen = QPen(look.colour("on_accent"), 1.7)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            corners = ((3.5, 7), (6, 9.5), (10.5, 4.5))
            painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x - 0.5, y - 0.5) for x, y in corners]))
        painter.setPen(look.colour("ink" if self.isEnabled() else "faint"))
        draw(painter, self.rect().adjusted(_BOX + 8, 0, 0, 0), self.words)
        painter.end()


class Tells(QWidget):
    """A tick a part line; the fourth stands for all the rest."""

    changed = Signal(str, bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.ticks = [Tick(look) for _ in range(_MOST + 1)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for tick in self.ticks:
            tick.clicked.connect(self._on_clicked)
            column.addWidget(tick)

    def show_lines(self, untold: Sequence[Untold], off: Collection[str], *, enabled: bool) -> None:
        """Show what could be told; ticked unless taken off, and only where somebody was told at all."""
        said = [([id], f"Tells {words}") for id, words in untold[:_MOST]]
        rest = [id for id, _ in untold[_MOST:]]
        if rest:
            said.append((rest, f"Tells {len(rest)} more part lines"))
        for number, tick in enumerate(self.ticks):
            tick.setVisible(number < len(said))
            if number < len(said):
                ids, words = said[number]
                tick.say(ids, words)
                tick.setEnabled(enabled)
                tick.setChecked(enabled and not any(id in off for id in ids))

    @Slot(bool)
    def _on_clicked(self, checked: bool) -> None:
        tick = self.sender()
        if isinstance(tick, Tick):
            for id in tick.ids:
                self.changed.emit(id, checked)
