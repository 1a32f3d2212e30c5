"""What a contact tells besides its words: ETAs that moved and parts that came, each to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from ui.contact.draft import Untold
from ui.theme.look import Look
from ui.widgets.plain_text import tooltip

_MOST = 3
"""More lines than this are told of together."""


class Tick(QCheckBox):
    """A box to tick whose words are cut to the room there is; its ids are the part lines it stands for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setFont(look.small)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.ids: list[str] = []
        self.words = ""

    def say(self, ids: Sequence[str], words: str) -> None:
        """Stand for these lines."""
        self.ids, self.words = list(ids), words
        self.setAccessibleName(words)
        self.setToolTip(tooltip(words))
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """It may be cut to any width."""
        return QSize(60, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self.width() - 28, 40)
        cut = self.fontMetrics().elidedText(self.words.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
        self.setText(cut.replace("&", "&&"))


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
