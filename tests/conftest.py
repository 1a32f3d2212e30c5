"""What every test stands on: no display, no surprise in the logs, and a store to copy."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.bridge import BridgeFolder
from tests.support.logs import Expected, watched

# Before the first Qt application starts, and for every child process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("FORCE_COLOR", "CLICOLOR_FORCE", "PYTHON_COLORS"):
    os.environ.pop(_name, None)

settings.register_profile(
    "advisor_desk",
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("advisor_desk")

LogExpectation = Callable[[int, str], Expected]


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line("markers", "expected_log(level, text): a log record at WARNING or above that is to come")


@pytest.fixture(autouse=True)
def expected_log(request: pytest.FixtureRequest) -> Iterator[LogExpectation]:
    """Fail a test on any log record at WARNING or above that it did not expect, and on one that did not come."""
    with watched() as watch:
        watch.expected += [Expected(*mark.args) for mark in request.node.iter_markers("expected_log")]

        def expect(level: int, text: str) -> Expected:
            watch.expected.append(Expected(level, text))
            return watch.expected[-1]

        yield expect
    assert not watch.unexpected, "logged without being expected:\n" + "\n".join(watch.unexpected)
    missing = [f"{logging.getLevelName(one.level)} {one.text}" for one in watch.expected if not one.seen]
    assert not missing, f"expected in the log and never seen: {missing}"


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> BridgeFolder:
    """The demo store's bridge folder, generated once; copy it, never serve it."""
    return BridgeFolder.generated(tmp_path_factory.mktemp("demo") / "bridge", "demo", 1)


@pytest.fixture
def bridge_folder(demo_store: BridgeFolder, tmp_path: Path) -> BridgeFolder:
    """A bridge folder of this test's own, with the demo store in it."""
    return demo_store.copied(tmp_path / "bridge")
