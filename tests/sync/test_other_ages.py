"""A bridge that knows more than this desk, or less: what it says is kept whole, what it cannot read waits for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.bridge import records as bridge_records
from advisor_desk.bridge.judge import Caller
from advisor_desk.cache import reads
from advisor_desk.domain.vocabulary import OURS
from tests.cache.shop import KEY
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import STORE, Desk, at_bridge, put_back

RO = ("repair_order", "ro-1")
TOW = {"kind": "tow_request", "id": "tow-1", "rev": 1, "fields": {"plate": "7ABC123", "from": {"lat": 1.5}}}


def _knows_more(bridge: DirectBridge) -> None:
    """The store's order has a field and a value that only a newer bridge knows."""
    with bridge.books.write(STORE) as conn:
        stored = bridge_records.load(conn, STORE, *RO)
        assert stored is not None
        fields = {**stored.fields, "bay_light": {"colour": "teal"}, "transport": "air_taxi", "stage": "wind_tunnel"}
        bridge_records.save(conn, STORE, stored._replace(fields=fields))


def _with_tow(patch: pytest.MonkeyPatch, **tow: Any) -> None:
    """The feed's pages hold a record of a kind only a newer bridge knows."""
    whole = DirectBridge.changes

    def changes(self: DirectBridge, who: Caller, cursor: str, limit: int) -> bytes:
        page = json.loads(whole(self, who, cursor, limit))
        page["changes"] = [*page["changes"], {"seq": TOW["rev"], "deleted": False, **TOW, **tow}]
        return json.dumps({**page, "count": len(page["changes"])}).encode()

    patch.setattr(DirectBridge, "changes", changes)


def _other(desk: Desk) -> list[Any]:
    with desk.cache.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT kind, record_id, rev, deleted, body FROM other")]


def _older(patch: pytest.MonkeyPatch, *, kind: str = "", field: str = "", value: str = "") -> None:
    """The bridge does not know this kind, or this field of repair orders, or this reason to hold."""
    whole = DirectBridge.capabilities
    knows = {name: dict(fields) for name, fields in OURS.items() if name != kind}
    knows["repair_order"] = {name: values for name, values in knows["repair_order"].items() if name != field}
    reasons = OURS["repair_order"]["hold_reasons"]
    knows["repair_order"]["hold_reasons"] = [reason for reason in reasons if reason != value]

    def capabilities(self: DirectBridge, who: Caller) -> bytes:
        return json.dumps({**json.loads(whole(self, who)), "knows": knows}).encode()

    patch.setattr(DirectBridge, "capabilities", capabilities)


def _outbox(desk: Desk) -> list[tuple[str, str]]:
    conn = reads.connect(desk.path, KEY)
    try:
        return [(row["intent"], row["state"]) for row in reads.outbox(conn)]
    finally:
        conn.close()


def _again(desk: Desk, to: Path) -> None:
    """The desk's program is started anew, and makes sure of its bridge."""
    desk.kill(to)
    assert desk.turn() == "live"


def test_fields_and_values_of_a_newer_bridge_are_kept_and_written_back_as_they_were(
    open_desk: OpenDesk, bridge: DirectBridge
) -> None:
    _knows_more(bridge)
    desk = open_desk("maria")
    desk.turn()
    assert desk.fields(*RO)["bay_light"] == {"colour": "teal"}
    assert (desk.fields(*RO)["transport"], desk.fields(*RO)["stage"]) == ("air_taxi", "wind_tunnel")
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    desk.do("undo")
    desk.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    assert desk.fields(*RO)["bay_light"] == {"colour": "teal"}
    before = at_bridge(bridge, *RO)
    assert desk.turn() == "live" and desk.turn() == "live"
    assert at_bridge(bridge, *RO) == {**before, "spot": "C2"} == desk.fields(*RO)
    assert desk.attention() == []


