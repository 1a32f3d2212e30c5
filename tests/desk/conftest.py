"""A bridge and desks in step with it, shared by the tests of this folder: each test works on records of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess


@pytest.fixture(scope="session")
def bridge(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BridgeProcess]:
    """The demo store's bridge, served."""
    with BridgeProcess(demo_store.copied(tmp_path_factory.mktemp("served") / "bridge")) as served:
        yield served


@pytest.fixture(scope="session")
def desk(bridge: BridgeProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """Maria's desk (an advisor), in step."""
    profile = tmp_path_factory.mktemp("maria") / "profile"
    with DeskProcess(profile, bridge.url, bridge.folder.token("maria")) as running:
        running.wait_live()
        yield running


@pytest.fixture(scope="session")
def manager(bridge: BridgeProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    """Helen's desk (a manager, who may do all that desks do), in step."""
    profile = tmp_path_factory.mktemp("helen") / "profile"
    with DeskProcess(profile, bridge.url, bridge.folder.token("helen")) as running:
        running.wait_live()
        yield running


@pytest.fixture(scope="session")
def closed(bridge: BridgeProcess, tmp_path_factory: pytest.TempPathFactory) -> DeskProcess:
    """A desk of Maria's that was in step and is closed; copy its profile, never start it."""
    desk = DeskProcess(tmp_path_factory.mktemp("closed") / "profile", bridge.url, bridge.folder.token("maria"))
    with desk:
        desk.wait_live()
    return desk
