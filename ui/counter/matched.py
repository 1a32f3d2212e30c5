"""What a scanned number matched, in one sentence, and how many of each line came: confirmed where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from advisor_desk.domain import delivery
from advisor_desk.domain.delivery import ORDER, Scanned
from ui.counter import rows
from ui.counter.rows import Row
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.number_entry import NumberEntry
from ui.widgets.plain_text import Panel, PlainLabel
from ui.widgets.scrolled import Scrolled

_SHOWN: Final = 6
"""So many lines stand at once; the rest is scrolled to."""
NONE_CAME: Final = "Say how many came of at least one line."
ONE_ORDER: Final = "These are of several orders. Receive one of them, then scan again."


class Receipt(NamedTuple):
    """What is to be booked in: the command, its arguments and what to say once it is done."""

    command: str
    args: dict[str, Any]
    said: str


class Matched(Panel):
    """Lies between the filters and the rows while a scan is being answered."""

    received = Signal(object)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "panel", "round")
        self._look = look
        self._found = Scanned("", (), "")
        self._rows: list[Row] = []
        self.counts: list[NumberEntry] = []
        self.says = PlainLabel(look, "", "ink", look.bold)
        self.go = KeyButton(look, "Receive", "Enter", primary=True)
        self.leave = KeyButton(look, "Leave", "Esc")
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 4, 0, 2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(3, 1)
        self._area = Scrolled(look, self._inside)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.says, 1)
        head.addWidget(self.go)
        head.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._area)
        self.go.clicked.connect(self.send)
        self.leave.clicked.connect(self.left)
        self.setAccessibleName("What the number matched")
        self.hide()

    def show_found(self, found: Scanned, lines: Sequence[Row]) -> None:
        """Show what was matched; without lines only the sentence that says why there is nothing to receive."""
        self._found, self._rows = found, list(lines)
        self._fill()
        self.says.say(found.says, "ink" if lines else "amber")
        self.go.setVisible(bool(lines))
        self._area.setVisible(bool(lines))
        self.show()
        if self.counts:
            self.counts[0].setFocus()
            self.counts[0].selectAll()

    def refuse(self, words: str) -> None:
        """Say why nothing was booked in; the counts stay as they are."""
        self.go.setEnabled(True)
        self.says.say(words, "late")

    @Slot()
    def send(self) -> None:
        """Book in what is counted."""
        if not self.go.isEnabled() or not self._rows:
            return
        came = {
            str(row["id"]): count.value() for row, count in zip(self._rows, self.counts, strict=True) if count.value()
        }
        chosen = [row for row in self._rows if str(row["id"]) in came]
        if not chosen:
            self.refuse(NONE_CAME)
        elif len({(row.get("supplier"), row.get("order_no")) for row in chosen}) > 1:
            self.refuse(ONE_ORDER)
        else:
            self.go.setEnabled(False)
            self.received.emit(_receipt(chosen, came))

    def _fill(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.counts = []
        all_came = self._found.kind == ORDER and len({row.get("supplier") for row in self._rows}) == 1
        for number, row in enumerate(self._rows):
            self._add(number, row, missing(row) if all_came or len(self._rows) == 1 else 0)
        self.go.setEnabled(True)
        height = self.counts[0].sizeHint().height() + 4 if self.counts else 0
        self._area.setFixedHeight(height * min(len(self._rows), _SHOWN) + 8)

    def _add(self, number: int, row: Row, count: int) -> None:
        look, whose = self._look, str(row.get("customer") or "").partition(",")[0]
        entry = NumberEntry(look, 0, missing(row))
        entry.setValue(count)
        entry.setFixedWidth(64)
        entry.setAccessibleName(f"How many came: {rows.name(row)}, {rows.order_title(row)}")
        entry.installEventFilter(self)
        self.counts.append(entry)
        number_words = " · ".join(part for part in (str(row.get("number") or ""), rows.order_words(row)) if part)
        words = (f"of {missing(row)}", rows.name(row), number_words, f"{rows.order_title(row)} · {whose}".rstrip(" ·"))
        self._grid.addWidget(entry, number, 0)
        for column, (said, role, font) in enumerate(
            zip(words, ("soft", "ink", "soft", "soft"), (look.small, look.bold, look.small, look.small), strict=True), 1
        ):
            self._grid.addWidget(PlainLabel(look, said, role, font), number, column)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter receives, Esc leaves, the arrows go from count to count."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        return self._on_key(event, watched)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, wherever the keyboard is in here."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_key(self, event: QKeyEvent, watched: QObject) -> bool:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif step:
            place = next((place for place, entry in enumerate(self.counts) if entry is watched), 0) + step
            entry = self.counts[max(0, min(place, len(self.counts) - 1))]
            entry.setFocus()
            entry.selectAll()
            self._area.ensureWidgetVisible(entry)
        else:
            return False
        return True


def missing(row: Row) -> int:
    """How many pieces of a line are still to come."""
    return max(1, int(row.get("qty") or 1) - int(row.get("qty_filled") or 0))


def at_once(lines: Sequence[Row]) -> Receipt | None:
    """What needs no confirming: one line of which one piece is missing."""
    if len(lines) != 1 or missing(lines[0]) != 1:
        return None
    return _receipt(list(lines), {str(lines[0]["id"]): 1})


def find(text: str, lines: Mapping[str, Row]) -> tuple[Scanned, list[Row]]:
    """What a text stands for among the open lines, the worst of them first."""
    found = delivery.scanned(text, lines)
    return found, [lines[id] for id in found.ids]


def _receipt(chosen: Sequence[Row], came: Mapping[str, int]) -> Receipt:
    first = chosen[0]
    order = rows.order_words(first)
    if len(chosen) == 1:
        count, wanted = came[str(first["id"])], missing(first)
        part = f"{count} of {wanted} " if count < wanted else f"{count} × " if count > 1 else ""
        args = {"part_line_id": str(first["id"]), "qty": count}
        return Receipt("part.receive", args, f"Received: {part}{rows.name(first)} for {rows.order_title(first)}")
    said = f"Received: {len(chosen)} lines of order {order}"
    args = {"order_no": str(first["order_no"]), "pieces": dict(came)}
    args |= {"supplier": str(first["supplier"])} if first.get("supplier") else {}
    return Receipt("part.receive_order", args, said)
