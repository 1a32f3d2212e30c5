"""A profile's folder is this person's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import platformdirs
import pytest

from advisor_desk.domain.errors import Refused
from advisor_desk.host.paths import Profile

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@POSIX
def test_a_new_profile_is_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        profile = Profile.at(tmp_path / "deep" / "desk")
    finally:
        os.umask(before)
    assert mode(profile.folder) == 0o700


@POSIX
@pytest.mark.parametrize("holds", [None, "cache.db", "settings.json"])
def test_a_profile_that_stood_open_is_closed(tmp_path: Path, holds: str | None) -> None:
    tmp_path.chmod(0o755)
    if holds:
        (tmp_path / holds).touch()
    Profile.at(tmp_path)
    assert mode(tmp_path) == 0o700


@POSIX
def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    tmp_path.chmod(0o755)
    Profile.at(tmp_path)
    assert mode(tmp_path) == 0o755


def test_every_file_of_a_profile_lies_in_its_folder(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "desk")
    files = [profile.cache, profile.lock, profile.logs, profile.settings, profile.layout, profile.wrapped_key]
    assert {path.parent for path in files} == {profile.folder}
    assert len(set(files)) == len(files)


def test_a_profile_is_found_by_the_same_path_whichever_way_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Profile.at(Path("desk")) == Profile.at(tmp_path / "x" / ".." / "desk") == Profile.at(tmp_path / "desk")


def test_without_a_folder_it_is_this_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "mine"))
    assert Profile.at(None).folder == tmp_path / "mine"


def test_a_place_where_no_folder_can_be_is_said_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="Name another one with --profile-dir") as refused:
        Profile.at(tmp_path / "file" / "desk")
    assert refused.value.code == "no_profile"
    assert str(tmp_path) not in refused.value.message
