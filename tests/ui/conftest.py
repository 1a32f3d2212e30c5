"""What every screen test starts from: a look, a store's settings and one morning."""

from __future__ import annotations

import gc
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication

from advisor_desk.domain.lights import Settings
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.cli import said
from ui.theme.look import Look

MORNING = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
"""Monday, 10:08 in New York."""


@pytest.fixture(autouse=True)
def collected_here(qapp: QApplication) -> Iterator[None]:
    """Garbage is collected in this thread alone, as in the window: those that read pipes must delete no widget."""
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture
def now() -> datetime:
    """The moment the drawings show."""
    return MORNING


@pytest.fixture
def settings() -> Settings:
    """A store in New York with everything at its default."""
    return Settings(zone=ZoneInfo("America/New_York"))


@pytest.fixture(params=["light"])
def look(qapp: QApplication, request: pytest.FixtureRequest) -> Look:
    """The light theme; parametrise indirectly for the dark one."""
    return Look(str(request.param))


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """A profile in step with the demo store, and the key of its cache."""

    profile: Path
    key: bytes

    def copied(self, to: Path) -> DeskFolder:
        """The same desk in another folder."""
        shutil.copytree(self.profile, to)
        return DeskFolder(to, self.key)


@pytest.fixture(scope="session")
def demo_desk(demo_store: BridgeFolder, tmp_path_factory: pytest.TempPathFactory) -> DeskFolder:
    """Maria's desk on the demo store, synced once by the real program; copy it before it is written."""
    folder = tmp_path_factory.mktemp("maria")
    key = secrets.token_bytes(32)
    with BridgeProcess(demo_store.copied(folder / "bridge")) as bridge:
        hello = {"key": key.hex(), "bridge": bridge.url, "token": bridge.folder.token("maria")}
        said("sync", "--once", "--profile-dir", folder / "desk", given=json.dumps({"hello": hello}) + "\n")
    return DeskFolder(folder / "desk", key)
