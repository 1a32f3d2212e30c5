"""The whole program in a real window: painted on X, driven by its keys alone, its work found at the bridge."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.cli import ROOT
from tests.support.display import Display
from tests.support.waiting import until
from tests.ui.conftest import DeskFolder


class RealWindow:
    """``python -m ui`` on a display of its own; killed when a test ends before it does."""

    def __init__(self, display: Display, bridge: BridgeProcess, desk: DeskFolder, *options: str) -> None:
        self.display = display
        self.child = subprocess.Popen(
            [sys.executable, "-m", "ui", "--profile-dir", str(desk.profile), "--hello-stdin", *options],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=display.environment,
        )
        hello = {"key": desk.key.hex(), "bridge": bridge.url, "token": bridge.folder.token("maria")}
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps({"hello": hello}) + "\n")
        self.child.stdin.close()

    def __enter__(self) -> RealWindow:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait(timeout=10)
        if self.child.stderr is not None:
            self.child.stderr.close()

    def end(self) -> str:
        """Wait for it to close; what stood on its stderr."""
        assert self.child.stderr is not None
        said = self.child.stderr.read()
        assert self.child.wait(timeout=60) == 0, said
        return said


@pytest.fixture
def bridge(demo_store: BridgeFolder, tmp_path: Path) -> Iterator[BridgeProcess]:
    """The demo store, served."""
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as served:
        yield served


def _stages(bridge: BridgeProcess) -> dict[str, Any]:
    found = bridge.records("maria")
    return {id: fields.get("stage") for (kind, id), fields in found.items() if kind == "repair_order"}


def test_a_window_on_x_pictures_the_living_board(bridge: BridgeProcess, demo_desk: DeskFolder, tmp_path: Path) -> None:
    picture = tmp_path / "board.png"
    with Display() as display:
        options = ("--shot", str(picture), "--exit-after", "4", "--size", "1366x768")
        with RealWindow(display, bridge, demo_desk.copied(tmp_path / "desk"), *options) as window:
            assert window.end() == ""
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1366, 768)
    colours = {image.pixel(x, y) for x in range(0, 1366, 7) for y in range(0, 768, 7)}
    assert len(colours) > 60


def test_by_keys_alone_a_car_moves_a_stage_and_a_note_is_written(
    bridge: BridgeProcess, demo_desk: DeskFolder, tmp_path: Path
) -> None:
    before = _stages(bridge)
    desk = demo_desk.copied(tmp_path / "desk")
    with Display() as display, RealWindow(display, bridge, desk, "--size", "1366x768") as window:
        until(lambda: display.focus("Northgate Motors"), what="the window")
        until(lambda: (tmp_path / "desk" / "logs" / "window.log").exists(), what="the first paint")
        display.press("F5")  # answered once the service is up
        display.press("bracketleft")
        moved = until(lambda: _changed(bridge, before), what="a moved car")
        assert len(moved) == 1
        display.press("n")
        display.type("Keys are with the porter")
        display.press("ctrl+Return")
        until(lambda: _noted(bridge, "Keys are with the porter"), what="the note at the bridge")
        display.press("ctrl+q")
        assert window.end() == ""


def _changed(bridge: BridgeProcess, before: dict[str, Any]) -> list[str]:
    return [id for id, stage in _stages(bridge).items() if before.get(id) != stage]


def _noted(bridge: BridgeProcess, text: str) -> bool:
    events = ((kind, fields) for (kind, _), fields in bridge.records("maria").items())
    return any(kind == "contact_event" and fields.get("body") == text for kind, fields in events)
