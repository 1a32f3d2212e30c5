"""When the virtual environment must be filled anew."""

from __future__ import annotations

from pathlib import Path

import pytest

import environment


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment and requirements of this test's own."""
    folder = tmp_path / "venv"
    folder.mkdir()
    (tmp_path / "app.txt").write_text("a==1\n")
    (tmp_path / "dev.txt").write_text("a==1\nb==1\n")
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "_REQUIREMENTS", tmp_path)
    return folder


def _filled(kind: str) -> None:
    environment._stamp(kind).write_text(environment._digest(kind))


def test_a_new_environment_must_be_filled(venv: Path) -> None:
    assert not environment._stamped("app")
    assert not environment._stamped("dev")


def test_a_filled_one_is_left_alone_until_its_requirements_change(venv: Path) -> None:
    _filled("dev")
    assert environment._stamped("dev")
    (venv.parent / "dev.txt").write_text("a==2\nb==1\n")
    assert not environment._stamped("dev")


def test_what_developers_need_suffices_to_run_but_not_the_other_way_round(venv: Path) -> None:
    _filled("dev")
    assert environment._stamped("app")
    environment._stamp("dev").unlink()
    _filled("app")
    assert environment._stamped("app")
    assert not environment._stamped("dev")
