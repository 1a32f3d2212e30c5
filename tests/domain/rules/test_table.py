"""What holds for every rule: on or off, timed by the store, escalated once, and raised once wherever it is seen."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from advisor_desk.domain import promise, times
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.records import KINDS
from advisor_desk.domain.rules import settings
from advisor_desk.domain.rules.table import RULES
from tests.domain.rules.rows import RAISED
from tests.domain.rules.shop import Records, local

EVERY = sorted(RULES)


def test_the_table_has_its_25_rows_and_each_says_why_and_what_keeps_it() -> None:
    assert len(RULES) == 25
    assert set(RULES) == set(RAISED)
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert "\n" not in rule.why
        assert rule.kept_words
        assert rule.due.words


@pytest.mark.parametrize("name", EVERY)
def test_a_rule_that_is_switched_off_raises_nothing_and_leaves_the_others(name: str) -> None:
    on = Records()
    RAISED[name](on)
    assert on.promises(name)
    off = Records(store={"rules": {name: {"on": False}}})
    RAISED[name](off)
    assert not off.promises(name)
    others = {id for id, row in on.rows["promise"].items() if row["rule"] != name}
    assert set(off.rows.get("promise", {})) == others


@pytest.mark.parametrize("name", EVERY)
def test_what_was_raised_before_it_was_switched_off_is_still_owed(name: str) -> None:
    shop = Records()
    RAISED[name](shop)
    before = [row["id"] for row in shop.promises(name)]
    shop.rows["store"]["store"]["rules"] = {name: {"on": False}}
    shop.look()
    assert [row["id"] for row in shop.promises(name) if row["state"] == "open"] == before


@pytest.mark.parametrize("name", [name for name in EVERY if "due" in RULES[name].numbers])
def test_a_store_gives_a_rule_its_own_time(name: str) -> None:
    usual, generous = Records(), Records(store={"rules": {name: {"due": 200}}})
    RAISED[name](usual)
    RAISED[name](generous)
    assert {row["id"] for row in usual.promises(name)} == {row["id"] for row in generous.promises(name)}
    assert usual.promises(name)[0]["due_at"] != generous.promises(name)[0]["due_at"]


@pytest.mark.parametrize("name", EVERY)
def test_an_unkept_promise_is_passed_on_once_for_each_due_time(name: str) -> None:
    shop = Records(store={"rules": {name: {"escalate": 30}}})
    RAISED[name](shop)
    id = str(shop.promises(name)[0]["id"])
    due = times.from_wire(str(shop.promises(name)[0]["due_at"]))
    rule = RULES[name]
    at = rule.escalates_at(due, shop.shop())
    shop.now = max(shop.now, at - timedelta(minutes=1))
    shop.look()
    if shop.now < at:
        assert "escalated" not in shop.rows["promise"][id]
    shop.now = at
    shop.look()
    told = shop.rows["promise"][id]["escalated"]
    assert told["to"] == rule.escalation.to
    assert told["due"] == times.to_wire(due)
    assert bool(shop.rows["promise"][id].get("handoffs")) is rule.escalation.takes_over
    shop.wait(minutes=10)
    assert shop.rows["promise"][id].get("escalated") == told
    later = times.to_wire(shop.now + timedelta(minutes=5))
    for edit in promise.move(id, shop.rows["promise"][id], later, reason="Agreed.", by="helen", now=shop.now):
        shop.apply(edit)
    shop.now = rule.escalates_at(times.from_wire(later), shop.shop())
    shop.look()
    again = shop.rows["promise"][id]
    assert again["first_due_at"] == times.to_wire(due)
    assert again["escalated"]["due"] == (later if again["state"] == "open" else told["due"])


@pytest.mark.parametrize("name", EVERY)
def test_two_desks_that_were_apart_and_the_bridge_raise_the_same_promise(name: str) -> None:
    at_once = Records()
    RAISED[name](at_once)
    at_once.pass_to("2026-11-23 16:00")
    ids = {row["id"] for row in at_once.promises(name)}

    in_the_evening = Records()
    in_the_evening.now = local("2026-11-23 15:00")
    for kind, id, fields in at_once.changes:  # everything in its order, hours later
        in_the_evening.take(kind, id, fields)
    in_the_evening.pass_to("2026-11-23 16:00")

    bridge = Records()
    bridge.now = local("2026-11-23 15:30")
    last = {(kind, id): fields for kind, id, fields in at_once.changes}  # only what stands, and in another order
    shuffled = [(kind, id, fields) for (kind, id), fields in last.items()]
    random.Random(name).shuffle(shuffled)  # a seed, so that a failure comes again
    first = ("customer", "vehicle", "repair_order")  # what others refer to comes before them on the wire too
    for kind, id, fields in sorted(shuffled, key=lambda change: first.index(change[0]) if change[0] in first else 9):
        bridge.take(kind, id, fields)
    bridge.pass_to("2026-11-23 16:00")

    assert ids
    for other in (in_the_evening, bridge):
        assert {row["id"] for row in other.promises(name)} == ids
        for row in at_once.promises(name):
            assert _told(other.rows["promise"][str(row["id"])]) == _told(at_once.rows["promise"][str(row["id"])])


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """All but what the clock says; when somebody was seen to be gone is the one moment no record states."""
    by_clock = {"due_at", "first_due_at", "raised_at", "escalated"} if row["rule"] == "adopt_orphan" else {"escalated"}
    return {name: value for name, value in row.items() if name not in by_clock}


@pytest.mark.parametrize("name", EVERY)
def test_what_a_rule_raises_is_a_promise_the_books_take(name: str) -> None:
    shop = Records()
    RAISED[name](shop)
    fields = KINDS["promise"].fields
    for row in shop.rows["promise"].values():
        assert promise.fault(row) == {}
        assert set(row) <= set(fields)
        assert len(row["title"]) <= 300
        assert len(row.get("occurrence", "")) <= 200


def test_settings_refuse_an_unknown_rule_an_unknown_number_and_what_is_no_number() -> None:
    assert settings.changed({}, "tell_ready", False, {"due": 20}) == {"tell_ready": {"due": 20, "on": False}}
    for rule, numbers, field in (
        ("tell_redy", {}, "rule"),
        ("tell_ready", {"dew": 3}, "numbers.dew"),
        ("return_loaner", {"due": 3}, "numbers.due"),
        ("tell_ready", {"due": -1}, "numbers.due"),
        ("tell_ready", {"due": True}, "numbers.due"),
        ("tell_ready", {"due": settings.MOST + 1}, "numbers.due"),
    ):
        with pytest.raises(BadArguments) as refused:
            settings.changed({}, rule, None, numbers)
        assert list(refused.value.fields) == [field]


def test_what_happened_weeks_ago_raises_nothing_any_more() -> None:
    shop = Records()
    at = shop.now - timedelta(days=15)
    customer = shop.add("customer", name="Marchetti, Sofia")
    shop.add("repair_order", customer_id=customer, stage="closed", opened=at, closed=at)
    assert not shop.rows.get("promise")
