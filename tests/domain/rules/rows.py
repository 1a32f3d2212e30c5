"""What raises each rule's promise, one row of the table after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from tests.domain.rules.shop import Records, car, local


def _customer(shop: Records) -> str:
    return shop.add("customer", name="Marchetti, Sofia", advisor_id="maria", salesperson_id="sal")


def _lead(wants: str) -> Callable[[Records], object]:
    return lambda shop: shop.add("lead", customer_id=_customer(shop), wants=wants, received_at=shop.now)


def _visit(shop: Records, starts: str) -> None:
    shop.add("appointment", customer_id=_customer(shop), starts_at=local(starts), status="booked", booked_at=shop.now)


def _missed(shop: Records) -> None:
    _visit(shop, "2026-11-23 11:00")
    shop.pass_to("2026-11-23 12:00")


def _waits(shop: Records) -> None:
    car(shop, transport="waiter")
    shop.wait(minutes=45)


def _line(**fields: object) -> Callable[[Records], object]:
    def raised(shop: Records) -> None:
        _, order = car(shop, promised_at=local("2026-11-23 17:00"))
        stamps = {"requested_at": shop.now, "ordered_at": shop.now, "eta_set_at": shop.now}
        shop.add("part_line", repair_order_id=order, description="Alternator", source="order", **stamps, **fields)

    return raised


def _eta_passes(shop: Records) -> None:
    _line(state="ordered", eta=local("2026-11-23 12:00"))(shop)
    shop.pass_to("2026-11-23 12:00")


def _arrives(shop: Records) -> None:
    _, order = car(shop, stage="closed", closed=shop.now)
    said = {"state": "received", "received_at": shop.now, "source": "order", "return_by": "2026-12-09"}
    shop.add("part_line", repair_order_id=order, description="Alternator", **said)


def _job(state: str, stage: str) -> Callable[[Records], object]:
    def raised(shop: Records) -> None:
        _, order = car(shop)
        shop.add("job", repair_order_id=order, state=state, sent_at=shop.now, complaint="Brakes", severity="green")
        shop.set("repair_order", order, stage=stage, closed=shop.now)

    return raised


def _ready(shop: Records) -> None:
    car(shop, stage="ready", stage_since=shop.now)


def _recon(shop: Records) -> None:
    shop.add("repair_order", is_recon=True, stage="dispatch", opened=shop.now, number="RO 2001")


def _survey(shop: Records) -> None:
    shop.add("survey", customer_id=_customer(shop), answered_at=shop.now, score=10)


def _delivered(shop: Records) -> None:
    said = {"stage": "delivered", "delivered_at": shop.now, "salesperson_id": "sal"}
    shop.add("deal", customer_id=_customer(shop), **said)


def _we_owe(shop: Records) -> None:
    shop.add("we_owe", customer_id=_customer(shop), description="Roof rack")


def _in_finance(shop: Records) -> None:
    papers = [{"name": "Title", "done": False}]
    shop.add("deal", customer_id=_customer(shop), stage="in_finance", documents=papers)


def _orphan(shop: Records) -> None:
    car(shop)
    shop.add("employee", "maria", name="Maria Diaz", roles=["advisor"], active=False)
    shop.look()


def _loaner(shop: Records) -> None:
    customer, order = car(shop)
    lent = {"out_at": shop.now, "due_at": shop.now + timedelta(hours=6), "unit": "L7"}
    shop.add("loaner", customer_id=customer, repair_order_id=order, **lent)


def _old_car(shop: Records) -> None:
    car(shop, vehicle_id=shop.add("vehicle", year=2018, odometer=90_000, model="Accord"))


RAISED: Mapping[str, Callable[[Records], object]] = {
    "answer_lead": _lead("service"),
    "answer_reschedule": _lead("reschedule"),
    "confirm_visit": lambda shop: _visit(shop, "2026-11-25 09:00"),
    "save_no_show": _missed,
    "update_customer": _waits,
    "quote_parts": _line(state="requested"),
    "give_eta": _line(state="ordered"),
    "chase_part": _eta_passes,
    "tell_eta": _line(state="ordered", eta=local("2026-11-24 12:00")),
    "tell_arrival": _arrives,
    "return_special_order": _arrives,
    "get_approval": _job("sent", "approval"),
    "tell_ready": _ready,
    "front_line_ready": _recon,
    "follow_up_visit": _job("done", "closed"),
    "recover_declined": _job("declined", "closed"),
    "book_next_visit": _job("done", "closed"),
    "answer_survey": _survey,
    "first_service": _delivered,
    "delivery_touch": _delivered,
    "fulfil_we_owe": _we_owe,
    "finish_documents": _in_finance,
    "adopt_orphan": _orphan,
    "return_loaner": _loaner,
    "offer_trade": _old_car,
}
"""By rule: what happens at a store on Monday at ten, or until noon, that raises its promise."""
