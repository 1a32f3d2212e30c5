"""An edit that lost, from a real bridge through a real desk to the page, and decided there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advisor_desk.domain import times
from advisor_desk.host import programs
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.ui.conftest import DeskFolder
from ui.link.cache import Reader
from ui.link.desk import DeskLink
from ui.shell import attention_words
from ui.shell.attention import AttentionPage
from ui.theme.look import Look

PATIENCE = 30_000


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Maria:
    """An advisor's screen without its window: the cache it reads and the service it asks."""

    def __init__(self, folder: DeskFolder, hello: dict[str, Any]) -> None:
        command = [*programs.headless(), "desk", "--profile-dir", str(folder.profile)]
        self.link = DeskLink(command, {"key": folder.key.hex(), **hello})
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.state: dict[str, Any] = {}
        self.link.link_changed.connect(self.hear)
        self.link.start()

    def hear(self, said: dict[str, Any]) -> None:
        """Note how the link stands."""
        self.state = said

    def close(self) -> None:
        """Go home."""
        self.link.close()
        self.reader.close()


@pytest.fixture
def line(demo_desk: DeskFolder) -> dict[str, Any]:
    """An ordered part of an open car, on both desks."""
    reader = Reader(demo_desk.profile / "cache.db", demo_desk.key)
    parts = [part for row in reader.board() for part in row["parts"] if part["state"] == "ordered"]
    reader.close()
    return dict(parts[0])


def set_by_luis(bridge: BridgeProcess, line_id: str, eta: str) -> dict[str, Any]:
    """The edit of the parts counter's own desk."""
    known = bridge.get(f"/v1/records/part_line/{line_id}", "luis")
    made_at = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": "0190a0f0-0000-7000-8000-000000000001",
        "n": 1,
        "kind": "part_line",
        "record_id": line_id,
        "op": "update",
        "base_rev": known["rev"],
        "set": {"eta": eta},
        "was": {"eta": known["fields"].get("eta")},
        "intent": "part.set_eta",
        "made_at": made_at,
        "actor": bridge.get("/v1/me", "luis")["employee"]["id"],
    }


def test_an_eta_set_offline_after_the_counter_set_another_is_shown_with_both_and_kept_theirs_by_a_key(
    qtbot: QtBot, look: Look, demo_store: BridgeFolder, demo_desk: DeskFolder, line: dict[str, Any], tmp_path: Path
) -> None:
    mine, theirs = (times.to_wire(now() + timedelta(days=days)) for days in (2, 3))
    folder = demo_desk.copied(tmp_path / "maria")
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as bridge:
        token = bridge.folder.token("maria")
        bridge.kill()
        maria = Maria(folder, {"bridge": bridge.url, "token": token})
        answers: list[dict[str, Any]] = []
        maria.link.ask("part.set_eta", {"part_line_id": line["id"], "eta": mine}, answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        assert [row["state"] for row in maria.reader.outbox()] == ["waiting"]
        maria.close()

        bridge.start()
        answer = bridge.push("counter", [set_by_luis(bridge, line["id"], theirs)], "luis")
        assert answer[0]["outcome"] == "applied"
        maria = Maria(folder, {"bridge": bridge.url, "token": token})
        waits_for(qtbot, lambda: maria.state.get("attention") == 1)
        page = AttentionPage(look, maria.link.ask, now)
        qtbot.addWidget(page)
        page.show_items(maria.reader.attention(), maria.reader.settings())
        with qtbot.waitExposed(page):
            page.show()
        entry = page.current
        assert entry is not None
        assert entry.item["mine"]["eta"] == mine
        assert entry.item["theirs"]["eta"] == theirs
        assert attention_words.reason(entry.item).endswith("reached the store first.")
        assert str(line["description"]) in entry.accessibleName()

        qtbot.keyClick(entry, Qt.Key.Key_K)
        waits_for(qtbot, lambda: not page.entries)
        waits_for(qtbot, lambda: maria.state.get("attention") == 0)
        assert maria.reader.attention() == []
        shown = maria.reader.board_rows(maria.reader.orders_of({"part_line": [line["id"]]}))
        assert [part["eta"] for row in shown.values() for part in row["parts"] if part["id"] == line["id"]] == [theirs]
        maria.close()


def waits_for(qtbot: QtBot, true: Callable[[], bool]) -> None:
    qtbot.waitUntil(true, timeout=PATIENCE)
