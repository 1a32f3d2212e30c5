"""The customer's copy of a repair order: what was asked for, what was approved, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import parts
from ui.printing import facts
from ui.printing.facts import Data
from ui.printing.sheet import Block, Column, Document, Facts, Group, Table, Words
from ui.printing.shop import Shop

_JOBS: Final = (Column("Job", 6), Column("What", 56), Column("State", 20), Column("Amount", 18, right=True))
_PARTS: Final = (Column("Part", 44), Column("Number", 24), Column("Qty", 8, right=True), Column("State", 24))
_JOB_STATE: Final = {
    "recommended": "not approved yet",
    "sent": "not approved yet",
    "approved": "approved",
    "declined": "declined",
    "in_progress": "approved, in work",
    "done": "done",
}
_APPROVED: Final = frozenset({"approved", "in_progress", "done"})
_PART_STATE: Final = {"in_stock": "here", "received": "here", "pulled": "here", "installed": "installed"}
_PAID_BY: Final = {"warranty": "warranty", "internal": "no charge", "service_contract": "service contract"}
_TOTALS: Final = (("labour", "Labor"), ("parts", "Parts"), ("other", "Other"), ("tax", "Tax"), ("total", "Total"))


def make(data: Data, shop: Shop, now: datetime) -> Document:
    """The copy of an order as the order pane reads it."""
    order = data.get("repair_order") or {}
    jobs = list(data.get("jobs") or ())
    lines = [line for line in data.get("parts") or () if line.get("state") not in parts.GONE]
    blocks: list[Block] = [Facts(_head(data, shop))]
    if jobs:
        rows = tuple(_job(job, shop) for job in jobs)
        blocks += [Words("Work", "strong"), Table(_JOBS, (Group("", rows),))]
    if lines:
        rows = tuple(_part(line, shop) for line in lines)
        blocks += [Words("Parts", "strong"), Table(_PARTS, (Group("", rows),))]
    if sums := _sums(order, jobs, shop):
        blocks.append(Facts(sums, sums=True))
    number = str(order.get("number") or "")
    title = f"Repair order {number}" if number else "Repair order"
    stem = f"repair-order-{number}" if number else "repair-order"
    return Document(stem, title, facts.printed(shop, now), (tuple(blocks),), called="RO copy")


def _head(data: Data, shop: Shop) -> tuple[tuple[str, str], ...]:
    order, customer, vehicle = (data.get(name) or {} for name in ("repair_order", "customer", "vehicle"))
    odometers = [shop.number(order.get(name)) for name in ("odometer_in", "odometer_out")]
    rows = (
        ("Customer", "\n".join(str(customer.get(name)) for name in ("name", "address") if customer.get(name))),
        ("Vehicle", facts.car(vehicle)),
        ("VIN", str(vehicle.get("vin") or "")),
        ("Plate", str(vehicle.get("plate") or "")),
        ("Odometer", " in, ".join(odometers) + " out" if all(odometers) else odometers[0]),
        ("Tag", str(order.get("tag") or "")),
        ("Advisor", str((data.get("advisor") or {}).get("name") or "")),
        ("Opened", shop.moment(order.get("opened"))),
        ("Promised", shop.moment(order.get("promised_at"))),
    )
    return tuple(row for row in rows if row[1])


def _job(job: Data, shop: Shop) -> tuple[str, ...]:
    said = [str(job.get("complaint") or job.get("op_code") or "")]
    said += [f"{words}: {job[name]}" for name, words in (("cause", "Cause"), ("correction", "Done")) if job.get(name)]
    state = str(job.get("state") or "recommended")
    payer = _PAID_BY.get(str(job.get("pay") or ""), "")
    amount = payer or shop.money(_amount(job))
    return (str(job.get("letter") or ""), "\n".join(said), _JOB_STATE.get(state, state.replace("_", " ")), amount)


def _amount(job: Data) -> int | None:
    amounts = [job[name] for name in ("labour_amount", "parts_amount") if isinstance(job.get(name), int)]
    return sum(amounts) if amounts else None


def _part(line: Data, shop: Shop) -> tuple[str, ...]:
    state = str(line.get("state") or "")
    expected = shop.short_day(line.get("eta")) if state in parts.AWAITED else ""
    said = f"expected {expected}" if expected else _PART_STATE.get(state, "on order" if state in parts.AWAITED else "")
    number = str(line.get("number") or "") if line.get("description") else ""
    return (facts.part_name(line), number, str(facts.quantity(line)), said)


def _sums(order: Data, jobs: list[Data], shop: Shop) -> tuple[tuple[str, str], ...]:
    """The dealer system's totals where it has any; before that, what the customer has approved and pays."""
    totals = order.get("totals")
    if isinstance(totals, Mapping) and isinstance(totals.get("total"), int):
        return tuple((words, shop.money(totals[name])) for name, words in _TOTALS if _counts(name, totals))
    mine = [job for job in jobs if not _PAID_BY.get(str(job.get("pay") or "")) and job.get("state") in _APPROVED]
    amounts = [amount for job in mine if (amount := _amount(job)) is not None]
    return (("Approved so far, before tax", shop.money(sum(amounts))),) if amounts else ()


def _counts(name: str, totals: Mapping[str, Any]) -> bool:
    """A zero says nothing, but a total of nothing does."""
    return isinstance(totals.get(name), int) and (bool(totals[name]) or name == "total")
