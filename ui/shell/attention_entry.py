"""One entry of needs-attention: yours beside theirs, why, and the three ways to decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advisor_desk.domain.changes import DELETE
from advisor_desk.domain.lights import Settings
from ui.shell import attention_words as said
from ui.theme.icons import pixmap
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import PlainLabel, tooltip

KEEP, SET, EDIT, OPEN = "keep_theirs", "set_mine", "edit", "open"
_MARK: Final = 18
_WIDEST: Final = 860


class Entry(QWidget):
    """A panel for one entry; ``pressed`` says what was chosen for it."""

    pressed = Signal(str, str)
    entered = Signal(str)

    def __init__(self, look: Look, id: str) -> None:
        super().__init__()
        self._look = look
        self.id = id
        self.item: Mapping[str, Any] = {}
        self.lit = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaximumWidth(_WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = PlainLabel(look, "", "ink", look.bold)
        self._tried = PlainLabel(look, "", "soft", look.small)
        self._why = PlainLabel(look, "", "late", look.small, wrap=True)
        self._table = QWidget()
        self._refusal = PlainLabel(look, "", "late", look.small_bold, wrap=True)
        self.keep = KeyButton(look, "", "K")
        self.set = KeyButton(look, "", "M")
        self.edit = KeyButton(look, "Edit…", "E")
        self.open = KeyButton(look, "Open the RO", "Enter")
        self._lay_out()
        for button, deed in ((self.keep, KEEP), (self.set, SET), (self.edit, EDIT), (self.open, OPEN)):
            button.setProperty("deed", deed)
            button.clicked.connect(self._on_pressed)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18 + _MARK + 8, 12, 16, 12)
        self._column.setSpacing(2)
        self._column.addWidget(self._title)
        self._column.addWidget(self._tried)
        self._column.addWidget(self._why)
        self._column.addSpacing(8)
        self._column.addWidget(self._table)
        self._column.addSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.keep, self.set, self.edit):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.open)
        self._column.addLayout(row)
        self._refusal.setContentsMargins(0, 6, 0, 0)
        self._refusal.hide()
        self._column.addWidget(self._refusal)

    def show_item(self, item: Mapping[str, Any], now: datetime, settings: Settings, *, editable: bool) -> None:
        """Show an entry as it stands; what a refusal said stays until it is another entry."""
        if item != self.item:
            self.refuse("")
            self.set_busy(False)
        self.item = item
        self._title.say(str(item.get("title") or ""))
        self._title.setToolTip(tooltip(str(item.get("title") or "")))
        self._tried.say(said.tried(item, now, settings))
        self._why.say(said.reason(item))
        keep, again = said.presses(item)
        self.keep.say(keep)
        self.set.say(again)
        self.edit.setVisible(editable and item.get("op") != DELETE)
        self.open.setVisible(bool(item.get("repair_order_id")))
        self._fill(now, settings)
        self.setAccessibleName(said.sentence(item, now, settings))
        self.updateGeometry()

    def _fill(self, now: datetime, settings: Settings) -> None:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(3)
        by, both = said.theirs_by(self.item, now, settings), said.has_theirs(self.item)
        small = self._look.small
        grid.addWidget(PlainLabel(self._look, "Yours", "faint", small), 0, 1)
        if both:
            grid.addWidget(PlainLabel(self._look, f"Theirs · {by}" if by else "Now", "faint", small), 0, 2)
        for row, pair in enumerate(said.pairs(self.item, now, settings), 1):
            grid.addWidget(PlainLabel(self._look, pair.label, "soft", small), row, 0, Qt.AlignmentFlag.AlignTop)
            for column, text in ((1, pair.mine), (2, pair.theirs if both else "")):
                # Wrapped, never cut: it is what somebody wrote and might lose.
                grid.addWidget(PlainLabel(self._look, text, "ink", wrap=True), row, column)
        for column, share in ((0, 2), (1, 4), (2, 4)):
            grid.setColumnStretch(column, share)
        self._column.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table
        table.setVisible(bool(self.item.get("mine")))

    def refuse(self, why: str) -> None:
        """Show why the desk did not take the decision."""
        self._refusal.say(why)
        self._refusal.setVisible(bool(why))
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """Wait for the desk's answer."""
        for button in (self.keep, self.set, self.edit):
            button.setEnabled(not busy)

    @property
    def refusal(self) -> str:
        """What the desk said against the decision."""
        return self._refusal.text()

    def _on_pressed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.pressed.emit(self.id, str(sender.property("deed")))

    def sizeHint(self) -> QSize:
        """As high as its words ask."""
        return QSize(super().sizeHint().width(), self.heightForWidth(max(self.width(), 400)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self.entered.emit(self.id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes the entry in hand."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens the RO."""
        del event
        self.pressed.emit(self.id, OPEN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel, and the mark that it needs somebody."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(self._look.colour("panel"))
        painter.setPen(self._look.colour("accent" if self.lit else "line"))
        painter.drawRoundedRect(box, 6, 6)
        if self.lit:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        painter.drawPixmap(16, 13, pixmap("attention", self._look, "late", _MARK, self.devicePixelRatio()))
        painter.end()
