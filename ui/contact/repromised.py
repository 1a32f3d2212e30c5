"""What to tell a customer whose car is promised anew: the old time, the new one, and the part it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from advisor_desk.domain import lights, parts
from advisor_desk.domain.lights import Settings


def words(old: str, new: str, lines: Sequence[Mapping[str, Any]], now: datetime, settings: Settings) -> str:
    """A sentence or two to say or send; nothing when no time is promised now."""
    before, after = lights.moment(old), lights.moment(new)
    if after is None:
        return ""
    instead = f", not {_at(before, now, settings)} as we said" if before else ""
    said = f"Your car will be ready {_at(after, now, settings)}{instead}."
    waits = _last_awaited(lines)
    eta = lights.moment((waits or {}).get("eta"))
    if waits is None or eta is None:
        return said
    name = str(waits.get("description") or waits.get("number") or "a part")
    return f"{said} It waits for a part: {name}, due {_at(eta, now, settings)}."


def _at(moment: datetime, now: datetime, settings: Settings) -> str:
    said = lights.day_time(moment, now, settings.zone)
    today = moment.astimezone(settings.zone).date() == now.astimezone(settings.zone).date()
    return f"today {said}" if today else said


def _last_awaited(lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    awaited = [line for line in lines if line.get("state") in parts.AWAITED and line.get("eta")]
    return max(awaited, key=lambda line: str(line["eta"]), default=None)
