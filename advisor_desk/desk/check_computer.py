"""The doctor's look at this computer: the keyring, the cache and the disk under it; nothing is made or changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.cache import errors, migrate, reads, schema
from advisor_desk.cache.database import exists
from advisor_desk.desk.findings import OK, PROBLEM, WARNING, Finding, refusal
from advisor_desk.domain.errors import Refused
from advisor_desk.host import secrets
from advisor_desk.host.paths import Profile

_LOW: Final = 500_000_000
_FULL: Final = 50_000_000
"""Bytes; below the first the disk will be full soon, below the second it is."""


class Known(NamedTuple):
    """What the cache says about itself, as far as it could be read."""

    server_id: str = ""
    bridge_url: str = ""


def keyring(profile: Profile, ring: Callable[[], Any]) -> tuple[Finding, bytes | None]:
    """Whether a key can be kept here, shown by a test entry that goes in and out again; and the cache's key."""
    try:
        found = ring()
    except Refused as refused:
        return refusal("keyring", refused.message), None
    name = f"{type(found).__module__.rsplit('.', 1)[-1]} {type(found).__name__}"
    try:
        if not secrets.round_trip(found):
            words = f"{name} does not give back what it was given."
            return Finding("keyring", PROBLEM, words, "Choose a passphrase in Settings instead."), None
        key = secrets.kept_key(profile, found)
    except Refused as refused:
        return refusal("keyring", refused.message), None
    if key is None and secrets.needs_its_key(profile):
        return refusal("keyring", secrets.KeyLost().message), None
    return Finding("keyring", OK, f"{name} works; a test entry went in and out."), key


def passphrase(profile: Profile) -> Finding:
    """The key's file where a passphrase takes the keyring's place."""
    if not profile.wrapped_key.exists():
        if secrets.needs_its_key(profile):
            return refusal("keyring", secrets.KeyLost().message)
        return Finding("keyring", OK, "The key will be kept under a passphrase, chosen at the first start.")
    return Finding("keyring", OK, "The key is kept under a passphrase, not in a keyring.")


def cache(path: Path, key: bytes | None) -> tuple[Finding, Known]:
    """Whether the cache opens and its pages are whole; opened for reading only."""
    if not exists(path):
        return Finding("cache", OK, "There is none yet; the first sync makes it."), Known()
    if key is None:
        words = "There is one; it was not opened, for want of its key."
        return Finding("cache", WARNING, words, "Set the keyring right, or start the doctor from the desk."), Known()
    try:
        return _look_inside(path, key)
    except Refused as refused:
        return refusal("cache", refused.message), Known()
    except sqlcipher.DatabaseError as error:
        return refusal("cache", (errors.of(error) or errors.CacheError()).message), Known()


def _look_inside(path: Path, key: bytes) -> tuple[Finding, Known]:
    try:
        conn = reads.connect(path, key)
    except sqlcipher.DatabaseError as error:
        refused = errors.of(error) or errors.CacheError()
        raise errors.WrongKey() if isinstance(refused, errors.Damaged) else refused from None
    try:
        known = _known(dict(conn.execute("SELECT name, value FROM meta")))
        version = conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        if version not in migrate.known_versions():
            raise errors.CacheTooNew()
        if not _whole(conn):
            raise errors.Damaged()
        status = reads.status(conn)
    finally:
        conn.close()
    left = f"{status['waiting']} waiting to be sent, {status['attention']} to decide"
    words = f"It opens and is whole; version {version}, {path.stat().st_size / 1e6:,.0f} MB, {left}."
    if version != schema.VERSION:
        return Finding("cache", WARNING, words, "Start the desk once, to bring it to the newest version."), known
    return Finding("cache", OK, words), known


def _whole(conn: Any) -> bool:
    """The pages' own seals, then what is on them; a page the running desk writes just now is looked at again."""
    broken = all(conn.execute("PRAGMA cipher_integrity_check").fetchall() for _ in range(2))
    return not broken and conn.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"


def _known(meta: Mapping[str, str]) -> Known:
    return Known(meta.get("server_id", ""), meta.get("bridge_url", ""))


def disk(folder: Path, free: int | None = None) -> Finding:
    """Room on the disk the profile lies on."""
    left = shutil.disk_usage(folder).free if free is None else free
    words = f"{left / 1e9:,.1f} GB are free."
    if left < _FULL:
        return Finding("disk", PROBLEM, words, "Free some space now; nothing more can be saved.")
    if left < _LOW:
        return Finding("disk", WARNING, words, "Free some space soon.")
    return Finding("disk", OK, words)
