"""What a change handed on, each with who has it now."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.cache import reads_staff
from tests.cache.shop import Shop


def handed_on(shop: Shop, sold: bool = False) -> dict[str, Any]:
    """What a change of these records handed on, by id."""
    changed = {"customer": ["cust-1"], "repair_order": ["ro-1"], "promise": ["p1", "p2"], "employee": ["gone"]}
    with shop.reader() as conn:
        return {row["id"]: row for row in reads_staff.handed_on(conn, changed, sold)}


@pytest.mark.parametrize(("sold", "to"), [(False, "jo"), (True, "sam")])
def test_promises_orders_and_customers_say_who_has_them_now(shop: Shop, sold: bool, to: str) -> None:
    shop.edit("customer", "cust-1", advisor_id="jo", salesperson_id="sam")
    shop.edit("repair_order", "ro-1", advisor_id="david")
    said = {"rule": "by_hand", "customer_id": "cust-1", "due_at": "2026-11-23T15:00:00Z", "state": "open"}
    shop.create("promise", "p1", title="Call about the tyres", owner_id="david", **said)
    shop.create("promise", "p2", title="Give them somebody new", owner_role="manager", **said)
    found = handed_on(shop, sold)
    assert {id: (row["to"], row["to_role"]) for id, row in found.items()} == {
        "p1": ("david", ""),
        "p2": ("", "manager"),
        "ro-1": ("david", ""),
        "cust-1": (to, ""),
    }
    assert (found["p1"]["title"], found["p1"]["what"]) == ("Marchetti, Sofia", "Call about the tyres")
    assert found["ro-1"]["repair_order_id"] == "ro-1"


def test_what_is_not_on_this_desk_is_handed_on_to_nobody_known(shop: Shop) -> None:
    assert handed_on(shop)["p1"]["to"] == ""
