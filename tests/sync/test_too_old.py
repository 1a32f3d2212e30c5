"""A bridge too new for this desk makes it read-only, its outbox intact, until one of the two is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor_desk.api import wire
from advisor_desk.api.errors import TooNew, TooOld
from advisor_desk.desk import commands
from advisor_desk.domain.errors import Refused
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, at_bridge


@pytest.fixture
def line() -> BrokenLine:
    return BrokenLine()


@pytest.fixture
def maria(open_desk: OpenDesk, line: BrokenLine) -> Desk:
    """Maria's desk with one edit waiting, whose bridge was updated and speaks with it no more."""
    desk = open_desk("maria", line)
    assert desk.turn() == "live"
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    line.refuse("push", TooNew())
    assert desk.turn() == "too_old"
    return desk


def refusal(desk: Desk, name: str, **args: object) -> Refused:
    with pytest.raises(Refused) as refused:
        desk.do(name, **args)
    return refused.value


def test_what_writes_is_refused_in_one_sentence_and_what_waits_is_kept(maria: Desk) -> None:
    for name, args in {
        "ro.set_tag": {"repair_order_id": "ro-1", "tag": "X2"},
        "ro.open": {"customer_id": "cust-1"},
        "contact.log": {"customer_id": "cust-1", "channel": "note", "body": "x"},
        "undo": {},
    }.items():
        refused = refusal(maria, name, **args)
        assert refused.code == "too_old"
        assert refused.message.startswith("Not saved: ") and "Update it" in refused.message
    assert maria.waiting() == 1
    assert maria.fields("repair_order", "ro-1")["tag"] == "X1"


def test_it_stays_read_only_when_it_is_started_anew_without_a_line(
    maria: Desk, line: BrokenLine, tmp_path: Path
) -> None:
    line.down = True
    maria.kill(tmp_path / "again.db")
    assert maria.turn() == "offline"
    assert refusal(maria, "ro.set_tag", repair_order_id="ro-1", tag="X2").code == "too_old"


def test_a_bridge_that_speaks_with_it_again_takes_what_waited(maria: Desk, bridge: DirectBridge) -> None:
    assert maria.turn() == "live"
    assert at_bridge(bridge, "repair_order", "ro-1")["tag"] == "X1"
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X2")


def test_an_updated_program_writes_at_once(maria: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "API_VERSION", wire.API_VERSION + 1)
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X2")
    assert maria.waiting() == 2


def test_a_bridge_older_than_the_desk_is_waited_for_and_everything_goes_on(open_desk: OpenDesk) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    line.refuse("changes", TooOld())
    assert desk.turn() == "too_new"
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    assert desk.waiting() == 1
