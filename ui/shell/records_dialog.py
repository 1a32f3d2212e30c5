"""The records behind a number: each one opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel
from ui.widgets.table import Cell, Column, Group, Line, Table

_COLUMNS: Final = (Column("Whose", 200, 2), Column("What", 260, 3), Column("", 110, 0, right=True))


class RecordsDialog(PanelDialog):
    """A list of records; Enter opens the order or the customer."""

    order_wanted = Signal(str)
    customer_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None, title: str, records: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(look, parent)
        self._records = {f"{record['kind']} {record['id']}": record for record in records}
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.table = Table(look, _COLUMNS, title)
        self.table.show_groups([Group("", [_line(id, record) for id, record in self._records.items()])])
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
        self.resize(680, 520)
        self.table.setFocus()

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        record = self._records[id]
        self.accept()
        if record.get("repair_order_id"):
            self.order_wanted.emit(str(record["repair_order_id"]))
        else:
            self.customer_wanted.emit(str(record.get("customer_id") or ""))


def _line(id: str, record: Mapping[str, Any]) -> Line:
    kind = str(record["kind"]).replace("_", " ")
    state = str(record.get("state") or "").replace("_", " ")
    what = " ".join(str(record.get("what") or "").split())
    return Line(id, (Cell(str(record.get("title") or "No name"), kind), Cell(what), Cell(state, "", "soft")))
