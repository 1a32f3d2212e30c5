"""A damaged cache met by the screen: the service rebuilds it, that is said in words, and the screen reads on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.host import programs
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.ui.conftest import DeskFolder
from tests.ui.support.damage import damage
from ui.link.cache import Reader
from ui.link.desk import DeskLink
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

PATIENCE = 60_000
"""Milliseconds; only a failing test uses them up."""


class Desk:
    """A window with the real service behind it."""

    def __init__(self, look: Look, folder: DeskFolder, bridge: BridgeProcess, layout: Path) -> None:
        command = [*programs.headless(), "desk", "--profile-dir", str(folder.profile)]
        token = bridge.folder.refresh_token("maria")
        self.link = DeskLink(command, {"key": folder.key.hex(), "bridge": bridge.url, "token": token})
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.session = Session(self.reader, self.link, lambda: datetime.now(UTC))
        self.window = Window(look, self.session, Layout(layout))


@pytest.fixture
def desk(qtbot: QtBot, look: Look, demo_store: BridgeFolder, demo_desk: DeskFolder, tmp_path: Path) -> Iterator[Desk]:
    """Maria's window, live, over a cache whose contacts are damaged; nothing has read them yet."""
    folder = demo_desk.copied(tmp_path / "desk")
    damage(folder.profile / "cache.db", folder.key, "contact_event")
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as bridge:
        made = Desk(look, folder, bridge, tmp_path / "window.ini")
        qtbot.addWidget(made.window)
        with qtbot.waitExposed(made.window):
            made.window.show()
        with qtbot.waitSignal(made.link.ready, timeout=PATIENCE):
            made.session.start()
        yield made
        made.window.close()
        made.reader.close()


def test_it_is_rebuilt_said_in_words_and_read_again(desk: Desk, qtbot: QtBot) -> None:
    order = next(iter(desk.session.board.cards))
    with qtbot.waitSignal(desk.link.recovered, timeout=PATIENCE) as said:
        desk.session.pick(order)
        assert desk.session.order is None
    assert said.args[0].startswith("The local cache was damaged and has been rebuilt")
    qtbot.waitUntil(lambda: desk.session.said.get("state") == "live", timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool((desk.session.order or {}).get("story")), timeout=PATIENCE)
    assert order in desk.session.board.cards
    notice = desk.window.telling.line
    qtbot.waitUntil(notice.isVisible, timeout=PATIENCE)
    assert notice._words.text() == said.args[0]
    desk.window._show_status()
    assert notice.isVisible(), "it stays until somebody has read it"
    notice._button.click()
    desk.window._show_status()
    assert not notice.isVisible()
