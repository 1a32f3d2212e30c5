"""The real window in a process of its own, with a stopwatch: a JSON line says what to measure, one gives the answer."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from ui import main as program
from ui.link import opening

_TICK = 5
"""Milliseconds between looks at how late the event loop is."""


class Lateness(QObject):
    """How late a 5 ms timer is, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=_TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """From now on."""
        self._last = time.perf_counter()
        self._timer.start()

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._last - _TICK / 1000))
        self._last = now


class Probe:
    """The window, opened as it opens itself, and what can be asked of it."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.app = QApplication(sys.argv[:1])
        qInstallMessageHandler(program.qt_said)
        profile = Profile.at(Path(asked["profile"]))
        options = program.arguments(["--profile-dir", asked["profile"], "--size", asked.get("size", "1600x900")])
        self.desk = program.Desk(self.app, options, profile, Settings.load(profile))
        self.desk.open(opening.from_line(io.StringIO(asked["hello"])))
        self.window = self.desk.window
        self.board = self.window.board
        self.session = self.window.session

    def until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Let the window live until something is so."""
        deadline = time.monotonic() + seconds
        awake = QTimer(interval=50)  # so that waiting for events ends at the deadline
        awake.start()
        while not done():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:g} s for {what}; the link: {self.session.said}")

    def live(self) -> bool:
        """True once the desk is in step and nothing waits."""
        said = self.session.said
        return bool(said.get("state") == "live" and not said.get("waiting") and self.window.right is not None)

    def lateness(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How late the event loop is, until the first sync is over, or for so many seconds once it is in step."""
        watch = Lateness()
        if seconds := asked.get("idle"):
            self.until(self.live, 60, "the link")
            began = time.monotonic()
            watch.start()
            self.until(lambda: time.monotonic() > began + seconds, seconds + 60, "the time")
        else:
            self.until(lambda: self.window.right is not None, 60, "the window")
            watch.start()
            self.until(self.live, 1_800, "the first sync")
        return {"late": watch.late}

    def scroll(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How long each frame takes while lanes and list are scrolled from end to end."""
        self.until(lambda: self.window.right is not None, 60, "the window")
        self.board.show_scope("store")
        frames: list[float] = []
        for view in ("lanes", "list"):
            self.board.show_view(view)
            self.app.processEvents()
            for area in self.board.findChildren(QAbstractItemView):
                if area.isVisible():
                    frames += self._scrolled(area)
        return {"frames": frames, "cards": len(self.board.shown())}

    def _scrolled(self, area: QAbstractItemView) -> list[float]:
        bar, frames = area.verticalScrollBar(), []
        step = max(1, area.viewport().height() // 12 if bar.singleStep() > 1 else 1)
        for value in range(0, bar.maximum() + 1, step)[:300]:
            started = time.perf_counter()
            bar.setValue(value)
            area.viewport().repaint()
            frames.append(time.perf_counter() - started)
            self.app.processEvents()
        return frames

    def keys(self, asked: dict[str, Any]) -> dict[str, Any]:
        """How long from a key press that moves a car until the move is durable and painted."""
        self.until(self.live, 60, "the link")
        self.board.show_scope("store")
        took: list[float] = []
        cars = [card.id for card in self.board.shown()]
        while len(took) < asked["presses"] and cars:
            self.window.show_order(cars.pop(0))
            self.window.board.focus_cars()
            for key in ("]", "["):
                seconds = self._press(key)
                if seconds is None:
                    break
                took.append(seconds)
        return {"took": took}

    def _press(self, key: str) -> float | None:
        id = self.session.order_id
        was = self.session.board.cards[id].stage
        focus = self.app.focusWidget() or self.window
        started = time.perf_counter()
        QTest.keyClicks(focus, key)
        try:
            self.until(lambda: self.session.board.cards[id].stage != was, 1.5, "the move")
        except TimeoutError:
            return None  # not every stage may be left for the next
        painted = self.board.painter.painted
        self.until(lambda: self.board.painter.painted > painted, 5, "the paint")
        took = time.perf_counter() - started
        self.until(self.live, 30, "the link")
        return took

    def end(self) -> None:
        """Close the window and wait for its service."""
        self.window.close()
        self.app.processEvents()


def main(kind: type[Probe] = Probe) -> None:
    """One JSON line in, one out."""
    asked = json.loads(sys.stdin.readline())
    probe = kind(asked)
    said = getattr(probe, asked["do"])(asked)
    probe.end()
    print(json.dumps(said), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
