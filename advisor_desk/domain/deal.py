"""A deal: a car sold, its papers, its delivery, and what sales still owes the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused

STAGES: Final = ("pending", "in_finance", "delivered", "funded")
BY_HAND: Final = ("pending", "in_finance", "funded")
"""Stages one is set to; a car is delivered by delivering it."""
_BEFORE: Final = frozenset({"pending", "in_finance"})
_AHEAD: Final = timedelta(minutes=5)


def opened(
    id: str, args: Mapping[str, Any], others: Iterable[Mapping[str, Any]], *, salesperson_id: str, today: date
) -> Edit:
    """Write down a sale; raises Refused while the car is in another deal that is not delivered yet."""
    if any(_stage(other) in _BEFORE for other in others):
        words = "That car is in another deal already. Deliver it, or take that deal back first."
        raise Refused("sold_already", words, {"vehicle_id": "is in another deal"})
    day = times.day_from_wire(args["sold_on"]) if args.get("sold_on") else today
    if day > today:
        raise BadArguments({"sold_on": "has not come yet"})
    said = {
        "customer_id": args["customer_id"],
        "vehicle_id": args["vehicle_id"],
        "sold_on": times.day_to_wire(day),
        "salesperson_id": salesperson_id,
        "documents": [{"name": name, "done": False} for name in dict.fromkeys(args.get("documents") or ())],
        "stage": STAGES[0],
    }
    return Edit("deal", id, changes.CREATE, {name: value for name, value in said.items() if value})


def set_document(id: str, deal: Mapping[str, Any], name: str, done: bool, now: datetime) -> list[Edit]:
    """Add a paper, or mark it as done or missing; a paper is told by its name, however it is written."""
    papers = list(deal.get("documents") or ())
    place = next((place for place, paper in enumerate(papers) if _same(paper.get("name"), name)), None)
    if place is None:
        papers.append({"name": name, "done": done})
    else:
        papers[place] = {**papers[place], "done": done}
    if papers == deal.get("documents"):
        return []
    return changes.edits(changes.update("deal", id, deal, documents=papers, documents_at=times.to_wire(now)))


def missing(deal: Mapping[str, Any]) -> list[str]:
    """The papers that are not done."""
    return [str(paper.get("name") or "a paper") for paper in deal.get("documents") or () if not paper.get("done")]


def set_stage(id: str, deal: Mapping[str, Any], stage: str, now: datetime) -> list[Edit]:
    """Move the deal; raises IllegalMove to before delivery once it is delivered, and to funded until it is."""
    before = _stage(deal)
    if stage != before and (before in _BEFORE) is not (stage in _BEFORE):
        advice = "Deliver the car first." if before in _BEFORE else "A delivered car does not come back by itself."
        raise IllegalMove("stage", before, stage, advice)
    since = {"in_finance_at": times.to_wire(now)} if stage == "in_finance" and stage != before else {}
    return changes.edits(changes.update("deal", id, deal, stage=stage, **since))


def deliver(
    id: str, deal: Mapping[str, Any], car_id: str, car: Mapping[str, Any], *, at: str, day: date, anyway: bool,
    now: datetime,
) -> list[Edit]:  # fmt: skip
    """Hand the car over; raises Refused while papers are missing and nobody said to do it anyway."""
    if _stage(deal) not in _BEFORE:
        raise IllegalMove("stage", _stage(deal), "delivered", "It was delivered already.")
    if times.from_wire(at) > now + _AHEAD:
        raise BadArguments({"at": "has not come yet"})
    left = missing(deal)
    if left and not anyway:
        words = f"Not done yet: {', '.join(left)}. Finish the papers, or deliver anyway."
        raise Refused("papers_missing", words, {"anyway": "papers are missing"})
    return changes.edits(
        changes.update("deal", id, deal, stage="delivered", delivered_at=at),
        changes.update("vehicle", car_id, car, delivered_on=times.day_to_wire(day), sold_here=True),
    )


def owed(id: str, deal_id: str, deal: Mapping[str, Any], args: Mapping[str, Any], today: date) -> Edit:
    """Write down what sales promised the buyer; raises BadArguments for a day that is past."""
    if times.day_from_wire(args["promised_on"]) < today:
        raise BadArguments({"promised_on": "is in the past; promise a day to come"})
    said = {name: args[name] for name in ("description", "promised_on", "part_number") if args.get(name)}
    of = {name: deal[name] for name in ("customer_id", "vehicle_id") if deal.get(name)}
    return Edit("we_owe", id, changes.CREATE, {"deal_id": deal_id, **of, **said})


def link(id: str, owed: Mapping[str, Any], order_id: str, order: Mapping[str, Any]) -> list[Edit]:
    """Say on which order it is made good; raises BadArguments for one of another car."""
    if owed.get("vehicle_id") and order.get("vehicle_id") != owed["vehicle_id"]:
        raise BadArguments({"repair_order_id": "is of another car"})
    return changes.edits(changes.update("we_owe", id, owed, repair_order_id=order_id))


def _stage(deal: Mapping[str, Any]) -> str:
    return deal.get("stage") or STAGES[0]


def _same(one: Any, other: str) -> bool:
    return str(one or "").casefold().strip() == other.casefold()
