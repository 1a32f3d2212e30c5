"""A section of the right-hand side: a heading with a quiet note, and rows; a long one shows its rest on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import draw, tooltip
from ui.widgets.row_facts import RowFacts
from ui.widgets.rows import LEFT, SIDE, Row

_MANY: Final = 6
"""More rows than this fold …"""
_MOST: Final = 10
"""… but those that need someone stay, up to this many."""


class Heading(QWidget):
    """A section's name, and a note at the right."""

    def __init__(self, look: Look, title: str, *, line: bool = False) -> None:
        super().__init__()
        self._look = look
        self._line = line
        self.title, self.note = title, ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def say(self, note: str) -> None:
        """Show another note."""
        self.note = note
        self.setAccessibleName(f"{self.title}, {note}" if note else self.title)
        self.setToolTip(tooltip(note))
        self.update()

    def sizeHint(self) -> QSize:
        """A line with air above it."""
        return QSize(120, QFontMetrics(self._look.small).height() + 15)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name and note."""
        del event
        painter = QPainter(self)
        if self._line:
            painter.fillRect(0, 0, self.width(), 1, self._look.colour("line"))
        box = QRect(14, 8, self.width() - 14 - SIDE, self.height() - 12)
        painter.setFont(self._look.small_bold)
        painter.setPen(self._look.colour("soft"))
        name = painter.fontMetrics().horizontalAdvance(self.title)
        draw(painter, box, self.title)
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("faint"))
        draw(painter, box.adjusted(name + 12, 0, 0, 0), self.note, Qt.AlignmentFlag.AlignRight)
        painter.end()


class Section(QWidget):
    """Rows under a heading, one Tab stop for all; up and down go from row to row."""

    acted = Signal(str, dict)

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._look = look
        self._facts: list[RowFacts] = []
        self._all = False
        self.rows: list[Row] = []
        self.heading = Heading(look, title)
        self._more = KeyButton(look, "Show more")
        self._more.clicked.connect(self._on_more)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.heading)
        foot = QHBoxLayout()
        foot.setContentsMargins(LEFT, 4, SIDE, 4)
        foot.addWidget(self._more)
        foot.addStretch(1)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        self._column.addWidget(self._foot)
        self._foot.hide()
        self.setAccessibleName(title)

    def show_rows(self, facts: Sequence[RowFacts], note: str = "", *, anew: bool = False) -> None:
        """Show these rows; ``anew`` when they belong to another repair order, so that nothing stays unfolded."""
        self._facts = list(facts)
        self._all = self._all and not anew
        self.heading.say(note)
        self._refill()

    @property
    def shown(self) -> list[RowFacts]:
        """The rows on the screen."""
        return [row.facts for row in self.rows if not row.isHidden()]

    def _refill(self) -> None:
        shown = self._facts if self._all else folded(self._facts, _MANY)
        held = next((row.facts.id for row in self.rows if row.hasFocus()), "")
        grown = len(self.rows) < len(shown)
        while len(self.rows) < len(shown):
            row = Row(self._look)
            row.acted.connect(self.acted)
            row.moved.connect(self._on_moved)
            row.entered.connect(self._on_entered)
            self._column.insertWidget(1 + len(self.rows), row)
            self.rows.append(row)
        for row, facts in zip(self.rows, shown, strict=False):
            chained = row.stops
            row.show_facts(facts)
            grown = grown or row.stops != chained
            row.show()
            if held and facts.id == held:
                row.setFocus()
        for row in self.rows[len(shown) :]:
            row.hide()
        if grown:
            self._chain()
        if not any(row.focusPolicy() is Qt.FocusPolicy.StrongFocus for row in self.rows[: len(shown)]):
            self._stop_at(0)
        rest = [facts for facts in self._facts if facts not in shown]
        needing = sum(facts.needs_someone for facts in rest)
        self._foot.setVisible(bool(rest) or (self._all and len(self._facts) > _MANY + 1))
        more = f"Show {len(rest)} more" + (f", {needing} need you" if needing else "")
        self._more.say(more if rest else "Show fewer")

    def _chain(self) -> None:
        """Tab goes down the section, whenever its rows were made; the button at the end has been there longest."""
        before: QWidget = self._more
        for stop in [*(stop for row in self.rows for stop in row.stops), self._more]:
            QWidget.setTabOrder(before, stop)
            before = stop

    def _stop_at(self, number: int) -> None:
        """Make one row the one Tab comes to."""
        for place, row in enumerate(self.rows):
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == number else Qt.FocusPolicy.ClickFocus)

    @Slot()
    def _on_more(self) -> None:
        self._all = not self._all
        self._refill()

    @Slot()
    def _on_entered(self) -> None:
        self._stop_at(self.rows.index(self.sender()))  # type: ignore[arg-type]

    @Slot(int)
    def _on_moved(self, step: int) -> None:
        place = self.rows.index(self.sender()) + step  # type: ignore[arg-type]
        if 0 <= place < len(self.shown):
            self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)


def folded(facts: Sequence[RowFacts], limit: int, most: int = _MOST) -> list[RowFacts]:
    """The first rows, and before the others those that need someone; their order stays."""
    if len(facts) <= limit + 1:
        return list(facts)
    needed = [place for place, row in enumerate(facts) if row.needs_someone][:most]
    calm = [place for place, row in enumerate(facts) if not row.needs_someone][: max(limit - len(needed), 0)]
    return [facts[place] for place in sorted(needed + calm)]
