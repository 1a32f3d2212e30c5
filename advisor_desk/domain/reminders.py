"""Which open promises somebody is reminded of now: their own, once for each due time, while the store is open."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights, promise
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.rules.people import People

_NAMED: Final = 2
"""How many are named of several; who wants to see all opens the list."""
_REACHED_BY: Final = re.compile(r"\+?\(?\d[\d\s().-]{5,}\d|\S+@\S+")


class Reminder(NamedTuple):
    """One promise to be reminded of: what it asks, on which car, and by when."""

    id: str
    title: str
    car: str
    due_at: datetime
    mark: str
    """Tells this due time from the one before a move: what was said once is remembered by it."""


def _alone_in(me: str, people: People) -> frozenset[str]:
    """The roles whose queues nobody else is here to work."""
    roles = people.employees.get(me, {}).get("roles") or ()
    return frozenset(role for role in roles if people.here(role) == [me])


def _is_mine(fields: Mapping[str, Any], me: str, alone: frozenset[str]) -> bool:
    """True for what somebody owns, and for what stands in the queue of a role they work alone."""
    if owner := fields.get("owner_id"):
        return bool(owner == me)
    return promise.in_queue(fields, alone)


def due(
    promises: Iterable[Mapping[str, Any]],
    me: str,
    people: People,
    calendar: Calendar,
    minutes: int,
    told: Container[str],
) -> list[Reminder]:
    """What somebody is to be reminded of now, soonest first; nothing of what they were told, or while they are shut."""
    until, alone = people.now + timedelta(minutes=minutes), _alone_in(me, people)
    found = [
        one
        for fields in promises
        if _is_mine(fields, me, alone) and (one := _reminder(fields)) and one.due_at <= until and one.mark not in told
    ]
    # Last, and only when there is something to say: the first look at a calendar reads a country's holidays.
    return sorted(found, key=lambda one: (one.due_at, one.id)) if found and calendar.is_open(people.now) else []


def marks(promises: Iterable[Mapping[str, Any]]) -> set[str]:
    """What can be reminded of at all: a mark that is not among these was kept, given up or moved."""
    return {one.mark for fields in promises if (one := _reminder(fields))}


def owed(promises: Iterable[Mapping[str, Any]], me: str, people: People) -> tuple[int, int]:
    """How much somebody owes, and how much of it is late."""
    alone = _alone_in(me, people)
    due_at = [one.due_at for fields in promises if _is_mine(fields, me, alone) and (one := _reminder(fields))]
    return len(due_at), sum(at < people.now for at in due_at)


def said(reminders: Sequence[Reminder], now: datetime, zone: tzinfo) -> str:
    """One sentence for however many: what, on which car, by when; numbers and addresses stay in the window."""
    if len(reminders) == 1:
        (one,) = reminders
        tense = "was due" if one.due_at < now else "due"
        return " · ".join(part for part in (_public(one), f"{tense} {lights.day_time(one.due_at, now, zone)}") if part)
    named = [f"{_public(one)} ({lights.day_time(one.due_at, now, zone)})" for one in reminders[:_NAMED]]
    more = len(reminders) - len(named)
    return f"{_count(reminders, now, zone)}: {', '.join(named)}" + (f" and {more} more" if more else "")


def _count(reminders: Sequence[Reminder], now: datetime, zone: tzinfo) -> str:
    """How many of them are late, and by when the others are due."""
    late = sum(one.due_at < now for one in reminders)
    coming = len(reminders) - late
    due = f"due by {lights.day_time(max(one.due_at for one in reminders), now, zone)}"
    if not late:
        return f"{coming} promises {due}"
    return _many(late, "late") + (f", {coming} {due}" if coming else "")


def _many(count: int, how: str) -> str:
    return f"1 promise is {how}" if count == 1 else f"{count} promises are {how}"


def _public(one: Reminder) -> str:
    title = _REACHED_BY.sub("…", one.title)
    return f"{title} · {one.car}" if one.car else title


def _reminder(fields: Mapping[str, Any]) -> Reminder | None:
    due_at = lights.moment(fields.get("due_at"))
    if due_at is None or not promise.is_open(fields):
        return None
    number = str(fields.get("number") or "")
    car = str(fields.get("tag") or "") or (f"RO {number}" if number else "")
    id = str(fields.get("id") or "")
    return Reminder(id, str(fields.get("title") or ""), car, due_at, f"{id} {fields['due_at']}")
