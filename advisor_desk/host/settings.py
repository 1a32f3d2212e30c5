"""What a person can set on this computer, declared once: name, default, words."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from advisor_desk.domain.errors import Refused
from advisor_desk.host.files import write_whole
from advisor_desk.host.paths import Profile

_log = logging.getLogger(__name__)


def _setting(default: Any, words: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"words": words, "choices": choices})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one profile."""

    bridge: str = _setting("", "The bridge's address, like https://bridge.example-motors.com")
    proxy: str = _setting("", "A proxy to reach it by, like http://proxy:3128; empty for none")
    ca_file: str = _setting("", "A certificate authority's file to trust instead of this computer's own")
    theme: str = _setting("auto", "Light, dark, or as the system has it", ("auto", "light", "dark"))
    remind: str = _setting(
        "10", "Minutes before a promise of mine is due that I am reminded of it", ("off", "0", "5", "10", "15", "30")
    )
    key_source: str = _setting("keyring", "Where the cache's key is kept", ("keyring", "passphrase"))

    @classmethod
    def load(cls, profile: Profile) -> Settings:
        """The settings in the profile; a value that cannot be used gives way to its default."""
        try:
            said = json.loads(profile.settings.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            _log.warning("the settings file cannot be read; defaults are used")
            return cls()
        return cls(**{one.name: said[one.name] for one in fields(cls) if _fits(one, said.get(one.name))})

    def save(self, profile: Profile, **changed: Any) -> Settings:
        """Change some and keep them, whole or not at all; answers the new settings. Raises Refused when it cannot."""
        new = replace(self, **changed)
        try:
            write_whole(profile.settings, json.dumps(asdict(new), indent=2, ensure_ascii=False) + "\n")
        except OSError:
            raise Refused("not_saved", "The settings could not be saved. Check the disk, then try again.") from None
        return new


def choices(name: str) -> tuple[str, ...]:
    """What a setting can be, where it is one of a few."""
    return next(one.metadata["choices"] for one in fields(Settings) if one.name == name)


def _fits(one: Any, value: Any) -> bool:
    choices = one.metadata["choices"]
    return isinstance(value, str) and (not choices or value in choices)
