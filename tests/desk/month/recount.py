"""The month's figures counted a second time, straight from the records: plain loops, and nothing of the product's.

Each count says in its own words what it counts; where it differs from ``domain.figures`` one of them is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Row = tuple[str, dict[str, Any]]
Rows = Mapping[str, Sequence[Row]]
_MINUTE = timedelta(minutes=1)


class Recount:
    """The records of a store between two moments, seen at a third."""

    def __init__(self, rows: Rows, since: datetime, until: datetime, now: datetime) -> None:
        self.rows = rows
        self.since, self.until, self.now = since, until, now
        ((_, self.store),) = rows["store"]
        self.zone = ZoneInfo(self.store["timezone"])
        shut = self.store["holidays"]
        self.shut = (
            holidays.country_holidays(shut["country"], subdiv=shut["subdivision"], years=(since.year, now.year))
            if shut["country"]
            else {}
        )

    def kept(self) -> dict[str, tuple[int, int, int, int, int]]:
        """By rule: promises kept by their time, kept after it, broken, given up, and due in the time and still open."""
        out: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
        for _, promise in self.rows["promise"]:
            due = _at(promise["due_at"])
            if promise["state"] == "open":
                out[promise["rule"]][4] += self._within(due) and due <= self.now
                continue
            ended = _at(promise.get("ended_at")) or due
            if not self._within(ended):
                continue
            match promise["state"]:
                case "kept" | "kept_late":
                    out[promise["rule"]][0 if ended <= due else 1] += 1
                case "broken":
                    out[promise["rule"]][2] += 1
                case _:
                    out[promise["rule"]][3] += 1
        return {rule: tuple(counts) for rule, counts in out.items() if any(counts)}  # type: ignore[misc]

    def no_shows(self) -> tuple[int, int]:
        """Visits whose customer was not here an hour past their start and never came; those saved by the day's end.

        Saved is who was spoken to, or given another time, after the hour and before the store closed.
        """
        missed = saved = 0
        for id, visit in self.rows["appointment"]:
            for starts, again in _starts(visit):
                hour = starts + timedelta(hours=1)
                given_up = min(_at(visit.get("no_show_at")) or hour, hour) if again is None else hour
                if given_up < starts:
                    given_up = hour
                if not self._within(given_up) or given_up > self.now:
                    continue
                if again is not None and again < given_up:
                    continue  # it was moved before anybody missed it
                if again is None and visit.get("status") in ("arrived", "requested"):
                    continue
                if again is None and visit.get("status") == "cancelled" and not visit.get("no_show_at"):
                    continue
                missed += 1
                ends = max(self._close(starts), self._close(given_up))
                spoken = [
                    _at(said["at"])
                    for _, said in self._to(visit["customer_id"])
                    if said["channel"] in ("call", "in_person") and said.get("outcome") in ("reached", "received")
                ]
                booked = [
                    _at(other["booked_at"])
                    for other_id, other in self.rows["appointment"]
                    if other["customer_id"] == visit["customer_id"]
                    and other_id != id
                    and other.get("booked_at")
                    and other.get("status", "booked") in ("booked", "confirmed", "arrived")
                ]
                moved = [again] if again is not None else []
                saved += any(given_up <= at <= ends for at in (*spoken, *booked, *moved))
        return missed, saved

    def declined(self) -> tuple[int, int, int, int]:
        """Jobs a customer had said no to when their order closed, and their money; those said yes to since."""
        said_no, back = [], []
        closed = {id: order for id, order in self.rows["repair_order"] if order.get("stage") == "closed"}
        for _, job in self.rows["job"]:
            order = closed.get(job["repair_order_id"])
            if order is None or not order.get("customer_id") or order.get("is_recon"):
                continue
            at = _at(order["closed"])
            if not self._within(at):
                continue
            yes = _at((job.get("authorised") or {}).get("at"))
            if job.get("state") == "declined":
                said_no.append(job)
            elif yes is not None and yes > at:
                said_no.append(job)
                back.append(job)
        return len(said_no), _money(said_no), len(back), _money(back)

    def first_services(self) -> tuple[int, int]:
        """Cars delivered in the time, and those whose buyer has a visit set that begins after the delivery."""
        delivered = booked = 0
        for _, deal in self.rows["deal"]:
            at = _at(deal.get("delivered_at"))
            if at is None or not self._within(at):
                continue
            delivered += 1
            booked += any(
                visit["customer_id"] == deal["customer_id"]
                and visit.get("status", "booked") not in ("cancelled", "requested")
                and _at(visit["starts_at"]) > at
                for _, visit in self.rows["appointment"]
            )
        return delivered, booked

    def told(self) -> tuple[int, int]:
        """How often customers were told again in time, and how often the time ran out before they were.

        The time runs from the opening, and anew from each telling, until the car is ready or the order is over.
        """
        ready: dict[str, datetime] = {}
        for _, promise in self.rows["promise"]:
            if promise["rule"] == "tell_ready":
                id, at = promise["subject"]["id"], _at(promise["raised_at"])
                ready[id] = max(at, ready.get(id, at))
        good = late = 0
        for id, order in self.rows["repair_order"]:
            opened = _at(order.get("opened"))
            if opened is None or not order.get("customer_id"):
                continue
            stage = order.get("stage", "write_up")
            end = self.now
            if stage in ("closed", "void"):
                end = ready.get(id) or _at(order.get("stage_since") or order.get("closed")) or self.now
            elif stage == "ready":
                end = _at(order.get("stage_since")) or self.now
            last = opened
            for at in sorted({at for at in self._tellings(id, order) if opened < at <= end}):
                good, late = self._count(order, last, at, good, late)
                last = at
            due = self._due(order, last)
            if due <= end and self._within(due):
                late += 1
        return good, late

    def _count(self, order: dict[str, Any], last: datetime, at: datetime, good: int, late: int) -> tuple[int, int]:
        due = self._due(order, last)
        if self._within(due):
            return (good + 1, late) if at <= due else (good, late + 1)
        return good, late

    def _tellings(self, id: str, order: dict[str, Any]) -> list[datetime]:
        return [
            _at(said["at"])
            for _, said in self._to(order["customer_id"])
            if said.get("direction", "out") == "out"
            and said["channel"] != "note"
            and said.get("outcome") in ("reached", "sent", "delivered")
            and said.get("repair_order_id") in (None, "", id)
        ]

    def _due(self, order: dict[str, Any], last: datetime) -> datetime:
        """By the store's cadence: a waiter's 45 open minutes, the same day's four open hours, else 15:00 a day on."""
        cadence = self.store["cadence"]
        if order.get("transport") == "waiter":
            return self._open_minutes(last, cadence["waiter"])
        promised = _at(order.get("promised_at")) or last
        if self._day(promised) == self._day(_at(order["opened"])):
            return self._open_minutes(last, cadence["same_day"])
        day = self._day(last + timedelta(minutes=cadence["multi_day"]) - timedelta(days=1))
        while True:
            day += timedelta(days=1)
            if span := self._span(day):
                return min(datetime.combine(day, time(15), self.zone), span[1])

    def _open_minutes(self, at: datetime, minutes: int) -> datetime:
        left, day = timedelta(minutes=minutes), self._day(at)
        while True:
            if span := self._span(day):
                begin = max(at, span[0])
                if begin + left <= span[1]:
                    return begin + left
                left -= max(span[1] - begin, timedelta(0))
            day += timedelta(days=1)

    def _close(self, at: datetime) -> datetime:
        day = self._day(at)
        while not (span := self._span(day)) or span[1] <= at:
            day += timedelta(days=1)
        return span[1]

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        said = self.store["hours"][day.weekday()]
        if not said["opens"] or day in self.shut:
            return None
        opens, closes = (
            datetime.combine(day, time.fromisoformat(said[name]), self.zone) for name in ("opens", "closes")
        )
        return opens.astimezone(self.since.tzinfo), closes.astimezone(self.since.tzinfo)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _to(self, customer_id: str) -> Sequence[Row]:
        if not hasattr(self, "_said"):
            self._said: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows["contact_event"]:
                self._said[row[1].get("customer_id", "")].append(row)
        return self._said[customer_id]

    def _within(self, at: datetime) -> bool:
        return self.since <= at < self.until


def _starts(visit: Mapping[str, Any]) -> list[tuple[datetime, datetime | None]]:
    """Every time a visit was set for, and when it was given another."""
    moves = [(_at(move["was"]), _at(move["at"])) for move in visit.get("moves") or ()]
    return [*moves, (_at(visit["starts_at"]), None)]


def _money(jobs: Sequence[Mapping[str, Any]]) -> int:
    return sum((job.get("labour_amount") or 0) + (job.get("parts_amount") or 0) for job in jobs)


def _at(text: Any) -> Any:
    return datetime.fromisoformat(text) if text else None
