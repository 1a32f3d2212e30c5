"""The window's process: the board painted from the cache first, everything else after."""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMessageLogContext, QObject, QTimer, QtMsgType, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from advisor_desk.domain.errors import Refused
from advisor_desk.host import programs
from advisor_desk.host.clock import SystemClock
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from ui.board.pane import MINE
from ui.link import opening
from ui.link.cache import Reader
from ui.link.desk import DeskLink
from ui.link.opening import Opening
from ui.shell import rail
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.tidy import Tidy
from ui.shell.window import Window
from ui.theme.look import THEMES, Look

_PICTURE: Final = (1600, 900)
"""The size of a picture nobody asked another size of."""
PAGES: Final = ("board", "list", *(place.name for place in rail.PAGES[1:]))


_NOISE: Final = "propagateSizeHints"
"""What the platform without a screen says of every window; nothing to act on."""


def qt_said(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Keep what Qt has to say in the log file, not on whatever started this program."""
    if _NOISE not in text:
        import logging  # not before the first paint: Qt seldom says anything

        logging.getLogger("ui.qt").warning("%s: %s", kind.name, text)


class Desk(QObject):
    """Composes one desk's window and sees it through its life."""

    def __init__(self, app: QApplication, args: argparse.Namespace, profile: Profile, settings: Settings) -> None:
        super().__init__()
        self._app = app
        self._args = args
        self._profile = profile
        self._settings = settings
        self.look = Look(args.theme or settings.theme)
        self._link: DeskLink | None = None
        self._tidy = Tidy(self, lambda: bool(self._link and self._link.unanswered))

    def open(self, start: Opening) -> None:
        """Show the board from the cache; the service and the rest come once it is painted."""
        args = self._args
        command = [*programs.headless(), "desk", "--profile-dir", str(self._profile.folder)]
        link = self._link = DeskLink(command + (["--debug"] if args.debug else []), start.said)
        reader = Reader(self._profile.cache, start.key)
        layout = Layout(self._profile.layout)
        session = Session(reader, link, SystemClock().now, mine_first=layout.get("scope") == MINE)
        self.window = Window(self.look, session, layout)
        self.window.first_painted.connect(self._on_painted)
        self.window.theme_wanted.connect(self._on_theme)
        self.window.settings_wanted.connect(self._on_settings)
        self.window.restore(args.size or (_PICTURE if args.shot else None))
        self.window.show()

    @Slot()
    def _on_painted(self) -> None:
        args = self._args
        if args.report_paint:
            painted = {
                "painted_at": time.clock_gettime(time.CLOCK_MONOTONIC),
                "cards": self.window.board.painter.painted,
            }
            sys.stdout.write(json.dumps(painted) + "\n")
            sys.stdout.flush()
            self._app.exit(0)
            return
        if args.exit_after is not None:
            QTimer.singleShot(int(args.exit_after * 1000), self, self._on_time)
        self.window.complete()
        from advisor_desk.host import logs  # the log file is opened once the board stands

        logs.start(self._profile, name="window", debug=args.debug)
        self.window.session.start()
        self.window.reminders.set_before(self._settings.remind)
        if args.page == "list":
            self.window.board.show_view("list")
        elif args.page:
            self.window.show_page(args.page)

    def let_go(self) -> None:
        """Take the window apart while Qt is still whole: left to the interpreter's end, the order would be chance's."""
        self.window.session.reader.close()
        self.window.deleteLater()
        self._app.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
        del self.window
        gc.collect()
        qInstallMessageHandler(None)

    @Slot()
    def _on_time(self) -> None:
        """The time asked for is over: take the picture, if one was asked for, and close."""
        if self._args.shot and not self.window.grab().save(str(self._args.shot)):
            sys.stderr.write("The picture could not be written. Check the folder of --shot.\n")
            self.window.close()
            self._app.exit(1)
            return
        self.window.close()

    @Slot()
    def _on_theme(self) -> None:
        self.look.use("light" if self.look.theme == "dark" else "dark")
        self._settings = self._settings.save(self._profile, theme=self.look.theme)

    @Slot()
    def _on_settings(self) -> None:
        from ui.shell.preferences import Preferences

        Preferences(self.look, self._settings, self._save).open_over(self.window)

    def _save(self, **changed: str) -> None:
        """Keep changed settings; a service that must know of them starts again."""
        before, self._settings = self._settings, self._settings.save(self._profile, **changed)
        self.look.use(self._settings.theme)
        self.window.reminders.set_before(self._settings.remind)
        if any(getattr(before, name) != getattr(self._settings, name) for name in ("bridge", "proxy", "ca_file")):
            link = self.window.session.link
            link.restart(
                bridge=self._settings.bridge or None,
                proxy=self._settings.proxy or None,
                ca_file=self._settings.ca_file or None,
            )


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("must be WIDTHxHEIGHT, like 1366x768")
    return int(width), int(height)


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="advisor-desk", description="The service advisor's desk.")
    parser.add_argument("--profile-dir", type=Path, metavar="DIR", help="another profile than this person's own")
    parser.add_argument("--hello-stdin", action="store_true", help="take the key, bridge and token from standard input")
    parser.add_argument(
        "--size", "--window", dest="size", type=_size, metavar="WxH", help="the window's size in pixels"
    )
    parser.add_argument("--theme", choices=THEMES, help="for this time only")
    parser.add_argument("--page", choices=PAGES, help="the page to open at")
    parser.add_argument("--shot", type=Path, metavar="FILE.png", help="write a picture of the window")
    parser.add_argument("--exit-after", type=float, metavar="SECONDS", help="close by itself")
    parser.add_argument("--report-paint", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--debug", action="store_true", help="write a debug log")
    args = parser.parse_args(argv)
    if args.shot and args.exit_after is None:
        args.exit_after = 10.0
    return args


def main(argv: list[str] | None = None) -> int:
    """Open the desk; 2 when it cannot, with one sentence that says why."""
    args = arguments(argv)
    profile = Profile.at(args.profile_dir)
    settings = Settings.load(profile)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Advisor Desk")
    qInstallMessageHandler(qt_said)
    desk = Desk(app, args, profile, settings)
    try:
        if args.hello_stdin:
            start = opening.from_line(sys.stdin)
        else:
            from ui.shell.passphrase import Passphrase

            start = opening.from_keyring(profile, settings, Passphrase(desk.look))
    except Refused as refused:
        from ui.shell.passphrase import tell

        tell(desk.look, refused.message) if app.platformName() != "offscreen" else None
        sys.stderr.write(refused.message + "\n")
        return 2
    desk.open(start)
    code = app.exec()
    desk.let_go()
    return code
