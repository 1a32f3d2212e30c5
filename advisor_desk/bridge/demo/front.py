"""The simulated day at the drive, on the phones and in the showroom: visits, leads, deals, surveys, loaners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from advisor_desk.bridge.demo import words
from advisor_desk.bridge.demo.line import Act, Fields, Line
from advisor_desk.bridge.demo.sales import PAPERS
from advisor_desk.domain import lead, times, vin
from advisor_desk.domain.calendar import Calendar

Turn = Callable[[], Act | None]
_GIVEN_UP: Final = timedelta(minutes=60)
"""Who is not here by then has not come."""


def turns(line: Line) -> list[Turn]:
    """What is done in turn by those of the front who are at work today."""
    front = _Front(line)
    by = {
        "david": (front.arrive,),
        "bea": (front.confirm, front.take_lead, front.no_show, front.answer_lead, front.book, front.move),
        "sam": (front.sell, front.deliver),
        "nora": (front.finish_paper,),
        "helen": (front.close, front.loaner_back, front.survey),
    }
    return [turn for login, what in by.items() if line.has(login) for turn in what]


class _Front:
    def __init__(self, line: Line) -> None:
        self._line = line
        self._chance = line.chance

    def arrive(self) -> Act | None:
        """A customer drives up: the visit has come, and the next time round the order is written up from it."""
        written = {ro.get("appointment_id") for ro in self._line.all("repair_order").values()}
        here = [(id, seen) for id, seen in self._visits("arrived") if id not in written]
        if here:
            return self._write_up(*here[0])
        due = [id for id, seen in self._visits("booked", "confirmed") if abs(self._until(seen)) < _GIVEN_UP]
        if not due:
            return None
        return self._line.update("david", "visit.arrive", "appointment", due[0], status="arrived", arrived_at=_now())

    def _write_up(self, id: str, seen: Fields) -> Act:
        promised = datetime.now(UTC) + timedelta(hours=self._chance.choice((2, 4, 6)))
        promise = times.to_wire(promised.replace(minute=0, second=0))
        order = {
            "number": self._line.number("david"),
            "appointment_id": id,
            "customer_id": seen["customer_id"],
            "vehicle_id": seen.get("vehicle_id"),
            "advisor_id": seen.get("advisor_id") or self._line.who("david"),
            "transport": seen.get("transport"),
            "opened": _now(),
            "promised_at": promise,
            "first_promised_at": promise,
            "stage": "write_up",
            "stage_since": _now(),
        }
        order_id = self._line.new_id(datetime.now(UTC))
        opened = self._line.create("david", "ro.open", "repair_order", order, order_id)
        asked_for = next((one for one in words.REPAIRS if one.complaint == seen.get("concerns")), words.REPAIRS[0])
        job = {
            "repair_order_id": order_id,
            "letter": "A",
            "op_code": asked_for.op_code,
            "complaint": seen.get("concerns") or asked_for.complaint,
            "pay": "warranty" if asked_for.op_code == words.RECALL else "customer",
            "hours": asked_for.hours,
            "state": "recommended",
        }
        added = self._line.create("david", "job.add", "job", job)
        return opened if added.outcome == "applied" else added

    def confirm(self) -> Act | None:
        """A visit of the next days is confirmed."""
        coming = [id for id, seen in self._visits("booked") if timedelta(0) < self._until(seen) < timedelta(days=3)]
        return self._visit(coming, "visit.confirm", status="confirmed", confirmed_at=_now())

    def no_show(self) -> Act | None:
        """Who has not come within the hour is given up for today."""
        late = [id for id, seen in self._visits("booked", "confirmed") if self._until(seen) < -_GIVEN_UP]
        return self._visit(late, "visit.no_show", status="no_show")

    def book(self) -> Act | None:
        """Somebody calls for a visit next week."""
        customers = sorted(self._line.all("customer"))
        start = self._slot(self._chance.randrange(4, 12))
        if not customers or start is None:
            return None
        repair = self._chance.choice(words.REPAIRS)
        visit = {
            "customer_id": self._chance.choice(customers),
            "starts_at": start,
            "advisor_id": self._line.who("david"),
            "concerns": repair.complaint,
            "hours": repair.hours,
            "source": "phone",
            "status": "booked",
            "booked_at": _now(),
            "booked_by": self._line.who("bea"),
        }
        return self._line.create("bea", "visit.book", "appointment", visit)

    def move(self) -> Act | None:
        """Somebody who was missed, or cannot come, is given another day."""
        missed = self._visits("no_show") or [pair for pair in self._visits("booked") if self._until(pair[1]).days > 3]
        start = self._slot(self._chance.randrange(2, 9))
        if not missed or start is None:
            return None
        id, seen = self._chance.choice(missed)
        said = {"at": _now(), "by": self._line.who("bea"), "was": seen["starts_at"], "to": start}
        moves = [*(seen.get("moves") or ()), said | {"reason": self._chance.choice(words.MOVED)}]
        return self._visit([id], "visit.move", status="booked", confirmed_at=None, starts_at=start, moves=moves)

    def take_lead(self) -> Act | None:
        """Somebody asks for something."""
        customers = sorted(self._line.all("customer"))
        if not customers:
            return None
        wants = self._chance.choice(lead.WANTS)
        asked = {"customer_id": self._chance.choice(customers), "wants": wants, "received_at": _now()}
        text = self._chance.choice(words.ASKED[wants])
        return self._line.create("bea", "lead.take", "lead", asked | {"source": "web form", "text": text})

    def answer_lead(self) -> Act | None:
        """Who has waited longest is called back."""
        waiting = [pair for pair in self._line.all("lead").items() if not pair[1].get("first_answered_at")]
        if not waiting:
            return None
        id, asked = min(waiting, key=lambda pair: str(pair[1].get("received_at")))
        said = {"customer_id": asked.get("customer_id"), "employee_id": self._line.who("bea"), "at": _now()}
        how = {"channel": "call", "direction": "out", "outcome": "reached", "body": "Called back about the request."}
        self._line.create("bea", "lead.answer", "contact_event", said | how)
        return self._line.update("bea", "lead.answer", "lead", id, first_answered_at=said["at"])

    def sell(self) -> Act | None:
        """A car of the lot finds a buyer: the manager takes it in the books, the salesperson writes the deal."""
        customers = sorted(self._line.all("customer"))
        if not customers or not self._line.has("helen"):
            return None
        buyer = self._chance.choice(customers)
        number = vin.with_check_digit(f"1HGCM826{self._chance.randrange(10)}TA{self._chance.randrange(1_000_000):06}")
        car = {"vin": number, "year": vin.model_year(number), "make": "Honda", "model": "Accord"}
        self._line.create("helen", "vehicle.add", "vehicle", car | {"customer_ids": [buyer], "sold_here": True})
        self._line.look()
        (car_id,) = [id for id, seen in self._line.all("vehicle").items() if seen.get("vin") == number]
        papers = [{"name": name, "done": False} for name in PAPERS[:2]]
        deal: Fields = {"customer_id": buyer, "vehicle_id": car_id, "salesperson_id": self._line.who("sam")}
        deal |= {"sold_on": times.day_to_wire(self._today()), "documents": papers, "stage": "in_finance"}
        return self._line.create("sam", "deal.open", "deal", deal)

    def finish_paper(self) -> Act | None:
        """One more paper of a deal is done."""
        for id, papers in self._unfinished():
            first = next(place for place, paper in enumerate(papers) if not paper.get("done"))
            done = [{**paper, "done": paper.get("done") or place == first} for place, paper in enumerate(papers)]
            return self._line.update("nora", "deal.document", "deal", id, documents=done)
        return None

    def deliver(self) -> Act | None:
        """A car whose papers are done is handed over."""
        left = {id for id, _ in self._unfinished()}
        ready = [id for id, deal in self._deals() if id not in left]
        if not ready:
            return None
        return self._line.update("sam", "deal.deliver", "deal", ready[0], stage="delivered", delivered_at=_now())

    def close(self) -> Act | None:
        """A car that is ready is paid for and leaves."""
        ready = self._line.open_orders("ready")
        if not ready:
            return None
        shut = {"stage": "closed", "stage_since": _now(), "closed": _now()}
        return self._line.update("helen", "ro.close", "repair_order", self._chance.choice(ready), **shut)

    def loaner_back(self) -> Act | None:
        """A loaner whose order is closed comes back."""
        orders = self._line.all("repair_order")
        out = [
            id
            for id, lent in self._line.all("loaner").items()
            if not lent.get("back_at") and orders.get(str(lent.get("repair_order_id")), {}).get("stage") == "closed"
        ]
        if not out:
            return None
        return self._line.update("helen", "loaner.back", "loaner", out[0], back_at=_now())

    def survey(self) -> Act | None:
        """A customer who was asked answers; else one whose car has left is asked."""
        surveys = self._line.all("survey")
        for id, asked in surveys.items():
            if not asked.get("answered_at"):
                score = self._chance.choice((100, 100, 90, 80, 40))
                said = {"answered_at": _now(), "score": score}
                said |= {"comment": self._chance.choice(words.COMPLAINED)} if score < 70 else {}
                return self._line.update("helen", "survey.record", "survey", id, **said)
        asked_about = {asked.get("repair_order_id") for asked in surveys.values()}
        for id, ro in self._line.all("repair_order").items():
            if ro.get("stage") == "closed" and ro.get("customer_id") and id not in asked_about:
                new = {"repair_order_id": id, "customer_id": ro["customer_id"], "sent_at": _now()}
                return self._line.create("helen", "survey.send", "survey", new)
        return None

    def _visits(self, *statuses: str) -> list[tuple[str, Fields]]:
        visits = self._line.all("appointment").items()
        found = [
            (id, seen) for id, seen in visits if seen.get("status", "booked") in statuses and seen.get("starts_at")
        ]
        return sorted(found, key=lambda pair: (str(pair[1]["starts_at"]), pair[0]))

    def _visit(self, ids: list[str], intent: str, **set_: Any) -> Act | None:
        return self._line.update("bea", intent, "appointment", ids[0], **set_) if ids else None

    def _until(self, seen: Fields) -> timedelta:
        return times.from_wire(seen["starts_at"]) - datetime.now(UTC)

    def _slot(self, days: int) -> str | None:
        """A morning's time on the first working day so many days ahead."""
        calendar = self._calendar()
        found = next(calendar.open_days(self._today() + timedelta(days=days)), None)
        return times.to_wire(found[1].opens + timedelta(minutes=15 * self._chance.randrange(20))) if found else None

    def _calendar(self) -> Calendar:
        return Calendar.of_store(next(iter(self._line.all("store").values()), {}))

    def _today(self) -> date:
        return self._calendar().local(datetime.now(UTC))

    def _deals(self) -> list[tuple[str, Fields]]:
        deals = self._line.all("deal").items()
        return [(id, deal) for id, deal in deals if deal.get("stage") in {"pending", "in_finance"}]

    def _unfinished(self) -> Iterator[tuple[str, list[Fields]]]:
        for id, deal in self._deals():
            papers = list(deal.get("documents") or ())
            if not all(paper.get("done") for paper in papers):
                yield id, papers


def _now() -> str:
    return times.to_wire(datetime.now(UTC))
