"""The first line a desk service is given: the cache's key, where the bridge is, and a token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from advisor_desk.api import strict_json
from advisor_desk.domain.errors import BadArguments

_KEY: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, repr=False)
class Hello:
    """What the first line said; never printed."""

    key: bytes
    bridge: str
    token: str | None
    proxy: str = ""
    ca_file: str = ""


def read(line: str) -> Hello:
    """Read the first line; raises BadArguments naming the field at fault, never its value."""
    try:
        said: Any = strict_json.loads(line)["hello"]
        key, bridge, token = said["key"], said.get("bridge"), said.get("token")
    except (strict_json.BadJson, KeyError, TypeError, AttributeError):
        shape = '{"hello": {"key": …, "bridge": …, "token": …}}'
        raise BadArguments({"hello": f"must stand in the first line, as {shape}"}) from None
    if not isinstance(key, str) or not _KEY.fullmatch(key.lower()):
        raise BadArguments({"key": "must be 64 hexadecimal digits"})
    texts = {"bridge": bridge, "token": token, "proxy": said.get("proxy"), "ca_file": said.get("ca_file")}
    for name, value in texts.items():
        if value is not None and (not isinstance(value, str) or len(value) > 10_000):
            raise BadArguments({name: "must be text or null"})
    return Hello(bytes.fromhex(key), bridge or "", token or None, texts["proxy"] or "", texts["ca_file"] or "")
