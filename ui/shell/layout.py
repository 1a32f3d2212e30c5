"""How the window was left: its place, its page, whose cars it showed, what was folded and what it printed on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QSettings

NAMES: Final[dict[str, Any]] = {
    "geometry": QByteArray(),
    "split": QByteArray(),
    "scope": "mine",
    "view": "lanes",
    "team": [],
    "folded": {},
    "repair_order": "",
    "promises": "mine",
    "reminded": [],
    "page": "",
    "counter": "harm",
    "paper": "",
    "label": "",
    "print_folder": "",
}
"""Everything that is remembered, with what it is at the first start."""


class Layout:
    """Reads and keeps what is declared in ``NAMES``; a damaged file gives the defaults."""

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, name: str) -> Any:
        """What was kept, when it is of the kind it should be."""
        default = NAMES[name]
        value = self._file.value(name, default)
        if isinstance(default, list) and isinstance(value, str):
            return [value]  # an ini file writes a list of one as the one
        return value if isinstance(value, type(default)) else default

    def keep(self, name: str, value: Any) -> None:
        """Remember a value."""
        if name not in NAMES:
            raise KeyError(f"{name!r} is not declared in layout.NAMES")
        self._file.setValue(name, value)
