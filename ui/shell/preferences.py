"""The settings of this computer: how the bridge is reached, the theme, reminders, and where the key is kept."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from advisor_desk.domain import address
from advisor_desk.host.settings import Settings, choices
from ui.shell.ask_dialog import Notice
from ui.shell.ask_fields import WIDTH, ChoiceField, Field, TextField
from ui.theme.look import Look
from ui.widgets.buttons import KeyButton
from ui.widgets.panel_dialog import PanelDialog
from ui.widgets.plain_text import PlainLabel

_THEMES: Final = (("auto", "As the system"), ("light", "Light"), ("dark", "Dark"))
_REMIND: Final = {"off": "Never", "0": "When due"}
_KEY: Final = {
    "keyring": "What is stored here is encrypted; its key is in this computer's keyring.",
    "passphrase": "What is stored here is encrypted; its key is kept under your passphrase.",
}


def faults(bridge: str, proxy: str, ca_file: str) -> dict[str, str]:
    """What cannot be used, by setting, each in one sentence that names it."""
    out: dict[str, str] = {}
    if bridge and address.bridge_base(bridge) is None:
        out["bridge"] = "The bridge's address must begin with https://, or with http:// for this computer."
    if proxy and not address.is_proxy(proxy):
        out["proxy"] = "The proxy must be an address like http://proxy:3128, or empty."
    if ca_file and (why := _ca_fault(Path(ca_file))):
        out["ca_file"] = why
    return out


def _ca_fault(file: Path) -> str:
    if not file.is_file():
        return "The certificate authority's file is not there."
    try:
        ssl.create_default_context(cafile=str(file))
    except (OSError, ValueError):
        return "The certificate authority's file holds no certificate in PEM form."
    return ""


class Preferences(PanelDialog):
    """Shows the settings; the theme is tried on at once, everything else takes effect when it is saved."""

    follows = True

    def __init__(self, look: Look, settings: Settings, save: Callable[..., Any]) -> None:
        super().__init__(look)
        self._settings = settings
        self._save = save
        self.setWindowTitle("Settings")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.bridge = TextField(look, "bridge", "Bridge", placeholder="https://bridge.example-motors.com", longest=400)
        self.proxy = TextField(look, "proxy", "Proxy", placeholder="None, e.g. http://proxy:3128", longest=400)
        self.ca_file = TextField(
            look, "ca_file", "Certificate authority", placeholder="This computer's own", longest=1_000
        )
        self.theme = ChoiceField(look, "theme", "Theme", _THEMES)
        minutes = [(key, _REMIND.get(key, f"{key} min before")) for key in choices("remind")]
        self.remind = ChoiceField(look, "remind", "Remind me of what I owe", minutes)
        self.choose = KeyButton(look, "Choose a file…")
        self.key = PlainLabel(look, _KEY.get(settings.key_source, ""), "soft", look.small, wrap=True)
        self.notice = Notice(look)
        self.send = KeyButton(look, "Save", "Enter", primary=True)
        self.cancel = KeyButton(look, "Cancel", "Esc")
        self._lay_out()
        for one in self.fields:
            one.put(getattr(settings, one.name))
        self.theme.changed.connect(self._on_theme)
        self.choose.clicked.connect(self._on_choose)
        self.send.clicked.connect(self.send_it)
        self.cancel.clicked.connect(self.reject)
        self.rejected.connect(self._on_rejected)
        self.finished.connect(self._on_finished)
        self.bridge.take_focus()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What can be set here, in order."""
        return (self.bridge, self.proxy, self.ca_file, self.theme, self.remind)

    def open_over(self, window: QWidget) -> None:
        """Open over a window, which waits until it is closed."""
        self.setParent(window, Qt.WindowType.Dialog)
        self.open()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(PlainLabel(self._look, "Settings", "ink", self._look.large_bold))
        for one in self.fields:
            column.addSpacing(14)
            column.addWidget(one)
            if one is self.ca_file:
                row = QHBoxLayout()
                row.setContentsMargins(0, 6, 0, 0)
                row.addWidget(self.choose)
                row.addStretch(1)
                column.addLayout(row)
        for label in (self.key, self.notice):
            label.setFixedWidth(WIDTH)
            column.addSpacing(14)
            column.addWidget(label)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.send)
        column.addLayout(buttons)

    @Slot()
    def send_it(self) -> None:
        """Save what is changed, once every part of it can be used; what was typed stays until then."""
        said = {one.name: one.value() or "" for one in self.fields}
        wrong = faults(said["bridge"], said["proxy"], said["ca_file"])
        for one in self.fields:
            one.refuse(wrong.get(one.name, ""))
        if wrong:
            next(one for one in self.fields if one.name in wrong).take_focus()
            return
        if said["bridge"]:
            said["bridge"] = address.bridge_base(said["bridge"]) or ""
        changed = {name: value for name, value in said.items() if value != getattr(self._settings, name)}
        try:
            if changed:
                self._save(**changed)
        except OSError:
            self.notice.say("The settings could not be written. Make room on the disk, then save again.")
            return
        self.accept()

    @Slot()
    def _on_theme(self) -> None:
        self._look.use(str(self.theme.value()))

    @Slot()
    def _on_choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Certificate authority", "", "Certificates (*.pem *.crt *.cer)")
        if name:
            self.ca_file.put(name)
            self.ca_file.refuse("")

    @Slot()
    def _on_rejected(self) -> None:
        self._look.use(self._settings.theme)

    @Slot(int)
    def _on_finished(self, _: int) -> None:
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send_it()
        else:
            super().keyPressEvent(event)
