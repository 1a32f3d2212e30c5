"""How the program starts its other processes and finds what ships with it, from the tree and packaged alike."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from advisor_desk.host import programs
from advisor_desk.host.clock import SystemClock
from advisor_desk.host.resources import resource

ROOT = Path(__file__).resolve().parents[2]


def test_from_the_tree_a_process_is_this_interpreter_with_a_package() -> None:
    assert programs.window() == [sys.executable, "-m", "ui"]
    assert programs.headless() == [sys.executable, "-m", "advisor_desk"]


def test_what_it_names_can_be_started() -> None:
    done = subprocess.run(
        [*programs.headless(), "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "advisor-desk" in done.stdout


@pytest.mark.parametrize(("platform", "suffix"), [("linux", ""), ("darwin", ""), ("win32", ".exe")])
def test_packaged_it_is_the_program_that_lies_beside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, suffix: str
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "executable", str(tmp_path / f"advisor-desk-window{suffix}"))
    assert programs.headless() == [str(tmp_path / f"advisor-desk{suffix}")]
    assert programs.window() == [str(tmp_path / f"advisor-desk-window{suffix}")]


def test_resources_are_found_in_the_tree() -> None:
    assert resource("themes", "light.toml").is_file()
    assert resource() == ROOT / "resources"


def test_packaged_resources_are_found_where_they_were_unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("themes", "dark.toml") == tmp_path / "resources" / "themes" / "dark.toml"


def test_the_systems_clock_tells_utc_and_never_runs_backwards() -> None:
    clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= before + timedelta(minutes=1)
    assert now.utcoffset() == timedelta(0)
    assert clock.monotonic() <= time.monotonic()
