"""The simulated people's line to the bridge: what they see of the store, and the edits each of them sends."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import requests

from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.repair_order import LANES

_PAGE: Final = 2_000
Fields = dict[str, Any]


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


class Line:
    """The open work as it is at the bridge, and hands to change it with; ``people`` has ids and tokens by login."""

    def __init__(self, url: str, people: Mapping[str, tuple[str, str]], seed: int) -> None:
        self.url = url
        self.chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self.session = requests.Session()
        self.session.trust_env = False
        self._hands = {login: _Hand(id, token) for login, (id, token) in people.items()}
        for hand in self._hands.values():
            hand.count_anew()
        self._records: dict[str, dict[str, Fields]] = {}
        self._revs: dict[str, int] = {}
        self._cursor = ""
        self._numbers: list[int] = []

    def has(self, login: str) -> bool:
        """True when somebody is at work today."""
        return login in self._hands

    def who(self, login: str) -> str:
        """Their employee id."""
        return self._hands[login].employee_id

    def new_id(self, now: datetime) -> str:
        """A new record's id."""
        return uuid7(now, secrets.token_bytes(10))

    def all(self, kind: str) -> dict[str, Fields]:
        """The records of a kind that are seen."""
        return self._records.get(kind, {})

    def open_orders(self, *stages: str) -> list[str]:
        """The customers' orders in one of these stages."""
        return [
            id for id, ro in self.all("repair_order").items() if ro.get("stage") in stages and ro.get("customer_id")
        ]

    def lines(self, *states: str) -> list[tuple[str, Fields]]:
        """The open orders' part lines in one of these states."""
        open_ids = set(self.open_orders(*LANES))
        lines = self.all("part_line").items()
        return [
            (id, line) for id, line in lines if line.get("state") in states and line.get("repair_order_id") in open_ids
        ]

    def look(self) -> None:
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

    def number(self, login: str) -> str:
        """An RO number out of a block that the bridge lends, as it does to desks."""
        if not self._numbers:
            lent = self._post(login, "/v1/leases", {"desk": self._hands[login].desk}).json()
            self._numbers = list(range(lent["from"], lent["to"] + 1))
        return str(self._numbers.pop(0))

    def create(self, login: str, intent: str, kind: str, set_: Fields, id: str = "") -> Act:
        """Make a record; what is empty is left out."""
        kept = {name: value for name, value in set_.items() if value not in ("", None)}
        return self._send(login, intent, kind, id or self.new_id(datetime.now(UTC)), "create", kept)

    def update(self, login: str, intent: str, kind: str, id: str, **set_: Any) -> Act:
        """Change a record."""
        return self._send(login, intent, kind, id, "update", set_)

    def _send(self, login: str, intent: str, kind: str, id: str, op: str, set_: Fields) -> Act:
        hand = self._hands[login]
        now = datetime.now(UTC)
        was = self.all(kind).get(id, {})
        mutation = {
            "id": self.new_id(now),
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
        reply = self._post(login, "/v1/mutations", {"desk": hand.desk, "mutations": [mutation]})
        hand.n += 1
        return Act(intent, reply.json()["results"][0]["outcome"])

    def _get(self, path: str, **params: str) -> requests.Response:
        hand = next(iter(self._hands.values()))
        reply = self.session.get(
            self.url + path, params=params, headers={"Authorization": f"Bearer {hand.token}"}, timeout=10
        )
        if reply.status_code == 410:
            self._cursor = ""
        reply.raise_for_status()
        return reply

    def _post(self, login: str, path: str, message: Fields) -> requests.Response:
        hand = self._hands[login]
        reply = self.session.post(
            self.url + path, json=message, headers={"Authorization": f"Bearer {hand.token}"}, timeout=10
        )
        if reply.status_code == 409:
            hand.count_anew()
        reply.raise_for_status()
        return reply

    def _take(self, record: Fields) -> None:
        kind = self._records.setdefault(record["kind"], {})
        if record.get("deleted"):
            kind.pop(record["id"], None)
        else:
            kind[record["id"]] = record["fields"]
            self._revs[record["id"]] = record["rev"]
