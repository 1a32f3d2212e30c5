"""A shop's cache for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cache.shop import Shop


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    """A new cache with nothing in it."""
    shop = Shop(tmp_path / "cache.db")
    yield shop
    shop.cache.close()


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A cache with the shop's records."""
    return empty.stock()
