"""Somebody leaves or is away: who gets what, and that nobody and nothing is left behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from advisor_desk.domain import promise, staff
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.staff import Held
from tests.domain.rules.shop import PEOPLE, Records, local

ADVISORS = {f"advisor{number}": {"name": f"Advisor {number}", "roles": ["advisor"]} for number in range(4)}


def advisors_store() -> Records:
    """A store with maria, david and four more advisors."""
    return Records(people={**PEOPLE, **ADVISORS})


def full_book(shop: Records, orders: int = 12, promises: int = 40, customers: int = 900) -> None:
    """What maria answers for."""
    rows = shop.rows
    rows["customer"] = {f"c{n:03}": {"name": f"Customer {n}, A", "advisor_id": "maria"} for n in range(customers)}
    rows["repair_order"] = {
        f"r{n:02}": {"customer_id": f"c{n * 7:03}", "advisor_id": "maria", "stage": "repair"} for n in range(orders)
    }
    rows["promise"] = {
        f"p{n:02}": {
            "rule": "by_hand",
            "state": "open",
            "owner_id": "maria",
            "customer_id": f"c{n * 5:03}",
            "due_at": "2026-11-27T20:00:00Z",
            "first_due_at": "2026-11-27T20:00:00Z",
        }
        for n in range(promises)
    }


def held(shop: Records, id: str) -> Held:
    """What somebody answers for, as the books find it."""
    customers = {row.id: row for name in ("advisor_id", "salesperson_id") for row in shop.find("customer", name, [id])}
    promises = [row for row in shop.find("promise", "owner_id", [id]) if row.get("state") == "open"]
    orders = [row for row in shop.find("repair_order", "advisor_id", [id]) if row.get("stage") != "closed"]
    return Held(promises, orders, list(customers.values()))


def goes(shop: Records, id: str, to: Sequence[str] = (), until: str = "") -> list[Edit]:
    """Somebody leaves, or is away until a moment; the edits, done."""
    person = shop.rows["employee"][id]
    for edit in staff.away(id, person, until, shop.now) if until else staff.leave(id, person, shop.now):
        shop.apply(edit)
    load = Counter(str(row["owner_id"]) for row in shop.rows.get("promise", {}).values() if row.get("owner_id"))
    edits = staff.hand_on(id, held(shop, id), shop.shop(), shop, to, load, by="helen")
    for edit in edits:
        shop.apply(edit)
    return edits


def owners(shop: Records, kind: str, field: str) -> Counter[str]:
    """How many of a kind each has."""
    return Counter(str(row.get(field) or "nobody") for row in shop.rows[kind].values())


def test_an_advisor_with_forty_promises_twelve_orders_and_nine_hundred_customers_leaves_nobody_behind() -> None:
    shop = advisors_store()
    full_book(shop)
    goes(shop, "maria")
    takers = {"david", *ADVISORS}
    mine = {id: row for id, row in shop.rows["promise"].items() if row["rule"] == "by_hand"}
    assert set(owners(shop, "customer", "advisor_id")) == takers
    assert set(owners(shop, "repair_order", "advisor_id")) <= takers
    assert {row["owner_id"] for row in mine.values()} <= takers
    assert all(not promise.fault(row) for row in shop.rows["promise"].values())
    assert set(owners(shop, "customer", "advisor_id").values()) == {180}, "spread evenly"
    assert max(Counter(row["owner_id"] for row in mine.values()).values()) <= 10, "and the work with them"


def test_the_same_customer_goes_to_the_same_person_with_all_that_is_theirs() -> None:
    shop = advisors_store()
    full_book(shop)
    shop.rows["promise"]["stranger1"] = {**shop.rows["promise"]["p00"], "customer_id": "davids"}
    shop.rows["promise"]["stranger2"] = {**shop.rows["promise"]["p00"], "customer_id": "davids"}
    goes(shop, "maria")
    of_customer: dict[str, set[str]] = defaultdict(set)
    for id, row in shop.rows["customer"].items():
        of_customer[id].add(str(row["advisor_id"]))
    for row in shop.rows["repair_order"].values():
        of_customer[str(row["customer_id"])].add(str(row["advisor_id"]))
    for row in shop.rows["promise"].values():
        if row["rule"] == "by_hand":
            of_customer[str(row["customer_id"])].add(str(row["owner_id"]))
    assert {len(people) for people in of_customer.values()} == {1}


def test_who_carries_least_takes_most() -> None:
    shop = advisors_store()
    full_book(shop, orders=0, promises=0, customers=10)
    busy = {"rule": "by_hand", "state": "open", "due_at": "2026-11-27T20:00:00Z", "owner_id": "david"}
    for number in range(30):
        shop.rows["promise"][f"david{number}"] = dict(busy)
    goes(shop, "maria")
    assert "david" not in owners(shop, "customer", "advisor_id")


def test_customers_with_business_under_way_are_to_be_introduced_and_the_rest_are_not() -> None:
    shop = advisors_store()
    full_book(shop)
    goes(shop, "maria")
    under_way = {f"c{n * 7:03}" for n in range(12)} | {f"c{n * 5:03}" for n in range(40)}
    introductions = shop.promises("adopt_orphan")
    assert {row["customer_id"] for row in introductions} == under_way
    assert {row["owner_role"] for row in introductions} == {"manager"}
    assert {row["due"] for row in introductions} == {"Tue 2026-11-24 18:00"}
    shop.look()
    assert len(shop.promises("adopt_orphan")) == len(under_way), "once"
    new = str(shop.rows["customer"]["c000"]["advisor_id"])
    shop.say("c000", employee_id="helen")
    assert shop.rows["promise"][_of(shop, "c000")]["state"] == "open"
    shop.say("c000", employee_id=new)
    assert shop.rows["promise"][_of(shop, "c000")]["state"] == "kept"


def _of(shop: Records, customer: str) -> str:
    (found,) = (row["id"] for row in shop.promises("adopt_orphan") if row["customer_id"] == customer)
    return str(found)


def test_who_left_came_back_and_left_again_is_introduced_for_once() -> None:
    shop = advisors_store()
    full_book(shop, customers=3, promises=3, orders=0)
    goes(shop, "maria")
    before = {row["id"] for row in shop.promises("adopt_orphan")}
    shop.rows["employee"]["maria"]["active"] = True
    for kind in ("customer", "promise"):
        for row in shop.rows[kind].values():
            row |= {"advisor_id": "maria"} if kind == "customer" else {}
    goes(shop, "maria")
    assert {row["id"] for row in shop.promises("adopt_orphan")} == before


def test_a_store_that_has_switched_the_introduction_off_is_not_owed_one() -> None:
    shop = advisors_store()
    shop.rows["store"]["store"]["rules"] = {"adopt_orphan": {"on": False}}
    full_book(shop, customers=5, promises=2, orders=1)
    goes(shop, "maria")
    assert not shop.promises("adopt_orphan")


def test_the_manager_may_say_who_takes_over() -> None:
    shop = advisors_store()
    full_book(shop)
    goes(shop, "maria", to=["david"])
    assert set(owners(shop, "customer", "advisor_id")) == {"david"}
    assert set(owners(shop, "repair_order", "advisor_id")) == {"david"}


def test_a_handed_on_promise_says_so_and_an_offer_of_it_is_void() -> None:
    shop = advisors_store()
    full_book(shop, customers=1, promises=1, orders=0)
    shop.rows["promise"]["p00"]["handoff"] = {"from": "maria", "to": "bea", "answer_by": "2026-11-23T16:00:00Z"}
    goes(shop, "maria", to=["david"])
    row = shop.rows["promise"]["p00"]
    assert "handoff" not in row
    (entry,) = row["handoffs"]
    assert (entry["from"], entry["to"], entry["answer"], entry["by"]) == ("maria", "david", "reowned", "helen")
    assert row["first_due_at"] == row["due_at"] == "2026-11-27T20:00:00Z"


def test_of_somebody_who_comes_back_only_those_with_business_under_way_are_handed_on() -> None:
    shop = advisors_store()
    full_book(shop)
    goes(shop, "maria", until="2026-12-07T12:00:00Z")
    under_way = {f"c{n * 7:03}" for n in range(12)} | {f"c{n * 5:03}" for n in range(40)}
    assert owners(shop, "customer", "advisor_id")["maria"] == 900 - len(under_way)
    assert "maria" not in owners(shop, "repair_order", "advisor_id")
    assert "maria" not in owners(shop, "promise", "owner_id")
    assert not shop.promises("adopt_orphan"), "somebody on holiday has left nobody"


def test_without_any_colleague_the_managers_have_it_all_and_the_customers_have_no_advisor() -> None:
    shop = Records(people={"maria": PEOPLE["maria"]})
    full_book(shop, customers=8, promises=3, orders=2)
    goes(shop, "maria")
    assert owners(shop, "promise", "owner_role") == {"manager": len(shop.rows["promise"])}
    assert owners(shop, "customer", "advisor_id") == {"nobody": 8}
    assert owners(shop, "repair_order", "advisor_id") == {"nobody": 2}
    assert all("advisor_id" not in row for row in shop.rows["customer"].values()), "a name left empty is no name"
    assert all(not promise.fault(row) for row in shop.rows["promise"].values())


def test_without_another_advisor_the_manager_who_is_here_takes_over() -> None:
    shop = Records(people={id: PEOPLE[id] for id in ("maria", "helen", "bea")})
    full_book(shop, customers=8, promises=3, orders=2)
    goes(shop, "maria")
    assert set(owners(shop, "customer", "advisor_id")) == {"helen"}


def test_a_salesperson_who_leaves_hands_on_only_what_was_theirs() -> None:
    shop = Records(people={**PEOPLE, "sue": {"name": "Sue Hart", "roles": ["sales"]}})
    full_book(shop, customers=3, promises=0, orders=0)
    shop.rows["customer"]["c001"]["salesperson_id"] = "sal"
    goes(shop, "sal")
    assert shop.rows["customer"]["c001"] == {"name": "Customer 1, A", "advisor_id": "maria", "salesperson_id": "sue"}
    assert owners(shop, "customer", "advisor_id") == {"maria": 3}


def test_one_who_left_cannot_leave_again_nor_be_away_until_yesterday() -> None:
    shop = Records()
    goes(shop, "maria")
    with pytest.raises(BadArguments) as refused:
        staff.leave("maria", shop.rows["employee"]["maria"], shop.now)
    assert refused.value.fields == {"employee_id": "has left already"}
    with pytest.raises(BadArguments) as past:
        staff.away("david", shop.rows["employee"]["david"], "2026-11-22T12:00:00Z", shop.now)
    assert list(past.value.fields) == ["until"]


def test_the_last_of_a_role_leaves_its_queue_to_whoever_stands_in() -> None:
    shop = Records()
    shop.add("lead", customer_id=shop.add("customer", name="Marchetti, Sofia"), received_at=shop.now)
    assert shop.owner("answer_lead") == "any bdc"
    goes(shop, "bea")
    shop.look()
    assert shop.owner("answer_lead") == "any advisor"
    assert shop.one("answer_lead")["handoffs"][0]["reason"] == "Nobody has that role."


def test_whose_leaving_a_desk_hears_of_only_from_the_record_is_taken_over_from_all_the_same() -> None:
    shop = advisors_store()
    full_book(shop, customers=3, promises=3, orders=0)
    for row in shop.rows["promise"].values():
        row["customer_id"], row["subject"] = "c000", {"kind": "customer", "id": "c000"}
        row["raised_at"] = "2026-11-23T15:00:00Z"
    shop.rows["employee"]["maria"]["active"] = False
    shop.now = local("2026-11-23 11:00")
    shop.look()
    mine = [row for row in shop.rows["promise"].values() if row["rule"] == "by_hand"]
    assert {row["owner_role"] for row in mine} == {"advisor"}
    assert {row["handoffs"][0]["reason"] for row in mine} == {"The owner is not here."}


def test_row_order_does_not_decide_who_gets_whom() -> None:
    one, two = advisors_store(), advisors_store()
    for shop in (one, two):
        full_book(shop)
    all_of: dict[str, Any] = {kind: dict(reversed(two.rows[kind].items())) for kind in ("customer", "promise")}
    two.rows |= all_of
    goes(one, "maria")
    goes(two, "maria")
    assert one.rows["customer"] == two.rows["customer"]
    assert one.rows["promise"] == two.rows["promise"]
