"""Asks a person for what a command still needs, in the dialog that fits it, and sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from advisor_desk.domain.lights import Settings
from ui.shell import ask_forms
from ui.shell.ask_dialog import Ask, AskDialog
from ui.theme.look import Look


class Asking(QObject):
    """Opens the dialog of any command an advisor can give; ``done`` says which was carried out, and its answer."""

    done = Signal(str, dict)

    def __init__(self, look: Look, ask: Ask, settings_of: Callable[[], Settings], now: Callable[[], datetime]) -> None:
        super().__init__()
        self._look = look
        self._ask = ask
        self._settings_of = settings_of
        self._now = now

    def open(
        self, parent: QWidget | None, command: str, known: Mapping[str, Any], context: Mapping[str, Any] | None = None
    ) -> AskDialog | None:
        """Ask for what ``known`` leaves open; what leaves nothing open is sent at once, and shown only if refused.

        ``context`` is what ``ask_context.of`` makes of a repair order: the ``heading``, and what holds now by the
        name of the argument it would replace; with ``confirm`` even a command that leaves nothing open waits for a
        yes. Raises ValueError when a record's id is missing.
        """
        present = context or {}
        fields = ask_forms.fields(self._look, command, known, present, self._now, self._settings_of())
        dialog = AskDialog(self._look, parent, self._ask, command, known, present, fields)
        dialog.answered.connect(self.done)
        if not (fields or present.get("confirm")):
            dialog.send_it()
            return None
        dialog.open()
        return dialog
