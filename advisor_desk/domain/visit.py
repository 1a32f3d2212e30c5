"""An appointment: a visit booked, confirmed and kept or missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused

STATUSES: Final = ("requested", "booked", "confirmed", "arrived", "no_show", "cancelled")
SOURCES: Final = ("phone", "online", "walk_in", "bdc", "follow_up", "import")
TO_COME: Final = frozenset({"requested", "booked", "confirmed"})
"""A visit that is still expected."""
USUAL_SKILL: Final = "general"
"""What a visit's hours are booked against when nobody said."""

# Whatever a command moves, undo moves back: the way there is a way back too.
STATUS_MOVES: Final = {
    "requested": frozenset({"booked", "confirmed", "cancelled"}),
    "booked": frozenset({"confirmed", "arrived", "no_show", "cancelled", "requested"}),
    "confirmed": frozenset({"booked", "arrived", "no_show", "cancelled", "requested"}),
    "arrived": frozenset({"booked", "confirmed", "no_show"}),
    "no_show": frozenset({"booked", "confirmed", "arrived", "cancelled"}),
    "cancelled": frozenset({"requested", "booked", "confirmed", "no_show"}),
}


def booked(id: str, args: Mapping[str, Any], *, by: str, calendar: Calendar, now: datetime) -> Edit:
    """Book a visit; raises BadArguments for a time that is past or at which the store is shut."""
    said = {
        "customer_id": args["customer_id"],
        "vehicle_id": args.get("vehicle_id"),
        "starts_at": _start(args["starts_at"], calendar, now),
        "advisor_id": args.get("advisor_id"),
        "transport": args.get("transport"),
        "concerns": args.get("concerns"),
        "hours": args.get("hours"),
        "skill": args.get("skill"),
        "source": args.get("source") or SOURCES[0],
        "status": "booked",
        "booked_at": times.to_wire(now),
        "booked_by": by,
    }
    return Edit("appointment", id, changes.CREATE, {name: value for name, value in said.items() if value is not None})


def check_car_is_free(visits: Iterable[Mapping[str, Any]], again: bool) -> None:
    """Raise Refused when one of the car's ``visits`` of that day is still to come and nobody said to book another."""
    if not again and any(_status(visit) in TO_COME for visit in visits):
        raise Refused(
            "booked_already",
            "That car is booked on that day already. Move that visit, or say again to book another.",
            {"vehicle_id": "is booked on that day"},
        )


def confirm(id: str, visit: Mapping[str, Any], now: datetime) -> list[Edit]:
    """The customer says they will come; raises IllegalMove once they did, did not, or called off."""
    if _status(visit) == "confirmed":
        return []
    _check(visit, "confirmed", TO_COME)
    return _to(id, visit, status="confirmed", confirmed_at=times.to_wire(now))


def arrive(id: str, visit: Mapping[str, Any], *, calendar: Calendar, now: datetime) -> list[Edit]:
    """The car is on the drive; one that was given up may still come. Raises BadArguments for a visit of a later day."""
    if _status(visit) == "arrived":
        return []
    _check(visit, "arrived", frozenset({"booked", "confirmed", "no_show"}))
    starts = visit.get("starts_at")
    if starts and calendar.local(times.from_wire(starts)) > calendar.local(now):
        raise BadArguments({"appointment_id": "is of a later day; move the visit to today first"})
    return _to(id, visit, status="arrived", arrived_at=times.to_wire(now))


def no_show(id: str, visit: Mapping[str, Any], now: datetime) -> list[Edit]:
    """Nobody came; raises BadArguments before the visit was to begin."""
    if _status(visit) == "no_show":
        return []
    _check(visit, "no_show", frozenset({"booked", "confirmed"}))
    starts = visit.get("starts_at")
    if starts and times.from_wire(starts) > now:
        raise BadArguments({"appointment_id": "has not begun; they may still come"})
    return _to(id, visit, status="no_show", no_show_at=times.to_wire(now))


def move(
    id: str, visit: Mapping[str, Any], starts_at: str, *, reason: str, by: str, calendar: Calendar, now: datetime
) -> list[Edit]:
    """Book the visit for another time, a missed one too; it wants confirming again, and every move is kept."""
    _check(visit, "booked", TO_COME | {"no_show"})
    to, was = _start(starts_at, calendar, now), visit.get("starts_at")
    if to == was:
        return []
    move = {"at": times.to_wire(now), "by": by, "was": was, "to": to, "reason": reason}
    kept = {name: value for name, value in move.items() if value}
    moves = [*(visit.get("moves") or []), kept]
    return _to(id, visit, status="booked", confirmed_at=None, starts_at=to, moves=moves)


def cancel(id: str, visit: Mapping[str, Any], *, reason: str, now: datetime) -> list[Edit]:
    """The customer, or the store, calls it off; raises IllegalMove once the car is here."""
    if _status(visit) == "cancelled":
        return []
    _check(visit, "cancelled", TO_COME | {"no_show"})
    return _to(id, visit, status="cancelled", reason=reason, cancelled_at=times.to_wire(now))


def load(visits: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Booked hours by skill, of visits that are to come or have come."""
    hours: dict[str, float] = {}
    for visit in visits:
        if _status(visit) in TO_COME | {"arrived"}:
            skill = visit.get("skill") or USUAL_SKILL
            hours[skill] = hours.get(skill, 0.0) + float(visit.get("hours") or 0)
    return hours


def beyond_capacity(load: Mapping[str, float], skill: str, capacity: Mapping[str, Any]) -> str:
    """A warning when the day's hours of a skill are more than the store can work, or the empty string."""
    can, wanted = capacity.get(skill), load.get(skill, 0.0)
    if not isinstance(can, int | float) or wanted <= can:
        return ""
    return f"That day is full: {wanted:g} hours are booked of {can:g} for {skill.replace('_', ' ')} work."


def _start(text: str, calendar: Calendar, now: datetime) -> str:
    start = times.from_wire(text)
    if start <= now:
        raise BadArguments({"starts_at": "is in the past; book a time to come"})
    day = calendar.local(start)
    hours = calendar.hours(day)
    if hours is None:
        why = "is a holiday" if calendar.is_holiday(day) else "is a day the store is shut"
        raise BadArguments({"starts_at": f"{why}; book another day"})
    if not hours.opens <= start < hours.closes:
        opens, closes = (f"{at.astimezone(calendar.zone):%H:%M}" for at in (hours.opens, hours.closes))
        raise BadArguments({"starts_at": f"is outside the store's hours; that day it is open {opens} to {closes}"})
    return times.to_wire(start)


def _status(visit: Mapping[str, Any]) -> str:
    return visit.get("status") or "booked"


def _check(visit: Mapping[str, Any], to: str, come_from: frozenset[str]) -> None:
    status = _status(visit)
    if status in STATUS_MOVES and status not in come_from and status != to:
        advice = "Book a new visit." if status in {"arrived", "cancelled"} else "Take back the later step first."
        raise IllegalMove("status", status, to, advice)


def _to(id: str, visit: Mapping[str, Any], **to: Any) -> list[Edit]:
    return changes.edits(changes.update("appointment", id, visit, **to))
