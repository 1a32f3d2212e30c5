"""The page after an outage: what became of everything done while the line was down, to tick off and to print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListView, QVBoxLayout, QWidget

from advisor_desk.domain.lights import Settings
from ui.shell import reconcile_print, reconcile_words
from ui.shell.reconcile_rows import ROW, RowPainter, Rows, TickList
from ui.shell.reconcile_words import Done, Order
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.entry import see_through
from ui.widgets.page_parts import Empty, Footer, PageHead
from ui.widgets.plain_text import Panel, PlainLabel
from ui.widgets.scroll_bar import SlimBar

EMPTY: Final = "Nothing to look over."
_EMPTY_MORE: Final = "What was done during an outage is listed here, to be checked against the store's system."
_KEYS: Final = (("Space", "tick"), ("Enter", "open the RO"), ("Ctrl P", "save as PDF"))
_NOT_WRITTEN: Final = "The file could not be written. Choose another folder."
Ask = Callable[..., None]


def choose_file(over: QWidget) -> str:
    """Ask where to; empty when nothing was chosen."""
    return QFileDialog.getSaveFileName(over, "Save as PDF", "after-the-outage.pdf", "PDF (*.pdf)")[0]


class ReconcilePage(Panel):
    """Lists the edits of each outage by repair order."""

    order_wanted = Signal(str)

    def __init__(self, look: Look, ask: Ask, now: Callable[[], datetime]) -> None:
        super().__init__(look, "bg")
        self._ask, self._now, self._settings = ask, now, Settings()
        self.store = ""
        self.choose: Callable[[QWidget], str] = choose_file
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("After an outage")
        self.head = PageHead(look, "After an outage")
        self.print = KeyButton(look, "Save as PDF…")
        self.fault = PlainLabel(look, "", "late", look.small)
        self.fault.setContentsMargins(14, 0, 14, 6)
        self.fault.hide()
        self.empty = Empty(look, "refresh", EMPTY, _EMPTY_MORE)
        self._rows = Rows()
        self._painter = RowPainter(look)
        self.list = TickList()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(self._painter)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setVerticalScrollBar(SlimBar(look))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("What was done while the line was down")
        see_through(self.list)
        self._foot = Footer(look, _KEYS)
        self._arrange()
        self.list.opened.connect(self._on_opened)
        self.list.ticked.connect(self._on_ticked)
        self.print.clicked.connect(self._on_print)
        self.show_items([], Settings())

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 14, 0)
        top.addWidget(self.head, 1)
        top.addWidget(self.print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.fault)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        column.addWidget(self._foot)

    def show_items(self, items: Sequence[Mapping[str, Any]], settings: Settings) -> None:
        """Show what became of the work; the row in hand stays."""
        held, self._settings = self._lit(), settings
        rows = reconcile_words.rows(items, self._now(), settings)
        self._rows.show(rows)
        done = [row for row in rows if isinstance(row, Done)]
        if done:
            places = [place for place, row in enumerate(rows) if isinstance(row, Done) and row.id == held]
            if places or self.list.currentIndex().row() < 0:
                self.list.setCurrentIndex(self._rows.index(places[0] if places else rows.index(done[0])))
        left = [row for row in done if not row.ticked]
        self.head.count(len(left))
        self.head.note.say(_note(done, left))
        self.empty.setVisible(not done)
        for part in (self.list, self._foot, self.print):
            part.setVisible(bool(done))

    def _lit(self) -> str:
        row = self.list.currentIndex().data(ROW)
        return row.id if isinstance(row, Done) else ""

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if isinstance(row, Done | Order) and row.order_id:
            self.order_wanted.emit(row.order_id)

    @Slot(QModelIndex)
    def _on_ticked(self, index: QModelIndex) -> None:
        """Tick one, or all of an order; where nothing is left to tick, take the ticks back."""
        row = index.data(ROW)
        if isinstance(row, Done):
            self._tick([row.id], not row.ticked)
        elif isinstance(row, Order):
            self._tick(row.open_ids or row.ids, bool(row.open_ids))

    def _tick(self, ids: list[str], done: bool) -> None:
        self._ask("reconcile.tick", {"entries": ids, "done": done}, None, self._on_refused)

    def _on_refused(self, error: dict[str, Any]) -> None:
        self._say(str(error.get("message") or ""))

    @Slot()
    def _on_print(self) -> None:
        path = self.choose(self)
        if not path:
            return
        path = path if path.lower().endswith(".pdf") else f"{path}.pdf"
        ok = reconcile_print.write_pdf(path, self._rows.rows, self.store, self._now(), self._settings)
        self._say("" if ok else _NOT_WRITTEN)

    def _say(self, fault: str) -> None:
        self.fault.say(fault)
        self.fault.setVisible(bool(fault))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+P prints."""
        if event.key() == Qt.Key.Key_P and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.print.isVisible():
                self._on_print()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the list, when there is one."""
        super().focusInEvent(event)
        if self.list.isVisible():
            self.list.setFocus(event.reason())


def _note(done: Sequence[Done], left: Sequence[Done]) -> str:
    if not done:
        return ""
    hand = sum(bool(row.by_hand) for row in left)
    return f"{hand} to key by hand" if hand else "all ticked" if not left else ""
