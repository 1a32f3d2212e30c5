"""The demo from nothing to a desk that is signed in, at work beside others, and gone without a trace."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import pytest
import requests

from advisor_desk.bridge.demo import show
from advisor_desk.bridge.demo.show import Asked
from advisor_desk.domain.errors import Refused
from advisor_desk.host import programs


@pytest.fixture(autouse=True)
def window_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo opens the stand-in where the window would be; all else is the real thing."""
    monkeypatch.setattr(programs, "window", lambda: [sys.executable, "-m", "tests.support.stand_in_window"])


def demo(folder: Path | None, report: Path, role: str = "advisor") -> Asked:
    """A fast demo day."""
    return Asked("demo", role, 3, 20.0, True, folder, ("--report", str(report)))


def test_the_demo_signs_its_desk_in_others_are_at_work_and_nothing_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert show.show(demo(None, tmp_path / "report.json")) == 0, capfd.readouterr().err
    seen = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert seen["cards"] > 40
    assert seen["employee"] == "Maria Keller"
    assert seen["tag"] == "DEMO-1"
    with pytest.raises(requests.ConnectionError):
        requests.get(seen["bridge"], timeout=5)  # the demo's bridge has ended with it
    assert list(temporary.iterdir()) == []


def test_a_folder_with_a_demo_in_it_is_not_used_for_another(tmp_path: Path) -> None:
    (tmp_path / "bridge").mkdir()
    with pytest.raises(Refused) as refused:
        show.show(demo(tmp_path, tmp_path / "report.json"))
    assert refused.value.code == "already_there"
