"""``advisor-desk sync --once``: one push and one pull, told in words."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import board, cli, stand_in
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.stand_in import StandIn

KEY = "7b" * 32


def a_hello(bridge: str | None, token: str | None = None, key: str = KEY) -> str:
    """The line that takes the keyring's place."""
    return json.dumps({"hello": {"key": key, "bridge": bridge, "token": token}}) + "\n"


def test_it_takes_a_first_sync_tells_how_far_it_is_and_sends_what_waits(bridge: BridgeProcess, tmp_path: Path) -> None:
    hello = a_hello(bridge.url, bridge.folder.token("maria"))
    done = cli.run("sync", "--once", "--profile-dir", tmp_path / "profile", given=hello)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == "In step. 0 waiting, 0 to decide."
    assert any(line.startswith("open: ") for line in lines) and any(line.startswith("history: ") for line in lines)

    desk = DeskProcess(tmp_path / "profile", "http://127.0.0.1:9", key=KEY)
    with desk:
        id = board.cards(desk)[0]["id"]
        desk.ask("ro.set_spot", repair_order_id=id, spot="Once")
    done = cli.run("sync", "--once", "--profile-dir", tmp_path / "profile", given=hello)
    assert done.stdout.splitlines() == ["In step. 0 waiting, 0 to decide."]
    assert bridge.get(f"/v1/records/repair_order/{id}", "maria")["fields"]["spot"] == "Once"


def test_what_goes_wrong_is_one_sentence_on_standard_error(bridge: BridgeProcess, tmp_path: Path) -> None:
    with StandIn(stand_in.website) as other:
        for hello, says in (
            (a_hello(None), "No bridge is set."),
            (a_hello("http://127.0.0.1:9", "x"), "cannot be reached"),
            (a_hello("ftp://nowhere", "x"), "must begin with https://"),
            (a_hello(other.url, "x"), "not an Advisor Desk bridge"),
            (a_hello(bridge.url), "Sign in"),
            ("hello\n", "Hello must stand in the first line"),
        ):
            done = cli.run("sync", "--once", "--profile-dir", tmp_path / "profile", given=hello)
            assert done.returncode == 2
            assert done.stdout == ""
            assert says in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr


def test_beside_a_running_desk_it_is_turned_away(desk: DeskProcess) -> None:
    hello = a_hello(desk.bridge, key=desk.key)
    done = cli.run("sync", "--once", "--profile-dir", desk.profile, given=hello)
    assert done.returncode == 2
    assert "open already" in done.stderr


def test_without_a_keyring_and_a_terminal_it_says_what_to_do(tmp_path: Path) -> None:
    done = cli.run("sync", "--once", "--profile-dir", tmp_path / "profile", env={"DBUS_SESSION_BUS_ADDRESS": ""})
    assert done.returncode == 2
    assert "passphrase" in done.stderr
    assert not (tmp_path / "profile" / "cache.db").exists()
