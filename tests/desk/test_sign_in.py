"""Signing in through the browser, and out again, with the service as the screen drives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from tests.support import board
from tests.support.bridge import PASSWORD, BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess, Refusal


@pytest.fixture
def own_bridge(tmp_path: Path) -> BridgeFolder:
    """A small bridge of this test's own, with Tessa in it."""
    folder = BridgeFolder.empty(tmp_path / "bridge")
    folder.add_user("tessa", "advisor")
    return folder


def in_the_browser(url: str, login: str, password: str) -> requests.Response:
    """Open the login page, fill it in, and follow where it sends the browser."""
    page = requests.get(url, timeout=10)
    assert page.status_code == 200
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    target = url.partition("?")[0]
    return requests.post(target, data=hidden | {"login": login, "password": password}, timeout=10)


def test_a_desk_without_a_token_signs_in_through_the_browser_and_stays_signed_in(
    own_bridge: BridgeFolder, tmp_path: Path
) -> None:
    with BridgeProcess(own_bridge) as bridge, DeskProcess(tmp_path / "profile", bridge.url) as desk:
        assert "Sign in" in desk.wait_state("sign_in")["trouble"]
        desk.ask("sign_in")
        asked = desk.wait_event(lambda event: event["event"] == "sign_in")
        assert asked["url"].startswith(bridge.url + "/oauth/authorize?")
        assert in_the_browser(asked["url"], "tessa", "not the password").status_code == 401
        back = in_the_browser(asked["url"], "tessa", PASSWORD)
        assert "You are signed in" in back.text
        assert back.url.startswith("http://127.0.0.1:")
        desk.wait_live()
        signed = desk.wait_event(lambda event: event["event"] == "signed_in")
        assert signed["employee"]["roles"] == ["advisor"]
        ready = desk.restart()
        assert ready["employee"]["id"] == signed["employee"]["id"]
        desk.wait_live()


def test_signed_out_the_desk_keeps_its_work_until_somebody_signs_in(bridge: BridgeProcess, tmp_path: Path) -> None:
    refresh = bridge.folder.refresh_token("maria")
    with DeskProcess(tmp_path / "profile", bridge.url, refresh) as desk:
        desk.wait_live()
        desk.ask("sign_out")
        assert desk.wait_state("sign_in")["words"] == "Sign in"
        id = board.cards(desk)[0]["id"]
        desk.ask("ro.set_spot", repair_order_id=id, spot="Signed out")
        assert desk.link()["words"] == "Sign in to send 1 change"
        desk.token = None
        desk.restart()
        assert desk.wait_state("sign_in")["waiting"] == 1
        desk.token = bridge.folder.token("maria")
        desk.restart()
        desk.wait_live()
    assert bridge.get(f"/v1/records/repair_order/{id}", "maria")["fields"]["spot"] == "Signed out"


def test_work_of_one_person_is_not_sent_in_the_name_of_another(bridge: BridgeProcess, tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "profile", bridge.url, bridge.folder.token("maria")) as desk:
        desk.wait_live()
        id = board.cards(desk)[1]["id"]
        desk.bridge = "http://127.0.0.1:9"
        desk.restart()
        desk.ask("ro.set_spot", repair_order_id=id, spot="By Maria")
        desk.bridge, desk.token = bridge.url, bridge.folder.token("david")
        desk.restart()
        desk.wait_state("live")
        desk.ask("ro.set_tag", repair_order_id=id, tag="BY-DAVID")
        desk.wait_link(lambda link: link["waiting"] == 1)
        assert desk.ask("read.outbox")["outbox"][0]["intent"] == "ro.set_spot"
        assert bridge.get(f"/v1/records/repair_order/{id}", "maria")["fields"].get("spot") != "By Maria"
        desk.token = bridge.folder.token("maria")
        desk.restart()
        desk.wait_live()
    fields = bridge.get(f"/v1/records/repair_order/{id}", "maria")["fields"]
    assert (fields["spot"], fields["tag"]) == ("By Maria", "BY-DAVID")


def test_signing_in_needs_a_bridge(tmp_path: Path) -> None:
    with DeskProcess(tmp_path / "profile") as desk:
        for do in ("sign_in", "sign_out", "sync.now"):
            with pytest.raises(Refusal) as refused:
                desk.ask(do)
            assert refused.value.code == "no_bridge"
