"""What happens at the store whoever acts on promises or not: visits, orders, parts, sales, and those who ask."""

from __future__ import annotations

from datetime import datetime, timedelta

from advisor_desk.cache.schema import AWAITED
from advisor_desk.domain import times
from tests.desk.month.store import Fields, MonthStore

_COMPLAINTS = ("Oil service", "Brakes squeal", "Check engine light", "Pulls to the right", "AC blows warm")
_FOUND = ("Front pads at 3 mm", "Cabin filter clogged", "Coolant leak", "Battery weak", "Tyres worn")
_COME = 0.86
_GIVEN_UP = timedelta(minutes=60)
# By the product's own indexes: the day's work is looked at, never the years behind it.
_OPEN_ORDERS = "FROM repair_order WHERE stage NOT IN ('closed', 'void') AND NOT deleted"
_LINES = (
    f"SELECT id, body FROM part_line WHERE {AWAITED} AND state IN ('ordered', 'backordered') AND NOT deleted"
    " UNION ALL SELECT id, body FROM part_line WHERE state IN ('requested', 'quoted') AND NOT deleted"
    f" AND repair_order_id IN (SELECT id {_OPEN_ORDERS}) ORDER BY id"
)
_TO_COME = "SELECT id, body FROM appointment WHERE starts_at >= ? AND status IN ('booked', 'confirmed') AND NOT deleted"


