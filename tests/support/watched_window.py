"""The real window as a process of its own that says, a line a change, what a person would see and hear of it."""

from __future__ import annotations

import json
import sys
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from ui import main
from ui.link import opening
from ui.widgets.workspace import Workspace

_EVERY = 25
"""Milliseconds between looks."""


class Watch:
    """Looks at the window, and prints what it is like whenever that is something else."""

    def __init__(self, desk: main.Desk) -> None:
        self._desk = desk
        self._before: dict[str, Any] = {}
        self._toasts: list[str] = []
        toast = desk.window.toast
        show = toast._show

        def shown(text: str, *more: Any) -> None:
            self._toasts.append(text)
            show(text, *more)

        toast._show = shown  # type: ignore[method-assign]
        self._timer = QTimer()
        self._timer.timeout.connect(self.look)
        self._timer.start(_EVERY)

    def look(self) -> None:
        """Print what is, when it is not what was."""
        now = self._state()
        if now != self._before:
            self._before = now
            print(json.dumps(now), flush=True)

    def _state(self) -> dict[str, Any]:
        window = self._desk.window
        page = window._pages.get(window.page)
        dialog, popup = QApplication.activeModalWidget(), QApplication.activePopupWidget()
        return {
            "page": window.page,
            "ready": window.right is not None and window.session.said.get("state") == "live",
            "order": window.session.order_id,
            "stage": getattr(window.session.board.cards.get(window.session.order_id), "stage", ""),
            "scope": window.board.scope,
            "view": window.board.views.current,
            "row": page.table.current_id() if isinstance(page, Workspace) else "",
            "first": next((line.id for line in page.table.model_.lines if not line.title), "")
            if isinstance(page, Workspace)
            else "",
            "day": str(getattr(page, "day", "")),
            "focus": _name(QApplication.focusWidget()),
            "dialog": dialog.windowTitle() if dialog is not None else "",
            "menu": [action.text() for action in popup.actions()] if isinstance(popup, QMenu) else [],
            "toasts": list(self._toasts),
            "channel": window.right.composer.channel.text() if window.right is not None else "",
        }


def _name(widget: QWidget | None) -> str:
    """What a screen reader calls it."""
    return "" if widget is None else widget.accessibleName() or type(widget).__name__


def run() -> int:
    """Open the window for the profile that is named; the hello comes on standard input."""
    args = main.arguments(None)
    profile = Profile.at(args.profile_dir)
    app = QApplication(sys.argv[:1])
    desk = main.Desk(app, args, profile, Settings.load(profile))
    desk.open(opening.from_line(sys.stdin))
    watch = Watch(desk)
    code = app.exec()
    watch._timer.stop()
    desk.let_go()
    return code


if __name__ == "__main__":
    sys.exit(run())
