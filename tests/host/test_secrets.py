"""The cache's key goes to a keyring that is known to keep it, or under a passphrase, and nowhere else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from advisor_desk.cache.database import open_cache
from advisor_desk.domain.errors import Refused
from advisor_desk.host import secrets
from advisor_desk.host.paths import Profile
from advisor_desk.host.secrets import KeyLost, KeyringLocked, NoKeyring
from advisor_desk.host.settings import Settings
from tests.host.keyrings import Forgetful, Locked, ReadOnly, Ring, Shortening

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "correct horse battery"


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.at(tmp_path / "desk")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase is stretched as little as it can be."""
    monkeypatch.setattr(secrets, "PASSES", 1)
    monkeypatch.setattr(secrets, "KIBIBYTES", 8 * secrets.LANES)


STRETCHED = (secrets.PASSES, secrets.KIBIBYTES, secrets.LANES)


def test_a_passphrase_is_stretched_as_rfc_9106_says() -> None:
    assert STRETCHED == (3, 64 * 1024, 4)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put a keyring in the place of the system's."""

    def put(ring: Any) -> None:
        monkeypatch.setattr(secrets, "backend", lambda: ring)

    return put


def key(profile: Profile, *answers: str, source: str = "keyring") -> bytes:
    """The key, asked for as at a start; ``answers`` are typed one after another."""
    typed = iter(answers)
    return secrets.cache_key(profile, Settings(key_source=source), lambda prompt: next(typed))


# In the keyring


def test_the_first_start_makes_a_key_and_every_later_one_finds_it(profile: Profile, use: Callable[[Any], None]) -> None:
    ring = Ring()
    use(ring)
    made = key(profile)
    assert len(made) == 32
    assert ring.kept == {("advisor-desk", str(profile.folder)): made.hex()}
    profile.cache.touch()
    assert key(profile) == made


def test_every_profile_has_a_key_of_its_own(profile: Profile, tmp_path: Path, use: Callable[[Any], None]) -> None:
    use(Ring())
    assert key(profile) != key(Profile.at(tmp_path / "other"))


def test_no_file_holds_a_key_that_is_in_the_keyring(profile: Profile, use: Callable[[Any], None]) -> None:
    use(Ring())
    key(profile)
    assert list(profile.folder.iterdir()) == []


def test_a_locked_keyring_says_to_unlock_it(profile: Profile, use: Callable[[Any], None]) -> None:
    use(Locked())
    with pytest.raises(KeyringLocked, match="Unlock it, then open the desk again"):
        key(profile)
    use(ReadOnly())
    with pytest.raises(KeyringLocked):
        key(profile)


@pytest.mark.parametrize("ring", [Forgetful(), Shortening()])
def test_a_keyring_that_does_not_give_back_what_it_was_given_is_none(
    profile: Profile, use: Callable[[Any], None], ring: Ring
) -> None:
    use(ring)
    with pytest.raises(NoKeyring, match="Choose a passphrase instead"):
        key(profile)
    assert not secrets.round_trip(ring)


@pytest.mark.parametrize("left", ["cache.db", "cache.journal"])
@pytest.mark.parametrize("entry", [None, "", "not hex", "abcd", "0" * 62, "0" * 66, "é" * 64])
def test_a_cache_or_a_journal_whose_key_is_gone_or_spoilt_never_gets_a_new_one(
    profile: Profile, use: Callable[[Any], None], entry: str | None, left: str
) -> None:
    ring = Ring(**({str(profile.folder): entry} if entry is not None else {}))
    before = dict(ring.kept)
    use(ring)
    (profile.folder / left).touch()
    with pytest.raises(KeyLost, match="is not in the keyring"):
        key(profile)
    assert ring.kept == before


def test_the_test_entry_goes_in_and_out_again() -> None:
    ring = Ring()
    assert secrets.round_trip(ring)
    assert ring.kept == {}
    with pytest.raises(KeyringLocked):
        secrets.round_trip(Locked())


# Which keyring


def module(name: str, **classes: Any) -> ModuleType:
    made = ModuleType(name)
    for known, kind in classes.items():
        setattr(made, known, kind)
    return made


class Here(Ring):
    """Works on this computer."""


class Absent(Ring):
    """Does not."""

    priority = 0


class _NoBus(type):
    @property
    def priority(cls) -> int:
        raise FileNotFoundError("no bus")


class NoBus(metaclass=_NoBus):
    """Cannot even say whether it works."""


@pytest.mark.parametrize(
    ("platform", "modules", "found"),
    [
        ("win32", {"keyring.backends.Windows": {"WinVaultKeyring": Here}}, True),
        ("darwin", {"keyring.backends.macOS": {"Keyring": Here}}, True),
        ("linux", {"keyring.backends.SecretService": {"Keyring": Here}}, True),
        ("linux", {"keyring.backends.SecretService": {"Keyring": NoBus},
                   "keyring.backends.kwallet": {"DBusKeyring": Here}}, True),
        ("linux", {"keyring.backends.SecretService": {"Keyring": Absent}, "keyring.backends.kwallet": {}}, False),
        ("linux", {"keyring.backends.SecretService": {}, "keyring.backends.kwallet": {"DBusKeyring": NoBus}}, False),
        ("freebsd13", {}, False),
    ],
)  # fmt: skip
def test_only_the_systems_own_keyrings_are_taken_by_name(
    monkeypatch: pytest.MonkeyPatch, platform: str, modules: dict[str, Any], found: bool
) -> None:
    for name, classes in modules.items():
        monkeypatch.setitem(sys.modules, name, module(name, **classes))
    if found:
        assert isinstance(secrets.backend(platform), Here)
    else:
        with pytest.raises(NoKeyring):
            secrets.backend(platform)


