"""The cache's key: 32 random bytes in the system's keyring, or under a passphrase where there is none."""

from __future__ import annotations

import base64
import getpass
import importlib
import json
import secrets
import sys
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from advisor_desk.domain.errors import Refused
from advisor_desk.host.files import write_whole
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings

KEY_BYTES: Final = 32
MIN_PASSPHRASE: Final = 12
# argon2id at RFC 9106's second choice, argon2-cffi's own default.
PASSES: Final = 3
KIBIBYTES: Final = 64 * 1024
LANES: Final = 4
_SERVICE: Final = "advisor-desk"

# The only keyrings a key is given to. Anything else (plain-text files, null, chains of whatever is installed) is
# refused: the keyring library would fall to one silently.
BACKENDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "linux": (("keyring.backends.SecretService", "Keyring"), ("keyring.backends.kwallet", "DBusKeyring")),
}


class NoKeyring(Refused):
    """This computer has no keyring a key may go to."""

    def __init__(self) -> None:
        super().__init__(
            "no_keyring", "This computer has no keyring to keep the cache's key in. Choose a passphrase instead."
        )


class KeyringLocked(Refused):
    """The keyring is there and does not answer."""

    def __init__(self) -> None:
        super().__init__("keyring_locked", "The keyring is locked. Unlock it, then open the desk again.")


class KeyLost(Refused):
    """There is a cache or its journal and the key is gone; a new key would make them unreadable for good."""

    def __init__(self) -> None:
        super().__init__(
            "key_lost",
            "The key of this computer's cache is not in the keyring. Unlock the keyring it was made with, or move the "
            "cache and its journal away to start a new one.",
        )


def cache_key(profile: Profile, settings: Settings, ask: Callable[[str], str] | None = None) -> bytes:
    """The key of the profile's cache, made at the first start; raises Refused with what to do."""
    if settings.key_source == "passphrase" or profile.wrapped_key.exists():
        return _by_passphrase(profile, ask or _ask_terminal)
    return _by_keyring(profile, backend())


def backend(platform: str = sys.platform) -> Any:
    """The keyring of this system, taken by name and never by search; raises NoKeyring."""
    for module, name in BACKENDS.get("linux" if platform.startswith("linux") else platform, ()):
        try:
            kind = getattr(importlib.import_module(module), name)
            if kind.priority > 0:
                return kind()
        except Exception:  # noqa: S112 - a session bus that is gone raises whatever its library likes
            continue
    raise NoKeyring


def needs_its_key(profile: Profile) -> bool:
    """True when something of this profile opens with its key alone: unsent work may stand in the journal only."""
    return profile.cache.exists() or profile.journal.exists()


def kept_key(profile: Profile, ring: Any) -> bytes | None:
    """The key the keyring holds for a profile; None when it holds none. Raises KeyringLocked."""
    try:
        found = ring.get_password(_SERVICE, str(profile.folder))
    except Exception as error:  # each backend has errors of its own
        raise KeyringLocked from error
    return _key(found)


def _key(text: Any) -> bytes | None:
    """The key in a keyring's entry; None for one that cannot be a key, as after somebody else's hand."""
    try:
        key = bytes.fromhex(text or "")
    except (ValueError, TypeError):
        return None
    return key if len(key) == KEY_BYTES else None


def round_trip(ring: Any) -> bool:
    """Whether the keyring gives back what it is given, tried with an entry that is taken out again."""
    name, given = f"test-{secrets.token_hex(8)}", secrets.token_hex(KEY_BYTES)
    try:
        ring.set_password(_SERVICE, name, given)
        kept = ring.get_password(_SERVICE, name)
        if kept is not None:
            ring.delete_password(_SERVICE, name)
    except Exception as error:
        raise KeyringLocked from error
    return bool(kept == given)


def _by_keyring(profile: Profile, ring: Any) -> bytes:
    found = kept_key(profile, ring)
    if found is not None:
        return found
    if needs_its_key(profile):
        raise KeyLost
    key = secrets.token_bytes(KEY_BYTES)
    try:
        ring.set_password(_SERVICE, str(profile.folder), key.hex())
        kept = ring.get_password(_SERVICE, str(profile.folder))
    except Exception as error:
        raise KeyringLocked from error
    if kept != key.hex():
        raise NoKeyring
    return key


def _by_passphrase(profile: Profile, ask: Callable[[str], str]) -> bytes:
    if profile.wrapped_key.exists():
        return unwrap(_sealed(profile), ask("Passphrase: "))
    if needs_its_key(profile):
        raise KeyLost
    passphrase = ask(f"A new passphrase for this desk, {MIN_PASSPHRASE} characters or more: ")
    if len(passphrase) < MIN_PASSPHRASE:
        raise Refused(
            "short_passphrase", f"The passphrase needs {MIN_PASSPHRASE} characters or more. Choose a longer one."
        )
    # A slip of the finger here would lock the desk for good.
    if ask("The same passphrase again: ") != passphrase:
        raise Refused("passphrases_differ", "The two passphrases differ. Start again and type the same one twice.")
    key = secrets.token_bytes(KEY_BYTES)
    try:
        write_whole(profile.wrapped_key, json.dumps(wrap(key, passphrase)))
    except OSError:
        raise Refused("not_saved", "The key could not be saved. Check the disk, then try again.") from None
    return key


def _sealed(profile: Profile) -> dict[str, str]:
    try:
        said = json.loads(profile.wrapped_key.read_text(encoding="utf-8"))
        parts = {name: said[name] for name in ("salt", "nonce", "key")}
        if all(base64.b64decode(part, validate=True) for part in parts.values()):
            return parts
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Refused(
        "key_damaged", "The file of this desk's key is damaged. Put its copy back from a backup, or use a new profile."
    )


def wrap(key: bytes, passphrase: str) -> dict[str, str]:
    """The key sealed under a passphrase: argon2id to stretch it, AES-GCM to seal."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_stretch(passphrase, salt)).encrypt(nonce, key, _SERVICE.encode())
    return {
        name: base64.b64encode(value).decode() for name, value in (("salt", salt), ("nonce", nonce), ("key", sealed))
    }


def unwrap(sealed: dict[str, str], passphrase: str) -> bytes:
    """The key; raises Refused for another passphrase."""
    from argon2.exceptions import Argon2Error
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        salt, nonce, box = (base64.b64decode(sealed[name]) for name in ("salt", "nonce", "key"))
        return AESGCM(_stretch(passphrase, salt)).decrypt(nonce, box, _SERVICE.encode())
    except (InvalidTag, Argon2Error, ValueError):
        raise Refused("wrong_passphrase", "That passphrase does not open this desk. Try again.") from None


def _stretch(passphrase: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same letters can be typed in more than one way: they are brought to one form first.
    typed = unicodedata.normalize("NFKC", passphrase)
    return hash_secret_raw(typed.encode(), salt, PASSES, KIBIBYTES, LANES, KEY_BYTES, Type.ID)


def _ask_terminal(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise NoKeyring
    return getpass.getpass(prompt)
