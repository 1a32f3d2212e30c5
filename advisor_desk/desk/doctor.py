"""``advisor-desk doctor``: what is wrong with this computer, and the one next step for each; it changes nothing."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from typing import Any

from advisor_desk.api.connection import Network
from advisor_desk.desk import check_bridge, check_computer
from advisor_desk.desk.check_bridge import Place
from advisor_desk.desk.findings import OK, Finding
from advisor_desk.desk.hello import Hello
from advisor_desk.host import secrets
from advisor_desk.host.paths import Profile
from advisor_desk.host.settings import Settings


def examine(
    profile: Profile,
    bridge: str | None,
    *,
    as_json: bool,
    say: Callable[[str], None],
    said: Hello | None = None,
    ring: Callable[[], Any] = secrets.backend,
) -> int:
    """Look at everything and tell it; 0 when all is well, else 1.

    ``said`` is a hello line, for a desk whose key is not in the keyring; ``ring`` finds this system's keyring.
    """
    findings = look(profile, bridge, said, ring)
    well = all(finding.state == OK for finding in findings)
    if as_json:
        say(json.dumps({"ok": well, "checks": [finding._asdict() for finding in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            say(_told(finding))
    return 0 if well else 1


def look(profile: Profile, bridge: str | None, said: Hello | None, ring: Callable[[], Any]) -> list[Finding]:
    """All findings, in the order they are to be mended."""
    settings = Settings.load(profile)
    key: bytes | None
    if said is not None:
        keyring, key = Finding("keyring", OK, "Not used: the key was handed over."), said.key
    elif settings.key_source == "passphrase" or profile.wrapped_key.exists():
        keyring, key = check_computer.passphrase(profile), None
    else:
        keyring, key = check_computer.keyring(profile, ring)
    cache, known = check_computer.cache(profile.cache, key)
    url = bridge or (said.bridge if said else "") or settings.bridge or known.bridge_url
    proxy, ca_file = (said.proxy, said.ca_file) if said else (settings.proxy, settings.ca_file)
    place = Place(url, Network(proxy, ca_file), known.server_id)
    way = check_bridge.bridge(place) if url else check_bridge.no_bridge()
    return [keyring, cache, check_computer.disk(profile.folder), *way]


def _told(finding: Finding) -> str:
    lines = textwrap.wrap(finding.words, 80, break_long_words=False, break_on_hyphens=False)
    lines += textwrap.wrap(f"Next: {finding.next}", 80, break_long_words=False) if finding.next else []
    head = f"{finding.state:<8} {finding.name:<12} "
    return head + ("\n" + " " * len(head)).join(lines)
