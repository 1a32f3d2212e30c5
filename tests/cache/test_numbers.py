"""RO numbers: each given once, whatever becomes of the cache in between."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection

from advisor_desk.cache import numbers, outbox
from advisor_desk.domain.changes import CREATE, Edit
from tests.cache.shop import KEY, Shop


def taken(shop: Shop, conn: Connection, count: int = 1) -> list[str]:
    return [numbers.take(conn, shop.new_id) for _ in range(count)]


def open_order(shop: Shop) -> str:
    """An order written with the next number, as the desk does it."""
    with shop.cache.write() as conn:
        number = numbers.take(conn, shop.new_id)
        edit = Edit("repair_order", shop.new_id(), CREATE, {"number": number, "customer_id": "cust-1"})
        outbox.add(conn, [edit], shop.origin("ro.open"), shop.new_id)
    return number


def test_numbers_go_out_in_their_order_block_after_block(shop: Shop) -> None:
    with shop.cache.write() as conn:
        numbers.keep(conn, 48200, 48201)
        numbers.keep(conn, 48300, 48301)
        assert numbers.left(conn) == 4
        assert taken(shop, conn, 4) == ["48200", "48201", "48300", "48301"]
        assert numbers.left(conn) == 0


def test_without_a_number_left_an_order_gets_a_temporary_one_and_says_so(shop: Shop) -> None:
    with shop.cache.write() as conn:
        first, second = taken(shop, conn, 2)
        assert first.startswith("TMP-") and first.endswith("-1")
        assert second == first.removesuffix("1") + "2"
        numbers.keep(conn, 48200, 48200)
        assert taken(shop, conn, 2) == ["48200", first.removesuffix("1") + "3"]


def test_numbers_are_kept_across_a_restart(shop: Shop) -> None:
    with shop.cache.write() as conn:
        numbers.keep(conn, 48200, 48219)
    assert open_order(shop) == "48200"
    shop.reopen()
    assert open_order(shop) == "48201"


def test_a_desk_that_begins_anew_as_another_gives_none_of_its_old_numbers(shop: Shop) -> None:
    """A cloned cache: both copies hold the same block."""
    with shop.cache.write() as conn:
        (before,) = taken(shop, conn)
        numbers.keep(conn, 48200, 48219)
        outbox.renumber(conn, "another-desk")
        (after,) = taken(shop, conn)
    assert after.startswith("TMP-") and after != before


def test_a_number_the_cache_forgot_it_gave_is_not_given_again(shop: Shop, tmp_path: Path) -> None:
    """The log is lost with the order in it; the journal knows of the order, and so of its number."""
    with shop.cache.write() as conn:
        numbers.keep(conn, 48200, 48219)
    shop.cache.checkpoint()
    copy = tmp_path / "copy.db"
    shutil.copyfile(shop.path, copy)
    assert [open_order(shop), open_order(shop)] == ["48200", "48201"]
    shutil.copyfile(shop.path.with_suffix(".journal"), copy.with_suffix(".journal"))
    again = Shop(copy, KEY, ids="later")
    assert again.sql("SELECT number FROM repair_order WHERE number LIKE '4820_' ORDER BY 1") == [("48200",), ("48201",)]
    assert open_order(again) == "48202"
    again.cache.close()


def test_a_temporary_number_the_cache_forgot_is_not_given_again(shop: Shop, tmp_path: Path) -> None:
    first = open_order(shop)
    shop.cache.checkpoint()
    copy = tmp_path / "copy.db"
    shutil.copyfile(shop.path, copy)
    second = open_order(shop)
    shutil.copyfile(shop.path.with_suffix(".journal"), copy.with_suffix(".journal"))
    again = Shop(copy, KEY, ids="later")
    third = open_order(again)
    assert len({first, second, third}) == 3 and third.endswith("-3")
    again.cache.close()
