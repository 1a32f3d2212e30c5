"""How a file is settled: evidence that comes late, offers that bounce, owners that are gone, and subjects that are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from advisor_desk.domain import promise, times
from advisor_desk.domain.rules.file import Key, keys_of, open_file
from advisor_desk.domain.rules.settle import settle
from tests.domain.rules.shop import Records, car, local


def by_hand(shop: Records, customer: str, order: str, **fields: Any) -> str:
    """Maria promises something about an order by hand, for two o'clock."""
    about = {"customer_id": customer, "repair_order_id": order}
    due, owner = times.to_wire(local("2026-11-23 14:00")), {"owner_id": "maria", "owner_role": None}
    id = shop.new_id()
    for edit in promise.make(id, ("repair_order", order), "Wash it", due, owner, about, by="maria", now=shop.now):
        shop.apply(edit)
    shop.rows["promise"][id] |= fields
    return id


def apply(shop: Records, edits: list[Any]) -> None:
    """Edits made by hand at this store."""
    for edit in edits:
        shop.apply(edit)


def test_settling_twice_changes_nothing() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    for key in (Key(id) for id in shop.rows["customer"]):
        assert settle(open_file(shop, key, shop.now), shop.shop(), shop) == []


def test_a_contact_that_names_a_promise_made_by_hand_keeps_it_and_a_note_that_does_so_does_not() -> None:
    shop = Records()
    customer, order = car(shop)
    id = by_hand(shop, customer, order)
    shop.say(customer)
    shop.say(customer, "note", outcome="sent", keeps=[id])
    assert shop.rows["promise"][id]["state"] == "open"
    shop.say(customer, outcome="voicemail", keeps=[id])
    assert shop.rows["promise"][id]["state"] == "kept"


def test_a_promise_made_by_hand_is_not_passed_on() -> None:
    shop = Records()
    id = by_hand(shop, *car(shop))
    shop.pass_to("2026-12-10 10:00")
    assert "escalated" not in shop.rows["promise"][id]
    assert shop.rows["promise"][id]["state"] == "open"


def test_an_offer_bounces_by_itself_and_says_so() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    id = str(shop.one("tell_ready")["id"])
    answer_by = times.to_wire(shop.now + timedelta(minutes=20))
    row = shop.rows["promise"][id]
    said = {"to": "david", "to_role": "", "note": "", "answer_by": answer_by, "by": "maria", "now": shop.now}
    apply(shop, promise.offer(id, row, **said))
    shop.wait(minutes=19)
    assert shop.one("tell_ready")["handoff"]
    shop.wait(minutes=1)
    assert "handoff" not in shop.one("tell_ready")
    assert shop.one("tell_ready")["handoffs"][0]["answer"] == "unanswered"
    assert shop.owner("tell_ready") == "maria"


def test_an_owner_who_goes_home_for_the_week_is_replaced_by_the_next_in_line() -> None:
    shop = Records()
    customer, order = car(shop)
    shop.set("customer", customer, advisor_id="david")
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    id = by_hand(shop, customer, order)
    assert shop.owner("tell_ready") == "maria"
    shop.rows["employee"]["maria"]["away_until"] = "2026-11-30T12:00:00Z"
    shop.wait(minutes=1)
    assert shop.owner("tell_ready") == "david", "the customer's own advisor"
    assert shop.rows["promise"][id]["owner_role"] == "advisor", "what she promised by hand is her colleagues' now"
    shop.rows["employee"]["maria"].pop("away_until")
    shop.wait(minutes=1)
    assert shop.owner("tell_ready") == "david", "and does not come back by itself"


def test_an_owner_nobody_here_has_heard_of_stays() -> None:
    shop = Records()
    _, order = car(shop)
    shop.set("repair_order", order, stage="ready", stage_since=shop.now)
    shop.rows["employee"].pop("maria")
    shop.wait(minutes=1)
    assert shop.owner("tell_ready") == "maria"


