"""Shows a handover brief, to read out, copy or print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.customer.brief import Brief
from ui.printing import paper
from ui.printing.layout import lay_out
from ui.printing.render import as_pdf
from ui.printing.sheet import LETTER, Document, Words
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel
from ui.widgets.scrolled import Scrolled

_WIDTH = 560


def document(brief: Brief, printed: str) -> Document:
    """A brief as it stands on paper."""
    blocks: list[Words] = []
    for head, lines in brief.parts:
        blocks += [Words(head, "strong"), Words("\n".join(f"•  {line}" for line in lines))]
    return Document("handover-brief", brief.title, printed, (tuple(blocks),))


class BriefDialog(PanelDialog):
    """One brief."""

    said = Signal(str)
    """What became of copying or printing it."""

    def __init__(
        self, look: Look, parent: QWidget | None, brief: Brief, printed: str, choose: Callable[..., str] | None = None
    ) -> None:
        super().__init__(look, parent)
        self._brief, self._printed = brief, printed
        self._choose = choose or self._ask_file
        self.setWindowTitle("Handover brief")
        self.setAccessibleName(f"Handover brief, {brief.title}")
        self.copy = KeyButton(look, "Copy", "Ctrl C")
        self.print = KeyButton(look, "Save as PDF", "Ctrl P", primary=True)
        self.close_ = KeyButton(look, "Close", "Esc")
        self.copy.setShortcut("Ctrl+C")
        self.print.setShortcut("Ctrl+P")
        self.copy.clicked.connect(self._on_copy)
        self.print.clicked.connect(self._on_print)
        self.close_.clicked.connect(self.reject)
        self._lay_out()
        self.print.setFocus()

    def _lay_out(self) -> None:
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(4)
        for head, texts in self._brief.parts:
            lines.addSpacing(8)
            lines.addWidget(PlainLabel(self._look, head, "soft", self._look.small_bold))
            for text in texts:
                lines.addWidget(PlainLabel(self._look, text, "ink", self._look.font, wrap=True))
        lines.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.addWidget(PlainLabel(self._look, self._brief.title, "ink", self._look.large_bold))
        column.addWidget(Scrolled(self._look, inside), 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.close_, self.copy, self.print):
            row.addWidget(button)
        column.addLayout(row)
        self.take(_WIDTH, 560)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._brief.text)
        self.said.emit("The brief is copied.")

    def _on_print(self) -> None:
        path = self._choose()
        if not path:
            return
        why = paper.save(Path(path), as_pdf(lay_out(document(self._brief, self._printed), LETTER)))
        self.said.emit(why or "The brief is saved.")

    def _ask_file(self) -> str:
        name = str(Path.home() / "handover-brief.pdf")  # no customer's name in a file name
        return QFileDialog.getSaveFileName(self, "Save the brief", name, "PDF (*.pdf)")[0]
