"""What ``check`` and ``test`` ask of the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import environment
from environment import ROOT
from steps import Steps


def without_tests(steps: Steps, python: str) -> None:
    """Style, form, types, imports, and the Qt that is installed."""
    env = environment.child(QT_QPA_PLATFORM="offscreen")
    # No caches where a check is quick without: what it says must be about the files as they are.
    steps.run("ruff check", [python, "-m", "ruff", "check", "--no-cache", "."], env, ROOT)
    steps.run("ruff format", [python, "-m", "ruff", "format", "--check", "--no-cache", "."], env, ROOT)
    steps.run("mypy", [python, "-m", "mypy"], env, ROOT)
    steps.run("lint-imports", [environment.tool("lint-imports"), "--no-cache", "--no-logo"], env, ROOT)
    steps.run("Qt probe", [python, str(ROOT / "build_scripts" / "qt_probe.py")], env, ROOT)


def tests(steps: Steps, python: str, more: Sequence[str]) -> None:
    """The tests, on screens that are not shown; a test that needs a real window starts its own display."""
    env = environment.child(QT_QPA_PLATFORM="offscreen")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_QPA_PLATFORMTHEME"):
        env.pop(name, None)
    command = [python, "-X", "faulthandler", "-m", "pytest", "-p", "no:cacheprovider"]
    if more:
        steps.run("tests", [*command, *more], env, ROOT, minutes=25)
        return
    # Two cores, and half of the tests wait for a process they have started: two lanes of about the same length.
    lanes = {
        "tests, server": [*command, *_SERVER],
        "tests, desk": [*command, "tests", *(f"--ignore={path}" for path in _SERVER)],
    }
    steps.run_beside(lanes, env, ROOT, minutes=25)


_SERVER: Final = (
    "tests/api", "tests/bridge", "tests/build_scripts", "tests/cache", "tests/domain", "tests/host", "tests/sync",
    "tests/test_architecture.py",
)  # fmt: skip
"""What is tested in the first of the two lanes; everything else, also what is yet to come, runs in the other."""
