"""After an outage of the real line: the list says what became of each edit, and ticks stay at this desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import board
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop


@pytest.fixture(scope="module")
def shop(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Maria and David, advisors, each at a desk that can be cut off."""
    where = tmp_path_factory.mktemp("reconcile")
    with Shop(demo_store.copied(where / "bridge"), where) as shop:
        shop.sign_in("maria", "david")
        yield shop


def listed(desk: DeskProcess) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ask("read.reconcile")["reconcile"]
    return found


def test_what_was_done_in_an_outage_is_listed_ticked_and_kept_across_a_restart(shop: Shop) -> None:
    maria, david = shop.desks["maria"], shop.desks["david"]
    first, second = board.cards(maria)[:2]
    assert listed(maria) == []
    shop.unplug("maria")
    maria.ask("ro.set_tag", repair_order_id=first["id"], tag="OUT-1")
    maria.ask("ro.repromise", repair_order_id=second["id"], promised_at=board.after(second["promised_at"], hours=3))
    number = maria.ask("ro.open", customer_id=first["customer_id"], complaints=["Brakes grind"])["changed"]
    david.ask("ro.repromise", repair_order_id=second["id"], promised_at=board.after(second["promised_at"], hours=9))
    david.wait_live()
    since = len(maria.events)
    shop.plug_in("maria")
    maria.wait_event(lambda event: "reconcile" in event.get("kinds", {}), since=since)
    became = {(entry["intent"], entry["kind"]): entry for entry in listed(maria)}
    assert {key: entry["became"] for key, entry in became.items()} == {
        ("ro.set_tag", "repair_order"): "sent",
        ("ro.repromise", "repair_order"): "clashed",
        ("ro.open", "repair_order"): "sent",
        ("ro.open", "job"): "sent",
    }
    opened = became["ro.open", "repair_order"]
    assert opened["record_id"] in number["repair_order"] and "number" in opened["by_hand"]
    assert opened["author"].startswith("Maria ")
    assert listed(david) == []

    entries = [entry["id"] for entry in listed(maria)]
    since = len(maria.events)
    assert set(maria.ask("reconcile.tick", entries=entries)["changed"]["reconcile"]) == set(entries)
    maria.wait_event(lambda event: "reconcile" in event.get("kinds", {}), since=since)
    assert maria.link()["waiting"] == 0, "a tick is this desk's own and is not sent"
    maria.restart()
    assert all(entry["ticked_at"] and entry["ticked_by"] for entry in listed(maria))


def test_ticking_what_is_not_there_is_refused_by_field(shop: Shop) -> None:
    with pytest.raises(Refusal) as refused:
        shop.desks["david"].ask("reconcile.tick", entries=["nothing"])
    assert (refused.value.code, set(refused.value.fields)) == ("not_found", {"entries"})
