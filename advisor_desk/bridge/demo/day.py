"""The simulated day: other people of the store at work, through the same HTTP API a desk uses."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import requests

from advisor_desk.bridge.demo import front, talk, words
from advisor_desk.bridge.demo.line import Act, Line
from advisor_desk.domain import parts, times
from advisor_desk.domain.repair_order import LANES

_log = logging.getLogger(__name__)


@dataclass
class Day:
    """The people at other desks; ``speed`` 1 does something about every four seconds."""

    url: str
    tokens: Mapping[str, tuple[str, str]]
    """Employee id and token by login; whoever is not there does nothing."""
    seed: int = 1
    speed: float = 1.0
    acted: int = 0
    waited: int = 0
    """How often somebody could act, and how often the bridge was not there to act on."""
    _turn: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.line = Line(self.url, self.tokens, self.seed)
        self._chance = self.line.chance
        shop: list[Callable[[], Act | None]] = [
            self._slip_eta, self._answer, self._move_on, self._tell,
            self._receive, self._order, self._move_on, self._text_in,
        ]  # fmt: skip
        both = itertools.zip_longest(shop, front.turns(self.line))
        self._turns = [turn for pair in both for turn in pair if turn is not None]

    def run(self) -> None:
        """Act until stopped; a bridge that is away is waited for."""
        while not self._stop.wait(self._chance.uniform(2.5, 5.5) / self.speed):
            try:
                self.act()
                self.acted += 1
            except (requests.RequestException, KeyError, ValueError) as error:
                self.waited += 1
                _log.info("the day waits: %s", type(error).__name__)

    def act(self) -> Act:
        """Look at the store and do the next thing there is to do in it."""
        self.line.look()
        for _ in self._turns:
            self._turn += 1
            act = self._turns[self._turn % len(self._turns)]()
            if act is not None:
                return act
        return Act("", "nothing to do")

    def stop(self) -> None:
        """End the day after the act in hand."""
        self._stop.set()

    def _slip_eta(self) -> Act | None:
        waiting = [pair for pair in self.line.lines("ordered") if pair[1].get("eta")]
        if not waiting:
            return None
        id, line = self._chance.choice(waiting)
        eta = max(times.from_wire(line["eta"]), datetime.now(UTC)) + timedelta(hours=self._chance.choice((3, 20, 26)))
        set_ = {
            "eta": times.to_wire(eta.replace(minute=0, second=0)),
            "eta_set_at": _now(),
            "eta_source": "supplier",
        }
        return self.line.update("luis", "part.set_eta", "part_line", id, **set_)

    def _receive(self) -> Act | None:
        waiting = self.line.lines("ordered", "backordered")
        if not waiting:
            return None
        id, line = self._chance.choice(waiting)
        set_ = {"state": "received", "qty_filled": line.get("qty") or 1, "received_at": _now()}
        return self.line.update("luis", "part.receive", "part_line", id, **set_)

    def _order(self) -> Act | None:
        asked = self.line.lines("requested", "quoted")
        if not asked:
            return None
        id, _ = self._chance.choice(asked)
        now = datetime.now(UTC)
        eta = times.to_wire((now + timedelta(hours=self._chance.choice((4, 22, 46)))).replace(minute=0, second=0))
        set_ = {
            "state": "ordered",
            "supplier": self._chance.choice(words.SUPPLIERS),
            "order_no": f"PO{self._chance.randrange(10_000, 99_999)}",
            "ordered_at": times.to_wire(now),
            "eta": eta,
            "first_eta": eta,
            "eta_set_at": times.to_wire(now),
        }
        return self.line.update("luis", "part.order", "part_line", id, **set_)

    def _move_on(self) -> Act | None:
        moving = self.line.open_orders("dispatch", "diagnosis", "repair", "quality")
        if not moving:
            return None
        id = self._chance.choice(moving)
        ro = self.line.all("repair_order")[id]
        then = LANES[LANES.index(ro["stage"]) + 1]
        missing = any(line.get("repair_order_id") == id for _, line in self.line.lines(*parts.AWAITED))
        if then == "approval":
            then = "parts" if missing else "repair"
        return self.line.update("helen", "ro.move_stage", "repair_order", id, stage=then, stage_since=_now())

    def _answer(self) -> Act | None:
        """A customer answers an estimate: their advisor's colleague notes it."""
        open_ids = set(self.line.open_orders("approval"))
        jobs = self.line.all("job").items()
        asked = [(id, job) for id, job in jobs if job.get("state") == "sent" and job.get("repair_order_id") in open_ids]
        if not asked:
            return None
        id, _ = self._chance.choice(asked)
        if self._chance.random() < 0.3:
            declined = {"state": "declined", "decline_reason": self._chance.choice(words.DECLINED)}
            return self.line.update("david", "job.decline", "job", id, **declined)
        said = {"by": "customer", "at": _now(), "how": "text"}
        return self.line.update("david", "job.authorise", "job", id, state="approved", authorised=said)

    def _tell(self) -> Act | None:
        return self._said("david", received=False)

    def _text_in(self) -> Act | None:
        return self._said("david", received=True)

    def _said(self, login: str, *, received: bool) -> Act | None:
        """The store or a customer says what is said where the car stands, on a way the customer has agreed to."""
        orders, customers = self.line.all("repair_order"), self.line.all("customer")
        could = {
            id: steps
            for id in self.line.open_orders(*LANES[1:])
            if (steps := talk.next_said(orders[id].get("stage"), received=received))
        }
        if not could:
            return None
        id = self._chance.choice(list(could))
        customer = customers.get(orders[id]["customer_id"], {})
        texts = ((customer.get("consent") or {}).get("text") or {}).get("state") != "no"
        prefers = str(customer.get("preferred_channel") or "")
        event = {
            "customer_id": orders[id]["customer_id"],
            "repair_order_id": id,
            "employee_id": "" if received else self.line.who(login),
            "at": _now(),
        }
        said = talk.said(self._chance, self._chance.choice(could[id]), texts=texts, prefers=prefers)
        return self.line.create(login, "contact.log", "contact_event", event | said)


def _now() -> str:
    return times.to_wire(datetime.now(UTC))
