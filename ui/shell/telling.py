"""What is to be said of the link and the service above the page, and what a press on it does."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from ui.shell.notice import Notice
from ui.shell.session import Session
from ui.theme.look import Look

_SETTINGS: Final = frozenset({"no_bridge", "not_ours"})
_NO_PRESS: Final = frozenset({"disk_full", "too_old", "too_new"})


class Telling(QObject):
    """Owns the line; it is there only while something holds."""

    wanted = Signal(str)
    """Something of the window's own to be done: ``settings``, ``sync``."""
    refused = Signal(str)
    stopped = Signal()
    """The service would not start; the session says so."""

    def __init__(self, look: Look, session: Session) -> None:
        super().__init__()
        self._session = session
        self._recovered = ""
        self.line = Notice(look)
        self.line.pressed.connect(self._on_pressed)
        session.link.failed.connect(self._on_failed)
        session.link.progress.connect(self._on_progress)
        session.link.recovered.connect(self._on_recovered)
        session.link.sign_in.connect(self._on_sign_in)

    def show_state(self) -> None:
        """Say what the link's state asks of a person, if anything."""
        state, trouble = self._session.said.get("state"), str(self._session.said.get("trouble") or "")
        if state == "sign_in":
            self.line.say(trouble, "late", deed="sign_in", press="Sign in")
        elif state in _SETTINGS:
            self.line.say(trouble, "late", deed="settings", press="Settings")
        elif state in _NO_PRESS:
            self.line.say(trouble, "late")
        elif trouble and state == "live":
            self.line.say(trouble, "amber")
        elif self._recovered:
            self.line.say(self._recovered, "amber", deed="noted", press="Got it")
        elif self._session.status.get("first_sync_done") or state == "offline":
            self.line.hide()

    @Slot(str)
    def put_right(self, state: str) -> None:
        """Do what the link's state asks for, else sync."""
        self._on_pressed("sign_in" if state == "sign_in" else "settings" if state in _SETTINGS else "sync")

    @Slot(str)
    def _on_pressed(self, deed: str) -> None:
        if deed == "sign_in":
            self._session.link.ask("sign_in", {}, None, self._on_refused)
        elif deed == "noted":
            self._recovered = ""
            self.line.hide()
        elif deed == "again":
            self.line.hide()
            self._session.link.retry()
        else:
            self.wanted.emit(deed)

    def _on_refused(self, error: dict[str, Any]) -> None:
        self.refused.emit(str(error.get("message")))

    @Slot(str)
    def _on_sign_in(self, url: str) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl(url))
        self.line.say("Finish signing in in your browser. This desk goes on by itself.", "blue")

    @Slot(str)
    def _on_recovered(self, words: str) -> None:
        """The service has put the cache right; that is said until somebody has read it."""
        self._recovered = words
        self.show_state()

    @Slot(dict)
    def _on_progress(self, said: dict[str, Any]) -> None:
        done, total = int(said.get("done") or 0), int(said.get("total") or 0)
        if total and done < total:
            text = f"Bringing the store's history: {done:,} of {total:,}. You can work already."
            self.line.say(text, "blue", share=done / total)
        else:
            self.line.hide()

    @Slot(dict)
    def _on_failed(self, error: dict[str, Any]) -> None:
        """The service would not start, or something nobody waits for was refused."""
        words = str(error.get("message"))
        if not self._session.link.refused:
            self.refused.emit(words)
            return
        self._session.said = {"state": "stopped", "words": "Not syncing", "trouble": error.get("message")}
        self.stopped.emit()
        self.line.say(words, "late", deed="again", press="Try again")
