"""Moments and days as the wire writes them: RFC 3339, UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

# Not strftime's: that speaks whatever language Qt or the system set for the process.
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# No store works outside these years, and within them a moment can be shown in any zone without overflowing.
_YEARS: Final = range(1900, 2200)


def to_wire(moment: datetime) -> str:
    """Write an aware moment as ``2026-11-23T15:08:00Z``; text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_wire(text: str) -> datetime:
    """Read an RFC 3339 moment; raises ValueError when it names no time zone, is no moment or in no store's time."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("names no time zone")
    if moment.year not in _YEARS:
        raise ValueError("is too far from today")
    return moment.astimezone(UTC)


def day_to_wire(day: date) -> str:
    """Write a day as ``2026-11-23``."""
    return day.isoformat()


def day_from_wire(text: str) -> date:
    """Read a day; raises ValueError when it is none."""
    return date.fromisoformat(text)
