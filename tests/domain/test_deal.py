"""Deals: sold, papered, delivered, funded; and what the buyer is still owed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from advisor_desk.domain import deal, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
NOW_WIRE = "2026-11-23T15:08:00Z"
TODAY = date(2026, 11, 23)
SOLD: dict[str, Any] = {"customer_id": "c1", "vehicle_id": "v1"}
PAPERS: list[dict[str, Any]] = [{"name": "Title application", "done": False}, {"name": "Insurance", "done": True}]


def after(was: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    (edit,) = edits
    assert edit.was == {name: was.get(name) for name in edit.set}
    return was | dict(edit.set)


def test_a_deal_names_its_seller_its_day_and_the_papers_it_needs() -> None:
    args = SOLD | {"documents": ["Title application", "Insurance", "Insurance"]}
    edit = deal.opened("d1", args, [{"stage": "funded"}], salesperson_id="e1", today=TODAY)
    assert edit.set == SOLD | {
        "sold_on": "2026-11-23",
        "salesperson_id": "e1",
        "documents": [{"name": "Title application", "done": False}, {"name": "Insurance", "done": False}],
        "stage": "pending",
    }
    with pytest.raises(BadArguments, match="has not come yet"):
        deal.opened("d1", SOLD | {"sold_on": "2026-11-24"}, [], salesperson_id="", today=TODAY)


@pytest.mark.parametrize("other", [{}, {"stage": "pending"}, {"stage": "in_finance"}])
def test_a_car_is_sold_once_at_a_time(other: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="in another deal already"):
        deal.opened("d1", SOLD, [other], salesperson_id="", today=TODAY)


def test_a_paper_is_done_by_its_name_and_a_new_one_is_added() -> None:
    now = after({"documents": PAPERS}, deal.set_document("d1", {"documents": PAPERS}, "title APPLICATION", True, NOW))
    assert now["documents"] == [{"name": "Title application", "done": True}, PAPERS[1]]
    assert deal.set_document("d1", now, "Insurance", True, NOW) == []
    more = after(now, deal.set_document("d1", now, "Trade-in title", False, NOW))
    assert deal.missing(more) == ["Trade-in title"]


def test_a_deal_is_delivered_by_delivering_the_car_and_funded_after() -> None:
    assert after({}, deal.set_stage("d1", {}, "in_finance", NOW))["stage"] == "in_finance"
    with pytest.raises(IllegalMove, match="Deliver the car first"):
        deal.set_stage("d1", {"stage": "in_finance"}, "funded", NOW)
    assert (
        after({"stage": "delivered"}, deal.set_stage("d1", {"stage": "delivered"}, "funded", NOW))["stage"] == "funded"
    )
    with pytest.raises(IllegalMove):
        deal.set_stage("d1", {"stage": "funded"}, "pending", NOW)


def deliver(sold: dict[str, Any], at: str = NOW_WIRE, anyway: bool = False) -> list[Edit]:
    car = {"delivered_on": None}
    return deal.deliver("d1", sold, "v1", car, at=at, day=TODAY, anyway=anyway, now=NOW)


def test_a_delivered_car_knows_it_was_sold_here() -> None:
    sold, car = deliver({"stage": "in_finance", "documents": PAPERS[1:]})
    assert sold.set == {"stage": "delivered", "delivered_at": NOW_WIRE}
    assert (car.kind, car.record_id, car.set) == ("vehicle", "v1", {"delivered_on": "2026-11-23", "sold_here": True})
    for stage in ("delivered", "funded"):
        with pytest.raises(IllegalMove, match="delivered already"):
            deliver({"stage": stage})
    with pytest.raises(BadArguments, match="has not come yet"):
        deliver({}, at=times.to_wire(NOW + timedelta(hours=1)))


def test_missing_papers_are_named_before_the_car_leaves() -> None:
    with pytest.raises(Refused) as refused:
        deliver({"documents": PAPERS})
    assert refused.value.message == "Not done yet: Title application. Finish the papers, or deliver anyway."
    assert deliver({"documents": PAPERS}, anyway=True)


def test_what_is_owed_names_the_buyer_and_a_day_to_come() -> None:
    edit = deal.owed("w1", "d1", SOLD, {"description": "Second key", "promised_on": "2026-11-23"}, TODAY)
    assert edit.set == SOLD | {"deal_id": "d1", "description": "Second key", "promised_on": "2026-11-23"}
    with pytest.raises(BadArguments, match="in the past"):
        deal.owed("w1", "d1", SOLD, {"description": "Second key", "promised_on": "2026-11-22"}, TODAY)


def test_it_is_made_good_on_an_order_of_the_same_car() -> None:
    assert after(SOLD, deal.link("w1", SOLD, "r1", {"vehicle_id": "v1"}))["repair_order_id"] == "r1"
    with pytest.raises(BadArguments, match="another car"):
        deal.link("w1", SOLD, "r1", {"vehicle_id": "v2"})
