"""The link to the desk service: a real child process, its answers and its ends."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from advisor_desk.host import programs
from tests.support.bridge import BridgeFolder, BridgeProcess
from ui.link.desk import DeskLink

PATIENCE = 30_000
"""Milliseconds; only a failing test uses them up."""


@pytest.fixture
def bridge(demo_store: BridgeFolder, tmp_path: Path) -> Iterator[BridgeProcess]:
    """The demo store, served."""
    with BridgeProcess(demo_store.copied(tmp_path / "bridge")) as served:
        yield served


@pytest.fixture
def link(bridge: BridgeProcess, tmp_path: Path, qapp: object) -> Iterator[DeskLink]:
    """A desk of Maria's on it, not started yet."""
    command = [*programs.headless(), "desk", "--profile-dir", str(tmp_path / "desk")]
    hello = {"key": secrets.token_hex(32), "bridge": bridge.url, "token": bridge.folder.token("maria")}
    desk = DeskLink(command, hello)
    yield desk
    desk.close()


def _live(said: dict[str, Any]) -> bool:
    return bool(said.get("state") == "live")


def _ask(qtbot: QtBot, link: DeskLink, do: str, args: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answer and the error, one of them empty."""
    answers: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    link.ask(do, args, answers.append, errors.append)
    qtbot.waitUntil(lambda: bool(answers or errors), timeout=PATIENCE)
    return (answers or [{}])[0], (errors or [{}])[0]


def _ready_board(qtbot: QtBot, link: DeskLink) -> list[dict[str, Any]]:
    with qtbot.waitSignal(link.link_changed, timeout=PATIENCE, check_params_cb=_live):
        link.start()
    board: list[dict[str, Any]] = _ask(qtbot, link, "read.board", {})[0]["board"]
    return board


def test_the_service_says_it_is_ready_and_what_it_changed(qtbot: QtBot, link: DeskLink) -> None:
    car = _ready_board(qtbot, link)[0]
    with qtbot.waitSignal(link.changed, timeout=PATIENCE) as said:
        answer, _ = _ask(qtbot, link, "ro.set_tag", {"repair_order_id": car["id"], "tag": "T-900"})
    assert answer["changed"]["repair_order"] == [car["id"]]
    assert said.args is not None
    assert car["id"] in said.args[0]["repair_order"]


def test_a_refusal_comes_to_whoever_asked_with_its_fields(qtbot: QtBot, link: DeskLink) -> None:
    car = _ready_board(qtbot, link)[0]
    _, error = _ask(qtbot, link, "ro.repromise", {"repair_order_id": car["id"], "promised_at": "yesterday"})
    assert error["code"] == "bad_arguments"
    assert "promised_at" in error["fields"]


def test_a_service_that_dies_is_started_again_and_what_it_did_not_answer_is_asked_again(
    qtbot: QtBot, link: DeskLink
) -> None:
    car = _ready_board(qtbot, link)[0]
    assert link.pid
    os.kill(link.pid, signal.SIGKILL)
    answer, error = _ask(qtbot, link, "ro.set_spot", {"repair_order_id": car["id"], "spot": "B 12"})
    assert not error
    assert answer["changed"]["repair_order"] == [car["id"]]
    seen, _ = _ask(qtbot, link, "read.repair_order", {"repair_order_id": car["id"]})
    assert seen["repair_order"]["spot"] == "B 12"


def test_a_service_that_will_not_start_says_why_and_is_tried_again_only_when_asked(
    qtbot: QtBot, link: DeskLink, tmp_path: Path
) -> None:
    _ready_board(qtbot, link)
    command = [*programs.headless(), "desk", "--profile-dir", str(tmp_path / "desk")]
    second = DeskLink(command, {"key": secrets.token_hex(32)})
    with qtbot.waitSignal(second.failed, timeout=PATIENCE) as said:
        second.start()
    assert said.args is not None
    assert said.args[0]["code"] == "already_running"
    assert second.refused
    second.close()


def test_another_bridge_address_starts_the_service_again_with_it(qtbot: QtBot, link: DeskLink) -> None:
    _ready_board(qtbot, link)

    def nowhere(said: dict[str, Any]) -> bool:
        return bool(said.get("state") == "offline")

    with qtbot.waitSignal(link.link_changed, timeout=PATIENCE, check_params_cb=nowhere):
        link.restart(bridge="http://127.0.0.1:9")
