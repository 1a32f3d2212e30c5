"""The promises of a made-up store's last weeks that are over: kept on time, late or not at all, with evidence."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from advisor_desk.bridge.demo.visits import Car, Row
from advisor_desk.domain import times
from advisor_desk.domain.calendar import Calendar
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.rules.rule import Rule, occurrence, promise_id
from advisor_desk.domain.rules.table import RULES

_REMEMBERED: Final = timedelta(days=30)
_KEPT, _LATE, _BROKEN = "kept", "kept_late", "broken"
_SHARES: Final = {_KEPT: 68, _LATE: 20, _BROKEN: 12}


class Kept:
    """What became of promises; the same for the same seed and ``now``."""

    def __init__(self, seed: int, now: datetime, store_id: str, calendar: Calendar) -> None:
        self._chance = random.Random(f"kept {seed}")  # noqa: S311 - a play, not a secret
        self._now = now
        self._store_id = store_id
        self._calendar = calendar
        self._fate = _KEPT

    def remembers(self, at: datetime) -> bool:
        """True for what was so lately that figures count it."""
        return at > self._now - _REMEMBERED

    def calls(self) -> bool:
        """Settle how well a car's readiness is told; False where nobody calls at all."""
        self._fate = self._drawn()
        return self._fate != _BROKEN

    def told_ready(self, car: Car, order_id: str, advisor: str, closed: datetime, said: Row | None) -> Iterator[Row]:
        """A car was ready some minutes before its customer was told, or before they came without a word."""
        if said is None and self._fate != _BROKEN:
            return
        told = times.from_wire(said[2]["at"]) if said else closed
        within = (3, 14) if self._fate == _KEPT else (18, 40)
        ready = told - timedelta(minutes=self._chance.randrange(*within))
        reason = {"reason": "The car was handed over before anybody called."}
        ended = self._by(said) if said else reason
        yield self._row(RULES["tell_ready"], car, ("repair_order", order_id), ready, occurrence(ready), ended, advisor)

    def followed_up(self, car: Car, order_id: str, advisor: str, closed: datetime) -> Iterator[Row]:
        """Somebody asked how the visit was: by the next day, after it, or not at all."""
        fate = self._drawn()
        due = self._calendar.business_days_after(closed, 1 if fate == _KEPT else 2)
        at = due - timedelta(minutes=self._chance.randrange(20, 300))
        if fate == _BROKEN or at > self._now:
            return
        rule, subject = RULES["follow_up_visit"], ("repair_order", order_id)
        id = promise_id(self._store_id, rule.name, *subject, occurrence(closed))
        said: dict[str, Any] = {
            "customer_id": car.customer_id,
            "vehicle_id": car.vehicle_id,
            "repair_order_id": order_id,
            "employee_id": advisor,
            "channel": "call",
            "direction": "out",
            "outcome": "reached",
            "body": "Asked how the visit was: all is well.",
            "at": times.to_wire(at),
            "keeps": [id],
        }
        called: Row = ("contact_event", uuid7(at, self._chance.randbytes(10)), said)
        yield called
        yield self._row(rule, car, subject, closed, occurrence(closed), self._by(called), advisor)

    def answered(self, car: Car, lead: Row, said: Row) -> Row:
        """A lead was answered by whoever answers leads."""
        asked = times.from_wire(lead[2]["received_at"])
        return self._row(
            RULES["answer_lead"], car, ("lead", lead[1]), asked, "", self._by(said), about=lead[2]["wants"]
        )

    def _drawn(self) -> str:
        return self._chance.choices(list(_SHARES), list(_SHARES.values()))[0]

    def _by(self, said: Row) -> dict[str, Any]:
        return {"evidence": {"kind": said[0], "id": said[1]}, "ended_at": said[2]["at"]}

    def _row(
        self, rule: Rule, car: Car, subject: tuple[str, str], raised: datetime, mark: str, ended: dict[str, Any],
        advisor: str = "", about: str = "",
    ) -> Row:  # fmt: skip
        """A promise as the rule raises it and its evidence ends it."""
        kind, id = subject
        due = times.to_wire(rule.due.after(raised, self._calendar))
        late = "ended_at" in ended and ended["ended_at"] > due
        promise = {
            "rule": rule.name,
            "subject": {"kind": kind, "id": id},
            "occurrence": mark,
            "customer_id": car.customer_id,
            "repair_order_id": id if kind == "repair_order" else "",
            "title": rule.title.format(who=car.name.split(",", 1)[0], about=about),
            "owner_id": advisor,
            "owner_role": "" if advisor else "bdc",
            "due_at": due,
            "first_due_at": due,
            "raised_at": times.to_wire(raised),
            "state": (_LATE if late else _KEPT) if "evidence" in ended else _BROKEN,
        }
        return (
            "promise",
            promise_id(self._store_id, rule.name, kind, id, mark),
            {name: value for name, value in promise.items() if value} | ended,
        )
