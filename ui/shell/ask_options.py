"""Choices in a grid, one or several: one stop for Tab, arrows within, and Enter left to the dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from ui.theme.look import Look

_GAP: Final = 6
_BOX: Final = 14
_STEPS: Final = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Option(QAbstractButton):
    """One choice: lit while chosen; with a tick box when several may be."""

    def __init__(self, look: Look, key: str, text: str, *, ticked: bool = False) -> None:
        super().__init__()
        self._look = look
        self.key = key
        self._ticked = ticked
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFont(look.small)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Words and a margin, as wide lit as not."""
        metrics = QFontMetrics(self._look.small_bold)
        box = _BOX + 8 if self._ticked else 0
        return QSize(metrics.horizontalAdvance(self.text()) + 22 + box, metrics.height() + 13)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses; every other key is the grid's or the dialog's."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the choice."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setBrush(self._look.colour("accent_wash" if on else "panel"))
        painter.setPen(self._look.colour("accent" if on or self.hasFocus() else "line"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        place = self.rect().adjusted(10, 0, -8, 0)
        if self._ticked:
            self._tick(painter, on)
            place.adjust(_BOX + 8, 0, 0, 0)
        painter.setFont(self._look.small_bold if on else self._look.small)
        painter.setPen(self._look.colour("accent" if on else "ink" if self.isEnabled() else "faint"))
        side = Qt.AlignmentFlag.AlignLeft if self._ticked else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(place, int((side | Qt.AlignmentFlag.AlignVCenter).value), self.text())
        painter.end()

    def _tick(self, painter: QPainter, on: bool) -> None:
        box = QRectF(10.5, (self.height() - _BOX) / 2, _BOX, _BOX)
        painter.setBrush(self._look.colour("accent" if on else "panel"))
        painter.setPen(self._look.colour("accent" if on else "faint"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(self._look.colour("on_accent"), 1.7))
            painter.drawPolyline(
                QPolygonF([box.center() + QPointF(x, y) for x, y in ((-3, 0.2), (-1, 2.4), (3.2, -2.4))])
            )


class Options(QWidget):
    """A grid of choices; ``several`` may be lit, else one, and the arrows move it."""

    changed = Signal()

    def __init__(
        self,
        look: Look,
        choices: Sequence[tuple[str, str]],
        width: int,
        lit: Iterable[str] = (),
        *,
        several: bool = False,
    ) -> None:
        super().__init__()
        self._several = several
        self._options = [Option(look, key, text, ticked=several) for key, text in choices]
        self._columns = self._fitting(width)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        for number, option in enumerate(self._options):
            grid.addWidget(option, number // self._columns, number % self._columns)
            option.clicked.connect(self._on_clicked)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.light(lit)

    @property
    def lit(self) -> list[str]:
        """The chosen ones, in order."""
        return [option.key for option in self._options if option.isChecked()]

    @property
    def keys(self) -> list[str]:
        """All that is offered, in order."""
        return [option.key for option in self._options]

    def option(self, key: str) -> Option:
        """The choice of a key."""
        return next(option for option in self._options if option.key == key)

    def light(self, keys: Iterable[str]) -> None:
        """Choose these, without telling anybody."""
        wanted = set(keys)
        for option in self._options:
            option.setChecked(option.key in wanted)
        stop = next((option for option in self._options if option.isChecked()), self._options[0])
        self._stop_at(stop)

    def name_by(self, label: str) -> None:
        """Tell a screen reader what is chosen here."""
        for option in self._options:
            option.setAccessibleDescription(label)

    def take_focus(self) -> None:
        """Give the keyboard to the choice that Tab would come to."""
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def _fitting(self, width: int) -> int:
        widest = max(option.sizeHint().width() for option in self._options)
        fit = max(1, (width + _GAP) // (widest + _GAP))
        rows = -(-len(self._options) // fit)
        return -(-len(self._options) // rows)

    def _stop_at(self, stop: Option) -> None:
        for option in self._options:
            option.setFocusPolicy(Qt.FocusPolicy.TabFocus if option is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if not isinstance(sender, Option):
            return
        if not self._several:
            self.light([sender.key])
        self._stop_at(sender)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move along the grid and choose, where only one can be."""
        step = _STEPS.get(Qt.Key(event.key()))
        here = next((number for number, option in enumerate(self._options) if option.hasFocus()), None)
        if step is None or here is None:
            event.ignore()
            return
        there = here + step[0] + step[1] * self._columns
        if 0 <= there < len(self._options):
            option = self._options[there]
            if not self._several:
                self.light([option.key])
                self.changed.emit()
            self._stop_at(option)
            option.setFocus(Qt.FocusReason.TabFocusReason)
