"""When somebody leaves or is away: everything they answer for goes to others in one go, and nothing is orphaned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from advisor_desk.domain import changes, promise, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.rules.file import Books, File, Key, Row
from advisor_desk.domain.rules.people import MANAGER, Owner, People
from advisor_desk.domain.rules.rule import Shop
from advisor_desk.domain.rules.sales import ADOPT_ORPHAN, orphan
from advisor_desk.domain.rules.settle import raised


class Held(NamedTuple):
    """What somebody answers for: their open promises and orders, and their customers."""

    promises: Sequence[Row]
    orders: Sequence[Row]
    customers: Sequence[Row]


def leave(id: str, person: Mapping[str, Any], now: datetime) -> list[Edit]:
    """Somebody does not work here any more; raises BadArguments for one who has left already."""
    if person.get("active") is False:
        raise BadArguments({"employee_id": "has left already"})
    return changes.edits(changes.update("employee", id, person, active=False, left_at=times.to_wire(now)))


def away(id: str, person: Mapping[str, Any], until: str, now: datetime) -> list[Edit]:
    """Somebody is away until a moment; raises BadArguments for one that is past."""
    back = times.from_wire(until)
    if back <= now:
        raise BadArguments({"until": "is in the past; give the day they are back"})
    return changes.edits(changes.update("employee", id, person, away_until=times.to_wire(back)))


def hand_on(
    gone: str, held: Held, shop: Shop, books: Books, to: Sequence[str], load: Mapping[str, int], *, by: str
) -> list[Edit]:
    """Give all of it to others: the same customer to the same one, and each time to who carries least.

    Of somebody who comes back only those customers are handed on that have business under way.

    ``shop.people`` counts ``gone`` as not here; without anybody to take it over it stands in the managers' queue.
    """
    takers = _Takers(to or _colleagues(gone, shop.people), load)
    under_way = _under_way(held)
    if not shop.people.has_left(gone):
        held = held._replace(customers=[row for row in held.customers if row.id in under_way])
    # Those with business under way first, so that the work is spread as evenly as the names.
    first = sorted(held.customers, key=lambda row: (row.id not in under_way, row.id))
    of_customer = {row.id: takers.next() for row in first}
    out: list[Edit | None] = []
    for order in held.orders:
        taker = of_customer.get(str(order.get("customer_id"))) or takers.next()
        of_customer.setdefault(str(order.get("customer_id") or order.id), taker)
        out.append(changes.update("repair_order", order.id, order.fields, advisor_id=taker or None))
    for row in held.promises:
        taker = of_customer.get(str(row.get("customer_id"))) or takers.next()
        of_customer.setdefault(str(row.get("customer_id") or row.id), taker)
        owner = Owner(taker) if taker else shop.people.queue(MANAGER)
        fields = promise.reowned(row.fields, owner.fields(), by=by, reason="Handed on.", now=shop.now)
        out.append(promise.update(row.id, row.fields, **fields))
    for customer in held.customers:
        mine = [name for name in ("advisor_id", "salesperson_id") if customer.get(name) == gone]
        out.append(
            changes.update(
                "customer", customer.id, customer.fields, **dict.fromkeys(mine, of_customer[customer.id] or None)
            )
        )
    return [*changes.edits(*out), *_introductions(gone, held, shop, books)]


def _under_way(held: Held) -> set[str]:
    return {str(row.get("customer_id")) for row in (*held.orders, *held.promises)}


def _introductions(gone: str, held: Held, shop: Shop, books: Books) -> list[Edit]:
    """Customers with business under way are to be told who looks after them now."""
    if not shop.people.has_left(gone) or not ADOPT_ORPHAN.is_on(shop):
        return []
    under_way, out = _under_way(held), []
    for customer in held.customers:
        if customer.id in under_way:
            field = "advisor_id" if customer.get("advisor_id") == gone else "salesperson_id"
            file = File(Key(customer.id), {"customer": {customer.id: customer}})
            out.append(raised(file, shop, ADOPT_ORPHAN, orphan(customer, field, gone, shop.people.left_at(gone))))
    known = books.known("promise", [edit.record_id for edit in out])
    return [edit for edit in out if edit.record_id not in known]


def _colleagues(gone: str, people: People) -> list[str]:
    """Those who are here and do what somebody did, by their first role."""
    for role in people.employees.get(gone, {}).get("roles") or ():
        if found := [id for id in people.here(str(role)) if id != gone]:
            return found
    return [id for id in people.here(MANAGER) if id != gone]


class _Takers:
    """Whose turn it is: whoever carries least, ties by id so that everybody counts alike."""

    def __init__(self, ids: Sequence[str], load: Mapping[str, int]) -> None:
        self._load = Counter({id: load.get(id, 0) for id in ids})

    def next(self) -> str:
        """The next to take something; empty when there is nobody."""
        if not self._load:
            return ""
        found = min(self._load, key=lambda id: (self._load[id], id))
        self._load[found] += 1
        return found