def test_the_only_technician_who_leaves_does_not_leave_a_queue_behind_that_nobody_reads() -> None:
    shop = Records(people={"tom": {"roles": ["technician"]}, "helen": {"roles": ["manager"]}})
    customer, order = car(shop)
    id = by_hand(shop, customer, order, owner_id="tom")
    shop.rows["employee"]["tom"]["active"] = False
    shop.wait(minutes=1)
    assert shop.rows["promise"][id]["owner_role"] == "manager"


def test_a_promise_about_what_was_deleted_is_over_and_one_about_what_is_not_at_hand_stands() -> None:
    shop = Records()
    _, order = car(shop)
    job = shop.add("job", repair_order_id=order, state="sent", sent_at=shop.now, complaint="Brakes")
    shop.rows["job"].pop(job)
    shop.wait(minutes=1)
    assert shop.state("get_approval") == "open", "a desk may not have the record yet"
    id = str(shop.one("get_approval")["id"])
    said = {"to": "david", "to_role": "", "note": "", "answer_by": "", "by": "maria", "now": shop.now}
    apply(shop, promise.offer(id, shop.rows["promise"][id], **said))
    shop.gone.add(job)
    shop.wait(minutes=1)
    assert shop.state("get_approval") == "cancelled: What it was about was deleted."
    assert "handoff" not in shop.one("get_approval"), "nobody is asked to take what is over"


def test_a_rule_of_a_newer_program_is_left_alone_until_a_contact_names_it() -> None:
    shop = Records()
    customer, order = car(shop)
    id = by_hand(shop, customer, order, rule="of_tomorrow")
    shop.pass_to("2026-11-24 10:00")
    assert shop.rows["promise"][id]["state"] == "open"
    shop.say(customer, keeps=[id])
    assert shop.rows["promise"][id]["state"] == "kept_late"


def test_a_title_fits_however_much_the_customer_complained() -> None:
    shop = Records()
    _, order = car(shop)
    shop.add("job", repair_order_id=order, state="sent", sent_at=shop.now, complaint="Grinds " * 100)
    title = shop.one("get_approval")["title"]
    assert len(title) <= 300
    assert title.endswith("…")


def test_words_from_outside_are_words_and_no_pattern() -> None:
    shop = Records()
    customer = shop.add("customer", name="{about} %s {0}, Sofia")
    shop.add("lead", customer_id=customer, wants="service", received_at=shop.now)
    assert shop.one("answer_lead")["title"] == "Answer {about} %s {0}: asks about service"


@pytest.mark.parametrize("order", ["call first", "promise first"])
def test_a_call_keeps_a_promise_whichever_of_the_two_is_heard_of_first(order: str) -> None:
    """Two desks apart: one makes the car ready at ten, the other calls at five past; each hears of it at noon."""
    shop = Records()
    customer, ro = car(shop)
    ready = {**shop.rows["repair_order"][ro], "stage": "ready", "stage_since": times.to_wire(shop.now)}
    call = {
        "customer_id": customer, "channel": "call", "direction": "out", "outcome": "reached",
        "at": times.to_wire(shop.now + timedelta(minutes=5)),
    }  # fmt: skip
    heard = [("repair_order", ro, ready), ("contact_event", "call", call)]
    shop.now = local("2026-11-23 12:00")
    for kind, id, fields in heard if order == "promise first" else reversed(heard):
        shop.take(kind, id, fields)
    promises = shop.promises("tell_ready")
    if order == "promise first":
        assert (promises[0]["state"], promises[0]["ended_at"]) == ("kept", "2026-11-23T15:05:00Z")
    else:
        assert not promises, "it was kept before it was owed"


def test_whose_files_a_change_concerns() -> None:
    shop = Records()
    customer, order = car(shop)
    recon = shop.add("repair_order", is_recon=True, stage="repair", opened=shop.now)
    line = shop.add("part_line", repair_order_id=order)
    job = shop.add("job", repair_order_id=recon)
    assert keys_of(shop, "part_line", [line]) == {Key(customer)}
    assert keys_of(shop, "job", [job]) == {Key("", recon)}
    assert keys_of(shop, "customer", [customer]) == {Key(customer)}
    assert keys_of(shop, "employee", ["maria"]) == set()
    assert keys_of(shop, "job", ["never heard of"]) == set()
