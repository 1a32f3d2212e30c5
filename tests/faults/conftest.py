"""A shop whose desks are in step, shared by the tests of this folder: each test works on records of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import board, meddler
from tests.support.bridge import BridgeFolder
from tests.support.shop import Shop


@pytest.fixture(scope="session")
def shop(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo store with Luis (parts) and Maria (advisor) at their desks."""
    where = tmp_path_factory.mktemp("shop")
    with Shop(demo_store.copied(where / "bridge"), where) as shop:
        shop.sign_in("luis", "maria")
        yield shop


@pytest.fixture
def all_decided(shop: Shop) -> Iterator[None]:
    """Leave the next test desks that are plugged in, in step, with nothing to decide."""
    yield
    if not shop.bridge.serves:
        shop.bridge.start()
    shop.plug_in(*shop.desks)
    for desk in shop.desks.values():
        for entry in board.attention(desk):
            desk.ask("attention.resolve", attention_id=entry["id"], action="keep_theirs")
        desk.wait_live()


@pytest.fixture(scope="session")
def meddling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that stands between a program and its system."""
    return meddler.compiled(tmp_path_factory.mktemp("meddler"))
