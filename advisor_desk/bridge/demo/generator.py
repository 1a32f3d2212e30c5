"""A store made up from a seed: people, cars, years of visits, and a morning in full swing around ``now``."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from advisor_desk.bridge.demo import people, talk, words
from advisor_desk.bridge.demo.drive import Drive
from advisor_desk.bridge.demo.kept import Kept
from advisor_desk.bridge.demo.sales import Sales
from advisor_desk.bridge.demo.visits import Book, Car, Row
from advisor_desk.domain import times, vin
from advisor_desk.domain.calendar import Calendar, Hours
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.suppliers import Days, weekdays
from advisor_desk.host.resources import resource


class Size(NamedTuple):
    """How big a store is: history in repair orders and years, open work, advisors."""

    history: int
    years: float
    open: int
    advisors: int
    a_day: int = 50
    """Visits booked for a day."""
    ugly: bool = False
    remembers: bool = False
    """Whether the promises of the last weeks are there too, as they were kept."""


SIZES: Final = {
    "demo": Size(history=1_600, years=3, open=74, advisors=5, remembers=True),
    "small": Size(history=80_000, years=5, open=110, advisors=5),
    "busy": Size(history=180_000, years=5, open=300, advisors=10, a_day=110),
    "ugly": Size(history=2_400, years=3, open=1_000, advisors=10, a_day=110, ugly=True),
}
_VISITS_PER_CUSTOMER: Final = 2
_CONTACTS: Final = (5, 6, 7)
"""Contacts of a past visit: six on average, as the landscape's figures say."""


class _Model(NamedTuple):
    """A car of the extract: its maker's code, positions 4 to 8 of its VIN, first and last model year, and its names."""

    wmi: str
    letters: str
    first: int
    last: int
    make: str
    name: str
    trim: str


_NO_TRIM: Final = "Not Identified"
_CODE: Final = re.compile(r"\(?\b\d[A-Z]{2}\b\)?")
"""What a maker calls an equipment group by, as in ``LS (1FL)``."""
_MORE: Final = re.compile(r"\s+w/|[/,+]")
"""What parts a trim from its packages, and from the next trim of the same cars."""


