"""Who got what, after somebody left or is away; from here a promise or a customer is handed on once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.promises.rows import Reader
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import KeyButton
from ui.widgets.page_parts import Footer
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel
from ui.widgets.table import Cell, Column, Group, Line, Table

_COLUMNS: Final = (Column("RO and customer", 220, 2), Column("What", 280, 3), Column("", 110, 0, right=True))
_KINDS: Final = {"promise": "promise", "repair_order": "RO", "customer": "customer"}
_GIVES: Final = {"promise": "promise.offer", "customer": "customer.adopt", "repair_order": "customer.adopt"}


class HandedDialog(PanelDialog):
    """A list by who has it now; Enter opens, H hands on."""

    opened = Signal(dict)
    hand_on_wanted = Signal(str, dict)
    """The command that hands a record on, and the record."""

    def __init__(
        self, look: Look, parent: QWidget | None, name: str, records: Sequence[Mapping[str, Any]], reader: Reader
    ) -> None:
        super().__init__(look, parent)
        self._records = {f"{record['kind']} {record['id']}": dict(record) for record in records}
        title = f"What {name} answered for"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.summary = PlainLabel(look, _counted(records) or "Nothing had to be handed on.", "soft", look.small)
        self.table = Table(look, _COLUMNS, title)
        self.table.show_groups(groups(records, reader))
        self.table.opened.connect(self._on_opened)
        self.table.typed.connect(self._on_typed)
        self.table.menu_wanted.connect(self._on_menu)
        self.foot = Footer(look, ())
        self.foot.show_keys([("Enter", "open"), ("H", "hand on")])
        done = KeyButton(look, "Done", "Esc", primary=True)
        done.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(PlainLabel(look, title, "ink", look.large_bold))
        column.addWidget(self.summary)
        column.addWidget(self.table.headings)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.foot, 1)
        row.addWidget(done)
        column.addLayout(row)
        self.take(720, 560)
        self.table.setFocus()

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        self.accept()
        self.opened.emit(self._records[id])

    @Slot(str)
    def _on_typed(self, letter: str) -> None:
        record = self._records.get(self.table.current_id() or "")
        if letter == "h" and record is not None:
            self.hand_on_wanted.emit(_GIVES[str(record["kind"])], record)

    @Slot(str, QPoint)
    def _on_menu(self, _: str, __: QPoint) -> None:
        self._on_typed("h")


def groups(records: Sequence[Mapping[str, Any]], reader: Reader) -> list[Group]:
    """By who has it now, whoever got most first."""
    by: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for record in records:
        by.setdefault((str(record.get("to") or ""), str(record.get("to_role") or "")), []).append(record)
    most_first = sorted(by.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        Group(f"{_taker(id, role, reader)}: {_counted(some)}", [_line(one) for one in some])
        for (id, role), some in most_first
    ]


def _taker(id: str, role: str, reader: Reader) -> str:
    if id:
        return str(reader.people.get(id, {}).get("name") or "Somebody unknown")
    return f"Anybody of {words.ROLE.get(role, role)}" if role else "Nobody"


def _counted(records: Sequence[Mapping[str, Any]]) -> str:
    counts = {kind: sum(record["kind"] == kind for record in records) for kind in _KINDS}
    return ", ".join(words.counted(count, _KINDS[kind]) for kind, count in counts.items() if count)


def _line(record: Mapping[str, Any]) -> Line:
    what = " ".join(str(record.get("what") or "").split())
    title = str(record.get("title") or "No name")
    return Line(f"{record['kind']} {record['id']}", (Cell(title, bold=True), Cell(what), Cell(_KINDS[record["kind"]])))
