"""The developer's one command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import dev
import environment
from steps import Failed, Steps

ENDS_WELL = [sys.executable, "-c", ""]
ENDS_BADLY = [sys.executable, "-c", "raise SystemExit(3)"]
NEVER_ENDS = [sys.executable, "-c", "import threading; threading.Event().wait()"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there a session may have no display")
def test_run_without_a_display_says_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.main(["run", "--theme", "dark"]) == 2
    assert "run --shot board.png --exit-after 20" in capsys.readouterr().err


def test_the_summary_names_the_step_that_failed_and_goes_on_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps("test")
    steps.run("ruff check", ENDS_BADLY, environment.child(), Path.cwd())
    steps.run("mypy", ENDS_WELL, environment.child(), Path.cwd())
    assert steps.summary() == 1
    said = capsys.readouterr().out
    assert "ruff check ended with 3." in said
    assert "test: FAILED at ruff check (" in said
    assert "ok      mypy" in said


def test_all_steps_passed_is_said_only_when_they_did(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps("check")
    steps.run("mypy", ENDS_WELL, environment.child(), Path.cwd())
    assert steps.summary() == 0
    assert "check: all 1 steps passed" in capsys.readouterr().out


def test_a_step_that_does_not_end_is_stopped_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps("test")
    steps.run("tests", NEVER_ENDS, environment.child(), Path.cwd(), minutes=0.005)
    assert steps.summary() == 1
    assert "had not ended after" in capsys.readouterr().out


def test_nothing_follows_a_set_up_that_failed() -> None:
    steps = Steps("test")
    with pytest.raises(Failed, match="test: FAILED at set-up"), steps.step("set-up", stop=True):
        raise Failed("Check the network.")


def test_a_child_gets_utf8_and_nothing_of_the_persons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--exitfirst")
    monkeypatch.setenv("LC_ALL", "C")
    env = environment.child(QT_QPA_PLATFORM="offscreen")
    assert "PYTEST_ADDOPTS" not in env
    assert env["QT_QPA_PLATFORM"] == "offscreen"
    assert Path(env["PYTHONPATH"]) == environment.ROOT
    if sys.platform == "linux":
        assert env["LC_ALL"] == "C.UTF-8"


def test_steps_side_by_side_say_each_their_own_and_fail_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    steps = Steps("test")
    commands = {
        "good": [sys.executable, "-c", "print('all is well')"],
        "bad": [sys.executable, "-c", "import sys; print('broken here'); sys.exit(3)"],
    }
    steps.run_beside(commands, environment.child(), environment.ROOT)
    assert steps.summary() == 1
    said = capfd.readouterr().out
    assert said.index("── good") < said.index("all is well") < said.index("── bad") < said.index("broken here")
    assert "test: FAILED at bad" in said
