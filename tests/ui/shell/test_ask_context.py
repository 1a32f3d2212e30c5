"""What a dialog begins with comes from the repair order as it stands, and survives one that lacks nearly everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.lights import Settings
from ui.shell import ask_context

IDS = {"repair_order_id": "ro-1", "job_id": "job-1", "part_line_id": "part-1"}


def test_a_new_promise_knows_the_old_one_and_the_part_that_comes_last(
    order: dict[str, Any], settings: Settings, now: datetime
) -> None:
    order["parts"].append(order["parts"][0] | {"id": "part-2", "description": "Seal", "eta": "2026-11-24T17:00:00Z"})
    order["parts"].append(order["parts"][0] | {"id": "part-3", "state": "received", "eta": "2026-12-24T17:00:00Z"})
    found = ask_context.of("ro.repromise", order, IDS, now, settings)
    assert found["heading"] == "T-160 · RO 48142 · Marchetti, Sofia"
    assert found["lines"] == ["Promised now: today 12:00", "Water pump kit is due Thu 12:00"]
    assert (found["eta"], found["part"]) == ("2026-11-26T17:00:00Z", "water pump kit")


RECORD = {"of": 38, "share": 0.3, "late": 2.0, "days": [0.0, 1.0, 2.0, 3.0, 4.0]}


def test_an_eta_is_asked_for_beside_what_the_suppliers_dates_were_worth(
    order: dict[str, Any], settings: Settings, now: datetime
) -> None:
    line = order["parts"][0]
    line["record"] = RECORD
    closed_on_sunday = settings._replace(weekdays=frozenset(range(6)))

    def said() -> str:
        return str(ask_context.of("part.set_eta", order, IDS, now, closed_on_sunday)["lines"][-1])

    # Due Thursday: two working days later is the Saturday; the last of eight in ten are three and a half days late.
    assert said() == "Usually 2 days after what they say (38 orders): Sat 28 · 8 of 10 come Thu 26 to Dec 1"
    line["record"] = RECORD | {"of": 3, "store": 812}
    assert said().startswith("Usually 2 days after what they say (only 3 orders, so by the store's 812): Sat 28")
    line["eta"] = None
    assert said() == "Usually 2 days after what they say (only 3 orders, so by the store's 812)"
    line["record"] = None
    assert said() == ""
    line["record"] = RECORD
    assert "Usually" not in str(ask_context.of("part.receive", order, IDS, now, settings)["lines"])


def test_an_order_from_the_shelf_is_no_kind_of_order(order: dict[str, Any], settings: Settings, now: datetime) -> None:
    order["parts"][0]["source"] = "stock"
    assert ask_context.of("part.order", order, IDS, now, settings)["source"] is None
    assert ask_context.of("part.set_eta", order, IDS, now, settings)["source"] == "supplier"


@pytest.mark.parametrize("stage", ["ready", "closed", "a stage nobody knows", ""])
def test_the_next_stage_is_one_a_desk_can_set_or_the_one_it_is_in(
    stage: str, order: dict[str, Any], settings: Settings, now: datetime
) -> None:
    order["repair_order"]["stage"] = stage
    assert ask_context.of("ro.move_stage", order, IDS, now, settings)["stage"] == stage


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "read",
    [
        {},
        {"repair_order": None, "customer": {}, "parts": [], "jobs": None},
        {
            "repair_order": {"id": "ro-1", "promised_at": "soon"},
            "customer": {"phones": [None], "emails": []},
            "parts": [{"id": "part-1", "eta": "soon", "state": "ordered"}],
            "jobs": [{"id": "job-1"}],
        },
    ],
)
def test_an_order_that_lacks_nearly_everything_still_gives_a_context(
    command: str, read: dict[str, Any], settings: Settings, now: datetime
) -> None:
    assert isinstance(ask_context.of(command, read, IDS, now, settings)["heading"], str)