def test_no_keyring_that_writes_files_or_forgets_is_on_the_list() -> None:
    listed = {f"{name}.{kind}" for backends in secrets.BACKENDS.values() for name, kind in backends}
    assert listed == {
        "keyring.backends.Windows.WinVaultKeyring", "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring", "keyring.backends.kwallet.DBusKeyring",
    }  # fmt: skip


_SPY = """
import sys
from advisor_desk.host import secrets
try:
    print(type(secrets.backend()).__module__)
except secrets.NoKeyring:
    print("none")
print("planted" in sys.modules, "keyring.backends.null" in sys.modules)
"""


def test_a_keyring_named_in_the_environment_or_a_config_file_is_not_even_loaded(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 99\n"
        "    get_password = set_password = delete_password = lambda self, *args: None\n"
    )
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring=planted.Keyring\nkeyring-path={tmp_path}\n")
    hostile = {
        "PYTHON_KEYRING_BACKEND": "planted.Keyring",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    }
    for backend in ("planted.Keyring", "keyring.backends.null.Keyring"):
        env = os.environ | hostile | {"PYTHON_KEYRING_BACKEND": backend}
        done = subprocess.run(
            [sys.executable, "-c", _SPY], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        found, loaded = done.stdout.split("\n")[:2]
        assert found in {"none", "keyring.backends.macOS", "keyring.backends.Windows"}
        assert loaded == "False False"


# Under a passphrase


def test_a_passphrase_is_chosen_once_and_opens_the_desk_from_then_on(profile: Profile) -> None:
    made = key(profile, PASSPHRASE, PASSPHRASE, source="passphrase")
    profile.cache.touch()
    assert key(profile, PASSPHRASE) == made  # the key's file says by being there that a passphrase is asked for
    if os.name == "posix":
        assert stat.S_IMODE(profile.wrapped_key.stat().st_mode) == 0o600
    assert made.hex() not in profile.wrapped_key.read_text()


def test_another_passphrase_does_not_open_it(profile: Profile) -> None:
    key(profile, PASSPHRASE, PASSPHRASE, source="passphrase")
    with pytest.raises(Refused, match="does not open this desk") as refused:
        key(profile, PASSPHRASE + " ")
    assert refused.value.code == "wrong_passphrase"


def test_a_passphrase_typed_as_separate_accents_is_the_same(profile: Profile) -> None:
    composed, parted = "caf\u00e9 at the corner", "cafe\u0301 at the corner"
    made = key(profile, composed, composed, source="passphrase")
    assert key(profile, parted) == made


@pytest.mark.parametrize(
    ("typed", "code"),
    [(("short", "short"), "short_passphrase"), ((PASSPHRASE, PASSPHRASE + "!"), "passphrases_differ")],
)
def test_a_passphrase_that_is_short_or_typed_differently_is_not_taken(
    profile: Profile, typed: tuple[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        key(profile, *typed, source="passphrase")
    assert refused.value.code == code
    assert not profile.wrapped_key.exists()


def test_the_journal_is_where_the_cache_writes_it(profile: Profile) -> None:
    cache = open_cache(profile.cache, bytes(32))
    with cache.write() as conn:
        conn.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('outage', 'now')")
    cache.close()
    assert profile.journal.exists()


@pytest.mark.parametrize("left", ["cache.db", "cache.journal"])
def test_a_cache_or_a_journal_whose_key_file_is_gone_never_gets_a_new_one(profile: Profile, left: str) -> None:
    (profile.folder / left).touch()
    with pytest.raises(KeyLost):
        key(profile, PASSPHRASE, PASSPHRASE, source="passphrase")


@pytest.mark.parametrize("spoilt", ["", "{", "[]", "{}", '{"salt": 5, "nonce": "", "key": ""}', "[" * 100_000])
def test_a_spoilt_key_file_is_told_from_a_wrong_passphrase(profile: Profile, spoilt: str) -> None:
    profile.wrapped_key.write_text(spoilt)
    with pytest.raises(Refused, match="key is damaged") as refused:
        key(profile, PASSPHRASE)
    assert refused.value.code == "key_damaged"


@pytest.mark.parametrize("part", ["salt", "nonce", "key"])
@pytest.mark.parametrize("spoil", [lambda text: text[:4], lambda text: text[4:8] + text[:4] + text[8:]])
def test_a_tampered_seal_does_not_open(profile: Profile, part: str, spoil: Callable[[str], str]) -> None:
    sealed = secrets.wrap(bytes(32), PASSPHRASE)
    profile.wrapped_key.write_text(json.dumps(sealed | {part: spoil(sealed[part])}))
    with pytest.raises(Refused):
        key(profile, PASSPHRASE)


def test_the_same_key_is_never_sealed_the_same_way_twice() -> None:
    one, other = secrets.wrap(bytes(32), PASSPHRASE), secrets.wrap(bytes(32), PASSPHRASE)
    assert all(one[part] != other[part] for part in ("salt", "nonce", "key"))
    assert secrets.unwrap(one, PASSPHRASE) == secrets.unwrap(other, PASSPHRASE) == bytes(32)


def test_a_disk_that_is_full_is_said_before_any_key_is_used(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="Check the disk"):
        key(profile, PASSPHRASE, PASSPHRASE, source="passphrase")
    assert list(profile.folder.iterdir()) == []


def test_without_a_terminal_to_ask_at_there_is_no_passphrase(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Pipe())
    with pytest.raises(NoKeyring):
        secrets.cache_key(profile, Settings(key_source="passphrase"))
