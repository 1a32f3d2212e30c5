"""The rules at a desk whose records are still coming in: they wait for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from advisor_desk.cache import meta
from advisor_desk.desk.commands import Commands
from advisor_desk.sync.hybrid import HybridClock
from tests.cache.shop import NOON, Shop
from tests.sync.store import HandClock


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The shop's records at a desk that Maria is signed in at."""
    shop = Shop(tmp_path / "cache.db").stock()
    yield shop
    shop.cache.close()


def swept(shop: Shop) -> set[str]:
    """The rules of what a round raises three hours later: by then a customer has heard nothing for too long."""
    clock = HandClock()
    clock.at = NOON + timedelta(hours=3)
    Commands(shop.cache, HybridClock(clock)).sweep()
    return {row[0] for row in shop.sql("SELECT json_extract(body, '$.rule') FROM promise")}


def test_a_desk_that_has_everything_raises_what_time_brings(shop: Shop) -> None:
    assert "update_customer" in swept(shop)


def test_nothing_is_raised_while_a_first_sync_is_under_way_and_then_all_of_it(shop: Shop) -> None:
    with shop.cache.write() as conn:
        meta.put(conn, "snapshot_after", "repair_order:ro-1")
    assert swept(shop) == set()
    with shop.cache.write() as conn:
        meta.put(conn, "snapshot_after", None)
    assert "update_customer" in swept(shop)


def test_a_desk_that_has_lost_its_store_raises_nothing_for_no_store(shop: Shop) -> None:
    """An id made without the store's would be another promise of the same thing."""
    with shop.cache.write() as conn:
        conn.exec_driver_sql("DELETE FROM store")
    assert swept(shop) == set()
