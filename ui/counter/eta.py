"""An ETA as it is typed into a row: what was understood, how far that moves it, and what it does to the promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights, moments
from advisor_desk.domain.lights import Settings

BY_NOON: Final = time(12, 0)
"""A part promised for a day comes with the morning's delivery."""
_ANOTHER: Final = time(13, 0)
HINT: Final = "fri · +2d · 12/3 · tomorrow 10am"


class Understood(NamedTuple):
    """What typed words mean: the moment when they can be read, and what to say beneath them."""

    moment: datetime | None
    words: str
    tone: str = "soft"


def understand(text: str, row: Mapping[str, Any], now: datetime, settings: Settings) -> Understood:
    """Read an ETA for a part line in the store's time; a day alone means by noon."""
    if not text.strip():
        return Understood(None, HINT)
    try:
        moment = moments.read(text, now=now, zone=settings.zone, default_time=BY_NOON)
        by = moments.read(text, now=now, zone=settings.zone, default_time=_ANOTHER) != moment
    except moments.Unreadable as unread:
        return Understood(None, unread.message)
    said = moments.say(moment, now, settings.zone)
    parts = [said.replace(", ", ", by ") if by else said, _moved(moment, row, settings)]
    late = _against_promise(moment, row, settings)
    return Understood(moment, " · ".join(part for part in (*parts, late) if part), "late" if late else "soft")


def _moved(moment: datetime, row: Mapping[str, Any], settings: Settings) -> str:
    """By how many days it moves the ETA that stands."""
    before = lights.moment(row.get("eta"))
    if before is None:
        return ""
    days = (moment.astimezone(settings.zone).date() - before.astimezone(settings.zone).date()).days
    return f"{days:+} d".replace("-", "−") if days else "same day"


def _against_promise(moment: datetime, row: Mapping[str, Any], settings: Settings) -> str:
    order = row.get("order") or {}
    promised = lights.moment(order.get("promised_at")) if order.get("stage") != "closed" else None
    if promised is None or moment + timedelta(minutes=settings.eta_margin) <= promised:
        return ""
    return "after the promise" if moment > promised else "too close to the promise"
