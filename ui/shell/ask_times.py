"""Times worth offering when one is asked for, and what a chosen one would mean for parts and promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from advisor_desk.domain import lights, moments, times
from advisor_desk.domain.lights import Settings

_SHORTEST: Final = timedelta(minutes=30)
"""A time nearer than this is not worth offering."""
_CLOSES: Final = time(18, 0)
_HALF_HOUR: Final = timedelta(minutes=30)


def quick(command: str, present: Mapping[str, Any], now: datetime, settings: Settings) -> list[str]:
    """Texts to press instead of typing, soonest first; each can be read as a moment."""
    local = now.astimezone(settings.zone)
    if command == "ro.repromise":
        offered = ["+1 h", "+2 h", *_today(local, 17), _next_day(local, 10), _next_day(local, 17)]
        after = after_part(present, now, settings)
        if after is None:
            return offered
        # A time before the part is there would be moved again.
        later = [text for text in offered if moments.read(text, now=now, zone=settings.zone) > after]
        return [_typed(after, now, settings), *later[:3]]
    days = [times.DAYS[(local.weekday() + ahead) % 7] for ahead in range(2, 7)]
    return [*_today(local, 15), _next_day(local, 10), *[day.lower() for day in days if day not in {"Sat", "Sun"}][:3]]


def after_part(present: Mapping[str, Any], now: datetime, settings: Settings) -> datetime | None:
    """When the car can be ready once its part has come: the next half hour by day; None when no part is awaited."""
    eta = lights.moment(present.get("eta"))
    if eta is None or eta <= now:
        return None
    ready = (eta + timedelta(minutes=settings.eta_margin)).astimezone(settings.zone)
    ready += (_HALF_HOUR - timedelta(minutes=ready.minute % 30)) % _HALF_HOUR - timedelta(seconds=ready.second)
    if ready.time() > _CLOSES:
        return datetime.combine(ready.date() + timedelta(days=1), time(10, 0), settings.zone)
    return ready


class Meaning:
    """Says what a moment would mean: a promise before its part, or a part after its promise."""

    def __init__(
        self, command: str, present: Mapping[str, Any], now: Callable[[], datetime], settings: Settings
    ) -> None:
        self._promises = command == "ro.repromise"
        self._eta = lights.moment(present.get("eta"))
        self._promised = lights.moment(present.get("promised_at"))
        self._part = str(present.get("part") or "part")
        self._now = now
        self._settings = settings

    def __call__(self, moment: datetime) -> str:
        """The warning, or nothing."""
        margin = timedelta(minutes=self._settings.eta_margin)
        if self._promises and self._eta is not None:
            if moment < self._eta:
                return f"still before the {self._part} is due, {self._said(self._eta)}"
            if moment < self._eta + margin:
                return f"only {lights.ago(moment - self._eta)} after the {self._part} is due"
        elif not self._promises and self._promised is not None and moment + margin > self._promised:
            return f"too late for the promise, {self._said(self._promised)}"
        return ""

    def _said(self, moment: datetime) -> str:
        return said(moment, self._now(), self._settings)


def said(moment: datetime, now: datetime, settings: Settings) -> str:
    """A moment as people say it, today's with its day: ``today 17:00``, ``Thu 12:00``, ``Dec 18 12:00``."""
    today = moment.astimezone(settings.zone).date() == now.astimezone(settings.zone).date()
    return ("today " if today else "") + lights.day_time(moment, now, settings.zone)


def _typed(moment: datetime, now: datetime, settings: Settings) -> str:
    """A moment as short as it can be typed and be read as the same."""
    short = said(moment, now, settings).lower()
    try:
        same = moments.read(short, now=now, zone=settings.zone) == moment
    except moments.Unreadable:
        same = False
    return short if same else moments.say(moment, now, settings.zone)


def _today(local: datetime, hour: int) -> list[str]:
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return [f"today {hour}:00"] if at - local > _SHORTEST else []


def _next_day(local: datetime, hour: int) -> str:
    return f"mon {hour}:00" if local.weekday() in (4, 5) else f"tomorrow {hour}:00"
