"""When to try again: full-jitter backoff, and how far to believe a Retry-After; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST: Final = 0.5
CAP: Final = 300.0
"""Seconds; the longest wait between tries."""
SHORTEST: Final = 1.0
LONGEST: Final = 3600.0
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")


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
    if _WHOLE.fullmatch(text):
        # More digits than this are past the longest wait anyway.
        seconds = float(text[:12])
    else:
        try:
            at = parsedate_to_datetime(text)
            seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, SHORTEST), LONGEST)
