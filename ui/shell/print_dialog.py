"""Shows a paper before it is printed: which one, on what size, then to a file or a printer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.printing import paper, sheet
from ui.printing.layout import Laid, lay_out
from ui.printing.preview import Preview
from ui.printing.render import as_pdf
from ui.printing.sheet import LABEL, Document
from ui.shell import print_door
from ui.shell.ask_dialog import Notice
from ui.shell.print_door import Printers
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton, Segmented
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel

Choose = Callable[[str], str]
_MARK: Final = {sheet.PAGE: "paper", sheet.LABEL: "label"}
"""Under which name the size of a kind is remembered."""


class Memory(Protocol):
    """Where it is remembered how it was left."""

    def get(self, name: str) -> Any:
        """What was kept."""

    def keep(self, name: str, value: Any) -> None:
        """Remember a value."""


class PrintDialog(PanelDialog):
    """The papers of an order, one of them shown."""

    said = Signal(str)
    """What became of it."""

    def __init__(
        self,
        look: Look,
        parent: QWidget | None,
        papers: Mapping[str, Document],
        first: str,
        country: str,
        memory: Memory,
        *,
        printers: Printers | None = None,
        choose: Choose | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._papers, self._country, self._memory = papers, country, memory
        self._printers, self._choose = printers or Printers(), choose or self._ask_file
        self.laid: Laid
        self.setWindowTitle("Print")
        self.which = Segmented(look, [(name, one.called or one.title) for name, one in papers.items()], first)
        self.sizes = {
            kind: Segmented(look, [(one.name, one.words) for one in sheet.sizes(kind)], self._size(kind))
            for kind in _MARK
        }
        self.preview = Preview(look)
        self.page = PlainLabel(look, "", "soft", look.small)
        self.notice = Notice(look)
        self.close_ = KeyButton(look, "Close", "Esc")
        self.save = KeyButton(look, "Save as PDF…", "Ctrl S")
        self.print = KeyButton(look, "Print…", "Ctrl P", primary=True)
        self.save.setShortcut("Ctrl+S")
        self.print.setShortcut("Ctrl+P")
        self._lay_out()
        self._connect()
        self._show()
        self.take(760, 800)
        self.print.setFocus()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.which)
        top.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for choice in self.sizes.values():
            foot.addWidget(choice)
        foot.addWidget(self.page, 1)
        for button in (self.close_, self.save, self.print):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.preview, 1)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.which.setVisible(len(self._papers) > 1)

    def _connect(self) -> None:
        self.which.chosen.connect(self._show)
        for choice in self.sizes.values():
            choice.chosen.connect(self._on_size)
        self.preview.turned.connect(self._on_turned)
        self.save.clicked.connect(self._on_save)
        self.print.clicked.connect(self._on_print)
        self.close_.clicked.connect(self.reject)

    @property
    def document(self) -> Document:
        """The paper that is shown."""
        return self._papers[self.which.current]

    def _size(self, kind: str) -> str:
        return sheet.size(kind, str(self._memory.get(_MARK[kind])), self._country).name

    @Slot()
    def _show(self) -> None:
        document = self.document
        for kind, choice in self.sizes.items():
            choice.setVisible(kind == document.kind)
        self.laid = lay_out(document, sheet.size(document.kind, self.sizes[document.kind].current, self._country))
        self.notice.say("")
        self.setAccessibleName(f"Print: {document.title}")
        self.preview.show_document(self.laid)

    @Slot(str)
    def _on_size(self, name: str) -> None:
        self._memory.keep(_MARK[self.document.kind], name)
        self._show()

    @Slot()
    def _on_turned(self) -> None:
        thing = "Label" if self.document.kind == LABEL else "Page"
        self.page.say(f"{thing} {self.preview.number + 1} of {self.preview.count}")

    @Slot()
    def _on_save(self) -> None:
        folder = str(self._memory.get("print_folder"))
        name = self._choose(str((Path(folder) if folder else Path.home()) / f"{self.document.name}.pdf"))
        if not name:
            return
        path = Path(name)
        if why := paper.save(path, as_pdf(self.laid)):
            self.notice.say(why)
            return
        self._memory.keep("print_folder", str(path.parent))
        self._done(f"{self.document.title}: saved as {path.name}.")

    @Slot()
    def _on_print(self) -> None:
        if not self._printers.names():
            self.notice.say(print_door.NO_PRINTER)
            return
        printer = self._printers.choose(self, self.laid)
        if printer is None:
            return
        if why := print_door.send(printer, self.laid):
            self.notice.say(why)
            return
        self._done(f"{self.document.title}: sent to the printer.")

    def _done(self, words: str) -> None:
        self.accept()
        self.said.emit(words)

    def _ask_file(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self, f"Save: {self.document.title}", name, "PDF (*.pdf)")[0]
