"""After an outage everything done in it is listed: sent, merged, clashed, and what to key by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.cache import reads, reconcile
from tests.cache.shop import KEY
from tests.sync.broken_line import BrokenLine
from tests.sync.conftest import OpenDesk
from tests.sync.direct import DirectBridge
from tests.sync.store import Desk, HandClock, put_back


def listed(desk: Desk) -> list[dict[str, Any]]:
    conn = reads.connect(desk.path, KEY)
    try:
        return reads.reconcile(conn)
    finally:
        conn.close()


def became(desk: Desk) -> dict[str, str]:
    """What became of each edit, by the command that made it."""
    return {entry["intent"]: entry["became"] for entry in listed(desk)}


@pytest.fixture
def line() -> BrokenLine:
    return BrokenLine()


@pytest.fixture
def maria(open_desk: OpenDesk, line: BrokenLine) -> Desk:
    """Maria's desk, in step."""
    desk = open_desk("maria", line)
    assert desk.turn() == "live"
    return desk


def test_without_an_outage_nothing_is_listed(maria: Desk) -> None:
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.turn()
    assert listed(maria) == []


def test_an_outage_in_which_nothing_was_done_lists_nothing(maria: Desk, line: BrokenLine) -> None:
    line.down = True
    assert maria.turn() == "offline"
    line.down = False
    maria.turn()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.turn()
    assert listed(maria) == []


def test_all_that_was_done_is_listed_with_who_when_and_what(maria: Desk, line: BrokenLine, clock: HandClock) -> None:
    line.down = True
    maria.turn()
    clock.later(timedelta(minutes=3))
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.turn()
    assert listed(maria) == [], "nothing is said of it before it is known what became of it"
    line.down = False
    maria.turn()
    (entry,) = listed(maria)
    assert (entry["became"], entry["intent"], entry["author"]) == ("sent", "ro.set_tag", "Maria Oakes")
    assert entry["made_at"].startswith("2026-11-23T12:03:") and entry["outage"].startswith("2026-11-23T12:00:")
    assert (entry["order"], entry["set"], entry["by_hand"]) == ("X1 · RO 104417 · Marchetti, Sofia", {"tag": "X1"}, {})
    assert {"event": "changed", "kinds": {"reconcile": [entry["id"]]}} in maria.events


def test_what_was_under_way_when_the_line_went_counts_too(maria: Desk, line: BrokenLine, clock: HandClock) -> None:
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    clock.later(timedelta(minutes=2))
    line.down = True
    maria.turn()
    line.down = False
    maria.turn()
    assert became(maria) == {"ro.set_tag": "sent"}


def test_what_the_bridge_had_taken_without_an_answer_is_sent_and_listed_once(maria: Desk, line: BrokenLine) -> None:
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    line.lose_reply("push")
    assert maria.turn() == "offline"
    maria.turn()
    assert [entry["became"] for entry in listed(maria)] == ["sent"]


def test_what_somebody_else_changed_meanwhile_is_merged_or_clashed(
    maria: Desk, line: BrokenLine, open_desk: OpenDesk, clock: HandClock
) -> None:
    line.down = True
    maria.turn()
    helen = open_desk("helen")
    helen.turn()
    maria.do("ro.set_spot", repair_order_id="ro-1", spot="B1")
    maria.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T22:00:00Z")
    clock.later()
    helen.do("ro.set_spot", repair_order_id="ro-1", spot="C9")
    helen.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T23:00:00Z")
    helen.turn()
    line.down = False
    maria.turn()
    assert became(maria) == {"ro.set_spot": "merged", "ro.repromise": "clashed"}
    (clashed,) = (entry for entry in listed(maria) if entry["became"] == "clashed")
    assert clashed["by_hand"] == {} and not clashed["decided"]
    (entry,) = maria.attention()
    maria.do("attention.resolve", attention_id=entry["id"], action="keep_theirs")
    (clashed,) = (entry for entry in listed(maria) if entry["became"] == "clashed")
    assert clashed["decided"]


def test_an_edit_held_for_a_decision_is_listed_as_held_and_then_as_what_became_of_it(
    maria: Desk, line: BrokenLine, open_desk: OpenDesk
) -> None:
    line.down = True
    maria.turn()
    maria.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T22:00:00Z")
    maria.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T22:30:00Z")
    helen = open_desk("helen")
    helen.turn()
    helen.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T23:00:00Z")
    helen.turn()
    line.down = False
    maria.turn()
    first = [entry["became"] for entry in listed(maria)]
    assert first[0] == "clashed" and first[1] in {"held", "clashed"}
    while maria.attention():
        maria.do("attention.resolve", attention_id=maria.attention()[0]["id"], action="set_mine")
        maria.turn()
    assert maria.waiting() == 0
    assert "held" not in [entry["became"] for entry in listed(maria)]


