"""Importing a supplier's list: the file, the supplier, its columns, and every row as it would be before it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from advisor_desk.domain.lights import Settings
from ui.shell import import_rows
from ui.shell.ask_dialog import Ask, Notice
from ui.shell.import_columns import ColumnsChooser
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.entry import Entry
from ui.widgets.plain_text import PlainLabel
from ui.widgets.table import Table

_FILES: Final = "Lists (*.csv *.txt *.tsv *.xlsx *.xlsm)"
_NO_FILE: Final = "Choose the file, or drop it here: an order confirmation or a list of ETAs, CSV or XLSX."
_WHILE_TYPING: Final = 400
"""Milliseconds after the last letter of the supplier's name until its columns are looked up."""


class ImportDialog(QDialog):
    """Looks at a list through the desk service and imports it whole; nothing is read in this process."""

    imported = Signal(str, str)
    """What was done, and the change to undo."""

    def __init__(
        self, look: Look, parent: QWidget | None, ask: Ask, settings: Settings, now: Callable[[], datetime]
    ) -> None:
        super().__init__(parent)
        self._look, self._ask, self._settings, self._now = look, ask, settings, now
        self._path = ""
        self._chosen = False
        """True once a person has chosen a column of this file: then it is not guessed again."""
        self._asked = 0
        self._seen: Mapping[str, Any] = {}
        self._importing = False
        self.setWindowTitle("Import a supplier's list")
        self.setAccessibleName("Import a supplier's list")
        self.setAcceptDrops(True)
        self.choose = KeyButton(look, "Choose a file…", "Ctrl O")
        self.file = PlainLabel(look, "No file yet", "soft")
        self.supplier = Entry(look, "Supplier")
        self.columns = ColumnsChooser(look)
        self.notice = Notice(look)
        self.verdict = PlainLabel(look, _NO_FILE, "soft", look.bold, wrap=True)
        self.table = Table(look, import_rows.COLUMNS, "Rows of the list")
        self.again = KeyButton(look, "Look again", "F5")
        self.cancel = KeyButton(look, "Cancel", "Esc")
        self.send = KeyButton(look, "Import", "Ctrl Enter", primary=True)
        self._pause = QTimer(self, singleShot=True, interval=_WHILE_TYPING)
        self._lay_out()
        self._connect()
        self._show_state()
        self.choose.setFocus()

    def _lay_out(self) -> None:
        look = self._look
        self.supplier.setMaxLength(120)
        self.supplier.setAccessibleName("Supplier")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(PlainLabel(look, "Import a supplier's list", "ink", look.large_bold))
        for widgets in ((self.choose, self.file), (PlainLabel(look, "Supplier", "soft", look.small), self.supplier)):
            column.addLayout(_row(*widgets))
        column.addWidget(self.columns)
        column.addWidget(self.notice)
        column.addWidget(self.verdict)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        rows.addWidget(self.table.headings)
        rows.addWidget(self.table, 1)
        column.addLayout(rows, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.again)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.send)
        column.addLayout(foot)
        self.resize(860, 640)

    def _connect(self) -> None:
        self.choose.clicked.connect(self._on_choose)
        self.supplier.textEdited.connect(self._pause.start)
        self.supplier.textEdited.connect(self._show_state)
        self._pause.timeout.connect(self.look_again)
        self.columns.changed.connect(self._on_columns)
        self.again.clicked.connect(self.look_again)
        self.cancel.clicked.connect(self.reject)
        self.send.clicked.connect(self.send_it)

    def take_file(self, path: str) -> None:
        """Look at a file."""
        self._path, self._chosen = path, False
        self.file.say(PurePath(path).name, "ink")
        self.look_again()

    @Slot()
    def look_again(self) -> None:
        """Ask what would become of the rows, as the file, the supplier and the columns are now."""
        self._pause.stop()
        if not self._path or self._importing:
            return
        self._asked += 1
        args: dict[str, Any] = {"path": self._path, "supplier": self.supplier.text().strip()}
        if self._chosen:
            args["mapping"] = self.columns.mapping()
        self._seen = {}
        self.notice.say("")
        self.verdict.say("Reading the list…", "soft")
        self._show_state()
        self._ask("import.preview", args, partial(self._on_seen, self._asked), partial(self._on_refused, self._asked))

    @Slot()
    def send_it(self) -> None:
        """Import what was looked at, whole."""
        if not self.send.isEnabled():
            return
        self._importing = True
        args = {
            "path": self._path,
            "supplier": self.supplier.text().strip(),
            "mapping": self._seen["mapping"],
            "digest": self._seen["digest"],
        }
        self._show_state()
        self._ask("import.apply", args, self._on_imported, self._on_not_imported)

    @Slot(int)
    def show_progress(self, rows: int) -> None:
        """Say how far the reading is."""
        if self._path and (self._importing or not self._seen) and not self.notice.isVisible():
            self.verdict.say(f"Reading the list: {rows:,} rows…", "soft")

    def _on_seen(self, asked: int, seen: dict[str, Any]) -> None:
        if asked != self._asked:
            return
        self._seen = seen
        self.columns.show_seen(seen)
        self.verdict.say(*import_rows.verdict(seen))
        self.table.show_groups(import_rows.groups(seen, self._settings, self._now()))
        self._show_state()

    def _on_refused(self, asked: int, error: dict[str, Any]) -> None:
        if asked != self._asked:
            return
        if self._chosen and "mapping" in (error.get("fields") or {}):
            self._chosen = False  # the file has other columns by now
            self.look_again()
            return
        self.notice.say(str(error.get("message") or ""))
        self.verdict.say("Nothing of the list can be shown.", "soft")
        self.table.show_groups(())
        self._show_state()

    def _on_imported(self, answer: dict[str, Any]) -> None:
        self.imported.emit(import_rows.done(self.supplier.text().strip(), answer), str(answer.get("change") or ""))
        self.accept()

    def _on_not_imported(self, error: dict[str, Any]) -> None:
        """Nothing was done; the rows are looked at as they are now, and what was said stands above them."""
        self._importing = False
        if not self.isVisible():
            self.open()
        self.look_again()
        self.notice.say(str(error.get("message") or ""))

    @Slot()
    def _on_choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "A supplier's list", "", _FILES)
        if name:
            self.take_file(name)

    @Slot()
    def _on_columns(self) -> None:
        self._chosen = True
        self.look_again()

    @Slot()
    def _show_state(self) -> None:
        named = bool(self.supplier.text().strip())
        ready = import_rows.may_import(self._seen) and not self._importing
        self.send.setEnabled(ready and named)
        self.again.setEnabled(bool(self._path) and not self._importing)
        self.columns.setVisible(bool(self._path))
        for widget in (self.choose, self.supplier, self.columns):
            widget.setEnabled(not self._importing)
        self.supplier.mark_fault(ready and not named)
        self.supplier.setPlaceholderText("Name the supplier to import its list" if ready else "Supplier")

    def reject(self) -> None:
        """Close; what is being imported is finished first, out of sight."""
        if self._importing:
            self.hide()
            return
        self._asked += 1  # what is answered from now on finds no dialog
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+O chooses a file, F5 looks again, Ctrl+Enter imports; Enter alone does nothing by accident."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if ctrl:
                self.send_it()
        elif event.key() == Qt.Key.Key_F5:
            self.look_again()
        elif ctrl and event.key() == Qt.Key.Key_O and not self._importing:
            self._on_choose()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if event.mimeData().hasUrls() and not self._importing:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the first file dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.take_file(files[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._look.colour("panel"))
        painter.end()


def _row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets in a row, the last taking the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(10)
    for widget in widgets[:-1]:
        row.addWidget(widget)
    row.addWidget(widgets[-1], 1)
    return row
