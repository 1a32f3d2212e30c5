"""The store's figures: a plain table; every number opens the records behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent

from advisor_desk.domain.figure import Record
from ui.theme.look import Look
from ui.widgets import words
from ui.widgets.buttons import Segmented
from ui.widgets.page_parts import Empty
from ui.widgets.table import Cell, Column, Group, Line
from ui.widgets.workspace import Workspace

_COLUMNS: Final = (
    Column("", 216, 2),
    *(Column("", 88, 1, right=True) for _ in range(7)),
)
WEEK, MONTH, QUARTER = "7", "30", "90"
_MONEY: Final = "money"
_SHARE: Final = "%"
_EMPTY: Final = "There is nothing to count in these days yet."
_EMPTY_MORE: Final = "Figures are counted from the store's own records, on this desk."


class ReportsPage(Workspace):
    """Shows figures over the last week, month or quarter."""

    records_wanted = Signal(str, object)
    """What a row is called, and the records behind it, as pairs of a kind and an id."""
    days_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Figures", _COLUMNS, Empty(look, "chart", _EMPTY, _EMPTY_MORE), {})
        self.spans = Segmented(look, ((WEEK, "7 days"), (MONTH, "30 days"), (QUARTER, "90 days")), MONTH)
        self.put_above(self.spans)
        self.spans.chosen.connect(self._on_span)
        self.opened.connect(self._on_opened)
        self._behind: dict[str, tuple[str, Sequence[Any]]] = {}

    @property
    def days(self) -> int:
        """Over how many days it is counted."""
        return int(self.spans.current)

    def show_figures(self, figures: Sequence[Any], people: Mapping[str, Mapping[str, Any]]) -> None:
        """Show figures as ``domain.figures`` counts them."""
        self._behind = {}
        groups = []
        for figure in figures:
            lines = []
            for number, line in enumerate(figure.lines):
                id = f"{figure.name} {number}"
                label = label_of(line.label, people)
                self._behind[id] = (f"{figure.title}: {label}", line.records)
                pairs = zip(line.values, figure.columns, strict=False)
                values = [Cell(_value(value, column), said=_said(value, column)) for value, column in pairs]
                lines.append(Line(id, (Cell(label, _behind(line.records), bold=True), *values)))
            groups.append(Group(figure.title, lines, columns=figure.columns))
        counted = any(records for _, records in self._behind.values())
        self.show_groups(groups if counted else ())

    @Slot(str)
    def _on_opened(self, id: str) -> None:
        title, records = self._behind[id]
        self.records_wanted.emit(title, records)

    @Slot(str)
    def _on_span(self, _: str) -> None:
        self.days_wanted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Opened: what has come since is to be counted too."""
        super().showEvent(event)
        if not event.spontaneous():
            self.days_wanted.emit()


def label_of(label: str, people: Mapping[str, Mapping[str, Any]]) -> str:
    """A person by name, a rule, role or stage in words, anything else as it is."""
    if label in people:
        return str(people[label].get("name") or "Somebody")
    for known in (words.RULE, words.ROLE, words.STAGE):
        if label in known:
            return known[label][:1].upper() + known[label][1:]
    return (label[:1].upper() + label[1:]).replace("_", " ") or "Nobody"


def _value(value: Any, column: str) -> str:
    if column == _MONEY and isinstance(value, int):
        return words.money(value)
    if column.startswith(_SHARE):
        return "–" if value == "" else f"{value:.0f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def _said(value: Any, column: str) -> str:
    return "" if value == "" else _value(value, column) if column == _MONEY else f"{_value(value, column)} {column}"


def _behind(records: Sequence[Record]) -> str:
    """The records behind a row's numbers, counted as what they are."""
    kinds = Counter(kind for kind, _ in records)
    return ", ".join(words.counted(count, words.kind(kind)) for kind, count in kinds.items())
