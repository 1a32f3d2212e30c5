"""When to try again: full-jitter backoff, and how far to believe a Retry-After; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST: Final = 0.5
CAP: Final = 300.0
"""Seconds; the longest wait between tries."""
SHORTEST: Final = 1.0
LONGEST: Final = 3600.0


def backoff(failures: int, chance: float) -> float:
    """Seconds to wait after ``failures`` tries in a row; ``chance`` in 0..1 spreads desks apart.

    The first tries stay within three seconds, so that a short outage is over when it is over.
    """
    ceiling = min(CAP, FIRST * float(1 << min(max(failures, 0), 16)))
    return 0.1 + chance * ceiling


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds a server asked to wait, kept within a second and an hour; None when it asked nothing sensible."""
    if not value:
        return None
    text = value.strip()
    try:
        seconds = float(int(text))
    except ValueError:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, SHORTEST), LONGEST)