class Shop:
    """The store at work; each record's course follows from its own dice."""

    def __init__(self, store: MonthStore, a_day: int) -> None:
        self.store = store
        self.a_day = a_day

    def step(self) -> None:
        """What happens in the time up to now, all of it at this moment."""
        self._missed()
        for id, order in self.store.rows(f"SELECT id, body {_OPEN_ORDERS} ORDER BY +id"):
            self._order(id, order)
        self._lines()

    def morning(self) -> None:
        """What a day brings besides: people ask for visits, ask for something, buy cars, and answer surveys."""
        self._bookings()
        self._leads()
        self._deals()

    def arrivals(self, until: datetime) -> None:
        """Who is expected by then drives up at their time; some come hours late, and some not at all."""
        store, since = self.store, self.store.now
        for id, visit in self._expected(until):
            starts = times.from_wire(visit["starts_at"])
            if starts > since and store.dice("visit", visit["customer_id"], starts).random() < _COME:
                store.clock.at = starts
                self._drive_up(id, visit)

    def _missed(self) -> None:
        for id, visit in self._expected(self.store.now - _GIVEN_UP):
            roll = self.store.dice("missed", visit["customer_id"], visit["starts_at"]).random()
            if roll < 0.15:
                self._drive_up(id, visit)
            elif roll < 0.5:
                self.store.do("bea", "visit.no_show", appointment_id=id)

    def _expected(self, until: datetime) -> list[tuple[str, Fields]]:
        since, to = times.to_wire(until - timedelta(hours=11)), times.to_wire(until)
        return self.store.rows(
            "SELECT id, body FROM appointment WHERE starts_at > ? AND starts_at <= ?"
            " AND status IN ('booked', 'confirmed') AND NOT deleted ORDER BY starts_at, id",
            since, to,
        )  # fmt: skip

    def _drive_up(self, id: str, visit: Fields) -> None:
        store = self.store
        dice = store.dice("order", visit["customer_id"], visit["starts_at"])
        advisor = store.login_of(visit.get("advisor_id"))
        said = {"customer_id": visit["customer_id"], "appointment_id": id, "odometer": dice.randrange(9_000, 120_000)}
        if visit.get("vehicle_id"):
            said["vehicle_id"] = visit["vehicle_id"]
        promised = times.to_wire(store.now + timedelta(hours=dice.choice((2, 4, 6, 26, 50))))
        transport = dice.choice(("waiter", "drop_off", "drop_off", "loaner", "shuttle"))
        more = {"promised_at": promised, "transport": transport, "complaints": [dice.choice(_COMPLAINTS)]}
        store.do(advisor, "ro.open", **said, **more, again=True)

    def _order(self, id: str, order: Fields) -> None:
        store = self.store
        dice = store.dice("stage", order.get("customer_id"), order.get("opened"), store.now)
        advisor, stage = store.login_of(order.get("advisor_id")), order.get("stage", "write_up")
        match stage:
            case "write_up" if dice.random() < 0.9:
                self._diagnose(advisor, id, order)
            case "approval":
                self._answers(advisor, id, order)
            case "parts":
                if not any(self._awaited(line) for _, line in store.of("part_line", id)):
                    self._move(advisor, id, "repair")
            case "diagnosis" | "dispatch" | "repair" | "quality" if dice.random() < 0.6:
                self._move(advisor, id, "ready")
            case "ready" if dice.random() < 0.4:
                store.do(advisor, "ro.close", repair_order_id=id, anyway=True, reason="picked up")

    def _diagnose(self, advisor: str, id: str, order: Fields) -> None:
        store = self.store
        dice = store.dice("found", order.get("customer_id"), order.get("opened"))
        for _ in range(dice.choice((0, 1, 1, 2))):
            severity = dice.choice(("red", "yellow", "none"))
            amounts = {"labour_amount": dice.randrange(4_000, 40_000), "parts_amount": dice.randrange(2_000, 60_000)}
            said = {"complaint": dice.choice(_FOUND), "severity": severity, **amounts}
            store.do(advisor, "job.add", repair_order_id=id, **said)
        jobs = [job for job, fields in store.of("job", id) if fields.get("state") == "recommended"]
        if jobs:
            store.do(advisor, "job.send", job_ids=jobs)
        if dice.random() < 0.5:
            store.do("luis", "part.request", repair_order_id=id, description="Brake pads")
        self._move(advisor, id, "approval" if jobs else "parts")

    def _answers(self, advisor: str, id: str, order: Fields) -> None:
        store, waits = self.store, 0
        for job, fields in store.of("job", id):
            if fields.get("state") != "sent":
                continue
            dice = store.dice("answer", order.get("customer_id"), fields.get("complaint"), store.now)
            if dice.random() < 0.5:
                waits += 1
            elif dice.random() < 0.4:
                store.do(advisor, "job.decline", job_id=job, reason="next time")
            else:
                store.do(advisor, "job.authorise", job_id=job, by="customer", how="text")
        if not waits:
            waiting = any(self._awaited(line) for _, line in store.of("part_line", id))
            self._move(advisor, id, "parts" if waiting else "repair")

    def _move(self, login: str, id: str, stage: str) -> None:
        self.store.do(login, "ro.move_stage", repair_order_id=id, stage=stage)

    def _awaited(self, line: Fields) -> bool:
        return line.get("state", "requested") in ("requested", "quoted", "ordered", "backordered", "partly_received")

    def _lines(self) -> None:
        """The parts counter: a part asked for is ordered in time, dates slip, and parts come."""
        store = self.store
        for id, line in store.rows(_LINES):
            dice = store.dice("line", line.get("repair_order_id"), line.get("description"), store.now)
            eta, roll = line.get("eta"), dice.random()
            if line.get("state", "requested") in ("requested", "quoted"):
                if roll < 0.4:
                    due = times.to_wire(store.now + timedelta(hours=dice.choice((3, 6, 22, 46))))
                    said = {"order_no": f"PO{dice.randrange(9_999)}", "supplier": "Keystone"}
                    store.do("luis", "part.order", part_line_id=id, **said, **({"eta": due} if roll < 0.3 else {}))
            elif eta and times.from_wire(eta) <= store.now and roll < 0.6:
                store.do("luis", "part.receive", part_line_id=id)
            elif roll > 0.97:
                later = times.to_wire(store.now + timedelta(hours=dice.choice((20, 26, 70))))
                store.do("luis", "part.set_eta", part_line_id=id, eta=later)

    def _bookings(self) -> None:
        store = self.store
        dice = store.dice("bookings", store.now.date())
        to_come = {visit.get("vehicle_id") for _, visit in store.rows(_TO_COME, times.to_wire(store.now))}
        for car, fields in self._some_cars(int(self.a_day * 0.6), "bookings"):
            if car in to_come:
                continue  # who is booked already does not ring for another visit
            said = {"vehicle_id": car, "starts_at": store.hence(dice, 1, 9), "hours": 1.5}
            store.do("bea", "visit.book", customer_id=fields["customer_ids"][0], source="phone", **said)

    def _leads(self) -> None:
        dice = self.store.dice("leads", self.store.now.date())
        for _, fields in self._some_cars(max(self.a_day // 8, 1), "leads"):
            wants = dice.choice(("service", "reschedule", "sales", "parts"))
            self.store.do("bea", "lead.take", customer_id=fields["customer_ids"][0], wants=wants)

    def _deals(self) -> None:
        """Cars are sold, and those sold before go home once their papers are done."""
        store = self.store
        for id, deal in store.rows(
            "SELECT id, body FROM deal WHERE stage IN ('pending', 'in_finance') AND NOT deleted ORDER BY id"
        ):
            papers = [paper["name"] for paper in deal.get("documents") or () if not paper.get("done")]
            if papers:
                store.do("nora", "deal.document", deal_id=id, name=papers[0], done=True)
            elif store.dice("deliver", deal["customer_id"], store.now).random() < 0.5:
                store.do("sam", "deal.deliver", deal_id=id)
        for car, fields in self._some_cars(max(self.a_day // 20, 1), "sold"):
            customer = fields["customer_ids"][0]
            store.do("sam", "deal.open", customer_id=customer, vehicle_id=car, documents=["Title"])

    def _some_cars(self, count: int, about: str) -> list[tuple[str, Fields]]:
        dice = self.store.dice(about, self.store.now.date())
        with self.store.cache.read() as conn:
            most = conn.exec_driver_sql("SELECT max(row) FROM vehicle").scalar_one()
        places = sorted(dice.sample(range(1, most + 1), count))
        marks = ",".join("?" * count)
        return self.store.rows(f"SELECT id, body FROM vehicle WHERE row IN ({marks}) ORDER BY row", *places)
