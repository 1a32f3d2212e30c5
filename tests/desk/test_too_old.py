"""The bridge is updated past this desk: it only shows, keeps what waits, and sends it once they can speak again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import board
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.stand_in import StandIn, bridge_of


def test_a_bridge_newer_than_the_desk_makes_it_read_only_with_its_outbox_intact(
    demo_store: BridgeFolder, tmp_path: Path
) -> None:
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as bridge:
        token = bridge.folder.token("maria")
        with DeskProcess(tmp_path / "maria", bridge.url, token) as maria:
            maria.wait_live()
            card = board.cards(maria)[0]
            server_id = bridge.get("/v1/capabilities", "maria")["server_id"]
            bridge.kill()
            maria.ask("sync.now")
            maria.wait_state("offline")
            maria.ask("ro.set_tag", repair_order_id=card["id"], tag="KEPT")
            port = int(bridge.url.rsplit(":", 1)[1])
            with StandIn(bridge_of(server_id, api_version=9, min_client=9, header=9), port):
                maria.ask("sync.now")
                assert maria.wait_state("too_old")["words"] == "Update needed · 1 change waiting"
                with pytest.raises(Refusal) as refused:
                    maria.ask("ro.set_tag", repair_order_id=card["id"], tag="LOST")
                assert refused.value.code == "too_old"
            maria.restart()
            maria.wait_state("offline")
            with pytest.raises(Refusal):
                maria.ask("contact.log", customer_id=card["customer_id"], channel="note", body="lost")
            assert board.card(maria, card["id"])["tag"] == "KEPT"
            bridge.start()
            maria.ask("sync.now")
            maria.wait_live()
            assert bridge.get(f"/v1/records/repair_order/{card['id']}", "maria")["fields"]["tag"] == "KEPT"
            maria.ask("ro.set_tag", repair_order_id=card["id"], tag="NEXT")
