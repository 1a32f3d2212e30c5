"""Promises between desks: raised once whoever sees first, handed over in two steps, and kept by what happens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import board
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop
from tests.support.trade import made
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("all_decided")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def helen(shop: Shop) -> DeskProcess:
    """The manager's desk, beside the counter's and Maria's."""
    return shop.sign_in("helen")[0]


def me(desk: DeskProcess) -> str:
    """Who is signed in at a desk."""
    return str(next(event for event in desk.events if event["event"] == "signed_in")["employee"]["id"])


def promises(desk: DeskProcess, customer: str) -> dict[str, Row]:
    """What is open to a customer, as a desk sees it, by id."""
    found = desk.ask("read.promises", scope="store")["promises"]
    return {row["id"]: row for row in found if row.get("customer_id") == customer and row.get("id")}


def written_up(desk: DeskProcess, name: str) -> tuple[str, str]:
    """A new customer's car on the drive: the customer and the order."""
    customer = made(desk.ask("customer.add", name=name, again=True), "customer")
    car = made(desk.ask("vehicle.add", customer_id=customer, year=2019, make="Honda", model="CR-V"), "vehicle")
    promised = board.hence(hours=8)
    said = {"customer_id": customer, "vehicle_id": car, "complaints": ["Oil service"], "promised_at": promised}
    return customer, made(desk.ask("ro.open", **said), "repair_order")


def declined(desk: DeskProcess, order: str, complaint: str, severity: str) -> None:
    """Work is recommended, and the customer says no."""
    job = made(desk.ask("job.add", repair_order_id=order, complaint=complaint, severity=severity), "job")
    desk.ask("job.send", job_ids=[job])
    desk.ask("job.decline", job_id=job, reason="next month")


def test_closing_an_order_without_the_network_raises_exactly_its_five_promises_once(
    shop: Shop, helen: DeskProcess
) -> None:
    luis = shop.desks["luis"]
    shop.bridge.kill()
    helen.wait_state("offline")
    customer, order = written_up(helen, "Nakamura, Emi")
    declined(helen, order, "Front brake pads, 3 mm", "red")
    declined(helen, order, "Cabin filter", "yellow")
    line = made(helen.ask("part.request", repair_order_id=order, description="Door mirror"), "part_line")
    said = {"order_no": "TOY 66120", "supplier": "Toyota", "source": "order", "eta": board.hence(days=4)}
    helen.ask("part.order", part_line_id=line, **said)
    args = {"repair_order_id": order, "anyway": True, "reason": "comes back for the rest"}
    ahead = helen.ask("read.raises", command="ro.close", args=args)["promises"]
    raised = helen.ask("ro.close", **args)["raised"]

    rules = sorted(promise["rule"] for promise in raised)
    assert rules == ["book_next_visit", "chase_part", "follow_up_visit", "recover_declined", "recover_declined"]
    assert sorted(promise["rule"] for promise in ahead) == rules
    assert all(bool(promise.get("owner_id")) is not bool(promise.get("owner_role")) for promise in raised)
    assert all(promise["due_at"] and promise["title"] for promise in raised)

    shop.bridge.restart()
    shop.plug_in("helen", "luis", "maria")
    mine = {promise["id"] for promise in raised}
    until(lambda: mine <= promises(luis, customer).keys(), what="the promises to reach the other desk")
    assert {id for id, row in promises(luis, customer).items() if row["rule"] in rules} == mine
    assert board.attention(helen) == []


def test_a_ready_car_is_told_of_at_the_other_desk_and_nobody_owes_it_any_more(shop: Shop, helen: DeskProcess) -> None:
    maria = shop.desks["maria"]
    customer, order = written_up(helen, "Petrov, Irina")
    (raised,) = helen.ask("ro.move_stage", repair_order_id=order, stage="ready")["raised"]
    assert raised["rule"] == "tell_ready"
    until(lambda: raised["id"] in promises(maria, customer), what="the promise on Maria's desk")
    maria.ask("contact.log", customer_id=customer, repair_order_id=order, channel="call", outcome="voicemail")
    until(lambda: raised["id"] not in promises(maria, customer), what="it to be kept where the call was made")
    until(lambda: raised["id"] not in promises(helen, customer), what="it to be kept at the other desk")


def test_whoever_accepts_first_has_it_and_the_next_is_told_so(shop: Shop, helen: DeskProcess) -> None:
    maria, luis = shop.desks["maria"], shop.desks["luis"]
    customer, order = written_up(helen, "Greene, Malcolm")
    said = {"title": "Send the photos", "due_at": board.hence(hours=3), "repair_order_id": order}
    id = made(helen.ask("promise.make", **said), "promise")
    helen.ask("promise.offer", promise_id=id, to_role="advisor")
    for desk in (maria, luis):
        until(lambda desk=desk: promises(desk, customer).get(id, {}).get("handoff"), what="the offer to be there")
    with pytest.raises(Refusal, match="not_yours"):
        luis.ask("promise.accept", promise_id=id)
    maria.ask("promise.accept", promise_id=id)
    until(lambda: "handoff" not in promises(helen, customer)[id], what="the answer at the giver's desk")
    assert promises(helen, customer)[id]["owner_id"] == me(maria)
    with pytest.raises(Refusal, match="not_offered"):
        maria.ask("promise.accept", promise_id=id)


def test_nothing_is_handed_to_oneself_nor_promised_for_the_past(helen: DeskProcess) -> None:
    customer, order = written_up(helen, "Osei, Ama")
    with pytest.raises(Refusal, match="past"):
        helen.ask("promise.make", title="Call", due_at=board.hence(hours=-1), customer_id=customer)
    id = made(helen.ask("promise.make", title="Call", due_at=board.hence(hours=1), repair_order_id=order), "promise")
    with pytest.raises(Refusal, match="yourself"):
        helen.ask("promise.offer", promise_id=id, to=me(helen))
    with pytest.raises(Refusal, match="is unknown"):
        helen.ask("store.set_rule", rule="tell_everyone", on=False)
