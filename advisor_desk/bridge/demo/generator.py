"""A store made up from a seed: people, cars, years of visits, and a morning in full swing around ``now``."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from advisor_desk.bridge.demo import people, words
from advisor_desk.bridge.demo.sales import Sales
from advisor_desk.bridge.demo.visits import Book, Car, Row
from advisor_desk.domain import times, vin
from advisor_desk.domain.calendar import Calendar
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


SIZES: Final = {
    "demo": Size(history=1_600, years=3, open=74, advisors=5),
    "small": Size(history=80_000, years=5, open=110, advisors=5),
    "busy": Size(history=180_000, years=5, open=300, advisors=10, a_day=110),
    "ugly": Size(history=2_400, years=3, open=1_000, advisors=10, a_day=110, ugly=True),
}
_VISITS_PER_CUSTOMER: Final = 2
_CONTACTS: Final = ((5, 6), (6, 6), (7, 6))
"""Contacts of a past visit as (how many, weight): six on average, as the landscape's figures say."""


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
        self._midnight = -(self._now.astimezone(self._zone).utcoffset() or timedelta(0))
        self.store_id = self._id(now - timedelta(days=365 * 8))
        self.employees: dict[str, str] = {}
        self._technicians: list[str] = []
        self._advisors: list[str] = []
        self._salesperson = ""
        self._in_hand: set[str] = set()
        self._number = 48_000
        self._part = 0

    def rows(self) -> Iterator[Row]:
        """Every record, those referred to before those that refer."""
        yield from self._store()
        yield from self._people()
        self._fill_the_offices()
        visits = self._size.history
        customers = max(visits // _VISITS_PER_CUSTOMER, 40)
        start = self._now - timedelta(days=365 * self._size.years)
        step = (self._now - timedelta(days=2) - start) / max(visits, 1)
        made: list[Car] = []
        for index in range(visits):
            at = self._by_day(start + step * index, index)
            fresh = len(made) < customers and (index < 20 or self._chance.random() < 1 / _VISITS_PER_CUSTOMER)
            if fresh or not made:
                yield from self._customer(at, made)
                car = made[-1]
            else:
                car = self._chance.choice(made)
            yield from self._past_visit(car, at)
        recent = made[-max(len(made) // 3, 1) :]
        yield from self._open_work(recent, made)
        yield from self._book.today(self._turns(recent))
        yield from self._book.ahead(self._turns(recent))
        sold: list[Car] = []
        for index in range(min(24, customers)):
            yield from self._buyer(self._now - timedelta(days=40, minutes=index), sold)
        yield from self._sales.deals(sold)
        yield from self._sales.leads(self._chance.sample(recent, min(len(recent), 60)))

    def _fill_the_offices(self) -> None:
        """Whoever books visits and sells cars, now that they are hired."""
        bdc = self.employees["bea"]
        store = self._store_fields()
        calendar = Calendar.of_store(store)
        self._book = Book(self._seed, self._now, calendar, store["capacity"], self._advisors, bdc, self._size.a_day)
        self._sales = Sales(self._seed, self._now, self._salesperson, bdc)

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

    def _by_day(self, at: datetime, index: int) -> datetime:
        """The moment on the same day, spread over the hours the drive is open."""
        return at.replace(hour=0, minute=0, second=0) + self._midnight + timedelta(minutes=480 + index * 37 % 480)

    def _in_hours(self, at: datetime) -> datetime:
        """The moment, or one near it when the store is open: nobody promises a car for the night."""
        local = at.astimezone(self._zone)
        if local.hour < _OPENS:
            return local.replace(hour=_OPENS + 1).astimezone(UTC)
        if (local.hour, local.minute) <= _LAST_PROMISE:
            return at
        evening = local.replace(hour=_LAST_PROMISE[0], minute=15 * self._chance.randrange(0, 3))
        if evening > self._now + timedelta(minutes=30) and local.date() == self._now.astimezone(self._zone).date():
            return evening.astimezone(UTC)
        return (local + timedelta(days=1)).replace(hour=_OPENS + self._chance.randrange(1, 5)).astimezone(UTC)

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
        customer: dict[str, Any] = {
            "name": name.replace("St.Clair", "St. Clair"),
            "phones": [phone],
            "emails": [f"customer{len(made) + 1}@example.com"],
            "address": f"{chance.randrange(1, 999)} {chance.choice(words.STREETS)} Street",
            "preferred_channel": chance.choice(("text", "text", "call", "email")),
            "language": chance.choice(("en", "en", "en", "es", "fr")),
            "consent": {
                "text": {"state": "yes" if chance.random() < 0.8 else "no", "at": self._wire(at), "source": "write-up"}
            },
            "advisor_id": chance.choice(self._advisors),
        }
        if company:
            customer["is_company"] = True
        if self._size.ugly:
            customer = {key: value for key, value in customer.items() if chance.random() < 0.7 or key == "name"}
        yield "customer", customer_id, customer
        yield "vehicle", vehicle_id, self._vehicle(customer_id, at)
        made.append(Car(customer_id, vehicle_id, name))

    def _vehicle(self, customer_id: str, at: datetime) -> dict[str, Any]:
        chance = self._chance
        model = chance.choice(self._on_the_road(at.year))
        year = chance.randint(model.first, min(model.last, at.year + 1))
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
            "odometer": chance.randrange(4_000, 120_000),
            "odometer_at": self._wire(at),
            "customer_ids": [customer_id],
        }
        if model.trim and model.trim != _NO_TRIM:
            fields["trim"] = model.trim.split("/")[0].strip()
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

    def _past_visit(self, car: Car, at: datetime) -> Iterator[Row]:
        chance = self._chance
        stayed = timedelta(days=chance.choice((0, 0, 0, 1, 2)), hours=chance.randrange(2, 7))
        ro_id, closed = self._id(at), at + stayed
        advisor = chance.choice(self._advisors)
        transport = chance.choice(("waiter", "drop_off", "drop_off", "loaner"))
        lately = self._now - at < _LATELY
        booked = self._book.came(car, at, advisor, transport) if lately else None
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
                "promised_at": self._wire(closed),
                "first_promised_at": self._wire(closed),
                "transport": transport,
                "dms_status": "closed",
                "stage": "closed",
                "stage_since": self._wire(closed),
                "closed": self._wire(closed),
            },
        )
        for letter in "ABCDE"[: chance.choice((1, 2, 2, 3, 3))]:
            yield from self._past_job(ro_id, letter, at)
        for event in range(chance.choices([how for how, _ in _CONTACTS], [weight for _, weight in _CONTACTS])[0]):
            moment = min(at + timedelta(days=stayed.days * event // 6, minutes=50 * event), closed)
            yield self._said(car, ro_id, advisor, moment, self._remark(moment))
        if lately:
            yield from self._afterwards(car, ro_id, at, closed, transport)

    def _afterwards(self, car: Car, ro_id: str, at: datetime, closed: datetime, transport: str) -> Iterator[Row]:
        """What else is known of a visit of the last weeks: its loaner, its survey, and who was missed that day."""
        if transport == "loaner":
            yield self._book.lent(car, ro_id, at, closed)
        if closed < self._now - timedelta(days=2):
            yield self._sales.survey(car, ro_id, closed)
        if missed := self._book.missed(car, at + timedelta(hours=1)):
            yield missed

    def _past_job(self, ro_id: str, letter: str, at: datetime) -> Iterator[Row]:
        chance = self._chance
        repair = chance.choice(words.REPAIRS)
        job_id = self._id(at)
        job = self._job(ro_id, letter, repair, "done" if chance.random() < 0.82 else "declined")
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
                "qty": 1,
                "qty_filled": 1,
                "source": "stock" if part.stocked else "order",
                "state": "installed",
                "amount": part.price * 100,
            }
            if not part.stocked:
                line |= self._came(at)
            yield "part_line", self._id(at), line

    def _came(self, at: datetime) -> dict[str, Any]:
        """A part that was ordered ahead: its car came once it was here, later than said where the supplier was late."""
        chance = self._chance
        turn, supplier = chance.choice(range(6)), chance.choice(words.SUPPLIERS)
        due = self._days.after(at, -words.SLIPS[supplier][turn] / 24)
        return {
            "supplier": supplier,
            "order_no": f"PO{chance.randrange(10_000, 99_999)}",
            "ordered_at": self._wire(self._days.after(min(at, due), -1)),
            "eta": self._wire(due),
            "first_eta": self._wire(due),
            "received_at": self._wire(at),
        }

    def _job(self, ro_id: str, letter: str, repair: words.Repair, state: str) -> dict[str, Any]:
        chance = self._chance
        job: dict[str, Any] = {
            "repair_order_id": ro_id,
            "letter": letter,
            "op_code": repair.op_code,
            "complaint": repair.complaint,
            "pay": chance.choice(("customer", "customer", "customer", "warranty", "internal")),
            "hours": repair.hours,
            "labour_amount": repair.labour * 100,
            "parts_amount": sum(words.PARTS[key].price for key in repair.parts) * 100,
            "state": state,
            "severity": repair.severity,
        }
        if state in {"approved", "in_progress", "done"}:
            job |= {"technician_id": chance.choice(self._technicians), "cause": repair.cause}
        if state == "declined":
            job["decline_reason"] = chance.choice(words.DECLINED)
        return job

    def _remark(self, at: datetime) -> dict[str, Any]:
        chance = self._chance
        kind = chance.random()
        if kind < 0.4:
            return {
                "channel": "text",
                "direction": "out",
                "outcome": "delivered",
                "body": chance.choice(words.OUT_TEXTS),
            }
        if kind < 0.65:
            return {"channel": "text", "direction": "in", "outcome": "received", "body": chance.choice(words.IN_TEXTS)}
        if kind < 0.85:
            return {"channel": "call", "direction": "out", "outcome": "reached", "body": chance.choice(words.CALLS)}
        if kind < 0.95:
            return {"channel": "call", "direction": "out", "outcome": "voicemail"}
        return {
            "channel": "in_person",
            "direction": "out",
            "outcome": "reached",
            "body": "Explained the work at the counter.",
        }

    def _said(self, car: Car, ro_id: str, who: str, at: datetime, said: dict[str, Any]) -> Row:
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
        days = chance.choice(_AGES[stage])
        opened = now - timedelta(days=days, minutes=chance.randrange(10, 200))
        since = max(opened, now - timedelta(minutes=chance.choice(_IN_STAGE.get(stage, (3, 8, 22, 35, 50, 95, 130)))))
        if days and stage in {"parts", "repair"}:
            since = opened + (now - opened) / 2
        transport = (
            "waiter"
            if not days and chance.random() < 0.3
            else chance.choice(("drop_off", "drop_off", "loaner", "shuttle"))
        )
        promised = now + timedelta(minutes=chance.choice(_PROMISES[stage]))
        promised = self._in_hours(promised.replace(minute=promised.minute // 15 * 15, second=0))
        ro_id = self._id(opened)
        self._in_hand.add(car.vehicle_id)
        booked = self._book.came(car, opened, advisor, transport)
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
            "odometer_in": chance.randrange(8_000, 120_000),
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
            yield (
                "loaner",
                self._id(opened),
                {
                    "unit": f"L-{index % 40:02}",
                    "customer_id": car.customer_id,
                    "repair_order_id": ro_id,
                    "out_at": self._wire(opened),
                    "due_at": self._wire(promised),
                },
            )
        yield from self._open_jobs(ro_id, stage, opened, promised, index)
        yield from self._story(car, ro_id, advisor, ro, opened, since)

    def _uglier(self, ro: dict[str, Any]) -> dict[str, Any]:
        chance = self._chance
        kept = {"advisor_id", "stage", "customer_id"}
        out = {key: value for key, value in ro.items() if key in kept or chance.random() < 0.75}
        if chance.random() < 0.03:
            out["stage"] = "sublet_from_the_future"
        if chance.random() < 0.1:
            out["tag"] = "T-" + "9" * 12
        return out

    def _open_jobs(self, ro_id: str, stage: str, opened: datetime, promised: datetime, index: int) -> Iterator[Row]:
        chance = self._chance
        how_many = chance.choice((1, 1, 2, 2, 3))
        if self._size.ugly and chance.random() < 0.02:
            how_many = 26
        repairs = [
            chance.choice(_NEEDING) if stage == "parts" else chance.choice(words.REPAIRS) for _ in range(how_many)
        ]
        for place, repair in enumerate(repairs):
            state = _JOB_STATES[stage]
            if place and chance.random() < 0.3 and stage not in {"write_up", "dispatch", "diagnosis"}:
                state = "declined"
            job_id = self._id(opened)
            job = self._job(ro_id, chr(ord("A") + place), repair, state)
            if state == "sent":
                job["sent_at"] = self._wire(self._now - timedelta(minutes=chance.choice((12, 25, 40, 52, 75))))
            if state in {"approved", "in_progress", "done"}:
                job["authorised"] = {"by": "customer", "at": self._wire(opened + timedelta(minutes=5)), "how": "text"}
            yield "job", job_id, job
            if state in {"recommended", "declined"}:
                continue
            for key in repair.parts:
                yield "part_line", self._id(opened), self._open_line(ro_id, job_id, key, stage, opened, promised)

    def _open_line(
        self, ro_id: str, job_id: str, key: str, stage: str, opened: datetime, promised: datetime
    ) -> dict[str, Any]:
        chance, now = self._chance, self._now
        part = words.PARTS[key]
        line: dict[str, Any] = {
            "repair_order_id": ro_id,
            "job_id": job_id,
            "number": self._part_number(part.stem),
            "description": part.words,
            "qty": 4 if key == "tire" else 1,
            "requested_at": self._wire(max(opened, now - timedelta(minutes=chance.choice((5, 15, 40))))),
            "amount": part.price * 100,
            "source": "stock" if part.stocked else "order",
        }
        if part.stocked or stage in {"repair", "quality", "ready"}:
            state = {"repair": "pulled", "quality": "installed", "ready": "installed"}.get(stage, "in_stock")
            filled = {"qty_filled": line["qty"]} if state != "in_stock" else {}
            return line | filled | {"state": state, "bin": f"{chance.choice('ABCS')}{chance.randrange(1, 20):02}"}
        if stage in {"approval", "diagnosis"}:
            return line | {"state": chance.choice(("requested", "quoted", "quoted"))}
        return line | self._ordered(opened, promised)

    def _ordered(self, opened: datetime, promised: datetime) -> dict[str, Any]:
        """A part on its way, in one of the ways such things go."""
        chance, now = self._chance, self._now
        ordered = max(opened, now - timedelta(hours=chance.choice((2, 5, 26))))
        line: dict[str, Any] = {
            "state": "ordered",
            "supplier": chance.choice(words.SUPPLIERS),
            "order_no": f"PO{chance.randrange(10_000, 99_999)}",
            "ordered_at": self._wire(ordered),
        }
        way = chance.random()
        if way < 0.12:
            return line | {"state": "backordered"}
        if way < 0.2:
            return line
        if way < 0.4:
            eta = self._in_hours(promised + timedelta(hours=chance.choice((4, 20, 44))))
        elif way < 0.5:
            eta = now - timedelta(hours=chance.choice((1, 3)))
        elif way < 0.62:
            got = now - timedelta(minutes=chance.choice((15, 60)))
            return line | {"state": "received", "qty_filled": 1, "received_at": self._wire(got), "eta": self._wire(got)}
        else:
            eta = max(now + timedelta(hours=1), promised - timedelta(hours=chance.choice((2, 3, 5))))
        eta = eta.replace(minute=0, second=0)
        line |= {
            "eta": self._wire(eta),
            "first_eta": self._wire(eta),
            "eta_source": "supplier",
            "eta_set_at": self._wire(ordered),
        }
        told = chance.random()
        if told < 0.6:
            line["eta_told"] = {"eta": self._wire(eta), "at": self._wire(ordered + timedelta(minutes=20))}
        elif told < 0.8:
            first = eta - timedelta(days=1)
            line |= {"first_eta": self._wire(first), "eta_set_at": self._wire(now - timedelta(minutes=30))}
            line["eta_told"] = {"eta": self._wire(first), "at": self._wire(ordered + timedelta(minutes=20))}
        return line

    def _story(
        self, car: Car, ro_id: str, advisor: str, ro: dict[str, Any], opened: datetime, since: datetime
    ) -> Iterator[Row]:
        chance, now = self._chance, self._now
        hello = {
            "channel": "in_person",
            "direction": "out",
            "outcome": "reached",
            "body": "Wrote up the car together at the drive.",
        }
        yield self._said(car, ro_id, advisor, opened + timedelta(minutes=2), hello)
        stage = ro.get("stage")
        if stage == "write_up":
            return
        waits = ro.get("transport") == "waiter"
        last = now - timedelta(minutes=chance.choice((4, 12, 20, 33, 52) if waits else (4, 20, 45, 90, 150, 200)))
        if stage == "ready" and chance.random() < 0.5:
            last = since - timedelta(minutes=20)
        span = max(last - opened, timedelta(minutes=10))
        for place in range(chance.choice((1, 2, 3, 4))):
            at = min(opened + span * (place + 1) / 5, now - timedelta(minutes=1))
            yield self._said(car, ro_id, advisor, at, self._remark(at))


_LATELY: Final = timedelta(days=60)
"""How far back the book of visits, the loaners and the surveys go."""
_OPENS: Final = 8
_LAST_PROMISE: Final = (17, 30)
_ZONES: Final = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Asia/Bangkok", "Asia/Kolkata",
    "Asia/Dubai", "Europe/Athens", "Europe/Paris", "Europe/London", "Atlantic/Azores", "America/Halifax",
)  # fmt: skip


def zone_at_work(now: datetime) -> ZoneInfo:
    """New York's time zone while it works there, else one where it is morning: a demo is never shut."""
    zones = [ZoneInfo(name) for name in _ZONES]
    return next((zone for zone in zones if 8 <= now.astimezone(zone).hour < 14), zones[0])


def words_technicians(open_orders: int) -> tuple[str, ...]:
    """Technicians for so much open work."""
    return people.TECHNICIANS[: max(6, min(len(people.TECHNICIANS), open_orders // 12))]


_NEEDING: Final = tuple(repair for repair in words.REPAIRS if any(not words.PARTS[key].stocked for key in repair.parts))
_STAGE_CYCLE: Final = (
    "parts", "diagnosis", "repair", "approval", "parts", "ready", "repair", "write_up", "diagnosis", "parts",
    "approval", "repair", "ready", "parts", "diagnosis", "write_up", "quality", "dispatch",
)  # fmt: skip
_AGES: Final = {
    "write_up": (0,), "dispatch": (0,), "diagnosis": (0, 0, 0, 1), "approval": (0, 0, 1), "parts": (0, 1, 1, 2, 3),
    "repair": (0, 0, 1), "quality": (0,), "ready": (0, 0, 1),
}  # fmt: skip
_IN_STAGE: Final = {"ready": (3, 8, 12, 22), "write_up": (3, 8, 22, 35), "approval": (14, 28, 50, 95)}
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
