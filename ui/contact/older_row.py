"""The end of the story: the key that shows older contacts, and what has become of asking for them."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.plain_text import PlainLabel


class OlderRow(QWidget):
    """A key and a note under it; asked for again while an answer is awaited, it waits."""

    wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.key = KeyButton(look, "Show older")
        self.note = PlainLabel(look, "", "faint", look.small, wrap=True)
        self.place = ""
        """Where the bridge's last page ended; empty before it was asked."""
        self._asking = False
        column = QVBoxLayout(self)
        column.setContentsMargins(79, 6, 16, 6)
        column.setSpacing(6)
        column.addWidget(self.key)
        column.addWidget(self.note)
        self.key.clicked.connect(self._on_clicked)

    def offer(self, place: str = "") -> None:
        """There may be more, at the bridge from this place on."""
        self.place = place
        self._say("")

    def hide_all(self) -> None:
        """There is nobody to ask about."""
        self._say("", key=False)

    def asking(self) -> None:
        """The bridge is being asked."""
        self._say("Asking the bridge…")
        self._asking = True

    def failed(self, words: str) -> None:
        """It could not be asked; the key tries again."""
        self._say(words, "late")

    def end(self) -> None:
        """All that was ever said is shown."""
        self._say("That is where the story begins.", key=False)

    def _say(self, words: str, role: str = "faint", *, key: bool = True) -> None:
        self._asking = False
        self.note.say(words, role)
        self.note.setVisible(bool(words))
        self.key.setVisible(key)
        self.setVisible(key or bool(words))

    @Slot()
    def _on_clicked(self) -> None:
        if not self._asking:
            self.wanted.emit()
