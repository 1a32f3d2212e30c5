"""The bridge's address, refused in words when it cannot be one."""

from __future__ import annotations

from advisor_desk.api.errors import BadAddress
from advisor_desk.domain.address import bridge_base


def checked_url(url: str) -> str:
    """The bridge's base address; raises BadAddress unless it is https, or http to this computer."""
    base = bridge_base(url)
    if base is None:
        raise BadAddress
    return base
