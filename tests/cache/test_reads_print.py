"""What papers of many orders are read from: the same records the order pane shows, without the story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor_desk.cache import reads, reads_print
from tests.cache.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "cache.db").stock()
    yield made
    made.cache.close()


def test_an_order_is_read_for_paper_as_the_pane_shows_it(shop: Shop) -> None:
    with shop.reader() as conn:
        (found,) = reads_print.orders(conn, ["ro-1"])
        shown = reads.repair_order(conn, "ro-1")
    assert shown is not None and found["parts"] and found["jobs"]
    assert found["repair_order"] == shown["repair_order"]
    assert found["customer"] == shown["customer"]
    assert found["parts"] == shown["parts"]
    assert sorted(found["jobs"], key=str) == sorted(shown["jobs"], key=str)


def test_an_order_asked_for_twice_comes_once_and_one_that_is_not_there_not_at_all(shop: Shop) -> None:
    with shop.reader() as conn:
        found = reads_print.orders(conn, ["ro-1", "gone", "ro-1"])
    assert [row["repair_order"]["id"] for row in found] == ["ro-1"]
