"""An advisor with 40 promises, 12 orders and 900 customers leaves: one command, and nobody is orphaned."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from advisor_desk.desk.commands import Commands
from advisor_desk.domain import commands
from advisor_desk.sync.hybrid import HybridClock
from tests.support.leaving import CUSTOMERS, LEAVES, ORDERS, OTHERS, PROMISES, full_book
from tests.sync.store import HandClock


def test_one_command_hands_everything_on_evenly_and_the_answer_names_all_of_it(tmp_path: Path) -> None:
    cache = full_book(tmp_path / "cache.db")
    try:
        args = commands.check("employee.deactivate", {"employee_id": LEAVES})
        answer, _ = Commands(cache, HybridClock(HandClock())).carry_out("employee.deactivate", args, None)

        def all_of(kind: str) -> dict[str, dict[str, Any]]:
            with cache.read() as conn:
                rows = conn.exec_driver_sql(f"SELECT id, body FROM {kind} WHERE NOT deleted").all()
            return {id: json.loads(body) for id, body in rows}

        assert all_of("employee")[LEAVES]["active"] is False
        customers, orders, promises = all_of("customer"), all_of("repair_order"), all_of("promise")
        got = Counter(fields["advisor_id"] for fields in customers.values())
        assert set(got) == set(OTHERS)
        assert sum(got.values()) == CUSTOMERS
        assert max(got.values()) - min(got.values()) <= 1
        assert {fields["advisor_id"] for fields in orders.values()} <= set(OTHERS)
        mine = [fields for fields in promises.values() if fields["rule"] == "by_hand"]
        assert len(mine) == PROMISES
        assert all(fields["owner_id"] == customers[fields["customer_id"]]["advisor_id"] for fields in mine)
        assert all(bool(row.get("owner_id")) is not bool(row.get("owner_role")) for row in promises.values())
        adopted = [fields for fields in promises.values() if fields["rule"] == "adopt_orphan"]
        assert len(adopted) == PROMISES  # those with business under way are introduced to whoever has them now
        changed = {kind: len(ids) for kind, ids in answer["changed"].items()}
        assert (changed["customer"], changed["repair_order"]) == (CUSTOMERS, ORDERS)
    finally:
        cache.close()
