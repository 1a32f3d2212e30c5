"""The visits of a made-up store: those that were, today's as far as the morning has come, and the next weeks'."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.bridge.demo import words
from advisor_desk.bridge.demo.drive import Drive
from advisor_desk.domain import times, visit
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.ids import uuid7

Row = tuple[str, str, dict[str, Any]]

# Of a rooftop's 40 to 60 visits a day so many are taken as the days lie further ahead: 250 to 750 stand in the book.
_TAKEN: Final = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.05, 0.05)
_WALK_INS: Final = 0.25
_MISSED: Final = 0.14
"""10 to 20 % of those who are booked do not come."""
_HARD_TO_FIND: Final = frozenset({"ACDG", "MISF", "STRT", "SUSP", "TCSE", "TRNS"})
"""What takes a technician who finds faults."""
_LAST_START: Final = timedelta(hours=2)
_SLOT: Final = timedelta(minutes=15)


_MILES_A_DAY: Final = 33


class Car(NamedTuple):
    """A customer's car, by their ids, and what decides how they are reached and who pays."""

    customer_id: str
    vehicle_id: str
    name: str
    texts: bool
    """Whether they have agreed to be written to."""
    prefers: str
    year: int
    odometer: int
    since: datetime
    """When that was what the car had driven."""

    def driven(self, at: datetime) -> int:
        """Miles at a later moment."""
        return self.odometer + (at - self.since).days * _MILES_A_DAY


