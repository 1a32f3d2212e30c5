"""How suppliers' dates held: made anew once a day from what came, and beside each part line that is awaited."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from advisor_desk.cache import meta, reads, reads_counter, suppliers
from tests.cache.shop import NOON, Shop, server_row
from tests.support.deliveries import Supplier, deliveries

DAY = timedelta(days=1)
LATE = Supplier("Harbor Parts", "order", a_week=3, late=0.9, by=2.0)
AWAITED = {"state": "ordered", "supplier": "HARBOR parts", "source": "order", "eta": "2026-11-23T18:00:00Z"}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop with a year of one supplier's orders, in step, and a part of it awaited on ro-1."""
    with shop.cache.write() as conn:
        meta.put(conn, "first_sync_done", 1)
    with shop.reader() as conn:
        days = reads.settings(conn).days
    came = enumerate(deliveries(random.Random(1), LATE, NOON - 365 * DAY, NOON - 5 * DAY, days))
    shop.take(
        *(server_row("part_line", f"came-{number}", 1, line | {"repair_order_id": "ro-old"}) for number, line in came),
        server_row("part_line", "line-1", 2, {"repair_order_id": "ro-1", **AWAITED}),
    )
    return shop


def records(shop: Shop) -> dict[str, Any]:
    """What each read of ro-1's awaited line says of its supplier, by read."""
    with shop.reader() as conn:
        lines = {
            "board": reads.board_rows(conn, ["ro-1"])["ro-1"]["parts"],
            "whole board": next(row for row in reads.board(conn) if row["id"] == "ro-1")["parts"],
            "order": (reads.repair_order(conn, "ro-1") or {})["parts"],
            "counter": reads_counter.counter(conn),
            "counter of it": reads_counter.counter_of(conn, ["ro-1"]),
        }
    return {name: next(line for line in some if line["id"] == "line-1").get("record") for name, some in lines.items()}


def test_an_awaited_part_carries_its_suppliers_record_wherever_it_is_read(shop: Shop) -> None:
    assert set(records(shop).values()) == {None}
    assert suppliers.renew(shop.cache, NOON)
    (record,) = {str(record) for record in records(shop).values()}
    found = records(shop)["board"]
    came = shop.sql("SELECT count(*) FROM part_line WHERE id LIKE 'came-%'")[0][0]
    assert found["of"] == came > 100 and found["share"] < 0.3
    assert str(found) == record


def test_a_part_that_is_here_or_of_somebody_else_carries_none(shop: Shop) -> None:
    suppliers.renew(shop.cache, NOON)
    for more in ({"state": "received"}, {"supplier": "Another"}, {"source": "stock"}):
        shop.edit("part_line", "line-1", **more)
        assert set(records(shop).values()) == {None}, more
        shop.edit("part_line", "line-1", **{name: AWAITED[name] for name in more})
        assert None not in records(shop).values()


def test_records_are_made_anew_once_a_day(shop: Shop) -> None:
    assert suppliers.renew(shop.cache, NOON)
    before = records(shop)["board"]["of"]
    here = {"state": "received", "first_eta": "2026-11-23T10:00:00Z", "received_at": "2026-11-23T11:00:00Z"}
    shop.take(server_row("part_line", "new", 1, {**AWAITED, **here}))
    assert not suppliers.renew(shop.cache, NOON + DAY - timedelta(seconds=1))
    assert records(shop)["board"]["of"] == before
    assert suppliers.renew(shop.cache, NOON + DAY)
    assert records(shop)["board"]["of"] == before + 1


def test_a_clock_that_was_wrong_does_not_keep_them_from_being_made(shop: Shop) -> None:
    assert suppliers.renew(shop.cache, NOON + 900 * DAY) is False  # all of it long ago by then
    assert suppliers.renew(shop.cache, NOON)


def test_nothing_is_made_before_the_cache_is_in_step_and_nothing_announced_where_nothing_came(shop: Shop) -> None:
    with shop.cache.write() as conn:
        meta.put(conn, "first_sync_done", None)
    assert not suppliers.renew(shop.cache, NOON)
    assert shop.sql("SELECT count(*) FROM supplier_record") == [(0,)]
    with shop.cache.write() as conn:
        meta.put(conn, "first_sync_done", 1)
        conn.exec_driver_sql("DELETE FROM part_line WHERE id LIKE 'came-%'")
    assert not suppliers.renew(shop.cache, NOON)
    assert shop.sql("SELECT value FROM meta WHERE name = 'suppliers_at'") == [("2026-11-23T12:00:00Z",)]


def test_the_cache_of_a_release_that_kept_none_is_read_without(shop: Shop) -> None:
    suppliers.renew(shop.cache, NOON)
    with shop.cache.write() as conn:
        conn.exec_driver_sql("DROP TABLE supplier_record")
    assert set(records(shop).values()) == {None}
