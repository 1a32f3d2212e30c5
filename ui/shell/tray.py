"""The desk's icon beside the clock: how much is owed, a reminder when nobody looks at the window, and the way back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from ui.theme import icons
from ui.theme.look import Look

_SIZES: Final = (16, 22, 32, 64)


class Tray(QObject):
    """What reminders need of a system's tray, and what is wanted from there."""

    window_wanted = Signal()
    owed_wanted = Signal()
    quit_wanted = Signal()

    def say(self, text: str) -> None:
        """Show a reminder outside the window."""
        raise NotImplementedError

    def count(self, owed: int, late: int) -> None:
        """Say how much is owed, and how much of it is late."""
        raise NotImplementedError


class SystemTray(Tray):
    """The real one: an icon, and a menu with the window, what is owed, and the end."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._icon = QSystemTrayIcon(self)
        self.menu = QMenu(window)
        self.menu.addAction("Open Advisor Desk").triggered.connect(self.window_wanted)
        self.owed = self.menu.addAction("")
        self.owed.triggered.connect(self.owed_wanted)
        self.menu.addSeparator()
        self.menu.addAction("Quit").triggered.connect(self.quit_wanted)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_activated)
        self._icon.messageClicked.connect(self.window_wanted)
        look.changed.connect(self._draw)
        self._draw()
        self.count(0, 0)

    def show(self) -> None:
        """Stand beside the clock."""
        self._icon.show()

    def say(self, text: str) -> None:
        """Show a reminder as the system shows them, without its warning sign or sound."""
        self._icon.showMessage("Advisor Desk", text, self._icon.icon())

    def count(self, owed: int, late: int) -> None:
        """Say how much is owed, in the menu and under the pointer."""
        said = f"I owe {owed}" + (f", {late} late" if late else "") if owed else "I owe nothing"
        self.owed.setText(said)
        self._icon.setToolTip(f"Advisor Desk · {said}")

    @Slot()
    def _draw(self) -> None:
        icon = QIcon()
        for size in _SIZES:
            icon.addPixmap(icons.pixmap("promise", self._look, "accent", size))
        self._icon.setIcon(icon)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.window_wanted.emit()


def of_system(look: Look, window: QWidget) -> SystemTray | None:
    """The tray of this computer; None where it has none."""
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return None
    tray = SystemTray(look, window)
    tray.show()
    return tray
