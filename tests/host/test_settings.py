"""What a person set on this computer is kept whole, and what cannot be used gives way to its default."""

from __future__ import annotations

import json
import logging
import os
import stat
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain.errors import Refused
from advisor_desk.host import files
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "desk")


def test_a_new_profile_has_the_defaults(profile: Profile) -> None:
    assert Settings.load(profile) == Settings()
    assert not profile.settings.exists()


def test_what_was_set_is_there_at_the_next_start(profile: Profile) -> None:
    said = Settings().save(profile, bridge="https://bridge.example", theme="dark")
    assert Settings.load(profile) == said
    assert (said.bridge, said.theme, said.proxy) == ("https://bridge.example", "dark", "")
    again = said.save(profile, theme="light")
    assert Settings.load(profile) == again
    assert again.bridge == "https://bridge.example"


def test_every_setting_has_words_for_the_screen() -> None:
    for one in fields(Settings):
        assert one.metadata["words"]
        assert not one.metadata["choices"] or one.default in one.metadata["choices"]


@pytest.mark.expected_log(logging.WARNING, "settings file cannot be read")
@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'"dark"', b"[" * 100_000])
def test_a_file_that_cannot_be_read_gives_the_defaults_and_says_so_in_the_log(profile: Profile, text: bytes) -> None:
    profile.settings.write_bytes(text)
    assert Settings.load(profile) == Settings()


@pytest.mark.parametrize(
    "said",
    [{"theme": "purple"}, {"theme": 5}, {"theme": None}, {"bridge": ["x"]}, {"key_source": "floppy"}, {"new": 1}],
)
def test_a_value_that_cannot_be_used_gives_way_to_its_default_and_the_rest_stays(
    profile: Profile, said: dict[str, Any]
) -> None:
    profile.settings.write_text(json.dumps({"proxy": "http://proxy:3128"} | said))
    assert Settings.load(profile) == Settings(proxy="http://proxy:3128")


@given(st.dictionaries(st.sampled_from([one.name for one in fields(Settings)]), st.none() | st.text() | st.integers()))
def test_any_file_gives_usable_settings(tmp_path_factory: pytest.TempPathFactory, said: dict[str, Any]) -> None:
    profile = Profile.at(tmp_path_factory.getbasetemp() / "any")
    profile.settings.write_text(json.dumps(said), encoding="utf-8")
    loaded = Settings.load(profile)
    assert loaded.theme in {"auto", "light", "dark"}
    assert all(isinstance(getattr(loaded, one.name), str) for one in fields(Settings))


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_file_is_this_persons_alone_even_over_an_open_one(profile: Profile) -> None:
    profile.settings.write_text("{}")
    profile.settings.chmod(0o644)
    Settings().save(profile, theme="dark")
    assert stat.S_IMODE(profile.settings.stat().st_mode) == 0o600


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_what_was_there_and_no_draft(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept = Settings().save(profile, theme="dark")

    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fails)
    with pytest.raises(Refused, match="could not be saved"):
        kept.save(profile, theme="light")
    monkeypatch.undo()
    assert Settings.load(profile) == kept
    assert [path.name for path in profile.folder.iterdir()] == ["settings.json"]


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("fsync")
        sync(handle)

    def replaced(self: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    files.write_whole(profile.settings, "{}")
    assert steps[:2] == ["fsync", "replace"]
