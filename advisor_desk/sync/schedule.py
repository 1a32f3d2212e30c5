"""When to pull next, and the state of the link in words; pure."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from advisor_desk.domain import times

STARTING, LIVE, SYNCING, OFFLINE, SIGN_IN, NOT_OURS, TOO_NEW, TOO_OLD, DISK_FULL, NO_BRIDGE = (
    "starting",
    "live",
    "syncing",
    "offline",
    "sign_in",
    "not_ours",
    "too_new",
    "too_old",
    "disk_full",
    "no_bridge",
)
_WITH_STREAM: Final = 30.0
_WITHOUT: Final = 5.0
_SKEW: Final = timedelta(minutes=2)
"""A clock further off than this is told to the user."""


def until_next_pull(streaming: bool, chance: float) -> float:
    """Seconds until the next pull nobody asked for; ``chance`` in 0..1 keeps desks from pulling in step."""
    return (_WITH_STREAM if streaming else _WITHOUT) * (0.75 + chance / 2)


def words(state: str, since: datetime | None, waiting: int, zone: tzinfo, now: datetime) -> str:
    """The link as the top strip says it."""
    changes = "1 change" if waiting == 1 else f"{waiting} changes"
    wait = f" · {changes} waiting" if waiting else ""
    match state:
        case "live":
            return f"Live{wait}"
        case "syncing":
            return f"Syncing{wait}"
        case "starting":
            return f"Connecting{wait}"
        case "sign_in":
            return f"Sign in to send {changes}" if waiting else "Sign in"
        case "not_ours":
            return f"Not our bridge{wait}"
        case "too_new":
            return f"Bridge too old{wait}"
        case "too_old":
            return f"Update needed{wait}"
        case "disk_full":
            return f"Disk full{wait}"
        case "no_bridge":
            return f"No bridge set{wait}"
        case _:
            return f"Offline since {_clock(since, zone, now)}{wait}" if since else f"Offline{wait}"


def _clock(moment: datetime, zone: tzinfo, now: datetime) -> str:
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local.hour}:{local.minute:02}"
    return clock if local.date() == today.date() else f"{times.DAYS[local.weekday()]} {clock}"


def skew_words(offset: timedelta) -> str:
    """What to say about this computer's clock; nothing while it is near enough."""
    if abs(offset) < _SKEW:
        return ""
    minutes = round(abs(offset).total_seconds() / 60)
    return f"This computer's clock is {minutes} min {'behind' if offset > timedelta(0) else 'ahead'}. Set it right."
