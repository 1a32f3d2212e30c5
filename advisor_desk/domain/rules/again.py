"""A visit that was called off: what it had kept is owed again, counted from when it was called off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from advisor_desk.domain.rules import evidence
from advisor_desk.domain.rules.file import File
from advisor_desk.domain.rules.rule import Ended, Rule, Shop, Trigger, occurrence


def first_of(occurrence: str) -> str:
    """The mark of the first time round, of a time round that follows from a visit called off too."""
    return occurrence.partition(" ")[0]


def or_again(rule: Rule, file: File, first: Trigger, shop: Shop) -> Iterable[Trigger]:
    """What raises a promise that a visit keeps: the first time round, the next once that visit is called off.

    It is due when the first was, and a working day later at the soonest; of one who was here since nothing is owed.
    """
    off = max(_called_off(file, first.at), default=None)
    if off is None or _was_here(file, first) or _done_otherwise(rule, file, first, shop):
        yield first
    elif not _is_open(rule, file, first):
        due = max(rule.due_at(first, shop), shop.calendar.business_days_after(off, 1))
        yield first._replace(occurrence=f"{first.occurrence} {occurrence(off)}", at=off, due=due)


def stands_again(file: File, trigger: Trigger) -> Ended | None:
    """The visit was not called off after all, or at another moment."""
    off = trigger.occurrence.partition(" ")[2]
    if not off or any(occurrence(at) == off for at in _called_off(file, None)):
        return None
    return Ended("The visit stands, or was called off at another time.")


def _called_off(file: File, since: datetime | None) -> Iterable[datetime]:
    """When visits were called off; since a moment those that were booked, or were to come, after it."""
    for visit in file.all("appointment"):
        at = visit.moment("cancelled_at")
        if visit.get("status") != "cancelled" or at is None:
            continue
        of_visit = (evidence.booked_at(visit), visit.moment("starts_at"))
        if since is None or (at >= since and any(one is not None and one >= since for one in of_visit)):
            yield at


def _is_open(rule: Rule, file: File, first: Trigger) -> bool:
    """One time round of it is owed already."""
    return any(
        row.get("rule") == rule.name
        and (row.get("subject") or {}).get("id") == first.row.id
        and first_of(str(row.get("occurrence") or "")) == first.occurrence
        for row in file.promises
    )


def _was_here(file: File, first: Trigger) -> bool:
    """The customer came since, with or without a visit: what is owed follows from that order."""
    return any((at := order.moment("opened")) is not None and at > first.at for order in file.all("repair_order"))


def _done_otherwise(rule: Rule, file: File, first: Trigger, shop: Shop) -> bool:
    """Something else than the visit has kept it, as a talk."""
    return rule.kept(file, first._replace(due=rule.due_at(first, shop)), shop) is not None
