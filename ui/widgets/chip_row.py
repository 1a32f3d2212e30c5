"""Chips beside one another: those that say something, the last ones only where there is room, a pressed one always."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from ui.widgets.buttons import Chip

_GAP = 8


class ChipRow(QWidget):
    """Takes what room is left in its bar and asks for none: what it shows never widens the window."""

    def __init__(self, chips: Iterable[Chip]) -> None:
        super().__init__()
        self._wanted = dict.fromkeys(chips, True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        for chip in self._wanted:
            chip.setCheckable(True)
            row.addWidget(chip)

    def want(self, chip: Chip, wanted: bool) -> None:
        """Whether a chip has something to say; ``fit`` shows it."""
        self._wanted[chip] = wanted

    def fit(self) -> None:
        """Show what there is room for, from the left."""
        room = self.width() + _GAP
        for chip, wanted in self._wanted.items():
            room -= chip.sizeHint().width() + _GAP if wanted else 0
            chip.setVisible(wanted and (room >= 0 or chip.isChecked()))

    def sizeHint(self) -> QSize:
        """As high as a chip."""
        return QSize(0, max((chip.sizeHint().height() for chip in self._wanted), default=0))

    def minimumSizeHint(self) -> QSize:
        """As high as a chip, and as narrow as need be."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room."""
        super().resizeEvent(event)
        self.fit()
