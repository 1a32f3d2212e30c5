"""One order, nine cars, two advisors: the counter types one ETA on a real screen, and every desk shows it."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from advisor_desk.domain import lights, times
from advisor_desk.host import programs
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.cli import ROOT
from tests.support.desk import DeskProcess
from tests.support.display import Display
from tests.support.waiting import until
from ui.link.cache import Reader
from ui.link.desk import DeskLink
from ui.shell.ask_dialog import AskDialog
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ORDER, PATIENCE = "77120", 60_000
SOON, FAR = timedelta(days=1), timedelta(days=20)
"""What two of the cars are promised for, and the other seven; the parts come in two days."""


def opened(desk: DeskProcess, whose: str, promises: list[timedelta]) -> list[str]:
    """Repair orders written up on somebody's desk, one for each promise."""
    found = []
    for number, promise in enumerate(promises):
        customer = desk.ask("customer.add", name=f"{whose} {number}", phones=[f"716 555 01{len(whose)}{number}"])
        id = next(iter(customer["changed"]["customer"]))
        at = times.to_wire(datetime.now(UTC) + promise)
        order = desk.ask("ro.open", customer_id=id, complaints=["Leaks"], promised_at=at, transport="drop_off")
        found.append(str(next(iter(order["changed"]["repair_order"]))))
    return found


def ordered(desk: DeskProcess, orders: list[str]) -> list[str]:
    """A part for each of them, all on one order of one supplier, none with an ETA yet."""
    found = []
    for order in orders:
        asked = desk.ask("part.request", repair_order_id=order, description="Water pump kit", number="06L-121")
        line = str(next(iter(asked["changed"]["part_line"])))
        desk.ask("part.order", part_line_id=line, order_no=ORDER, supplier="VW", source="order")
        found.append(line)
    return found


class Advisor:
    """An advisor's window in this process, over a real service."""

    def __init__(self, look: Look, folder: Path, desk: DeskProcess) -> None:
        command = [*programs.headless(), "desk", "--profile-dir", str(desk.profile)]
        hello = {"key": desk.key, "bridge": desk.bridge, "token": desk.token}
        self.link = DeskLink(command, hello)
        self.reader = Reader(desk.profile / "cache.db", bytes.fromhex(desk.key))
        self.session = Session(self.reader, self.link, lambda: datetime.now(UTC))
        self.window = Window(look, self.session, Layout(folder / "window.ini"))
        self.window.restore((1366, 768))

    def open(self, qtbot: QtBot) -> None:
        """Come to work."""
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.complete()
        self.session.start()
        qtbot.waitUntil(lambda: self.session.said.get("state") == "live", timeout=PATIENCE)
        self.window.board.show_scope("store")

    def due(self, order: str) -> set[str]:
        """The ETAs on a car's card."""
        return {str(line.get("eta")) for line in self.session.board.facts[order]["parts"]}

    def red(self, orders: list[str]) -> set[str]:
        """Which of these cars have a red parts light."""
        now, settings = datetime.now(UTC), self.session.settings
        facts = self.session.board.facts
        return {id for id in orders if lights.parts_light(facts[id], now, settings).state == lights.LATE}

    def close(self) -> None:
        """Go home."""
        self.window.close()
        self.reader.close()


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[BridgeProcess]:
    """A store with two advisors and a parts person, and nothing in it."""
    folder = BridgeFolder.empty(tmp_path / "bridge")
    for name, role in (("maria", "advisor"), ("david", "advisor"), ("luis", "parts")):
        folder.add_user(name, role)
    with BridgeProcess(folder) as served:
        yield served


def counter(display: Display, bridge: BridgeProcess, desk: DeskProcess) -> subprocess.Popen[str]:
    """The parts person's window on a screen of its own."""
    words = [sys.executable, "-m", "ui", "--profile-dir", str(desk.profile), "--hello-stdin", "--size", "1366x768"]
    child = subprocess.Popen(words, stdin=subprocess.PIPE, text=True, cwd=ROOT, env=display.environment)
    assert child.stdin is not None
    hello = {"key": desk.key, "bridge": bridge.url, "token": bridge.folder.token("luis")}
    child.stdin.write(json.dumps({"hello": hello}) + "\n")
    child.stdin.close()
    return child


