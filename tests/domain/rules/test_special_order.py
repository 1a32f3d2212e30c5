"""A special order over 35 days: what is promised on the way, kept or passed on, until it is fitted or goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from advisor_desk.domain import counter, figures, harm, parts, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.figures import Period
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.rules.file import Row
from tests.domain.rules.shop import ZONE, Records, car, local

STORE = Settings(zone=ZONE)


class Special:
    """A part ordered for a customer who has driven home, and what is done about it, as the commands decide it."""

    def __init__(self, shop: Records, amount: int) -> None:
        self.shop = shop
        self.customer, self.order = car(shop, stage="closed", closed=shop.now)
        asked = {"state": "quoted", "source": "order", "description": "Door mirror", "amount": amount}
        self.line = shop.add("part_line", repair_order_id=self.order, **asked)
        order = {"order_no": "TOY 66120", "supplier": "Toyota", "source": "order", "eta": ""}
        self.do(parts.order(self.line, self.fields, now=shop.now, **order))

    @property
    def fields(self) -> dict[str, Any]:
        return dict(self.shop.rows["part_line"][self.line])

    def do(self, edits: list[Edit]) -> None:
        for edit in edits:
            self.shop.set(edit.kind, edit.record_id, **edit.set)

    def set_eta(self, at: str) -> None:
        eta = times.to_wire(local(at))
        self.do(parts.set_eta(self.line, self.fields, eta, source="supplier", now=self.shop.now))

    def receive(self) -> None:
        day = times.day_to_wire((self.shop.now.astimezone(ZONE) + timedelta(days=parts.RETURN_WITHIN)).date())
        self.do(parts.receive(self.line, self.fields, qty=None, bin="S07", now=self.shop.now, usual_return=day))

    def tell(self, outcome: str = "reached") -> None:
        """A call about it; who was reached has been told of the ETA, or of the arrival."""
        self.shop.say(self.customer, outcome=outcome, repair_order_id=self.order)
        if outcome == "reached":
            self.do(parts.tell(self.line, self.fields, by="maria", now=self.shop.now))

    def book(self, at: str) -> str:
        said = {"customer_id": self.customer, "status": "booked", "booked_at": self.shop.now, "starts_at": local(at)}
        return self.shop.add("appointment", **said)

    def became(self, rule: str) -> list[tuple[str, str]]:
        """The rule's promises to this customer: when each was due, and what became of it."""
        mine = (row for row in self.shop.promises(rule) if row["customer_id"] == self.customer)
        return [(row["due"], row["state"]) for row in mine]

    def passed_on(self, rule: str) -> list[bool]:
        """Whether each of the rule's promises to this customer went to the manager."""
        mine = (row for row in self.shop.promises(rule) if row["customer_id"] == self.customer)
        return [row.get("escalated", {}).get("to") == "manager" for row in mine]

    def row(self) -> dict[str, Any]:
        """The line as the counter's list has it."""
        visits = (row for row in self.shop.rows.get("appointment", {}).values() if row["customer_id"] == self.customer)
        to_come = [row["starts_at"] for row in visits if row["status"] == "booked"]
        order = self.shop.rows["repair_order"][self.order]
        return {**self.fields, "id": self.line, "order": order, "visit_at": max(to_come, default="")}

    def need(self) -> str:
        """The group it stands in at the counter now."""
        return harm.of(self.row(), self.shop.now, STORE).need

    def at_risk(self) -> int:
        """What the list says the store is left with."""
        return harm.of(self.row(), self.shop.now, STORE).at_risk


def counted(shop: Records) -> int:
    """The money at risk as the report counts it."""
    rows = {kind: [Row(id, dict(fields)) for id, fields in shop.rows.get(kind, {}).items()] for kind in figures.KINDS}
    found = figures.figure("special_orders", figures.Records(rows, shop.shop()), Period(shop.now, shop.now))
    return sum(int(line.values[1]) for line in found.lines)