def test_what_no_connector_writes_must_be_keyed_by_hand_with_its_value(maria: Desk, line: BrokenLine) -> None:
    line.down = True
    maria.turn()
    maria.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T22:00:00Z")
    maria.do("ro.open", customer_id="cust-2", complaints=["Oil light"])
    line.down = False
    maria.turn()
    hands = {entry["intent"]: entry["by_hand"] for entry in listed(maria) if entry["by_hand"]}
    assert hands["ro.repromise"] == {"promised_at": "2026-11-23T22:00:00Z"}
    assert set(hands["ro.open"]) == {"number", "opened"}


@pytest.mark.parametrize(
    ("writable", "by_hand"),
    [
        (frozenset[str](), ["number", "promised_at"]),
        (frozenset({"repair_order.promised_at"}), ["number"]),
        (frozenset({"repair_order"}), []),
        (frozenset({"job"}), ["number", "promised_at"]),
    ],
)
def test_a_connector_that_writes_a_field_or_a_kind_saves_the_keying(
    writable: frozenset[str], by_hand: list[str]
) -> None:
    set_ = {"number": "48200", "tag": "X1", "promised_at": "2026-11-23T22:00:00Z", "news": 1}
    assert reconcile.by_hand("repair_order", set_, writable) == by_hand


def test_a_temporary_number_must_be_keyed_whatever_is_written() -> None:
    everything = frozenset({"repair_order"})
    assert reconcile.by_hand("repair_order", {"number": "TMP-KQZM-1"}, everything) == ["number"]
    assert reconcile.by_hand("a kind of tomorrow", {"number": "TMP-KQZM-1"}, everything) == []


def test_an_outage_and_its_list_are_kept_when_the_desk_is_started_anew(
    maria: Desk, line: BrokenLine, tmp_path: Path
) -> None:
    line.down = True
    maria.turn()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.kill(tmp_path / "again.db")
    maria.do("ro.set_spot", repair_order_id="ro-1", spot="B1")
    line.down = False
    maria.turn()
    assert became(maria) == {"ro.set_tag": "sent", "ro.set_spot": "sent"}
    maria.kill(tmp_path / "once-more.db")
    assert became(maria) == {"ro.set_tag": "sent", "ro.set_spot": "sent"}


def test_a_bridge_put_back_lists_nothing_that_had_been_acknowledged(
    maria: Desk, line: BrokenLine, bridge: DirectBridge
) -> None:
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.turn()
    put_back(bridge)
    line.down = True
    maria.turn()
    maria.do("ro.set_spot", repair_order_id="ro-1", spot="B1")
    line.down = False
    while maria.turn() != "live" or maria.waiting():
        pass
    assert became(maria) == {"ro.set_spot": "sent"}


def test_entries_are_ticked_and_the_tick_is_taken_back(maria: Desk, line: BrokenLine) -> None:
    line.down = True
    maria.turn()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    line.down = False
    maria.turn()
    (entry,) = listed(maria)
    assert maria.commands.tick({"entries": [entry["id"], "none"]}) == {"reconcile": {entry["id"]}}
    (ticked,) = listed(maria)
    assert ticked["ticked_by"] == "Maria Oakes" and ticked["ticked_at"]
    maria.commands.tick({"entries": [entry["id"]], "done": False})
    assert listed(maria)[0]["ticked_at"] == ""


def test_the_list_forgets_what_asks_nothing_after_14_days_and_keeps_what_must_be_keyed(
    maria: Desk, line: BrokenLine, clock: HandClock
) -> None:
    line.down = True
    maria.turn()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    maria.do("ro.repromise", repair_order_id="ro-1", promised_at="2026-11-23T22:00:00Z")
    line.down = False
    maria.turn()
    clock.later(timedelta(days=15))
    maria.turn()
    assert became(maria) == {"ro.repromise": "sent"}
    maria.commands.tick({"entries": [listed(maria)[0]["id"]]})
    maria.turn()
    assert listed(maria) == []


def test_what_was_done_since_the_line_was_called_down_is_listed_though_it_was_found_out_later(
    maria: Desk, line: BrokenLine, clock: HandClock
) -> None:
    maria.engine.line.silent()  # as the watch says it, while a request has yet to fail
    clock.later()
    maria.do("ro.set_tag", repair_order_id="ro-1", tag="X1")
    clock.later()
    line.lose_request("push")
    assert maria.turn() == "offline"
    clock.later()
    assert maria.turn() == "live"
    assert became(maria) == {"ro.set_tag": "sent"}
