"""What a desk needs before it opens: the cache's key, and where its bridge is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from advisor_desk.domain.errors import Refused
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings

LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """The first line for the service; never printed."""

    key: bytes
    said: dict[str, Any]


def from_line(lines: TextIO) -> Opening:
    """Read it from a pipe, as the demo and the tests hand it over; raises Refused when it is no such line."""
    try:
        said = json.loads(lines.readline(LONGEST_LINE))["hello"]
        return Opening(bytes.fromhex(said["key"]), said)
    except (ValueError, KeyError, TypeError):
        raise Refused(
            "bad_hello",
            'Standard input must begin with {"hello": {"key": …}}. Leave --hello-stdin out to use the keyring.',
        ) from None


def from_keyring(profile: Profile, settings: Settings, ask: Callable[[str], str]) -> Opening:
    """Take the key from the keyring, or from the passphrase that ``ask`` brings; raises Refused with what to do."""
    from advisor_desk.host import secrets  # the keyring library is wanted here alone, never with a pipe

    key = secrets.cache_key(profile, settings, ask)
    return Opening(key, hello(key, settings))


def hello(key: bytes, settings: Settings, token: str | None = None) -> dict[str, Any]:
    """The first line's content for these settings."""
    return {
        "key": key.hex(),
        "bridge": settings.bridge or None,
        "token": token,
        "proxy": settings.proxy or None,
        "ca_file": settings.ca_file or None,
    }
