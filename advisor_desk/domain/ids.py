"""Ids made where the record is made: UUIDv7, so that they sort by time (RFC 9562 section 5.7)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime


def uuid7(now: datetime, random: bytes) -> str:
    """A UUIDv7 of ``now`` (to the millisecond) and ten random bytes."""
    if len(random) != 10:
        raise ValueError("ten random bytes are needed")
    milliseconds = int(now.timestamp() * 1000)
    number = (milliseconds << 80) | int.from_bytes(random, "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=number))


def born(id: str) -> datetime | None:
    """When the record of a UUIDv7 was made, to the millisecond; None for any other id."""
    try:
        made = uuid.UUID(id)
    except ValueError:
        return None
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC) if made.version == 7 else None