def test_a_special_order_is_chased_told_booked_and_fitted() -> None:
    shop = Records()
    mirror = Special(shop, 41_200)
    assert mirror.became("give_eta") == [("Mon 2026-11-23 12:00", "open")]
    shop.pass_to("2026-11-23 11:30")
    mirror.set_eta("2026-11-30 12:00")
    assert mirror.became("give_eta") == [("Mon 2026-11-23 12:00", "kept")]
    assert mirror.became("tell_eta") == [], "nothing was promised that it could break, and nobody told otherwise"
    assert mirror.became("chase_part") == [("Mon 2026-11-30 13:00", "open")], "the order is closed: nobody looks at it"
    shop.pass_to("2026-11-23 11:40")
    mirror.tell()
    assert mirror.need() == "on_order"

    shop.pass_to("2026-11-30 12:01")
    assert (mirror.passed_on("chase_part"), mirror.need()) == ([False], "overdue")
    shop.pass_to("2026-11-30 14:30")
    assert mirror.passed_on("chase_part") == [True], "an hour after it was due"
    mirror.set_eta("2026-12-02 15:00")
    assert mirror.became("chase_part") == [("Mon 2026-11-30 13:00", "kept_late"), ("Wed 2026-12-02 16:00", "open")]
    assert mirror.became("tell_eta") == [("Mon 2026-11-30 15:30", "open")], "they believe it is here today"
    shop.pass_to("2026-11-30 15:00")
    mirror.tell("voicemail")
    assert mirror.became("tell_eta") == [("Mon 2026-11-30 15:30", "open")]
    mirror.tell()
    assert mirror.became("tell_eta") == [("Mon 2026-11-30 15:30", "kept")]

    shop.pass_to("2026-12-02 15:40")
    mirror.receive()
    assert mirror.became("chase_part")[1:] == [("Wed 2026-12-02 16:00", "kept")]
    assert mirror.became("tell_arrival") == [("Wed 2026-12-02 18:00", "open")]
    assert mirror.became("return_special_order") == [("Mon 2026-12-28 18:00", "open")], "five days before January 1"
    assert (mirror.need(), mirror.at_risk(), counted(shop)) == ("arrived", 41_200, 41_200)
    shop.pass_to("2026-12-02 16:00")
    mirror.tell("voicemail")
    assert mirror.became("tell_arrival") == [("Wed 2026-12-02 18:00", "open")], "a machine was told, not they"
    shop.pass_to("2026-12-02 17:30")
    mirror.tell()
    assert (mirror.became("tell_arrival"), mirror.need()) == ([("Wed 2026-12-02 18:00", "kept")], "expected")

    shop.pass_to("2026-12-05 15:40")  # day 3 is a Saturday after closing
    assert mirror.became("tell_arrival")[1:] == [("Mon 2026-12-07 18:00", "open")]
    shop.pass_to("2026-12-07 09:00")
    visit = mirror.book("2026-12-10 09:00")
    assert mirror.became("tell_arrival")[1:] == [("Mon 2026-12-07 18:00", "kept")]
    assert mirror.became("return_special_order") == [("Mon 2026-12-28 18:00", "kept")]
    assert mirror.need() == "expected"
    shop.pass_to("2026-12-10 09:05")
    shop.set("appointment", visit, status="arrived", arrived_at=shop.now)
    mirror.do(counter.pull(mirror.line, mirror.fields))
    mirror.do(counter.install(mirror.line, mirror.fields))
    assert not harm.is_open(mirror.fields, shop.rows["repair_order"][mirror.order])
    assert counted(shop) == 0
    for day in range(11, 29):
        shop.pass_to(f"2026-12-{day} 12:00")
    about_it = ("give_eta", "chase_part", "tell_eta", "tell_arrival", "return_special_order")
    assert [state for rule in about_it for _, state in mirror.became(rule)] == [
        "kept", "kept_late", "kept", "kept", "kept", "kept", "kept",
    ]  # fmt: skip


def test_one_whose_customer_never_comes_is_called_weekly_and_flagged_before_it_can_no_longer_go_back() -> None:
    shop = Records()
    mirror, other = Special(shop, 28_800), Special(shop, 41_200)
    for one in (mirror, other):
        one.set_eta("2026-11-25 12:00")
    shop.pass_to("2026-11-25 11:00")
    for one in (mirror, other):
        one.receive()
    assert mirror.fields["return_by"] == "2026-12-25"
    assert counted(shop) == 28_800 + 41_200
    other.do(counter.install(other.line, other.fields))
    mirror.tell("voicemail")
    shop.pass_to("2026-11-27 09:29")  # Friday: Thanksgiving lies between
    assert (mirror.became("tell_arrival"), mirror.passed_on("tell_arrival")) == (
        [("Wed 2026-11-25 18:00", "open")], [False]
    )  # fmt: skip
    shop.pass_to("2026-11-27 09:30")
    assert mirror.passed_on("tell_arrival") == [True], "two open hours after it was due"
    assert mirror.need() == "arrived"

    shop.pass_to("2026-11-28 10:00")
    mirror.tell()
    for at in ("2026-11-28 13:00", "2026-12-05 12:00", "2026-12-12 12:00", "2026-12-19 12:00"):
        shop.pass_to(at)
        mirror.tell()
    assert mirror.became("tell_arrival") == [
        ("Wed 2026-11-25 18:00", "kept_late"),
        ("Sat 2026-11-28 14:00", "kept"),
        ("Sat 2026-12-05 14:00", "kept"),
        ("Sat 2026-12-12 14:00", "kept"),
        ("Sat 2026-12-19 14:00", "kept"),
    ]
    shop.pass_to("2026-12-19 23:59")
    assert mirror.need() == "expected"
    shop.pass_to("2026-12-20 00:00")
    assert mirror.need() == "to_return", "five days are left"
    found = harm.of(mirror.row(), shop.now, STORE)
    assert (found.words, found.why) == ("$288", "Arrived Nov 25. Return by Dec 25, $288 at risk.")
    assert mirror.became("return_special_order") == [("Mon 2026-12-21 18:00", "open")]
    assert counted(shop) == 28_800, "the other one is in its car"

    shop.pass_to("2026-12-22 15:29")
    assert mirror.passed_on("return_special_order") == [False]
    shop.pass_to("2026-12-22 15:30")
    assert mirror.passed_on("return_special_order") == [True], "eight open hours after it was due"
    mirror.do(counter.send_back(mirror.line, mirror.fields, by="", gone=True))
    assert mirror.became("return_special_order") == [("Mon 2026-12-21 18:00", "kept_late")]
    assert (counted(shop), mirror.fields["return_by"]) == (0, "2026-12-25")
    shop.pass_to("2026-12-28 12:00")
    assert [row for row in shop.rows["promise"].values() if row["state"] == "open" and "mirror" in row["title"]] == []
