"""The other side of a made-up store: cars sold and delivered, what buyers are owed, leads, and what customers said."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.bridge.demo import words
from advisor_desk.bridge.demo.drive import Drive
from advisor_desk.bridge.demo.kept import Kept
from advisor_desk.bridge.demo.visits import Car, Row
from advisor_desk.domain import lead, times
from advisor_desk.domain.ids import uuid7

PAPERS: Final = ("Title application", "Insurance", "Odometer statement", "Credit application")
_STAGES: Final = ("in_finance", "delivered", "funded", "pending", "delivered", "funded")
_ANSWERED: Final = 0.4
"""How many of those who are asked say something."""


class Sales:
    """Sales, leads and surveys; the same for the same seed and ``now``."""

    def __init__(self, seed: int, now: datetime, drive: Drive, salesperson: str, bdc: str) -> None:
        self._chance = random.Random(f"sales {seed}")  # noqa: S311 - a play, not a secret
        self._now = now
        self._drive = drive
        self._salesperson = salesperson
        self._bdc = bdc

    def deals(self, cars: Sequence[Car]) -> Iterator[Row]:
        """Cars sold in the last weeks, at every stage from signed to funded; half the buyers are owed something."""
        for index, car in enumerate(cars):
            stage = _STAGES[index % len(_STAGES)]
            done = stage in {"delivered", "funded"}
            ago = (3 if done else 0) + self._chance.randrange(0, 30 if done else 4)
            sold = self._drive.back(self._now - timedelta(days=ago))
            deal: dict[str, Any] = {
                "customer_id": car.customer_id,
                "vehicle_id": car.vehicle_id,
                "sold_on": times.day_to_wire(sold.date()),
                "salesperson_id": self._salesperson,
                "documents": [{"name": name, "done": done or self._chance.random() < 0.6} for name in PAPERS],
                "stage": stage,
            }
            if done:
                handed = sold + timedelta(days=self._chance.choice((0, 1, 2)))
                deal["delivered_at"] = times.to_wire(max(self._drive.back(handed), sold))
            deal_id = self._id(sold)
            yield "deal", deal_id, deal
            if index % 2:
                day = (self._now + timedelta(days=self._chance.randrange(-2, 12))).date()
                owed = {"deal_id": deal_id, "customer_id": car.customer_id, "vehicle_id": car.vehicle_id}
                owed |= {"description": self._chance.choice(words.OWED), "promised_on": times.day_to_wire(day)}
                yield "we_owe", self._id(sold), owed

    def leads(self, cars: Sequence[Car], kept: Kept | None = None) -> Iterator[Row]:
        """Who has asked for something in the last days; the newest few still wait."""
        for index, car in enumerate(cars):
            asked = self._drive.before(self._now, 3 + 7 * index if index < 4 else 15 * index)
            wants = self._chance.choice(lead.WANTS)
            said = {
                "customer_id": car.customer_id,
                "wants": wants,
                "received_at": times.to_wire(asked),
                "source": self._chance.choice(("web form", "phone", "maker's site")),
                "text": self._chance.choice(words.ASKED[wants]),
            }
            if index < 4:
                yield "lead", self._id(asked), said
                continue
            answered = self._drive.after(asked, self._chance.choice((2, 3, 4, 5, 6, 7, 9, 15, 22, 38)))
            at = times.to_wire(answered)
            one: Row = ("lead", self._id(asked), said | {"first_answered_at": at})
            yield one
            contact = {"customer_id": car.customer_id, "employee_id": self._bdc, "at": at}
            how = {"channel": "call", "direction": "out"} | self._chance.choice(words.CALLED_BACK)
            answer: Row = ("contact_event", self._id(answered), contact | how)
            yield answer
            if kept is not None and wants != "reschedule":
                yield kept.answered(car, one, answer)

    def survey(self, car: Car, order_id: str, closed: datetime) -> Row:
        """What the customer of a closed order was asked, and said."""
        asked = closed + timedelta(days=1)
        said: dict[str, Any] = {"repair_order_id": order_id, "customer_id": car.customer_id}
        said["sent_at"] = times.to_wire(asked)
        answered = asked + timedelta(hours=self._chance.randrange(1, 60))
        if self._chance.random() < _ANSWERED and answered < self._now:
            score = self._chance.choices((100, 90, 80, 60, 40), (5, 4, 2, 1, 1))[0]
            said |= {"answered_at": times.to_wire(answered), "score": score}
            if score < 70:
                said["comment"] = self._chance.choice(words.COMPLAINED)
        return "survey", self._id(asked), said

    def _id(self, at: datetime) -> str:
        return uuid7(at, self._chance.randbytes(10))
