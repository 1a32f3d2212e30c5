"""``advisor-desk sync --once``: one push and one pull, told in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TextIO

from advisor_desk.api.client import Client
from advisor_desk.api.connection import Network
from advisor_desk.cache import attention, meta, outbox
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.desk import hello, instance
from advisor_desk.desk.commands import Commands
from advisor_desk.desk.tokens import CacheTokens
from advisor_desk.domain.errors import Refused
from advisor_desk.host import secrets
from advisor_desk.host.clock import SystemClock
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings
from advisor_desk.sync.engine import Engine
from advisor_desk.sync.hybrid import HybridClock


def sync_once(profile: Profile, lines: TextIO, say: Callable[[str], None]) -> int:
    """Sync once; the key from the keyring, or from a hello line when input is a pipe. 0 when in step."""
    said = _hello(profile, lines)
    with instance.InstanceLock(profile.lock):
        cache = open_cache(profile.cache, said.key)
        try:
            return _sync(cache, said, say)
        finally:
            cache.close()


def _hello(profile: Profile, lines: TextIO) -> hello.Hello:
    settings = Settings.load(profile)
    if not lines.isatty() and (line := lines.readline().strip()):
        return hello.read(line)
    try:
        key = secrets.cache_key(profile, settings)
    except secrets.NoKeyring:  # a computer without a screen: the passphrase is asked for, where somebody can answer
        key = secrets.cache_key(profile, replace(settings, key_source="passphrase"))
    return hello.Hello(key, settings.bridge, None, settings.proxy, settings.ca_file)


def _sync(cache: Cache, said: hello.Hello, say: Callable[[str], None]) -> int:
    clock = HybridClock(SystemClock())
    with cache.read() as conn:
        bridge = said.bridge or meta.get(conn, "bridge_url") or ""
    if not bridge:
        raise Refused("no_bridge", "No bridge is set. Give its address in Settings.")
    client = Client(bridge, CacheTokens(cache, said.token), Network(said.proxy, said.ca_file))
    engine = Engine(cache, client, clock, _teller(say), Commands(cache, clock).new_id)
    engine.once()
    with cache.read() as conn:
        left, attend = outbox.waiting(conn), attention.count(conn)
    say(f"In step. {left} waiting, {attend} to decide.")
    return 0


def _teller(say: Callable[[str], None]) -> Callable[[dict[str, Any]], None]:
    def tell(event: dict[str, Any]) -> None:
        if event.get("event") == "progress":
            say(f"{event['part']}: {event['done']:,} of {event['total']:,}")

    return tell
