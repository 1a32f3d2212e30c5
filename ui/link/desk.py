"""The screen's door to change by: the desk service, a child process, its lines as signals."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    import subprocess

Answer = Callable[[dict[str, Any]], None]
_RESTART = (200, 1_000, 5_000, 15_000)
"""Milliseconds before the service is started again, the last for good."""


class DeskLink(QObject):
    """Starts the service, sends commands, and says what came back; all its signals are the screen thread's."""

    ready = Signal(dict)
    changed = Signal(dict)
    link_changed = Signal(dict)
    progress = Signal(dict)
    importing = Signal(int)
    sign_in = Signal(str)
    signed_in = Signal(dict)
    recovered = Signal(str)
    failed = Signal(dict)
    _line = Signal(str)
    _ended = Signal(int)

    def __init__(self, command: Sequence[str], hello: dict[str, Any]) -> None:
        super().__init__()
        self._command = list(command)
        self._hello = hello
        self._child: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._waiting: dict[int, tuple[str, Answer | None, Answer | None]] = {}
        self._next = 0
        self._falls = 0
        self._closing = False
        self._refused = False
        self._restart = QTimer(self)
        self._restart.setSingleShot(True)
        self._restart.timeout.connect(self.start)
        self._line.connect(self._on_line, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def start(self) -> None:
        """Start the service and say hello; unanswered commands are sent again, each with its key."""
        import subprocess  # not before the first paint, which starts nothing

        self._hang_up()
        self._child = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
        )
        self._reader = threading.Thread(target=self._read, args=(self._child,), name="desk-link", daemon=True)
        self._reader.start()
        self._write(json.dumps({"hello": self._hello}))
        # The token works once; the service keeps its successor in the cache.
        self._hello = {**self._hello, "token": None}
        for line, _, _ in list(self._waiting.values()):
            self._write(line)

    @property
    def pid(self) -> int:
        """The service's process number; 0 before it is started."""
        return self._child.pid if self._child else 0

    @property
    def refused(self) -> bool:
        """True when the service would not start; it is not tried again until a person says so."""
        return self._refused

    @Slot()
    def retry(self) -> None:
        """Start a service that would not, once more."""
        self._refused = False
        self._falls = 0
        self.start()

    def restart(self, **changed: Any) -> None:
        """Let the service end and start it again with another first line; what it has not answered is asked again."""
        self._hello = {**self._hello, **changed}
        if self._refused or self._child is None:
            self.retry()
        else:
            self._hang_up()

    def ask(
        self, do: str, args: dict[str, Any] | None = None, ok: Answer | None = None, error: Answer | None = None
    ) -> None:
        """Give a command; ``ok`` or ``error`` is called with the answer, here in the screen's thread."""
        self._next += 1
        said = {"id": self._next, "do": do, "args": args or {}, "key": os.urandom(16).hex()}
        line = json.dumps(said, ensure_ascii=False)
        self._waiting[self._next] = (line, ok, error)
        self._write(line)

    @property
    def unanswered(self) -> int:
        """How many commands the service has yet to answer."""
        return len(self._waiting)

    def close(self) -> None:
        """Let the service finish and end."""
        self._closing = True
        self._restart.stop()
        child = self._child
        if child is None:
            return
        self._hang_up()
        import subprocess

        try:
            child.wait(timeout=8)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if self._reader is not None:
            self._reader.join(timeout=30)  # it must not speak through a link that is gone

    def _hang_up(self) -> None:
        """End the service's input: it finishes what it has in hand and goes."""
        if self._child is not None and self._child.stdin:
            with contextlib.suppress(OSError):  # a service that died has left its end
                self._child.stdin.close()

    def _write(self, line: str) -> None:
        try:
            if self._child and self._child.stdin:
                self._child.stdin.write(line + "\n")
                self._child.stdin.flush()
        except (OSError, ValueError):
            pass  # the reader sees the end and starts it again

    def _read(self, child: subprocess.Popen[str]) -> None:
        assert child.stdout is not None
        with child.stdout as lines:
            for line in lines:
                self._line.emit(line)
        self._ended.emit(child.wait())

    @Slot(str)
    def _on_line(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            return
        if isinstance(said, dict):
            self._take(said)

    def _take(self, said: dict[str, Any]) -> None:
        if "id" in said:
            _, ok, error = self._waiting.pop(said["id"], ("", None, None))
            if "ok" in said and ok:
                ok(said["ok"])
            elif "error" in said and error:
                error(said["error"])
            elif "error" in said:
                self.failed.emit(said["error"])
        elif "event" in said:
            self._event(said)
        elif "ready" in said:
            self._falls = 0
            self.ready.emit(said["ready"])
        elif "error" in said:
            self._refused = True
            self.failed.emit(said["error"])

    def _event(self, said: dict[str, Any]) -> None:
        match said["event"]:
            case "changed":
                self.changed.emit(said["kinds"])
            case "link":
                self.link_changed.emit(said)
            case "progress":
                self.progress.emit(said)
            case "import":
                self.importing.emit(int(said["rows"]))
            case "sign_in":
                self.sign_in.emit(said["url"])
            case "signed_in":
                self.signed_in.emit(said)
            case "recovered":
                self.recovered.emit(str(said["words"]))

    @Slot(int)
    def _on_ended(self, code: int) -> None:
        if self._closing or self._refused:
            return
        self.link_changed.emit(
            {
                "state": "restarting",
                "words": "Restarting",
                "waiting": 0,
                "trouble": f"The desk service ended ({code}); it starts again.",
            }
        )
        self._restart.start(_RESTART[min(self._falls, len(_RESTART) - 1)])
        self._falls += 1
