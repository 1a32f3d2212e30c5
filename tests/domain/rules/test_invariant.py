"""Whatever happens at a store and in whatever order: no promise without an owner, none twice, none that just goes."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from advisor_desk.domain import promise, staff, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import Refused
from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.people import MANAGER
from advisor_desk.domain.rules.table import RULES
from advisor_desk.domain.staff import Held
from tests.domain.rules.shop import PEOPLE, Records, local

LONG = os.environ.get("ADVISOR_DESK_LONG") == "1"
STEPS = 500
"""Of one store; the long tier has a hundred stores."""
STAGES = ("write_up", "dispatch", "approval", "parts", "repair", "quality", "ready", "closed", "void")
LINE_STATES = (
    "requested", "quoted", "in_stock", "ordered", "backordered", "partly_received", "received", "pulled", "installed",
    "return_due", "returned", "cancelled",
)  # fmt: skip


class Month:
    """A store at which anything happens at any time."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.shop = Records(people={**PEOPLE, "sue": {"roles": ["sales"]}, "mike": {"roles": ["manager", "advisor"]}})
        self.shop.now = local("2026-10-26 08:00") + timedelta(days=self.dice.randrange(150))
        self.ever: dict[str, dict[str, Any]] = {}
        self.refused = 0
        self._acts: tuple[Callable[[], object], ...] = (
            *[self._time_passes] * 4,
            *[self._contact] * 3,
            *[self._order, self._stage, self._job, self._part, self._hand_over] * 2,
            *[self._visit, self._visit_changes, self._promise_by_hand, self._answer_offer] * 2,
            *[self._lead, self._deal, self._loaner, self._survey, self._we_owe, self._delete],
            *[self._person_goes, self._person_comes, self._rule_is_set],
        )

    def step(self) -> None:
        """One thing happens; what may not happen is refused and changes nothing."""
        before = {id: dict(row) for id, row in self._promises().items()}
        try:
            self.dice.choice(self._acts)()
        except Refused:
            self.refused += 1
            assert self._promises() == before

    def check(self) -> None:
        """What must be so at every moment."""
        people = self.shop.shop().people
        seen: Counter[tuple[str, str, str]] = Counter()
        for id, row in self._promises().items():
            assert promise.fault(row) == {}, (id, row)
            if row["rule"] != promise.BY_HAND:
                seen[row["rule"], row["subject"]["id"], str(row.get("occurrence"))] += 1
            if row["state"] == "open":
                assert "ended_at" not in row
                owner = row.get("owner_id")
                assert owner is None or people.is_here(owner), (id, row)
            else:
                assert row["ended_at"] if row["state"] in ("kept", "kept_late") else row["reason"]
                assert "handoff" not in row, (id, row)
            was = self.ever.setdefault(id, dict(row))
            assert row["first_due_at"] == was["first_due_at"]
            assert row.get("moves", [])[: len(was.get("moves", []))] == was.get("moves", [])
            assert row.get("handoffs", [])[: len(was.get("handoffs", []))] == was.get("handoffs", [])
            if was["state"] != "open" and not (promise.is_called_off(was) and row["state"] == "open"):
                assert row == was, "what has ended stays as it ended; what the rules called off may be owed after all"
            self.ever[id] = dict(row)
        assert not [about for about, count in seen.items() if count > 1]
        assert self.ever.keys() == self._promises().keys(), "none just goes"

    def check_queues(self) -> None:
        """After the rules have looked at everything no queue is one that nobody has."""
        people = self.shop.shop().people
        for row in self._promises().values():
            if row["state"] == "open" and (role := row.get("owner_role")):
                assert role == MANAGER or people.queue(role).role == role

    # What happens.

    def _time_passes(self) -> None:
        self.shop.wait(minutes=self.dice.choice((1, 5, 20, 60, 60, 240, 1440, 4320)))
        self.check_queues()
        settled = self._ends()
        self.shop.look()
        assert self._ends() == settled, "the rules are of one mind: looking again ends and opens nothing"

    def _contact(self) -> None:
        customer = self._some("customer")
        order = self._of(customer, "repair_order") if self.dice.random() < 0.7 else ""
        said: dict[str, Any] = {"employee_id": self.dice.choice(self._here()), "repair_order_id": order}
        if self.dice.random() < 0.3 and (open_ := self._open()):
            said["keeps"] = [self.dice.choice(open_)]
        outcome = self.dice.choice(("reached", "reached", "voicemail", "no_answer", "sent", "failed"))
        channel = self.dice.choice(("call", "call", "text", "email", "in_person", "note"))
        said["at"] = self.shop.now - timedelta(minutes=self.dice.choice((0, 0, 0, 30, 300)))
        self.shop.say(customer, channel, outcome, direction=self.dice.choice(("out", "out", "in")), **said)

    def _order(self) -> None:
        customers = self.shop.rows.get("customer", {})
        if len(customers) < 8:
            who = {"advisor_id": self.dice.choice(("maria", "david")), "salesperson_id": self.dice.choice(("sal", ""))}
            customer = self.shop.add("customer", name=f"Customer {len(customers)}, A", **who)
        else:
            customer = self._some("customer")
        car = self.shop.add("vehicle", year=self.dice.choice((2015, 2025)), odometer=self.dice.choice((9_000, 90_000)))
        is_recon = self.dice.random() < 0.1
        self.shop.add(
            "repair_order",
            customer_id="" if is_recon else customer,
            is_recon=is_recon,
            vehicle_id=car,
            advisor_id=self.dice.choice(("maria", "david")),
            opened=self.shop.now,
            stage="write_up",
            transport=self.dice.choice(("waiter", "drop_off")),
            promised_at=self.shop.now + timedelta(hours=self.dice.choice((2, 6, 30, 100))),
        )

    def _stage(self) -> None:
        stage = self.dice.choice(STAGES)
        closed = self.shop.now if stage == "closed" else None
        said = {"stage": stage, "stage_since": self.shop.now, "closed": closed}
        self.shop.set("repair_order", self._some("repair_order"), **said, spot=self.dice.choice(("", "", "away")))

    def _hand_over(self) -> None:
        """A car goes home with a job declined, and the part that was ordered for it here or still to come."""
        order = self._some("repair_order")
        here = {"state": "received", "received_at": self.shop.now, "return_by": "2027-06-30"}
        said = here if self.dice.random() < 0.7 else {"state": "ordered", "ordered_at": self.shop.now}
        self.shop.add("part_line", repair_order_id=order, source="order", **said)
        self.shop.add("job", repair_order_id=order, state="declined", severity=self.dice.choice(("red", "yellow")))
        self.shop.set("repair_order", order, stage="closed", stage_since=self.shop.now, closed=self.shop.now)

    def _job(self) -> None:
        if self.dice.random() < 0.4:
            severity = self.dice.choice(("red", "yellow", "none"))
            self.shop.add("job", repair_order_id=self._some("repair_order"), state="recommended", severity=severity)
            return
        state = self.dice.choice(("recommended", "sent", "sent", "approved", "declined", "in_progress", "done"))
        more = {"sent_at": self.shop.now} if state == "sent" else {}
        self.shop.set("job", self._some("job"), state=state, **more)

    def _part(self) -> None:
        if self.dice.random() < 0.4:
            said = {"source": self.dice.choice(("stock", "order")), "state": "requested", "requested_at": self.shop.now}
            self.shop.add("part_line", repair_order_id=self._some("repair_order"), **said)
            return
        said = {"state": self.dice.choice(LINE_STATES), "claimed_by": self.dice.choice(("", "pat"))}
        if said["state"] == "ordered":
            said["ordered_at"] = self.shop.now
        if said["state"] == "received":
            day = self.shop.now.date() + timedelta(days=self.dice.choice((3, 20)))
            said |= {"received_at": self.shop.now, "return_by": times.day_to_wire(day)}
        if self.dice.random() < 0.5:
            said |= {"eta": self.shop.now + timedelta(hours=self.dice.randrange(1, 60)), "eta_set_at": self.shop.now}
        line = self._some("part_line")
        self.shop.set("part_line", line, **said)
        if self.dice.random() < 0.3:
            told = {"eta": self.shop.rows["part_line"][line].get("eta"), "at": times.to_wire(self.shop.now)}
            self.shop.set("part_line", line, eta_told={name: value for name, value in told.items() if value})

    def _visit(self) -> None:
        starts = self.shop.now + timedelta(hours=self.dice.choice((2, 20, 70, 300)))
        said = {"starts_at": starts, "booked_at": self.shop.now, "advisor_id": self.dice.choice(("maria", "david"))}
        status = self.dice.choice(("requested", "booked", "booked"))
        self.shop.add("appointment", customer_id=self._some("customer"), status=status, **said)

    def _visit_changes(self) -> None:
        visit = self._some("appointment")
        row, now = self.shop.rows["appointment"][visit], times.to_wire(self.shop.now)
        if self.dice.random() < 0.3:
            to = times.to_wire(self.shop.now + timedelta(hours=self.dice.randrange(1, 90)))
            moves = [*row.get("moves", []), {"at": now, "was": row["starts_at"], "to": to}]
            self.shop.set("appointment", visit, starts_at=to, status="booked", moves=moves)
        else:
            status = self.dice.choice(("booked", "confirmed", "arrived", "no_show", "cancelled"))
            self.shop.set("appointment", visit, status=status, confirmed_at=now if status == "confirmed" else None)

    def _lead(self) -> None:
        wants = self.dice.choice(("service", "reschedule", "sales", "parts"))
        self.shop.add("lead", customer_id=self._some("customer"), wants=wants, received_at=self.shop.now)

    def _deal(self) -> None:
        papers = [{"name": "Title", "done": self.dice.random() < 0.5}]
        if self.dice.random() < 0.5:
            said = {"customer_id": self._some("customer"), "salesperson_id": self.dice.choice(("sal", "sue"))}
            self.shop.add("deal", stage=self.dice.choice(("pending", "in_finance")), documents=papers, **said)
            return
        stage = self.dice.choice(("pending", "in_finance", "delivered", "funded"))
        at = self.shop.now if stage in ("delivered", "funded") else None
        self.shop.set("deal", self._some("deal"), stage=stage, delivered_at=at, documents=papers)

    def _loaner(self) -> None:
        if self.dice.random() < 0.5:
            due = self.shop.now + timedelta(hours=self.dice.randrange(1, 80))
            self.shop.add("loaner", customer_id=self._some("customer"), unit="L7", out_at=self.shop.now, due_at=due)
        else:
            self.shop.set("loaner", self._some("loaner"), back_at=self.shop.now)

    def _survey(self) -> None:
        score = self.dice.randrange(101)
        self.shop.add("survey", customer_id=self._some("customer"), answered_at=self.shop.now, score=score)

    def _we_owe(self) -> None:
        said = {"description": "Roof rack", "part_number": self.dice.choice(("", "PT278"))}
        self.shop.add("we_owe", customer_id=self._some("customer"), **said)

    def _delete(self) -> None:
        kind = self.dice.choice(("job", "part_line", "appointment", "we_owe"))
        self.shop.apply(Edit(kind, self._some(kind), "delete"))

    def _promise_by_hand(self) -> None:
        here, now = self.dice.choice(self._here()), self.shop.now
        due = times.to_wire(now + timedelta(minutes=self.dice.choice((-10, 30, 600))))
        if self.dice.random() < 0.3:
            customer = self._some("customer")
            owner, about = {"owner_id": here, "owner_role": None}, {"customer_id": customer}
            id = self.shop.new_id()
            self._do(promise.make(id, ("customer", customer), "Call", due, owner, about, by=here, now=now))
            return
        id, row = self._some_promise()
        to = {"to": self.dice.choice([*self._here(), ""]), "to_role": "", "note": "", "answer_by": "", "by": here}
        if not to["to"]:
            to["to_role"] = self.dice.choice(("advisor", "bdc", "manager"))
        self._do(
            self.dice.choice((
                lambda: promise.keep(id, row, reason="Done.", now=now),
                lambda: promise.cancel(id, row, reason="Not wanted.", now=now),
                lambda: promise.move(id, row, due, reason="Asked for.", by=here, now=now),
                lambda: promise.offer(id, row, now=now, **to),
                lambda: promise.offer(id, row, now=now, **to),
            ))()
        )  # fmt: skip

    def _answer_offer(self) -> None:
        id, row = self._some_promise(offered=True)
        by = self.dice.choice(self._here())
        roles = frozenset(self.shop.rows["employee"][by]["roles"])
        said = {"by": by, "roles": roles, "now": self.shop.now}
        no = self.dice.random() < 0.3
        self._do(promise.decline(id, row, reason="No.", **said) if no else promise.accept(id, row, **said))

    def _person_goes(self) -> None:
        id, shop = self.dice.choice(self._here()), self.shop
        until = times.to_wire(shop.now + timedelta(days=self.dice.randrange(1, 9)))
        person = shop.rows["employee"][id]
        self._do(
            staff.leave(id, person, shop.now) if self.dice.random() < 0.3 else staff.away(id, person, until, shop.now)
        )
        load = Counter(str(row.get("owner_id")) for row in self._promises().values() if row["state"] == "open")
        self._do(staff.hand_on(id, self._held(id), shop.shop(), shop, (), load, by="helen"))

    def _person_comes(self) -> None:
        gone = [id for id in self.shop.rows["employee"] if id not in self._here()]
        if gone:
            row = self.shop.rows["employee"][self.dice.choice(gone)]
            row.pop("away_until", None)
            row["active"] = True

    def _rule_is_set(self) -> None:
        rule = self.dice.choice(sorted(RULES))
        self.shop.rows["store"]["store"].setdefault("rules", {})[rule] = {"on": self.dice.random() < 0.7}

    # What there is.

    def _do(self, edits: list[Edit]) -> None:
        for edit in edits:
            self.shop.apply(edit)

    def _promises(self) -> dict[str, dict[str, Any]]:
        return self.shop.rows.setdefault("promise", {})

    def _ends(self) -> dict[str, tuple[Any, ...]]:
        return {id: (row["state"], row.get("reason")) for id, row in self._promises().items()}

    def _open(self) -> list[str]:
        return [id for id, row in self._promises().items() if row["state"] == "open"]

    def _some(self, kind: str) -> str:
        there = list(self.shop.rows.get(kind, {}))
        if not there:
            raise Refused("none", "There is none yet.")
        return self.dice.choice(there)

    def _some_promise(self, offered: bool = False) -> tuple[str, dict[str, Any]]:
        there = [id for id in self._open() if self._promises()[id].get("handoff")] if offered else self._open()
        id = self.dice.choice(there) if there and self.dice.random() < 0.9 else self._some("promise")
        return id, self._promises()[id]

    def _of(self, customer: str, kind: str) -> str:
        there = [id for id, row in self.shop.rows.get(kind, {}).items() if row.get("customer_id") == customer]
        return self.dice.choice(there) if there else ""

    def _here(self) -> list[str]:
        """Who is at work; a manager always is."""
        people = self.shop.shop().people
        here = [id for id in self.shop.rows["employee"] if people.is_here(id)]
        if not here:
            self.shop.rows["employee"]["helen"] = dict(PEOPLE["helen"])
        return here or ["helen"]

    def _held(self, id: str) -> Held:
        def of(kind: str, *names: str) -> list[Row]:
            return [
                Row(key, dict(row))
                for key, row in self.shop.rows.get(kind, {}).items()
                if id in [row.get(name) for name in names]
            ]

        promises = [row for row in of("promise", "owner_id") if row.get("state") == "open"]
        orders = [row for row in of("repair_order", "advisor_id") if row.get("stage") not in ("closed", "void")]
        return Held(promises, orders, of("customer", "advisor_id", "salesperson_id"))


@pytest.mark.parametrize("seed", range(100 if LONG else 6))
def test_every_promise_has_one_owner_comes_once_and_ends_only_by_being_ended(seed: int) -> None:
    month = Month(seed)
    for _ in range(STEPS):
        month.step()
        month.check()
    raised = Counter(row["rule"] for row in month.shop.rows["promise"].values())
    states = Counter(row["state"] for row in month.shop.rows["promise"].values())
    assert len(raised) > 15
    assert min(states[state] for state in ("open", "kept", "kept_late", "cancelled")) > 0, "and much has happened"
    assert 0 < month.refused < STEPS // 2