class Generator:
    """Makes the records of one store, the same ones for the same seed, size and ``now``."""

    def __init__(self, size: Size, seed: int, now: datetime) -> None:
        self._size = size
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._now = now.replace(microsecond=0)
        self._models: list[_Model] = [
            _Model(*row) for row in json.loads(resource("vehicles.json").read_text(encoding="utf-8"))["vehicles"]
        ]
        self._sold_by: dict[int, list[_Model]] = {}
        self._zone = zone_at_work(self._now)
        self._days = Days(self._zone, weekdays(self._store_fields()))
        self._drive = Drive(Calendar.of_store(self._store_fields()))
        self.store_id = self._id(now - timedelta(days=365 * 8))
        self.employees: dict[str, str] = {}
        self._technicians: list[str] = []
        self._advisors: list[str] = []
        self._salesperson = ""
        self._in_hand: set[str] = set()
        self._number = 48_000
        self._part = 0
        self._brought: Counter[str] = Counter()

    def rows(self) -> Iterator[Row]:
        """Every record, those referred to before those that refer."""
        yield from self._store()
        yield from self._people()
        self._fill_the_offices()
        visits = self._size.history
        customers = max(visits // _VISITS_PER_CUSTOMER, 40)
        start = self._now - timedelta(days=365 * self._size.years)
        days = self._drive.days(start, self._now - timedelta(days=2))
        made: list[Car] = []
        for index in range(visits):
            place = index * len(days) // visits
            at = _in_turn(days[place], index)
            fresh = len(made) < customers and (index < 20 or self._chance.random() < 1 / _VISITS_PER_CUSTOMER)
            if fresh or not made:
                yield from self._customer(at, made)
                car = made[-1]
            else:
                car = self._chance.choice(made)
            yield from self._past_visit(car, at, days[place : place + 3], made)
        recent = made[-max(len(made) // 3, 1) :]
        yield from self._open_work(recent, made)
        yield from self._book.today(self._turns(recent))
        yield from self._book.ahead(self._turns(recent))
        sold: list[Car] = []
        for index in range(min(24, customers)):
            yield from self._buyer(self._now - timedelta(days=40, minutes=index), sold)
        yield from self._sales.deals(sold)
        yield from self._sales.leads(
            self._chance.sample(recent, min(len(recent), 60)), self._kept if self._size.remembers else None
        )

    def _fill_the_offices(self) -> None:
        """Whoever books visits and sells cars, now that they are hired."""
        bdc = self.employees["bea"]
        store = self._store_fields()
        calendar = Calendar.of_store(store)
        self._book = Book(self._seed, self._now, calendar, store["capacity"], self._advisors, bdc, self._size.a_day)
        self._sales = Sales(self._seed, self._now, self._drive, self._salesperson, bdc)
        self._kept = Kept(self._seed, self._now, self.store_id, calendar)

    def _turns(self, cars: list[Car]) -> Iterator[Car]:
        """The cars that have no open order, in an order of chance, and over again when they are all in."""
        while True:
            free = [car for car in cars if car.vehicle_id not in self._in_hand] or cars
            yield from self._chance.sample(free, len(free))

    def _buyer(self, at: datetime, sold: list[Car]) -> Iterator[Row]:
        """Somebody who buys a car here."""
        for kind, id, fields in self._customer(at, sold):
            more = {"sold_here": True} if kind == "vehicle" else {"salesperson_id": self._salesperson}
            yield kind, id, fields | more

    def _id(self, at: datetime) -> str:
        return uuid7(at, self._chance.randbytes(10))

    def _wire(self, at: datetime) -> str:
        return times.to_wire(at)

    def _promised(self, at: datetime) -> datetime:
        return self._drive.promised(at, self._now, self._chance.randrange(12))

    def _store(self) -> Iterator[Row]:
        yield "store", self.store_id, self._store_fields()

    def _store_fields(self) -> dict[str, Any]:
        """The store's record; it is open today, whatever day it is: a demo is never shut."""
        week = [{"opens": "07:30", "closes": "18:00"}] * 5
        hours = [*week, {"opens": "08:00", "closes": "14:00"}, {"opens": "", "closes": ""}]
        local = self._now.astimezone(self._zone)
        if local.weekday() >= 5:
            hours[local.weekday()] = week[0]
        holidays: dict[str, Any] = {"country": "US", "subdivision": "NY", "extra": []}
        fields = {
            "name": "Northgate Motors",
            "phone": "(555) 010-0100",
            "timezone": self._zone.key,
            "hours": hours,
            "holidays": holidays,
            "capacity": {"general": 96.0, "diagnosis": 24.0},
            "cadence": {"waiter": 45, "same_day": 240, "multi_day": 1440},
            "margins": {"eta_margin": 60, "eta_grace": 120, "quote_within": 30},
        }
        if self._size.a_day > 60:
            fields["capacity"] = {"general": 200.0, "diagnosis": 50.0}
        if Calendar.of_store(fields).is_holiday(local.date()):
            fields["holidays"] = {"country": "", "subdivision": "", "extra": []}
        return fields

    def _people(self) -> Iterator[Row]:
        long_ago = self._now - timedelta(days=365 * 7)
        for job in (*people.ADVISORS[: self._size.advisors], *people.OTHERS):
            id = self._id(long_ago)
            self.employees[job.login] = id
            if "advisor" in job.roles:
                self._advisors.append(id)
            fields = {
                "name": job.name,
                "roles": list(job.roles),
                "colour": job.colour,
                "extension": f"{len(self.employees) + 200}",
            }
            yield "employee", id, fields
        self._salesperson = self.employees["sam"]
        for name in words_technicians(self._size.open):
            id = self._id(long_ago)
            self._technicians.append(id)
            yield "employee", id, {"name": name, "roles": ["technician"]}

    def _customer(self, at: datetime, made: list[Car]) -> Iterator[Row]:
        chance = self._chance
        customer_id, vehicle_id = self._id(at), self._id(at)
        company = chance.random() < 0.06
        name = (
            chance.choice(words.COMPANIES) if company else f"{chance.choice(words.LAST)}, {chance.choice(words.FIRST)}"
        )
        if self._size.ugly and chance.random() < 0.6:
            name = chance.choice(words.UGLY_NAMES)
        last = f"{chance.randrange(100, 200):04}"
        area = chance.choice(("212", "315", "518", "585", "607", "716", "845", "914"))
        phone = {"raw": f"({area}) 555-{last}", "e164": f"+1{area}555{last}", "use": "mobile"}
        texts = chance.random() < 0.8
        prefers = chance.choice(("text", "text", "call", "email") if texts else ("call", "call", "email"))
        customer: dict[str, Any] = {
            "name": name.replace("St.Clair", "St. Clair"),
            "phones": [phone],
            "emails": [f"customer{len(made) + 1}@example.com"],
            "address": f"{chance.randrange(1, 999)} {chance.choice(words.STREETS)} Street",
            "preferred_channel": prefers,
            "language": chance.choice(("en", "en", "en", "es", "fr")),
            "consent": {"text": {"state": "yes" if texts else "no", "at": self._wire(at), "source": "write-up"}},
            "advisor_id": chance.choice(self._advisors),
        }
        if company:
            customer["is_company"] = True
        if self._size.ugly:
            customer = {key: value for key, value in customer.items() if chance.random() < 0.7 or key == "name"}
        yield "customer", customer_id, customer
        model = chance.choice(self._on_the_road(at.year))
        year = chance.randint(model.first, min(model.last, at.year + 1))
        driven = chance.randrange(1_000, 9_000) + max(at.year - year, 0) * chance.randrange(8_000, 13_000)
        yield "vehicle", vehicle_id, self._vehicle(model, year, driven, customer_id, at)
        made.append(Car(customer_id, vehicle_id, name, texts, prefers, year, driven, at))

    def _vehicle(self, model: _Model, year: int, driven: int, customer_id: str, at: datetime) -> dict[str, Any]:
        chance = self._chance
        place = f"{chance.choice('ABCDEFGH')}{chance.randrange(100_000, 999_999)}"
        number = f"{model.wmi}{model.letters}0{vin.year_code(year)}{place}"
        plate = "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
        fields: dict[str, Any] = {
            "vin": vin.with_check_digit(number),
            "year": year,
            "make": model.make,
            "model": model.name,
            "colour": chance.choice(words.COLOURS),
            "plate": f"{plate}{chance.randrange(1000, 9999)}",
            "odometer": driven,
            "odometer_at": self._wire(at),
            "customer_ids": [customer_id],
        }
        if trim := trim_of(model.name, model.trim):
            fields["trim"] = trim
        if chance.random() < 0.4:
            fields["sold_here"] = True
        if self._size.ugly:
            fields = {key: value for key, value in fields.items() if chance.random() < 0.7}
        return fields

    def _on_the_road(self, year: int) -> list[_Model]:
        """The models somebody can come in with that year: next year's are sold from the autumn."""
        if year not in self._sold_by:
            self._sold_by[year] = [model for model in self._models if model.first <= year + 1]
        return self._sold_by[year]

    def _next_number(self) -> str:
        self._number += 1
        return str(self._number)

    def _part_number(self, stem: str) -> str:
        self._part += 1
        return f"{stem}-{self._part % 9_000 + 1_000}"

    def _past_visit(self, car: Car, at: datetime, days: Sequence[Hours], made: Sequence[Car]) -> Iterator[Row]:
        """A visit that is over, begun on the first of these days."""
        chance = self._chance
        ro_id = self._id(at)
        left = days[min(chance.choice((0, 0, 0, 1, 2)), len(days) - 1)]
        overnight = left is not days[0]
        closed = _picked_up(chance, at, left, overnight)
        said = closed + timedelta(minutes=15 * chance.choice((-2, 0, 1, 1, 2)) - closed.minute % 15)
        promised = max(min(said, left.closes - timedelta(minutes=15)), at + _HOUR)
        advisor = chance.choice(self._advisors)
        transport = chance.choice(
            _OVERNIGHT if overnight else _FOR_HOURS if closed - at > 3 * _HOUR else _WHILE_WAITING
        )
        repairs = chance.sample(words.REPAIRS, chance.choice((1, 2, 2, 3, 3)))
        lately = self._now - at < _LATELY
        booked = self._book.came(car, at, advisor, transport, repairs[0]) if lately else None
        if booked:
            yield booked
        yield (
            "repair_order",
            ro_id,
            {
                **({"appointment_id": booked[1]} if booked else {}),
                "number": self._next_number(),
                "customer_id": car.customer_id,
                "vehicle_id": car.vehicle_id,
                "advisor_id": advisor,
                "opened": self._wire(at),
                "promised_at": self._wire(promised),
                "first_promised_at": self._wire(promised),
                "odometer_in": car.driven(at),
                "transport": transport,
                "dms_status": "closed",
                "stage": "closed",
                "stage_since": self._wire(closed),
                "closed": self._wire(closed),
            },
        )
        for letter, repair in zip("ABC", repairs, strict=False):
            yield from self._past_job(car, ro_id, letter, repair, at)
        remembered = self._size.remembers and self._kept.remembers(closed)
        called = not remembered or self._kept.calls()
        steps = talk.whole(chance, chance.choice(_CONTACTS), called=called)
        for step, moment in zip(steps, _told_at(len(steps), at, closed, days[0], left, overnight), strict=True):
            at_last = closed - timedelta(minutes=4)
            row = self._said(car, ro_id, advisor, at_last if step == talk.COUNTER else moment, step)
            yield row
            if remembered and step in (talk.READY, talk.COUNTER):
                yield from self._kept.told_ready(car, ro_id, advisor, closed, row if step == talk.READY else None)
        if remembered:
            yield from self._kept.followed_up(car, ro_id, advisor, closed)
        if lately:
            yield from self._afterwards(car, ro_id, at, closed, transport, chance.choice(made))

    def _afterwards(
        self, car: Car, ro_id: str, at: datetime, closed: datetime, transport: str, other: Car
    ) -> Iterator[Row]:
        """What else is known of a visit of the last weeks: its loaner, its survey, and who was missed that day."""
        if transport == "loaner":
            yield self._book.lent(car, ro_id, at, closed, closed)
        if closed < self._now - timedelta(days=2):
            yield self._sales.survey(car, ro_id, closed)
        missed = self._book.missed(other, at + _HOUR)
        if missed and other is not car:
            yield missed

    def _past_job(self, car: Car, ro_id: str, letter: str, repair: words.Repair, at: datetime) -> Iterator[Row]:
        """What the customer came for was done; what was found besides, more often than not."""
        chance = self._chance
        job_id = self._id(at)
        asked_for = letter == "A" or repair.op_code == words.RECALL
        job = self._job(car, ro_id, letter, repair, "done" if asked_for or chance.random() < 0.67 else "declined", at)
        yield "job", job_id, job
        if job["state"] != "done":
            return
        sundries = ("hardware",) if chance.random() < 0.07 else ()
        for key in (*repair.parts, *sundries):
            part = words.PARTS[key]
            line: dict[str, Any] = {
                "repair_order_id": ro_id,
                "job_id": job_id,
                "number": self._part_number(part.stem),
                "description": part.words,
                "qty": words.QTY.get(key, 1),
                "qty_filled": words.QTY.get(key, 1),
                "source": "stock" if part.stocked else "order",
                "state": "installed",
                "amount": _amount(key),
            }
            if not part.stocked:
                line |= self._came(at)
            yield "part_line", self._id(at), line

    def _came(self, at: datetime) -> dict[str, Any]:
        """A part that was ordered ahead: its car came once it was here, later than said where the supplier was late."""
        chance = self._chance
        supplier = chance.choice(words.SUPPLIERS)
        self._brought[supplier] += 1
        turn = _MIXED[self._brought[supplier] % len(_MIXED)]
        due = self._days.after(at, -words.SLIPS[supplier][turn] / 24)
        return {
            "supplier": supplier,
            "order_no": f"PO{chance.randrange(10_000, 99_999)}",
            "ordered_at": self._wire(self._days.after(min(at, due), -1)),
            "eta": self._wire(due),
            "first_eta": self._wire(due),
            "received_at": self._wire(at),
        }

    def _job(self, car: Car, ro_id: str, letter: str, repair: words.Repair, state: str, at: datetime) -> dict[str, Any]:
        chance = self._chance
        job: dict[str, Any] = {
            "repair_order_id": ro_id,
            "letter": letter,
            "op_code": repair.op_code,
            "complaint": repair.complaint,
            "pay": self._pays(car, repair, at),
            "hours": repair.hours,
            "labour_amount": repair.labour * 100,
            "parts_amount": sum(map(_amount, repair.parts)),
            "state": state,
            "severity": repair.severity,
        }
        if state in {"sent", "approved", "in_progress", "done"}:
            job |= {"technician_id": chance.choice(self._technicians), "cause": repair.cause}
        if state == "declined":
            job |= {"pay": "customer", "decline_reason": chance.choice(words.DECLINED)}
        return job

    def _pays(self, car: Car, repair: words.Repair, at: datetime) -> str:
        """Who pays: the maker for a recall and for what breaks on a young car, else nearly always the customer."""
        if repair.op_code == words.RECALL:
            return "warranty"
        if repair.op_code in words.UPKEEP:
            return "customer"
        young = at.year - car.year <= _WARRANTED
        return self._chance.choice(("warranty", "warranty", "customer") if young else _LATER_PAYS)

    def _said(self, car: Car, ro_id: str, who: str, at: datetime, step: str) -> Row:
        said = talk.said(self._chance, step, texts=car.texts, prefers=car.prefers)
        event = {
            "customer_id": car.customer_id,
            "vehicle_id": car.vehicle_id,
            "repair_order_id": ro_id,
            "at": self._wire(at),
        }
        if said["direction"] == "out":
            event["employee_id"] = who
        return "contact_event", self._id(at), event | said

    def _open_work(self, recent: list[Car], made: list[Car]) -> Iterator[Row]:
        """The open repair orders; the first advisor's are the ones a demo is signed in to."""
        chance = self._chance
        count = min(self._size.open, len(made))
        cars = chance.sample(recent, min(count, len(recent)))
        cars += chance.sample(made, count - len(cars)) if count > len(cars) else []
        for index, car in enumerate(cars):
            mine = index < count * 0.22
            advisor = self._advisors[0] if mine else self._advisors[1 + index % (len(self._advisors) - 1)]
            yield from self._open_order(index, car, advisor)

    def _open_order(self, index: int, car: Car, advisor: str) -> Iterator[Row]:
        chance, now = self._chance, self._now
        stage = _STAGE_CYCLE[index % len(_STAGE_CYCLE)]
        opened = self._drive.before(now, chance.randrange(*_HERE[stage])) - timedelta(days=chance.choice(_AGES[stage]))
        opened = self._drive.in_time(opened)
        days = (self._drive.local(now) - self._drive.local(opened)).days
        since = self._drive.before(now, chance.choice(_IN_STAGE.get(stage, (3, 8, 22, 35, 50, 95, 130))))
        since = min(max(self._drive.after(opened, _AFTER.get(stage, 0)), since), now - timedelta(minutes=2))
        if days and stage in {"parts", "repair"}:
            since = self._drive.after(opened, self._drive.between(opened, now) / 2)
        promised = now + timedelta(minutes=chance.choice(_PROMISES[stage]))
        promised = max(promised, opened + _HOUR)
        promised = self._promised(promised.replace(minute=promised.minute // 15 * 15, second=0))
        waits = not days and stage != "parts" and self._drive.local(promised) == self._drive.local(now)
        transport = (
            "waiter"
            if waits and chance.random() < 0.3
            else chance.choice(("drop_off", "drop_off", "loaner", "shuttle"))
        )
        repairs = self._repairs(stage)
        ro_id = self._id(opened)
        self._in_hand.add(car.vehicle_id)
        booked = self._book.came(car, opened, advisor, transport, repairs[0])
        if booked:
            yield booked
        ro: dict[str, Any] = {
            "appointment_id": booked[1] if booked else "",
            "number": self._next_number(),
            "tag": f"T-{100 + index}",
            "customer_id": car.customer_id,
            "vehicle_id": car.vehicle_id,
            "advisor_id": advisor,
            "opened": self._wire(opened),
            "promised_at": self._wire(promised),
            "first_promised_at": self._wire(promised),
            "odometer_in": car.driven(opened),
            "transport": transport,
            "dms_status": "open" if stage in {"write_up", "dispatch"} else "in_progress",
            "stage": stage,
            "stage_since": self._wire(since),
            "spot": chance.choice(("A3", "B7", "C12", "Row 2", "Bay 5")) if chance.random() < 0.6 else "",
        }
        if self._size.ugly:
            ro = self._uglier(ro)
        yield "repair_order", ro_id, {key: value for key, value in ro.items() if value != ""}
        if transport == "loaner":
            yield self._book.lent(car, ro_id, opened, promised, None)
        answer: dict[str, Any] = {}
        for step, at in self._told(stage, transport, opened, since):
            row = self._said(car, ro_id, advisor, at, step)
            answer = row[2] if step == talk.ANSWER else answer
            yield row
        yield from self._open_jobs(car, ro_id, repairs, stage, opened, since, promised, answer)

    def _repairs(self, stage: str) -> list[words.Repair]:
        """What is to be done to a car that stands at a stage; the first is what it came for."""
        chance = self._chance
        count = chance.choice((1, 1, 2, 2, 3))
        if self._size.ugly and chance.random() < 0.02:
            return chance.choices(words.REPAIRS, k=26)
        return chance.sample({"parts": _NEEDING, "approval": words.ESTIMATED}.get(stage, words.REPAIRS), count)

    def _uglier(self, ro: dict[str, Any]) -> dict[str, Any]:
        chance = self._chance
        kept = {"advisor_id", "stage", "customer_id"}
        out = {key: value for key, value in ro.items() if key in kept or chance.random() < 0.75}
        if chance.random() < 0.03:
            out["stage"] = "sublet_from_the_future"
        if chance.random() < 0.1:
            out["tag"] = "T-" + "9" * 12
        return out

    def _open_jobs(
        self, car: Car, ro_id: str, repairs: Sequence[words.Repair], stage: str, opened: datetime, since: datetime,
        promised: datetime, answer: dict[str, Any],
    ) -> Iterator[Row]:  # fmt: skip
        chance = self._chance
        signed = {"by": "customer", "at": self._wire(opened + timedelta(minutes=2)), "how": "in_person"}
        agreed = {"by": "customer", "at": answer["at"], "how": answer["channel"]} if answer else signed
        for place, repair in enumerate(repairs):
            state = _JOB_STATES[stage]
            recall = repair.op_code == words.RECALL
            if place and not recall and chance.random() < 0.3 and stage not in {"write_up", "dispatch", "diagnosis"}:
                state = "declined"
            if recall and state == "sent":
                state = "approved"
            job_id = self._id(opened)
            job = self._job(car, ro_id, chr(ord("A") + place), repair, state, opened)
            if stage in {"dispatch", "diagnosis"}:
                del job["cause"]
            if stage == "dispatch":
                del job["technician_id"]
            if state == "sent":
                job["sent_at"] = self._wire(since)
            if state in {"approved", "in_progress", "done"}:
                job["authorised"] = agreed if place and not recall else signed
            yield "job", job_id, job
            if state in {"recommended", "declined"}:
                continue
            for key in repair.parts:
                yield "part_line", self._id(opened), self._open_line(ro_id, job_id, key, stage, opened, since, promised)

    def _open_line(
        self, ro_id: str, job_id: str, key: str, stage: str, opened: datetime, since: datetime, promised: datetime
    ) -> dict[str, Any]:
        chance, now = self._chance, self._now
        part = words.PARTS[key]
        line: dict[str, Any] = {
            "repair_order_id": ro_id,
            "job_id": job_id,
            "number": self._part_number(part.stem),
            "description": part.words,
            "qty": words.QTY.get(key, 1),
            "requested_at": self._wire(max(since, self._drive.before(now, chance.choice((5, 15, 40))))),
            "amount": _amount(key),
        }
        here = part.stocked or stage in {"repair", "quality", "ready"}
        line["source"] = "stock" if here else "order"
        if here:
            state = {"repair": "pulled", "quality": "installed", "ready": "installed"}.get(stage, "in_stock")
            filled = {"qty_filled": line["qty"]} if state != "in_stock" else {}
            asked = self._drive.between(opened, since) * (0.8 if stage in {"parts", "repair"} else 0.5)
            line["requested_at"] = self._wire(self._drive.after(opened, max(asked, 3)))
            return line | filled | {"state": state, "bin": f"{chance.choice('ABCS')}{chance.randrange(1, 20):02}"}
        if stage in {"approval", "diagnosis", "dispatch"}:
            return line | {"state": chance.choice(("requested", "quoted", "quoted"))}
        return line | self._ordered(since, promised, line["qty"])

    def _ordered(self, since: datetime, promised: datetime, qty: int) -> dict[str, Any]:
        """A part on its way, in one of the ways such things go."""
        chance, now = self._chance, self._now
        ordered = self._drive.after(since, chance.choice((5, 10, 20)))
        long_ago = self._drive.between(ordered, now) > 150
        line: dict[str, Any] = {
            "state": "ordered",
            "supplier": chance.choice(words.SUPPLIERS),
            "order_no": f"PO{chance.randrange(10_000, 99_999)}",
            "requested_at": self._wire(since),
            "ordered_at": self._wire(ordered),
        }
        way = chance.random()
        if way < 0.12:
            return line | {"state": "backordered"}
        if way < 0.2:
            return line
        if way < 0.4:
            eta = self._promised(promised + timedelta(hours=chance.choice((4, 20, 44))))
        elif way < 0.5 and long_ago:
            eta = max(self._drive.before(now, chance.choice((60, 180))), self._drive.after(ordered, 60))
        elif way < 0.62 and long_ago:
            got = self._drive.before(now, chance.choice((15, 60)))
            came = {"state": "received", "qty_filled": qty, "received_at": self._wire(got)}
            return line | came | {"eta": self._wire(got), "first_eta": self._wire(got)}
        else:
            eta = max(now + _HOUR, promised - timedelta(hours=chance.choice((2, 3, 5))))
            eta = eta if self._drive.open_at(eta) else self._promised(eta)
        eta = eta.replace(minute=eta.minute // 30 * 30, second=0)
        line |= {
            "eta": self._wire(eta),
            "first_eta": self._wire(eta),
            "eta_source": "supplier",
            "eta_set_at": self._wire(ordered),
        }
        told, at = chance.random(), min(self._drive.after(ordered, 10), now)
        first = self._drive.back(eta - timedelta(days=1)).replace(minute=0)
        if told < 0.6:
            line["eta_told"] = {"eta": self._wire(eta), "at": self._wire(at)}
        elif told < 0.8 and first > at + _HOUR:
            moved = max(self._drive.before(now, 30), at)
            line |= {"first_eta": self._wire(first), "eta_set_at": self._wire(moved)}
            line["eta_told"] = {"eta": self._wire(first), "at": self._wire(at)}
        return line

    def _told(self, stage: str, transport: Any, opened: datetime, since: datetime) -> list[tuple[str, datetime]]:
        """What was said so far about an open order, and when: the last of it longer ago for some than for others."""
        chance, drive, now = self._chance, self._drive, self._now
        told = [(talk.HELLO, opened + timedelta(minutes=2))]
        before, last = talk.so_far(stage)
        span = drive.between(opened, since)
        for place, step in enumerate(before, 1):
            told.append((step, drive.after(opened, max(span * place / (len(before) + 1), 2 + place))))
        if last == talk.ESTIMATE:
            told.append((last, since + timedelta(seconds=40)))
            if now - since > timedelta(minutes=30) and chance.random() < 0.5:
                told.append((talk.CHASED, drive.before(now, chance.randrange(5, 20))))
        elif last == talk.READY:
            told += [(last, drive.after(since, 1))] if chance.random() < 0.5 else []
        elif last:
            ago = chance.choice((4, 12, 20, 33, 52) if transport == "waiter" else (4, 20, 45, 90, 150, 200))
            told.append((last, max(drive.before(now, ago), drive.after(since, 2))))
        return [(step, min(at, now - timedelta(seconds=30))) for step, at in told]


_MIXED: Final = (0, 4, 2, 5, 1, 3)
"""A supplier is late now and then, not for months and then never: its record is what its slips say, at any time."""
_HOUR: Final = timedelta(hours=1)
_WHILE_WAITING: Final = ("waiter", "waiter", "drop_off")
_FOR_HOURS: Final = ("drop_off", "drop_off", "drop_off", "shuttle")
_OVERNIGHT: Final = ("drop_off", "drop_off", "loaner", "loaner", "shuttle", "rental")
_WARRANTED: Final = 3
"""Years for which a maker pays for what breaks."""
_LATER_PAYS: Final = ("customer", "customer", "customer", "customer", "service_contract")
_LATELY: Final = timedelta(days=60)
"""How far back the book of visits, the loaners and the surveys go."""
_ZONES: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Bangkok", "Asia/Kolkata",
    "Asia/Dubai", "Europe/Athens", "Europe/Paris", "Europe/London", "Atlantic/Azores", "America/Halifax",
)  # fmt: skip


def zone_at_work(now: datetime) -> ZoneInfo:
    """New York's time zone while it works there, else one where it is morning: a demo is never shut."""
    zones = [ZoneInfo(name) for name in _ZONES]
    return next((zone for zone in zones if 8 <= now.astimezone(zone).hour < 14), zones[0])


def trim_of(model: str, said: str) -> str:
    """A car's trim as people say it; none where the extract names the model once more, or a code."""
    trim = _CODE.sub("", _MORE.split(said)[0]).strip()
    if trim == _NO_TRIM or trim.casefold() == model.casefold():
        return ""
    return trim.removeprefix(f"{model} ")


def _amount(key: str) -> int:
    """What a part costs in minor units, all of it that a car takes."""
    return words.PARTS[key].price * words.QTY.get(key, 1) * 100


def _in_turn(day: Hours, index: int) -> datetime:
    """A moment of a day on which somebody comes in: none so late that the car is not looked at that day."""
    span = (day.closes - day.opens - _LOOKED_AT) // timedelta(minutes=1)
    return day.opens + timedelta(minutes=index * 37 % span)


def _picked_up(chance: random.Random, at: datetime, day: Hours, overnight: bool) -> datetime:
    """When somebody who came in at a moment drove off again on a day."""
    last = day.closes - timedelta(minutes=chance.randrange(5, 30))
    if overnight:
        return min(day.opens + timedelta(minutes=chance.randrange(60, 540)), last)
    return min(at + timedelta(minutes=chance.randrange(100, 360)), last)


def _told_at(
    count: int, at: datetime, closed: datetime, first: Hours, last: Hours, overnight: bool
) -> Iterator[datetime]:
    """When each of so many things was said of a visit: within the hours of the day it began on and the day it ended."""
    early = (count + 1) // 2 if overnight else count
    end = first.closes if overnight else closed
    for place in range(early):
        yield at + timedelta(minutes=2) + (end - at - timedelta(minutes=4)) * place / early
    for place in range(count - early):
        yield last.opens + (closed - last.opens) * (place + 1) / (count - early + 1)


_LOOKED_AT: Final = timedelta(minutes=150)


def words_technicians(open_orders: int) -> tuple[str, ...]:
    """Technicians for so much open work."""
    return people.TECHNICIANS[: max(6, min(len(people.TECHNICIANS), open_orders // 12))]


_NEEDING: Final = tuple(repair for repair in words.REPAIRS if any(not words.PARTS[key].stocked for key in repair.parts))
_STAGE_CYCLE: Final = (
    "parts", "diagnosis", "repair", "approval", "parts", "ready", "repair", "write_up", "diagnosis", "parts",
    "approval", "repair", "ready", "parts", "diagnosis", "write_up", "quality", "dispatch",
)  # fmt: skip
_HERE: Final = {
    "write_up": (10, 40), "dispatch": (20, 60), "diagnosis": (30, 110), "approval": (75, 170), "parts": (90, 210),
    "repair": (80, 200), "quality": (110, 230), "ready": (110, 230),
}  # fmt: skip
"""For how many open minutes a car that came today has been here, at least and less than."""
_AGES: Final = {
    "write_up": (0,), "dispatch": (0,), "diagnosis": (0, 0, 0, 1), "approval": (0, 0, 1), "parts": (0, 1, 1, 2, 3),
    "repair": (0, 0, 1), "quality": (0,), "ready": (0, 0, 1),
}  # fmt: skip
_AFTER: Final = {
    "dispatch": 5, "diagnosis": 10, "approval": 35, "parts": 45, "repair": 45, "quality": 70, "ready": 80,
}  # fmt: skip
"""For how many open minutes a car has been here at least when it comes to a stage."""
_IN_STAGE: Final = {
    "parts": (35, 50, 95, 130),
    "ready": (3, 8, 12, 22),
    "write_up": (3, 8, 22, 35),
    "approval": (14, 28, 50, 95),
}
"""Minutes in a stage that nobody leaves a car in for long."""
_PROMISES: Final = {
    "write_up": (240, 330, 400), "dispatch": (200, 300), "diagnosis": (45, 180, 260, 330), "approval": (30, 150, 300),
    "parts": (-60, 50, 240, 1500, 1700, 3000), "repair": (-30, 40, 55, 120, 210, 300), "quality": (30, 90),
    "ready": (-60, -20, 25, 60),
}  # fmt: skip
_JOB_STATES: Final = {
    "write_up": "recommended", "dispatch": "approved", "diagnosis": "approved", "approval": "sent", "parts": "approved",
    "repair": "in_progress", "quality": "done", "ready": "done",
}  # fmt: skip


def make(size: str, seed: int, now: datetime | None = None) -> Generator:
    """The generator of a named size."""
    return Generator(SIZES[size], seed, now or datetime.now(UTC))
