"""What a customer's page reads: their cars and all that was ever between them and the store, on one line of time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from advisor_desk.cache import reads
from advisor_desk.cache.reads import Row
from advisor_desk.domain import board, repair_order

OF_CUSTOMER: Final = ("repair_order", "appointment", "deal", "we_owe", "lead", "survey", "loaner", "promise")
"""The kinds that name a customer, and their place on the page."""
FIRST_OWNER: Final = "json_extract(body, '$.customer_ids[0]')"
"""Whom a car belongs to; an index is found by its very words."""
_NEWEST: Final[Mapping[str, str]] = {
    "repair_order": "opened",
    "appointment": "starts_at",
    "deal": "sold_on",
    "we_owe": "promised_on",
    "lead": "received_at",
    "survey": "sent_at",
    "loaner": "out_at",
    "promise": "due_at",
}


def customer(conn: Any, id: str, limit: int = 100) -> Row | None:
    """One customer with their cars, orders, visits, deals and promises; ``timeline`` has all of it, newest first.

    ``part_lines`` are those of the open orders.
    """
    found = reads.one(conn, "customer", id)
    if not found:
        return None
    of_kind = {kind: _of(conn, kind, id) for kind in OF_CUSTOMER}
    cars = _cars(conn, id, of_kind)
    story = reads.story(conn, id, limit=limit)
    return {
        "customer": found,
        "advisor": reads.one(conn, "employee", str(found.get("advisor_id") or "")),
        "salesperson": reads.one(conn, "employee", str(found.get("salesperson_id") or "")),
        "vehicles": cars,
        **{f"{kind}s": rows for kind, rows in of_kind.items()},
        "part_lines": list(_parts(conn, of_kind["repair_order"])),
        "timeline": timeline(of_kind, cars, story, limit),
    }


def timeline(of_kind: Mapping[str, list[Row]], cars: list[Row], story: list[Row], limit: int) -> list[Row]:
    """Both lifecycles on one line: what was asked, sold, booked, repaired, lent, said and promised; newest first.

    It goes back as far as the contacts do that were read, so that nothing is missing between two of its entries.
    """
    words = {car["id"]: car["words"] for car in cars}
    turns = [turn for kind, rows in of_kind.items() for row in rows for turn in _turns(kind, row, words)]
    since = str(story[-1].get("at") or "") if len(story) >= limit else ""
    line = [*story, *(turn for turn in turns if turn["at"] >= since)]
    return sorted(line, key=lambda turn: (str(turn.get("at") or ""), str(turn["id"])), reverse=True)


def _of(conn: Any, kind: str, customer_id: str) -> list[Row]:
    rows = conn.execute(
        f"SELECT id, body FROM {kind} WHERE customer_id = ? AND NOT deleted",  # noqa: S608 - names are declared
        (customer_id,),
    )
    found = [{"id": row[0], **json.loads(row[1])} for row in rows]
    return sorted(found, key=lambda row: (str(row.get(_NEWEST[kind]) or ""), row["id"]), reverse=True)


def _parts(conn: Any, orders: Iterable[Row]) -> Iterator[Row]:
    for order in orders:
        if repair_order.is_open(str(order.get("stage") or "")):
            sql = "SELECT id, body FROM part_line WHERE repair_order_id = ? AND NOT deleted"
            yield from ({"id": id, **json.loads(body)} for id, body in conn.execute(sql, (order["id"],)))


def _cars(conn: Any, customer_id: str, of_kind: Mapping[str, list[Row]]) -> list[Row]:
    """The cars that name the customer first, and those they came in with, booked or bought."""
    owned = conn.execute(f"SELECT id FROM vehicle WHERE {FIRST_OWNER} = ? AND NOT deleted", (customer_id,))  # noqa: S608
    ids = {str(row[0]) for row in owned}
    ids |= {str(row["vehicle_id"]) for rows in of_kind.values() for row in rows if row.get("vehicle_id")}
    cars = (reads.one(conn, "vehicle", id) for id in sorted(ids))
    return [{**car, "words": board.vehicle_words(car)} for car in cars if car]


def _turns(kind: str, row: Row, cars: Mapping[str, str]) -> Iterator[Row]:
    """What a record adds to the line: each of its moments that has come, by the name of what happened then."""
    for what, name in _MOMENTS[kind]:
        at = row.get(name)
        if at and _HAPPENED.get(what, _always)(row):
            car = cars.get(str(row.get("vehicle_id") or ""), "")
            yield {"id": f"{row['id']}-{what}", "kind": what, "at": at, "vehicle": car, "of": kind, "record": row}


_MOMENTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "repair_order": (("opened", "opened"), ("closed", "closed")),
    "appointment": (("booked", "booked_at"), ("visit", "starts_at")),
    "deal": (("sold", "sold_on"), ("delivered", "delivered_at")),
    "we_owe": (("owed", "promised_on"),),
    "lead": (("asked", "received_at"),),
    "survey": (("surveyed", "sent_at"), ("rated", "answered_at")),
    "loaner": (("lent", "out_at"), ("returned", "back_at")),
    "promise": (("promised", "due_at"),),
}


def _always(row: Row) -> bool:
    return True


_HAPPENED: Final[Mapping[str, Callable[[Row], bool]]] = {
    "closed": lambda row: not repair_order.is_open(str(row.get("stage") or "")),
}
