"""How often a desk asks its bridge."""

from __future__ import annotations

import time
from pathlib import Path

from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.proxy import Proxy

PULL = "GET /v1/changes"


def test_an_edit_is_asked_for_once_by_the_desk_that_made_it(bridge: BridgeProcess, tmp_path: Path) -> None:
    with (
        Proxy(bridge.url) as line,
        DeskProcess(tmp_path / "desk", line.url, bridge.folder.token("maria")) as desk,
    ):
        desk.wait_live()
        car = board.cards(desk)[0]["id"]
        asked = []
        for number in range(3):  # the store's own clock may move something meanwhile, though not each time
            before = line.count(PULL)
            desk.ask("ro.set_tag", repair_order_id=car, tag=f"N{number}")
            desk.wait_live()
            time.sleep(0.5)  # the bridge's word of it has long come back
            asked.append(line.count(PULL) - before)
        assert min(asked) == 1, asked
