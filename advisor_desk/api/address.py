"""The bridge's address: https anywhere, plain http on this computer only."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from advisor_desk.api.errors import BadAddress

_HOST: Final = re.compile(r"[\w.-]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:%[\w.-]+)?")


def checked_url(url: str) -> str:
    """The bridge's base address; raises BadAddress unless it is https, or http to this computer."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAddress from None
    plain = parts.scheme == "http" and is_this_computer(host)
    if not (parts.scheme == "https" or plain) or port == 0 or not _HOST.fullmatch(host):
        raise BadAddress
    # A name before an @ is how an address is made to look like another; blanks and controls are dropped by the parser.
    if "@" in parts.netloc or parts.query or parts.fragment or any(ord(char) <= 32 or char == "\\" for char in text):
        raise BadAddress
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_this_computer(host: str) -> bool:
    """True for localhost and the loopback addresses, written out in full."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
