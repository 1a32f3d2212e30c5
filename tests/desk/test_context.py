"""What a command works with is whole: nothing is decided on a part of a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor_desk.desk.context import Context
from advisor_desk.domain.errors import NotWhole
from tests.cache.shop import ADVISOR, KEY, NOON, Shop, server_row


@pytest.fixture
def lost(tmp_path: Path) -> Shop:
    """A desk whose cache was lost with a tag and a new order unsent, and has not been fetched again."""
    shop = Shop(tmp_path / "cache.db", KEY).stock()
    shop.edit("repair_order", "ro-1", tag="X1")
    shop.create("repair_order", "ro-new", number="104500", stage="arrived")
    shop.cache.close()
    shop.path.unlink()
    return Shop(tmp_path / "cache.db", KEY, ids="later")


def _found(shop: Shop, id: str) -> dict[str, object]:
    with shop.cache.read() as conn:
        return Context(conn, NOON, ADVISOR, shop.new_id).fields("repair_order", id)


def test_an_order_of_which_only_the_change_is_left_waits_until_it_is_fetched(lost: Shop) -> None:
    with pytest.raises(NotWhole) as refused:
        _found(lost, "ro-1")
    assert refused.value.message == "That repair order is being fetched again. Try it once this desk is in step."
    lost.take(server_row("repair_order", "ro-1", 4))
    assert _found(lost, "ro-1")["tag"] == "X1"
    lost.cache.close()


def test_an_order_opened_here_is_whole_before_the_bridge_has_it(lost: Shop) -> None:
    assert _found(lost, "ro-new")["number"] == "104500"
    lost.cache.close()