def test_a_kind_of_a_newer_bridge_is_kept_and_follows_its_changes(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk("maria")
    with monkeypatch.context() as newer:
        _with_tow(newer)
        desk.turn()
    assert _other(desk) == [("tow_request", "tow-1", 1, 0, '{"plate":"7ABC123","from":{"lat":1.5}}')]
    for rev, plate in ((3, "8XYZ987"), (2, "OLD")):
        with monkeypatch.context() as newer:
            _with_tow(newer, rev=rev, fields={"plate": plate})
            desk.turn()
        assert _other(desk)[0][2:] == (3, 0, '{"plate":"8XYZ987"}')
    _with_tow(monkeypatch, rev=4, deleted=True)
    desk.turn()
    assert _other(desk)[0][2:] == (4, 1, "{}"), "of a deleted one nothing stays"


def test_a_fresh_copy_without_it_takes_it_out(
    open_desk: OpenDesk, bridge: DirectBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk("maria")
    with monkeypatch.context() as newer:
        _with_tow(newer)
        desk.turn()
    assert _other(desk)
    put_back(bridge)
    for _ in range(3):
        desk.turn()
    assert desk.engine.line.now()["state"] == "live" and _other(desk) == []


def test_a_release_that_knows_the_kind_takes_over_what_was_kept(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk("maria")
    desk.turn()
    with desk.cache.write() as conn:  # as a release would have kept it that knew no loaners
        row = ("loaner", "loan-9", 1, 0, '{"unit":"L-09","new_field":1}')
        conn.exec_driver_sql("INSERT INTO other (kind, record_id, rev, deleted, body) VALUES (?, ?, ?, ?, ?)", row)
    desk.kill(tmp_path / "newer.db")
    assert desk.fields("loaner", "loan-9") == {"unit": "L-09", "new_field": 1}
    assert _other(desk) == []


@pytest.mark.parametrize("lack", [{"kind": "contact_event"}, {"field": "spot"}, {"value": "parts"}], ids=str)
def test_what_an_older_bridge_cannot_read_waits_until_it_can_and_nothing_else_does(
    open_desk: OpenDesk, bridge: DirectBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lack: dict[str, str]
) -> None:
    desk = open_desk("maria")
    desk.turn()
    with monkeypatch.context() as older:
        _older(older, **lack)
        _again(desk, tmp_path / "older.db")
        desk.do("contact.log", customer_id="cust-1", channel="note", body="Waits for the tow")
        desk.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
        desk.do("ro.hold", repair_order_id="ro-1", reasons=["parts"])
        desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
        assert desk.turn() == "live"
        held = {"kind": "contact.log", "field": "ro.set_spot", "value": "ro.hold"}[next(iter(lack))]
        assert _outbox(desk) == [(held, "later")] and desk.attention() == []
        assert at_bridge(bridge, *RO)["tag"] == "X1"
    _again(desk, tmp_path / "updated.db")
    assert _outbox(desk) == [] and desk.attention() == []
    assert at_bridge(bridge, *RO)["spot"] == "C2" and at_bridge(bridge, *RO)["hold_reasons"] == ["parts"]


def test_what_builds_on_an_edit_the_bridge_cannot_read_waits_with_it(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = open_desk("maria")
    desk.turn()
    _older(monkeypatch, field="transport")
    _again(desk, tmp_path / "older.db")
    desk.do("ro.open", customer_id="cust-1", transport="loaner", complaints=["Pulls left"], again=True)
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    assert desk.turn() == "live"
    waits = _outbox(desk)
    assert [intent for intent, _ in waits] == ["ro.open"] * len(waits) and len(waits) > 1
    assert {state for _, state in waits} == {"later"}


def test_an_edit_that_had_its_number_before_the_bridge_became_older_waits_too(
    open_desk: OpenDesk, bridge: DirectBridge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line = BrokenLine()
    desk = open_desk("maria", line)
    desk.turn()
    desk.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    desk.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    line.lose_request("push")
    assert desk.turn() == "offline"
    with monkeypatch.context() as older:
        _older(older, field="spot")
        _again(desk, tmp_path / "older.db")
        assert _outbox(desk) == [("ro.set_spot", "later")] and at_bridge(bridge, *RO)["tag"] == "X1"
    _again(desk, tmp_path / "updated.db")
    assert _outbox(desk) == [] and at_bridge(bridge, *RO)["spot"] == "C2"


def test_a_bridge_that_does_not_say_what_it_knows_is_sent_everything(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = DirectBridge.capabilities

    def capabilities(self: DirectBridge, who: Caller) -> bytes:
        said = json.loads(whole(self, who))
        del said["knows"]
        return json.dumps(said).encode()

    monkeypatch.setattr(DirectBridge, "capabilities", capabilities)
    desk = open_desk("maria")
    desk.turn()
    desk.do("ro.set_spot", repair_order_id="ro-1", spot="C2")
    desk.turn()
    assert desk.waiting() == 0
