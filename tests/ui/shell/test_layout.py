"""How the window was left is how it opens again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.shell.layout import NAMES, Layout


def test_what_was_kept_is_there_in_the_next_life(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    Layout(path).keep("team", ["one"])
    again = Layout(path)
    assert again.get("team") == ["one"]
    assert again.get("scope") == "mine"


def test_a_damaged_file_gives_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_bytes(b"\x00\xff[[[scope\x00=4")
    assert all(Layout(path).get(name) == default for name, default in NAMES.items())


def test_a_name_nobody_declared_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Layout(tmp_path / "window.ini").keep("mood", "calm")
