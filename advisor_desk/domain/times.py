"""Moments and days as the wire writes them: RFC 3339, UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime


def to_wire(moment: datetime) -> str:
    """Write an aware moment as ``2026-11-23T15:08:00Z``; text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_wire(text: str) -> datetime:
    """Read an RFC 3339 moment; raises ValueError when it names no time zone or is no moment."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone")
    return moment.astimezone(UTC)


def day_to_wire(day: date) -> str:
    """Write a day as ``2026-11-23``."""
    return day.isoformat()


def day_from_wire(text: str) -> date:
    """Read a day; raises ValueError when it is none."""
    return date.fromisoformat(text)
