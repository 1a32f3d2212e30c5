"""The simulated day: other people of the store at work, through the same HTTP API a desk uses."""

from __future__ import annotations

import json
import logging
import random
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import requests

from advisor_desk.bridge.demo import words
from advisor_desk.domain import parts, times
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.repair_order import LANES

_log = logging.getLogger(__name__)
_PAGE: Final = 2_000


class Act(NamedTuple):
    """Something somebody did, and what the bridge made of it."""

    intent: str
    outcome: str


@dataclass
class _Hand:
    """One person at their own desk: their token, and how many edits they have sent."""

    employee_id: str
    token: str
    desk: str = ""
    n: int = 0

    def count_anew(self) -> None:
        """Begin again as another desk: an answer was lost, and nobody here knows what the bridge has counted."""
        self.desk, self.n = f"day-{secrets.token_hex(8)}", 0


@dataclass
class Day:
    """The people at other desks; ``speed`` 1 does something about every four seconds."""

    url: str
    tokens: Mapping[str, tuple[str, str]]
    """Employee id and token by login."""
    seed: int = 1
    speed: float = 1.0
    acted: int = 0
    waited: int = 0
    """How often somebody could act, and how often the bridge was not there to act on."""
    _turn: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _records: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _revs: dict[str, int] = field(default_factory=dict)
    _cursor: str = ""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - a play, not a secret
        self._session = requests.Session()
        self._session.trust_env = False
        self._hands = {login: _Hand(id, token) for login, (id, token) in self.tokens.items()}
        for hand in self._hands.values():
            hand.count_anew()
        self._turns: list[Callable[[], Act | None]] = [
            self._slip_eta, self._answer, self._move_on, self._tell,
            self._receive, self._order, self._move_on, self._text_in,
        ]  # fmt: skip

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
        self._look()
        for _ in self._turns:
            self._turn += 1
            act = self._turns[self._turn % len(self._turns)]()
            if act is not None:
                return act
        return Act("", "nothing to do")

    def stop(self) -> None:
        """End the day after the act in hand."""
        self._stop.set()

    def _get(self, path: str, **params: str) -> requests.Response:
        hand = next(iter(self._hands.values()))
        reply = self._session.get(
            self.url + path, params=params, headers={"Authorization": f"Bearer {hand.token}"}, timeout=10
        )
        if reply.status_code == 410:
            self._cursor = ""
        reply.raise_for_status()
        return reply

    def _look(self) -> None:
        """Bring the picture of the store's open work up to date."""
        after = ""
        while not self._cursor:
            lines = self._get("/v1/snapshot", after=after, limit="20000").content.splitlines()
            for line in lines[:-1]:
                self._take(json.loads(line))
            end = json.loads(lines[-1])["end"]
            after = end["cursor"]
            if end["part"] != "open" or not end["more"]:
                epoch, head = after.split(".")[:2]
                self._cursor = f"{epoch}.{head}"  # the open work is all the day needs
        more = True
        while more:
            page = self._get("/v1/changes", cursor=self._cursor, limit=str(_PAGE)).json()
            for change in page["changes"]:
                self._take(change)
            self._cursor, more = page["next"], page["more"]

    def _take(self, record: dict[str, Any]) -> None:
        kind = self._records.setdefault(record["kind"], {})
        if record.get("deleted"):
            kind.pop(record["id"], None)
        else:
            kind[record["id"]] = record["fields"]
            self._revs[record["id"]] = record["rev"]

    def _send(self, login: str, intent: str, kind: str, id: str, op: str, set_: dict[str, Any]) -> Act:
        hand = self._hands[login]
        now = datetime.now(UTC)
        was = self._records.get(kind, {}).get(id, {})
        mutation = {
            "id": uuid7(now, secrets.token_bytes(10)),
            "n": hand.n + 1,
            "kind": kind,
            "record_id": id,
            "op": op,
            "base_rev": self._revs.get(id, 0),
            "set": set_,
            "was": {name: was.get(name) for name in set_} if op == "update" else {},
            "intent": intent,
            "made_at": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z",
            "actor": hand.employee_id,
        }
        reply = self._session.post(
            self.url + "/v1/mutations",
            json={"desk": hand.desk, "mutations": [mutation]},
            headers={"Authorization": f"Bearer {hand.token}"},
            timeout=10,
        )
        if reply.status_code == 409:
            hand.count_anew()
        reply.raise_for_status()
        hand.n += 1
        return Act(intent, reply.json()["results"][0]["outcome"])

    def _open(self, *stages: str) -> list[str]:
        orders = self._records.get("repair_order", {})
        return [id for id, ro in orders.items() if ro.get("stage") in stages and ro.get("customer_id")]

    def _lines(self, *states: str) -> list[tuple[str, dict[str, Any]]]:
        open_ids = set(self._open(*LANES))
        lines = self._records.get("part_line", {}).items()
        return [
            (id, line) for id, line in lines if line.get("state") in states and line.get("repair_order_id") in open_ids
        ]

    def _slip_eta(self) -> Act | None:
        waiting = [pair for pair in self._lines("ordered") if pair[1].get("eta")]
        if not waiting:
            return None
        id, line = self._chance.choice(waiting)
        eta = max(times.from_wire(line["eta"]), datetime.now(UTC)) + timedelta(hours=self._chance.choice((3, 20, 26)))
        now = datetime.now(UTC)
        set_ = {
            "eta": times.to_wire(eta.replace(minute=0, second=0)),
            "eta_set_at": times.to_wire(now),
            "eta_source": "supplier",
        }
        return self._send("luis", "part.set_eta", "part_line", id, "update", set_)

    def _receive(self) -> Act | None:
        waiting = self._lines("ordered", "backordered")
        if not waiting:
            return None
        id, line = self._chance.choice(waiting)
        set_ = {
            "state": "received",
            "qty_filled": line.get("qty") or 1,
            "received_at": times.to_wire(datetime.now(UTC)),
        }
        return self._send("luis", "part.receive", "part_line", id, "update", set_)

    def _order(self) -> Act | None:
        asked = self._lines("requested", "quoted")
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
        return self._send("luis", "part.order", "part_line", id, "update", set_)

    def _move_on(self) -> Act | None:
        moving = self._open("dispatch", "diagnosis", "repair", "quality")
        if not moving:
            return None
        id = self._chance.choice(moving)
        ro = self._records["repair_order"][id]
        then = LANES[LANES.index(ro["stage"]) + 1]
        missing = any(line.get("repair_order_id") == id for _, line in self._lines(*parts.AWAITED))
        if then == "approval":
            then = "parts" if missing else "repair"
        set_ = {"stage": then, "stage_since": times.to_wire(datetime.now(UTC))}
        return self._send("helen", "ro.move_stage", "repair_order", id, "update", set_)

    def _answer(self) -> Act | None:
        """A customer answers an estimate: their advisor's colleague notes it."""
        open_ids = set(self._open("approval"))
        jobs = self._records.get("job", {}).items()
        asked = [(id, job) for id, job in jobs if job.get("state") == "sent" and job.get("repair_order_id") in open_ids]
        if not asked:
            return None
        id, _ = self._chance.choice(asked)
        if self._chance.random() < 0.3:
            declined = {"state": "declined", "decline_reason": self._chance.choice(words.DECLINED)}
            return self._send("david", "job.decline", "job", id, "update", declined)
        said = {"by": "customer", "at": times.to_wire(datetime.now(UTC)), "how": "text"}
        return self._send("david", "job.authorise", "job", id, "update", {"state": "approved", "authorised": said})

    def _tell(self) -> Act | None:
        return self._contact("david", {"channel": "text", "direction": "out", "outcome": "delivered"}, words.OUT_TEXTS)

    def _text_in(self) -> Act | None:
        return self._contact("david", {"channel": "text", "direction": "in", "outcome": "received"}, words.IN_TEXTS)

    def _contact(self, login: str, said: dict[str, Any], bodies: tuple[str, ...]) -> Act | None:
        open_ids = self._open(*LANES[1:])
        if not open_ids:
            return None
        id = self._chance.choice(open_ids)
        ro = self._records["repair_order"][id]
        now = datetime.now(UTC)
        event = {
            "customer_id": ro["customer_id"],
            "repair_order_id": id,
            "employee_id": self._hands[login].employee_id if said["direction"] == "out" else "",
            "body": self._chance.choice(bodies),
            "at": times.to_wire(now),
        }
        kept = {name: value for name, value in (event | said).items() if value}
        return self._send(login, "contact.log", "contact_event", uuid7(now, secrets.token_bytes(10)), "create", kept)
