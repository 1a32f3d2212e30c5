"""A contact event: one thing said to or by a customer; it is added, never changed."""

from __future__ import annotations

from typing import Final

CHANNELS: Final = ("call", "text", "email", "in_person", "portal", "note")
DIRECTIONS: Final = ("out", "in")
OUTCOMES: Final = ("reached", "voicemail", "no_answer", "sent", "delivered", "failed", "received")

# An outbound event with one of these means the customer knows (domain rule of the "told" light).
TOLD: Final = frozenset({"reached", "sent", "delivered"})


def tells(channel: str, direction: str, outcome: str) -> bool:
    """True when the customer was told: an outbound contact that reached them or was sent; a note never counts."""
    return direction == "out" and channel != "note" and outcome in TOLD
