"""The store's hours and holidays through the pipe: set by a manager, known to the bridge, refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import Row, check_writers, held


def store(bridge: BridgeProcess, desk: DeskProcess) -> Row:
    """The store as the bridge holds it."""
    (id,) = [id for kind, id in desk.records() if kind == "store"]
    return held(bridge, desk, "store", id)


def test_a_manager_sets_saturday_and_takes_it_back(manager: DeskProcess, bridge: BridgeProcess) -> None:
    before = store(bridge, manager)["hours"]
    manager.ask("store.set_hours", sat="9-13")
    assert store(bridge, manager)["hours"] == [*before[:5], {"opens": "09:00", "closes": "13:00"}, *before[6:]]
    manager.ask("undo")
    assert store(bridge, manager)["hours"] == before


def test_a_manager_names_a_day_and_a_holiday_that_is_worked(manager: DeskProcess, bridge: BridgeProcess) -> None:
    manager.ask("store.set_holidays", country="us", subdivision="ny", worked=["Columbus Day"], extra=["2031-12-24"])
    holidays = store(bridge, manager)["holidays"]
    assert holidays["worked"] == ["Columbus Day"] and "2031-12-24" in holidays["extra"]
    manager.ask("undo")


@pytest.mark.parametrize(
    ("command", "args", "field"),
    [
        ("store.set_hours", {"tue": "18-7"}, "tue"),
        ("store.set_hours", {"someday": "7-18"}, "someday"),
        ("store.set_holidays", {"country": "ZZ"}, "country"),
        ("store.set_holidays", {"extra": ["christmas"]}, "extra"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_half_done(
    manager: DeskProcess, bridge: BridgeProcess, command: str, args: dict[str, Any], field: str
) -> None:
    before = store(bridge, manager)
    with pytest.raises(Refusal) as refused:
        manager.ask(command, **args)
    assert list(refused.value.fields) == [field]
    assert store(bridge, manager) == before


def test_an_advisor_sets_neither(desk: DeskProcess) -> None:
    for command in ("store.set_hours", "store.set_holidays"):
        with pytest.raises(Refusal) as refused:
            desk.ask(command)
        assert refused.value.code == "forbidden"


def test_whoever_may_set_them_may_write_them() -> None:
    check_writers("store.set_hours", "store", "hours")
    check_writers("store.set_holidays", "store", "holidays")
