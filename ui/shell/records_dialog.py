"""The records behind a number: each one opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advisor_desk.domain import lights
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel
from ui.widgets.table import Cell, Column, Group, Line, Table

_COLUMNS: Final = (Column("RO and customer", 220, 2), Column("What", 250, 3), Column("", 100, 0, right=True))
_HIGHEST: Final = 520


class RecordsDialog(PanelDialog):
    """A list of records; Enter opens the order or the customer."""

    order_wanted = Signal(str)
    customer_wanted = Signal(str)

    def __init__(
        self, look: Look, parent: QWidget | None, title: str, records: Sequence[Mapping[str, Any]], now: datetime
    ) -> None:
        super().__init__(look, parent)
        self._records = {f"{record['kind']} {record['id']}": record for record in records}
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.table = Table(look, _COLUMNS, title)
        self.table.show_groups([Group("", [_line(id, record, now) for id, record in self._records.items()])])
        self.table.opened.connect(self._on_opened)
        close = KeyButton(look, "Close", "Esc")
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(PlainLabel(look, title, "ink", look.large_bold))
        column.addWidget(self.table.headings)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column.addLayout(row)
        rows = self.table.verticalHeader().length() - self.table.sizeHint().height()
        self.take(680, min(self.sizeHint().height() + rows, _HIGHEST))
        self.table.setFocus()

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        record = self._records[id]
        self.accept()
        if record.get("repair_order_id"):
            self.order_wanted.emit(str(record["repair_order_id"]))
        else:
            self.customer_wanted.emit(str(record.get("customer_id") or ""))


def _line(id: str, record: Mapping[str, Any], now: datetime) -> Line:
    kind = str(record["kind"])
    what = " ".join(str(record.get("what") or "").split())
    state, tone = _state(record, now)
    first = Cell(str(record.get("title") or "No name"), words.kind(kind))
    return Line(id, (first, Cell(what, wraps=True), Cell(state, "", tone)))


def _state(record: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """How a record stands; a promise that is open past its time says by how much."""
    state, due = str(record.get("state") or ""), lights.moment(record.get("due_at"))
    if record["kind"] == "promise" and state == "open" and due is not None and due < now:
        return words.until(due, now), "late"
    return state.replace("_", " "), "soft"
