"""One desk's window: goes from scene to scene by its own keys, and is pictured at every size and in both themes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt, qInstallMessageHandler
from PySide6.QtGui import QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget

from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from pictured.scenes import SCENES, SCREENS, THEMES, Press, Scene, Screen, Write
from ui import main
from ui.contact.composer import Composer
from ui.counter.page import CounterPage
from ui.link import opening
from ui.widgets.buttons import Chip, Segmented
from ui.widgets.workspace import Workspace

_PATIENCE = 60_000
"""Milliseconds until the desk has to be in step."""
_STEP = 250
_FRAME = 80
_STATES = frozenset({"live", "offline"})


class Camera:
    """Takes the pictures of one desk's scenes."""

    def __init__(self, desk: main.Desk, folder: Path, store: str) -> None:
        self._desk = desk
        self._folder = folder
        self._store = store
        self._choices: dict[Segmented, str] = {}
        """What is chosen on the pages before anybody chooses."""
        self.failed: list[str] = []

    def take(self, scenes: list[Scene], screens: list[Screen]) -> None:
        """Picture these scenes on these screens."""
        window = self._desk.window
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        ready = self._wait(lambda: window.session.said.get("state") in _STATES and window.right is not None)
        self._choices = {
            choice: choice.current for page in window.findChildren(Workspace) for choice in page.findChildren(Segmented)
        }
        for scene in scenes:
            good = ready and self._go(scene)
            for screen in screens:
                self._picture(scene, screen, good)
            self._leave()

    def _wait(self, done: Callable[[], bool]) -> bool:
        clock = QElapsedTimer()
        clock.start()
        while not done() and clock.elapsed() < _PATIENCE:
            QTest.qWait(_FRAME)
        return done()

    def _go(self, scene: Scene) -> bool:
        """Do the scene's steps, each until the service has answered; False when a button it names is not there."""
        window = self._desk.window
        window.resize(*SCREENS[0].size)
        window.show_order(window.session.worst(window.board.shown()))
        QTest.qWait(_STEP)
        for step in scene.steps:
            if isinstance(step, Press):
                button = _button(self._front(), step.words)
                if button is None:
                    return False
                button.click()
            elif isinstance(step, Write):
                QTest.keyClicks(self._keyboard(), step.text)
            else:
                QTest.keySequence(self._keyboard(), QKeySequence(step.keys))
            QTest.qWait(_STEP)
            if not self._wait(lambda: not window.session.link.unanswered):
                return False
        return True

    def _picture(self, scene: Scene, screen: Screen, good: bool) -> None:
        window = self._desk.window
        window.resize(*screen.size)
        QTest.qWait(_STEP)
        for theme in THEMES:
            file = self._folder / f"{self._store}-{scene.name}-{screen.name}-{theme}.png"
            file.unlink(missing_ok=True)
            self._desk.look.use(theme)
            QTest.qWait(_FRAME)
            if not (good and self._grab().save(str(file))):
                self.failed.append(file.name)

    def _grab(self) -> QPixmap:
        """The window with what lies over it."""
        window = self._desk.window
        picture = window.grab()
        ratio = picture.devicePixelRatio()
        # Laid over it pixel by pixel: at 150 % a place or a height may be half a pixel, and a row of it would be lost.
        picture.setDevicePixelRatio(1)
        painter = QPainter(picture)
        for top in QApplication.topLevelWidgets():
            if top is window or not top.isVisible():
                continue
            over = top.grab()
            over.setDevicePixelRatio(1)
            place = over.rect()
            place.moveCenter(picture.rect().center())
            painter.drawPixmap(place, over)
            if isinstance(top, QDialog):
                painter.setPen(self._desk.look.colour("line"))
                painter.drawRect(place)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture

    def _front(self) -> QWidget:
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._desk.window

    def _keyboard(self) -> QWidget:
        front = self._front()
        if isinstance(front, QMenu):
            return front
        return front.focusWidget() or front

    def _leave(self) -> None:
        """Back to the board, with nothing over it and nothing begun."""
        window = self._desk.window
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        while (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        QTest.keyClick(self._keyboard(), Qt.Key.Key_Escape)
        window.toast.hide()
        self._let_go()
        window.show_page("board")
        window.board.show_view("lanes")
        QTest.qWait(_FRAME)

    def _let_go(self) -> None:
        """What was written, scanned, filtered or chosen for a scene is not in the next one's picture."""
        window = self._desk.window
        for composer in window.findChildren(Composer):
            composer.field.clear()
        for counter in window.findChildren(CounterPage):
            counter.scan.clear()
            counter.matched.hide()
        for page in window.findChildren(Workspace):
            for chip in page.findChildren(Chip):
                if chip.isChecked():
                    chip.click()
        for choice, first in self._choices.items():
            if choice.current != first:
                choice.choose(first)
                choice.chosen.emit(first)


def _button(front: QWidget, words: str) -> QAbstractButton | None:
    found = (
        button
        for button in front.findChildren(QAbstractButton)
        if button.text() == words or button.text().lstrip("0123456789") == f" {words}"
    )
    return next((button for button in found if button.isVisible() and button.isEnabled()), None)


def run(argv: list[str] | None = None) -> int:
    """Picture the scenes that are named; 1 when one could not be made."""
    parser = argparse.ArgumentParser(prog="camera", description=__doc__)
    parser.add_argument("--profile-dir", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--scale", required=True)
    parser.add_argument("--scene", type=int, action="append", required=True, help="its number in SCENES")
    args = parser.parse_args(argv)
    screens = [screen for screen in SCREENS if screen.scale == args.scale]
    profile = Profile.at(args.profile_dir)
    (profile.logs / "window.log").unlink(missing_ok=True)
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(main.qt_said)
    width, height = screens[0].size
    options = main.arguments(["--profile-dir", str(profile.folder), "--size", f"{width}x{height}", "--theme", "light"])
    desk = main.Desk(app, options, profile, Settings.load(profile))
    desk.open(opening.from_line(sys.stdin))
    camera = Camera(desk, args.folder, args.store)
    camera.take([SCENES[number] for number in args.scene], screens)
    desk.window.close()
    desk.let_go()
    log = profile.logs / "window.log"
    faults = [line for line in log.read_text(encoding="utf-8").splitlines() if " CRITICAL " in line]
    for name in (*camera.failed, *faults):
        print(f"FAILED {name}", flush=True)
    return 1 if camera.failed or faults else 0


if __name__ == "__main__":
    sys.exit(run())
