"""Before there is a window: ask for the passphrase where there is no keyring, and say why a desk cannot open."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from advisor_desk.domain.errors import Refused
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import PlainLabel


class _Box(QDialog):
    """A title, some words, perhaps a field, and what to press."""

    def __init__(self, look: Look, text: str, *, secret: bool) -> None:
        super().__init__()
        self.setWindowTitle("Advisor Desk")
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(PlainLabel(look, text, wrap=True))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(text)
        self.field.setVisible(secret)
        column.addWidget(self.field)
        row = QHBoxLayout()
        row.addStretch(1)
        if secret:
            cancel = KeyButton(look, "Cancel", "Esc")
            cancel.clicked.connect(self.reject)
            row.addWidget(cancel)
        on = KeyButton(look, "Open" if secret else "Close", "Enter", primary=True)
        on.clicked.connect(self.accept)
        self.field.returnPressed.connect(self.accept)
        row.addWidget(on)
        column.addLayout(row)


class Passphrase:
    """Asks in a box; a person who will not say it is refused with the next step."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def __call__(self, prompt: str) -> str:
        """The passphrase that was typed."""
        box = _Box(self._look, prompt.rstrip(": "), secret=True)
        if box.exec() != QDialog.DialogCode.Accepted or not box.field.text():
            raise Refused(
                "no_passphrase", "Without the passphrase this desk stays closed. Start it again when you have it."
            )
        return box.field.text()


def tell(look: Look, text: str) -> None:
    """Say one sentence and wait until it has been read."""
    _Box(look, text, secret=False).exec()
