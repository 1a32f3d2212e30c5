"""A screen of the test's own: Xvfb on a free number, and keys pressed on it as a person's keyboard would."""

from __future__ import annotations

import os
import subprocess
from types import TracebackType


class Display:
    """From ``with`` to its end; ``environment`` is what a program needs to show itself there."""

    def __init__(self, size: str = "1600x1000x24") -> None:
        self._size = size
        self._server: subprocess.Popen[bytes] | None = None
        self.name = ""

    def __enter__(self) -> Display:
        read, write = os.pipe()
        # Without -noreset it starts anew whenever its last client leaves, which may be just when the window comes.
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            self.name = f":{said.readline().strip()}"
        assert self.name != ":", "Xvfb did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.terminate()
        self._server.wait(timeout=10)

    @property
    def environment(self) -> dict[str, str]:
        """Variables for a program that is to show itself here."""
        return {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def press(self, *keys: str) -> None:
        """Press keys, named as X names them (``bracketright``, ``ctrl+k``)."""
        self._xdotool("key", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "20", text)

    def focus(self, title: str) -> bool:
        """Give the keyboard to the window of this title; False while there is none."""
        done = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title, "windowfocus"],
            env=self.environment,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True, capture_output=True)
