"""What a rule is: when it raises a promise, for whom, by when, what keeps it, and what follows when nothing does."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain import times
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.rules.file import File, Row
from advisor_desk.domain.rules.people import Owner, People

_NAMESPACE: Final = uuid.UUID("5a0f5bd6-6c0c-5a55-9d0e-9e3f2f6b6c01")


class Trigger(NamedTuple):
    """What raises a promise: a record, which time round it is, since when, and what it is about in words."""

    kind: str
    row: Row
    occurrence: str
    at: datetime
    about: str = ""
    due: datetime | None = None
    """Where the record itself says by when; else the rule's own due time counts from ``at``."""
    promise: Mapping[str, Any] = {}
    """The promise's own fields, once there is one."""

    @property
    def order_id(self) -> str:
        """The repair order it is about, empty for none."""
        return self.row.id if self.kind == "repair_order" else str(self.row.get("repair_order_id") or "")


class Evidence(NamedTuple):
    """What keeps a promise: a record, and when it came to be so."""

    kind: str
    id: str
    at: datetime


class Ended(NamedTuple):
    """Why an open promise has nothing to keep it any more; ``broken`` when it should have been kept."""

    reason: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Shop:
    """What rules look at besides the file: the store's settings and calendar, its people, and the time."""

    store_id: str
    calendar: Calendar
    lights: Settings
    people: People
    settings: Mapping[str, Any]
    """The store's own timings by rule, as its record holds them."""
    now: datetime

    def seen_by(self, people: People) -> Shop:
        """The same surroundings with other people."""
        return replace(self, people=people)

    @classmethod
    def of(cls, store_id: str, store: Mapping[str, Any], employees: Mapping[str, Any], now: datetime) -> Shop:
        """The surroundings at a moment, from the store's record and its employees' by id."""
        calendar = Calendar.of_store(store)
        said = store.get("rules")
        settings = said if isinstance(said, Mapping) else {}
        lights = Settings.of_store(store, calendar.zone)
        return cls(store_id, calendar, lights, People(employees, now), settings, now)


@dataclass(frozen=True, slots=True)
class Due:
    """How long a promise may take: so many of a unit after it was raised."""

    count: int
    unit: str
    said: str = ""
    """In words, where each record states it itself."""

    def after(self, at: datetime, calendar: Calendar, count: int | None = None) -> datetime:
        """The due time of a promise raised at a moment; a store may have set its own count."""
        return _UNITS[self.unit](calendar, at, self.count if count is None else count)

    @property
    def words(self) -> str:
        """``30 minutes``, ``1 business day``, ``the same day``."""
        if self.said:
            return self.said
        if self.unit == SAME_DAY:
            return "the same day"
        if not self.count:
            return "at once"
        return f"{self.count} {self.unit.replace('_', ' ')[: None if self.count != 1 else -1]}"


MINUTES, DAYS, BUSINESS_DAYS, SAME_DAY, STATED = "minutes", "days", "business_days", "same_day", "stated"
_UNITS: Final[Mapping[str, Callable[[Calendar, datetime, int], datetime]]] = {
    MINUTES: Calendar.after,
    DAYS: Calendar.days_after,
    BUSINESS_DAYS: Calendar.business_days_after,
    SAME_DAY: lambda calendar, at, count: calendar.close_of(at),
    STATED: lambda calendar, at, count: at,
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """What follows an unkept promise: so many open minutes after it was due, ``to`` hears of it, or takes it over."""

    minutes: int
    to: str
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the promises table."""

    name: str
    title: str
    """What is to be done; ``{who}`` and ``{about}`` are filled in."""
    why: str
    """In one line, why it was raised."""
    raised: Callable[[File, Shop], Iterable[Trigger]]
    owner: Callable[[File, Row, People], Owner]
    due: Due
    kept: Callable[[File, Trigger, Shop], Evidence | None]
    kept_words: str
    escalation: Escalation
    ended: Callable[[File, Trigger, Shop], Ended | None]
    key: str
    """The command that usually keeps it, for its one key."""
    named: bool
    """True when a contact that names the promise keeps it."""
    one_at_a_time: bool
    """True when it is not raised again while an earlier one about the same record is open."""
    numbers: Mapping[str, int]
    """What else a store may set of it, with the value that counts until it does."""

    def is_on(self, shop: Shop) -> bool:
        """False where the store has switched it off."""
        return self.said(shop).get("on") is not False

    def said(self, shop: Shop) -> Mapping[str, Any]:
        """The store's own settings of the rule."""
        found = shop.settings.get(self.name)
        return found if isinstance(found, Mapping) else {}

    def number(self, shop: Shop, name: str) -> int:
        """One of the rule's numbers: the store's, or the one it is declared with."""
        value = self.said(shop).get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else self.numbers[name]

    def due_at(self, trigger: Trigger, shop: Shop) -> datetime:
        """By when a promise must be kept; to the second."""
        if trigger.due is not None:
            return trigger.due
        return self.due.after(trigger.at, shop.calendar, self.number(shop, DUE) if DUE in self.numbers else None)

    def escalates_at(self, due_at: datetime, shop: Shop) -> datetime:
        """When an unkept promise is passed on."""
        return shop.calendar.after(due_at, self.number(shop, ESCALATE))

    def id_of(self, trigger: Trigger, shop: Shop) -> str:
        """The promise's id: the same wherever and however often it is raised (UUIDv5, RFC 9562 section 5.5)."""
        return promise_id(shop.store_id, self.name, trigger.kind, trigger.row.id, trigger.occurrence)


DUE: Final = "due"
ESCALATE: Final = "escalate"


@functools.lru_cache(16_384)
def promise_id(store_id: str, rule: str, kind: str, id: str, occurrence: str) -> str:
    """The id of what a rule promises about a record, this time round."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join((store_id, rule, kind, id, occurrence))))


@functools.lru_cache(16_384)
def occurrence(moment: datetime | None) -> str:
    """A moment as the mark that tells one time round from the next."""
    return times.to_wire(moment) if moment else ""


def never(file: File, trigger: Trigger, shop: Shop) -> None:
    """Nothing ends it but its keeping."""


def rule(
    name: str,
    title: str,
    why: str,
    *,
    raised: Callable[[File, Shop], Iterable[Trigger]],
    owner: Callable[[File, Row, People], Owner],
    due: Due,
    kept: Callable[[File, Trigger, Shop], Evidence | None],
    kept_words: str,
    escalation: Escalation,
    ended: Callable[[File, Trigger, Shop], Ended | None] = never,
    key: str = "contact.log",
    named: bool = False,
    one_at_a_time: bool = False,
    **numbers: int,
) -> Rule:
    """Declare a rule; ``numbers`` are further settings of it."""
    counts = {} if due.unit in (SAME_DAY, STATED) else {DUE: due.count}
    settable = {**counts, ESCALATE: escalation.minutes, **numbers}
    return Rule(
        name, title, why, raised, owner, due, kept, kept_words, escalation, ended, key, named, one_at_a_time, settable
    )