def test_one_eta_for_nine_cars_reaches_two_desks_and_each_red_one_is_put_right_by_its_key(
    bridge: BridgeProcess, look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    desks = {
        name: DeskProcess(tmp_path / name, bridge.url, bridge.folder.token(name), key=secrets.token_hex(32))
        for name in ("maria", "david", "luis")
    }
    with desks["maria"] as maria, desks["david"] as david:
        orders = opened(maria, "Maria", [SOON, *[FAR] * 4]) + opened(david, "David", [SOON, *[FAR] * 3])
        for desk in (maria, david):
            desk.wait_live()
    late = {orders[0], orders[5]}
    with desks["luis"] as luis:
        luis.wait_live()
        lines = ordered(luis, orders)
        luis.wait_live()

    with ExitStack() as stack:
        advisors = [Advisor(look, tmp_path / name, desks[name]) for name in ("maria", "david")]
        for advisor in advisors:
            advisor.open(qtbot)
            stack.callback(advisor.close)
            qtbot.waitUntil(lambda who=advisor: set(who.session.board.facts) >= set(orders), timeout=PATIENCE)
            assert advisor.red(orders) == set()
        painted = [advisor.window.board.painter.painted for advisor in advisors]

        type_it(bridge, desks["luis"], tmp_path)

        for advisor, before in zip(advisors, painted, strict=True):
            qtbot.waitUntil(lambda who=advisor: all(who.due(id) != {"None"} for id in orders), timeout=PATIENCE)
            qtbot.waitUntil(lambda who=advisor, then=before: who.window.board.painter.painted > then, timeout=PATIENCE)
            assert {eta for id in orders for eta in advisor.due(id)} == advisor.due(orders[0])
            assert advisor.red(orders) == late
        for advisor, order in zip(advisors, (orders[0], orders[5]), strict=True):
            put_right(advisor, order, qtbot)
        for line in (lines[0], lines[5]):
            qtbot.waitUntil(lambda id=line: _told(bridge, id), timeout=PATIENCE)


def type_it(bridge: BridgeProcess, desk: DeskProcess, folder: Path) -> None:
    """The counter's part, by keys alone: the ETA typed on the first row, Shift+Enter for the whole order."""
    with Display() as display:
        window = counter(display, bridge, desk)
        try:
            until(lambda: display.focus("Harbor Motors"), what="the window")
            until(lambda: (folder / "luis" / "logs" / "window.log").exists(), what="the first paint")
            display.press("F5")  # answered once the service is up
            display.press("Return")
            display.type("+2d")
            display.press("shift+Return")
            until(lambda: _with_eta(bridge) == 9, what="nine ETAs at the bridge")
            display.press("ctrl+q")
            assert window.wait(timeout=60) == 0
        finally:
            if window.poll() is None:
                window.kill()
                window.wait(timeout=10)


def put_right(advisor: Advisor, order: str, qtbot: QtBot) -> None:
    """The one-key flow: R, a new time, Enter; the words with both times, Ctrl+Enter."""
    with qtbot.waitActive(advisor.window, timeout=PATIENCE):
        advisor.window.activateWindow()
    advisor.window.show_order(order)
    advisor.window.board.focus_cars()
    old = advisor.session.board.facts[order]["promised_at"]
    qtbot.keyClick(advisor.window.focusWidget() or advisor.window, Key.Key_R)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), AskDialog), timeout=PATIENCE)
    qtbot.keyClicks(QApplication.focusWidget(), "+4d")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Return)
    composer = advisor.window.right.composer
    qtbot.waitUntil(lambda: "as we said" in composer.field.toPlainText(), timeout=PATIENCE)
    assert advisor.session.board.facts[order]["promised_at"] != old
    assert "Water pump kit" in composer.field.toPlainText()
    qtbot.keyClick(composer.field, Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: composer.field.toPlainText() == "", timeout=PATIENCE)


def _with_eta(bridge: BridgeProcess) -> int:
    found = bridge.records("maria")
    return sum(bool(fields.get("eta")) for (kind, _), fields in found.items() if kind == "part_line")


def _told(bridge: BridgeProcess, line: str) -> bool:
    """Whether the customer has been told the ETA that stands."""
    fields = bridge.records("maria")["part_line", line]
    return bool(fields["eta"]) and (fields.get("eta_told") or {}).get("eta") == fields["eta"]
