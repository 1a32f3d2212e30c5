"""Addresses a person may give: a bridge over https anywhere, over plain http on this computer only."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HOST: Final = re.compile(r"[\w.-]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?")


def bridge_base(url: str) -> str | None:
    """The bridge's base address, or None unless it is https, or http to this computer."""
    parts = _parts(url)
    if parts is None or parts.query or parts.fragment:
        return None
    plain = parts.scheme == "http" and is_this_computer(parts.hostname or "")
    if parts.scheme != "https" and not plain:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_proxy(url: str) -> bool:
    """True for an address a proxy can have: http or https, a host, perhaps a port, nothing more."""
    parts = _parts(url)
    return parts is not None and parts.scheme in {"http", "https"} and not parts.path.strip("/") and not parts.query


def is_this_computer(host: str) -> bool:
    """True for localhost and the loopback addresses, written out in full."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> SplitResult | None:
    text = url.strip()
    # A name before an @ is how an address is made to look like another; blanks and controls are dropped by the parser.
    if "@" in text or any(ord(char) <= 32 or char == "\\" for char in text):
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    return parts if port != 0 and _HOST.fullmatch(host) else None
