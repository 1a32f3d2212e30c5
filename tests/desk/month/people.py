"""People who act on promises: each looks at what is owed next and does what keeps it, mostly and not always."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from advisor_desk.domain import times
from advisor_desk.domain.lights import Settings
from tests.desk.month.store import Fields, MonthStore

Deed = Callable[["People", str, Fields, random.Random], None]
_A_STEP = 40
"""So many promises are looked at in an hour by all of them."""
_SEEN_TO = 0.85
_REACHED = 0.65


class People:
    """The store's people with the promises strip before them."""

    def __init__(self, store: MonthStore) -> None:
        self.store = store

    def step(self) -> None:
        """Tell those whose time to be told comes, then keep what is due soonest."""
        self._tell_in_time()
        soon = times.to_wire(self.store.now + timedelta(minutes=75))
        for id, promise in self.store.rows(
            "SELECT id, body FROM promise WHERE state = 'open' AND due_at <= ? AND NOT deleted"
            " ORDER BY due_at DESC, id LIMIT ?",
            soon, _A_STEP,
        ):  # fmt: skip
            dice = self.store.dice("keeps", promise["rule"], promise["customer_id"], self.store.now)
            if dice.random() < _SEEN_TO and self.store.one("promise", id).get("state") == "open":
                _DEEDS.get(promise["rule"], People._call)(self, id, promise, dice)
        self._work_ahead()

    def _work_ahead(self) -> None:
        """First services and next visits are set while there is time, not on the last day."""
        for id, promise in self.store.rows(
            "SELECT id, body FROM promise WHERE state = 'open' AND NOT deleted"
            " AND json_extract(body, '$.rule') IN ('first_service', 'book_next_visit', 'recover_declined')"
            " ORDER BY id DESC LIMIT 200"
        ):
            dice = self.store.dice("ahead", promise["rule"], promise["customer_id"], self.store.now)
            if dice.random() < 0.02:
                _DEEDS[promise["rule"]](self, id, promise, dice)

    def _tell_in_time(self) -> None:
        """The told light turns amber: a text before the cadence runs out."""
        settings = Settings.of_store(self.store.fields, self.store.calendar.zone)
        for order, facts in self.store.rows("SELECT repair_order_id, facts FROM board WHERE stage <> 'ready'"):
            last = times.from_wire(facts.get("told_at") or facts["opened"])
            span = settings.cadence_waiter if facts.get("transport") == "waiter" else settings.cadence_same_day
            if self.store.now - last > timedelta(minutes=span) * 0.6:
                dice = self.store.dice("tells", order, self.store.now)
                if dice.random() < 0.7:
                    fields = self.store.one("repair_order", order)
                    said = {"customer_id": fields["customer_id"], "channel": "text", "body": "All goes well."}
                    who = self.store.login_of(fields.get("advisor_id"))
                    if dice.random() < 0.8:  # not everybody names the order
                        said["repair_order_id"] = order
                    self.store.do(who, "contact.log", **said)

    def _who(self, promise: Fields) -> str:
        roles = {"bdc": "bea", "parts": "luis", "sales": "sam", "finance": "nora", "manager": "helen"}
        return self.store.login_of(promise.get("owner_id"), roles.get(promise.get("owner_role", ""), "david"))

    def _call(self, id: str, promise: Fields, dice: random.Random, **more: object) -> bool:
        """A call about it; True when the customer was spoken to."""
        reached = dice.random() < _REACHED
        said = {
            "customer_id": promise["customer_id"],
            "channel": "call",
            "outcome": "reached" if reached else "voicemail",
        }
        if promise.get("repair_order_id"):
            said["repair_order_id"] = promise["repair_order_id"]
        done = self.store.do(self._who(promise), "contact.log", **said, **more)
        return reached and done is not None

    def _confirm(self, id: str, promise: Fields, dice: random.Random) -> None:
        if self._call(id, promise, dice):
            self.store.do("bea", "visit.confirm", appointment_id=promise["subject"]["id"])

    def _save(self, id: str, promise: Fields, dice: random.Random) -> None:
        if self._call(id, promise, dice) and dice.random() < 0.7:
            start = self.store.hence(dice, 1, 6)
            self.store.do("bea", "visit.move", appointment_id=promise["subject"]["id"], starts_at=start)

    def _book(self, id: str, promise: Fields, dice: random.Random) -> None:
        if self._call(id, promise, dice):
            said = {"customer_id": promise["customer_id"], "starts_at": self.store.hence(dice, 3, 40)}
            self.store.do("bea", "visit.book", **said)

    def _recover(self, id: str, promise: Fields, dice: random.Random) -> None:
        if not self._call(id, promise, dice, keeps=[id]):
            return
        if dice.random() < 0.4:
            said = {"job_id": promise["subject"]["id"], "by": "customer", "how": "text"}
            self.store.do(self.store.login_of(promise.get("owner_id"), "david"), "job.authorise", **said)
        elif dice.random() < 0.4:
            start = self.store.hence(dice, 2, 12)
            self.store.do("bea", "visit.book", customer_id=promise["customer_id"], starts_at=start)

    def _give_eta(self, id: str, promise: Fields, dice: random.Random) -> None:
        eta = times.to_wire(self.store.now + timedelta(hours=dice.choice((4, 24, 48))))
        self.store.do("luis", "part.set_eta", part_line_id=promise["subject"]["id"], eta=eta)

    def _quote(self, id: str, promise: Fields, dice: random.Random) -> None:
        self.store.do("luis", "part.quote", part_line_id=promise["subject"]["id"], amount=dice.randrange(900, 9_000))

    def _tell_eta(self, id: str, promise: Fields, dice: random.Random) -> None:
        said = {"customer_id": promise["customer_id"], "repair_order_id": promise.get("repair_order_id")}
        self.store.do(self._who(promise), "contact.log", channel="text", tells=[promise["subject"]["id"]], **said)

    def _answer(self, id: str, promise: Fields, dice: random.Random) -> None:
        self.store.do("bea", "lead.answer", lead_id=promise["subject"]["id"])

    def _leave(self, id: str, promise: Fields, dice: random.Random) -> None:
        """What waits for others: the customer's answer, the car, the papers."""


_DEEDS: dict[str, Deed] = {
    "confirm_visit": People._confirm,
    "save_no_show": People._save,
    "first_service": People._book,
    "book_next_visit": People._book,
    "recover_declined": People._recover,
    "give_eta": People._give_eta,
    "chase_part": People._give_eta,
    "quote_parts": People._quote,
    "tell_eta": People._tell_eta,
    "answer_lead": People._answer,
    "answer_reschedule": People._answer,
    "get_approval": People._leave,
    "finish_documents": People._leave,
    "fulfil_we_owe": People._leave,
    "return_special_order": People._leave,
    "front_line_ready": People._leave,
    "return_loaner": People._leave,
    "adopt_orphan": People._leave,
}
"""What each rule's promise asks of people; where nothing is said, a call."""