class Book:
    """The store's appointment book; the same one for the same seed and ``now``."""

    def __init__(
        self, seed: int, now: datetime, calendar: Calendar, capacity: dict[str, float], advisors: Sequence[str],
        bdc: str, a_day: int,
    ) -> None:  # fmt: skip
        self._chance = random.Random(f"visits {seed}")  # noqa: S311 - a play, not a secret
        self._now = now
        self._calendar = calendar
        self._drive = Drive(calendar)
        self._capacity = capacity
        self._advisors = advisors
        self._bdc = bdc
        self._a_day = a_day
        self._came = 0
        self._lots: list[datetime] = []
        """Of each loaner, since when it is on the lot."""

    def came(self, car: Car, opened: datetime, advisor: str, transport: str, repair: words.Repair) -> Row | None:
        """The visit an order was written up from: the car came within minutes of its time; None for a walk-in."""
        if self._chance.random() < _WALK_INS:
            return None
        self._came += opened > self._now - timedelta(days=1)
        early = timedelta(minutes=self._chance.randrange(-5, 20))
        start = (opened + early).replace(minute=(opened + early).minute // 15 * 15, second=0)
        hours = self._calendar.hours(self._calendar.local(opened))
        start = max(start, hours.opens) if hours is not None else start
        made = self._booked(car, start, advisor, opened, repair) | {"transport": transport, "status": "arrived"}
        made["arrived_at"] = times.to_wire(opened - timedelta(minutes=self._chance.randrange(2, 9)))
        return "appointment", self._id(opened - timedelta(days=3)), made

    def missed(self, car: Car, day: datetime) -> Row | None:
        """Now and then somebody did not come."""
        if self._chance.random() >= _MISSED:
            return None
        made = self._booked(car, day.replace(minute=0, second=0), self._chance.choice(self._advisors), day)
        return "appointment", self._id(day - timedelta(days=3)), made | {"status": "no_show"}

    def lent(self, car: Car, order_id: str, out: datetime, due: datetime, back: datetime | None) -> Row:
        """The loaner a customer has, or had, while their car was here: one that stood on the lot."""
        unit = next((place for place, since in enumerate(self._lots) if since <= out), len(self._lots))
        self._lots[unit : unit + 1] = [back or datetime.max.replace(tzinfo=UTC)]
        lent = {"unit": f"L-{unit + 1:02}", "customer_id": car.customer_id, "repair_order_id": order_id}
        lent |= {"out_at": times.to_wire(out), "due_at": times.to_wire(due)}
        return "loaner", self._id(out), lent | ({"back_at": times.to_wire(back)} if back else {})

    def today(self, cars: Iterator[Car]) -> Iterator[Row]:
        """The visits of today that no order was written up from: missed, late, just arrived, and still to come."""
        day = self._calendar.local(self._now)
        starts = [*self._starts(day, max(self._a_day - self._came, 12)), *self._about_now(day)]
        for at in sorted(starts):
            made = self._booked(next(cars), at, self._chance.choice(self._advisors), min(at, self._now))
            yield "appointment", self._id(self._now - timedelta(days=4)), made | self._so_far(at)

    def ahead(self, cars: Iterator[Car]) -> Iterator[Row]:
        """The next weeks: each working day fuller the nearer it is, none beyond what the store can work."""
        tomorrow = self._calendar.local(self._now) + timedelta(days=1)
        for (day, _), taken in zip(self._calendar.open_days(tomorrow), _TAKEN, strict=False):
            load: dict[str, float] = {}
            for at in self._starts(day, round(self._a_day * taken)):
                made = self._booked(next(cars), at, self._chance.choice(self._advisors), self._now)
                made |= self._standing(at, near=day == tomorrow)
                load_then = visit.load([made, {"hours": load.get(made["skill"], 0.0), "skill": made["skill"]}])
                if load_then.get(made["skill"], 0.0) <= self._capacity.get(made["skill"], 0.0):
                    load |= load_then
                    yield "appointment", self._id(self._now - timedelta(days=4)), made

    def _id(self, at: datetime) -> str:
        return uuid7(at, self._chance.randbytes(10))

    def _starts(self, day: date, count: int) -> list[datetime]:
        """Starting times of a day, more of them in the morning."""
        hours = self._calendar.hours(day)
        if hours is None:
            return []
        slots = max(int((hours.closes - _LAST_START - hours.opens) / _SLOT), 1)
        picked = (min(self._chance.randrange(slots), self._chance.randrange(slots)) for _ in range(count))
        return sorted(hours.opens + _SLOT * slot for slot in picked)

    def _about_now(self, day: date) -> list[datetime]:
        """Whatever time a demo begins, somebody is just due at the drive."""
        hours = self._calendar.hours(day)
        quarter = self._now.replace(minute=self._now.minute // 15 * 15, second=0, microsecond=0)
        near = (quarter + timedelta(minutes=15 * count) for count in (-1, 1, 2, 3))
        return [at for at in near if hours is not None and hours.opens <= at < hours.closes]

    def _booked(
        self, car: Car, at: datetime, advisor: str, known_by: datetime, repair: words.Repair | None = None
    ) -> dict[str, Any]:
        chance = self._chance
        repair = repair or chance.choice(words.REPAIRS)
        source = chance.choices(visit.SOURCES[:5], (5, 3, 0, 3, 1))[0]
        made = min(at, known_by) - timedelta(days=chance.randrange(1, 11), minutes=chance.randrange(600))
        if source != "online":
            made = self._drive.back(made)
        return {
            "customer_id": car.customer_id,
            "vehicle_id": car.vehicle_id,
            "starts_at": times.to_wire(at),
            "advisor_id": advisor,
            "transport": chance.choice(("waiter", "waiter", "drop_off", "drop_off", "loaner", "shuttle")),
            "concerns": repair.complaint,
            "hours": repair.hours,
            "skill": "diagnosis" if repair.op_code in _HARD_TO_FIND else visit.USUAL_SKILL,
            "source": source,
            "status": "booked",
            "booked_at": times.to_wire(made),
            "booked_by": self._bdc if source in {"bdc", "online"} else advisor,
        }

    def _so_far(self, at: datetime) -> dict[str, Any]:
        """What has become by now of a visit of today."""
        chance, past = self._chance.random(), self._now - at
        confirmed = {"status": "confirmed", "confirmed_at": times.to_wire(self._drive.before(self._now, 480))}
        if past > timedelta(hours=1) and chance < 0.75:
            return {"status": "no_show"}
        if timedelta(0) < past <= timedelta(hours=1) and chance < 0.4:
            return confirmed | {"status": "arrived", "arrived_at": times.to_wire(at + past / 2)}
        return confirmed if chance < 0.75 else {}

    def _standing(self, at: datetime, *, near: bool) -> dict[str, Any]:
        """How a visit of another day stands: asked for, called off, moved, confirmed, or just booked."""
        chance = self._chance.random()
        if chance < 0.03:
            return {"status": "cancelled", "reason": self._chance.choice(words.CALLED_OFF)}
        if chance < 0.06:
            return {"status": "requested", "source": "online"}
        moved: dict[str, Any] = {}
        if chance < 0.13:
            was = times.to_wire(at - timedelta(days=7))
            said = times.to_wire(self._drive.before(self._now, 720))
            move = {"at": said, "by": self._bdc, "was": was, "to": times.to_wire(at)}
            moved["moves"] = [move | {"reason": self._chance.choice(words.MOVED)}]
        if chance < (0.7 if near else 0.2):
            moved |= {"status": "confirmed", "confirmed_at": times.to_wire(self._drive.before(self._now, 50))}
        return moved
