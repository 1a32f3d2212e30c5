"""What the parts counter reads: every open part line of the store with whose it is; plain SQL too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from advisor_desk.cache import reads, reads_suppliers
from advisor_desk.cache.reads import Row
from advisor_desk.domain import board, harm, lights, parts
from advisor_desk.domain.rules.said import Said, in_order
from advisor_desk.domain.visit import TO_COME

_OF_ORDER: Final = (
    "number", "tag", "stage", "promised_at", "transport", "opened", "closed", "spot", "advisor_id", "customer_id",
    "vehicle_id",
)  # fmt: skip
_COLUMNS: Final = "p.id, p.rev, p.body, p.repair_order_id"
_DONE: Final = "p.state NOT IN ('installed', 'returned', 'cancelled') AND NOT p.deleted"
_OPEN: Final = (
    f"SELECT {_COLUMNS} FROM repair_order AS o CROSS JOIN part_line AS p ON p.repair_order_id = o.id"  # noqa: S608
    f" WHERE o.stage NOT IN ('closed', 'void') AND NOT o.deleted AND {_DONE}"
)
# What was ordered for a car that has gone: found by the indexes on what is under way and on what is left here.
_LEFT: Final = (
    f"SELECT {_COLUMNS} FROM part_line AS p CROSS JOIN repair_order AS o ON o.id = p.repair_order_id"  # noqa: S608
    " WHERE {} AND NOT p.deleted AND o.stage = 'closed' AND NOT o.deleted"
)
ALL: Final = (
    _OPEN,
    _LEFT.format(f"p.state IN {parts.UNDER_WAY}"),
    _LEFT.format(f"p.state IN {parts.LEFT_HERE}"),
)


def counter(conn: Any) -> list[Row]:
    """Every open part line of the store, in no order; ``domain.harm.of`` says where each belongs.

    A row is the line's fields with ``id`` and ``rev``, and besides them: ``order`` (id, number, tag, stage,
    promised_at, transport, opened, closed, spot, advisor_id, customer_id, vehicle_id; None where not set),
    ``customer_id`` and ``customer`` (the name), ``vehicle`` (``2019 CR-V EX``), ``advisor`` (name), ``claimed`` (the
    name of who has it in hand, or empty), ``told_by`` (the name of who told the ETA), ``loaner`` (the unit that is
    out on the order, or empty), ``visit_at`` (the customer's last visit to come, of those left with a part here),
    ``tries`` (how often they were tried since the part came), ``waits_for`` (the name of the part that the order
    still waits for, or empty), ``record`` (of an awaited one, how its supplier's dates held)
    and ``pending`` (names of fields with an edit not yet at the bridge).
    """
    return _rows(conn, (line for sql in ALL for line in conn.execute(sql)))


def counter_of(conn: Any, order_ids: Iterable[str]) -> list[Row]:
    """The same rows of these orders only, for a screen that was told what changed; of one that is done, none."""
    sql = f"SELECT {_COLUMNS} FROM part_line AS p WHERE p.repair_order_id IN ({{}}) AND {_DONE}"  # noqa: S608
    return _rows(conn, reads.among(conn, sql, order_ids))


def _rows(conn: Any, found: Iterable[Sequence[Any]]) -> list[Row]:
    lines = [{**json.loads(body), "id": id, "rev": rev, "repair_order_id": ro} for id, rev, body, ro in found]
    orders = _orders(conn, {line["repair_order_id"] for line in lines})
    lines = [line for line in lines if harm.is_open(line, orders.get(line["repair_order_id"], _NO_ORDER))]
    shown = {line["repair_order_id"]: orders[line["repair_order_id"]] for line in lines}
    beside = _beside(conn, shown)
    names = {id: str(person.get("name") or "") for id, person in reads.employees(conn).items()}
    waits, unsent = _waits_for(lines), reads.unsent(conn, "part_line", [line["id"] for line in lines])
    rows = [
        line
        | beside[line["repair_order_id"]]
        | {
            "advisor": names.get(str(shown[line["repair_order_id"]]["advisor_id"]), ""),
            "claimed": names.get(str(line.get("claimed_by")), ""),
            "told_by": names.get(str((line.get("eta_told") or {}).get("by")), ""),
            "waits_for": waits.get(line["repair_order_id"], "") if line.get("state") == "in_stock" else "",
            "pending": sorted(unsent.get(line["id"], ())),
        }
        for line in lines
    ]
    reads_suppliers.add(rows, reads_suppliers.records(conn))
    _add_whether_they_come(conn, [row for row in rows if harm.is_left_here(row)])
    return rows


_NO_ORDER: Final = {"stage": "void"}


def _orders(conn: Any, ids: Iterable[str]) -> dict[str, Row]:
    return {
        id: {"id": id, **{name: order.get(name) for name in _OF_ORDER}}
        for id, order in _bodies(conn, "repair_order", ids).items()
    }


def _beside(conn: Any, orders: Mapping[str, Row]) -> dict[str, Row]:
    """What every line of an order shows alike: the order, whose it is, which car, and the loaner that is out."""
    customers = _bodies(conn, "customer", {str(order["customer_id"] or "") for order in orders.values()})
    vehicles = _bodies(conn, "vehicle", {str(order["vehicle_id"] or "") for order in orders.values()})
    loaners = _loaners(conn, orders)
    return {
        id: {
            "order": order,
            "customer_id": order["customer_id"] or "",
            "customer": str(customers.get(order["customer_id"] or "", {}).get("name") or ""),
            "vehicle": board.vehicle_words(vehicles.get(order["vehicle_id"] or "", {})),
            "loaner": loaners.get(id, ""),
            "visit_at": "",
            "tries": 0,
        }
        for id, order in orders.items()
    }


def _waits_for(lines: Iterable[Row]) -> dict[str, str]:
    """By order the part that holds it up: the last of those awaited to come, one without an ETA before all."""
    awaited = [line for line in lines if line.get("state") in parts.AWAITED]
    awaited.sort(key=lambda line: (str(line.get("eta") or "9"), line["id"]))
    return {line["repair_order_id"]: str(line.get("description") or line.get("number") or "") for line in awaited}


def _loaners(conn: Any, order_ids: Iterable[str]) -> dict[str, str]:
    sql = (
        "SELECT repair_order_id, body FROM loaner WHERE repair_order_id IN ({}) AND repair_order_id <> ''"
        " AND NOT deleted"
    )
    cars = ((id, json.loads(body)) for id, body in reads.among(conn, sql, order_ids))
    return {id: str(car.get("unit") or "") for id, car in cars if car.get("out_at") and not car.get("back_at")}


def _add_whether_they_come(conn: Any, rows: Sequence[Row]) -> None:
    """Add to parts that lie here without their cars the customer's visit to come and how often they were tried."""
    customers = {row["customer_id"] for row in rows} - {""}
    sql = "SELECT customer_id, status, starts_at FROM appointment WHERE customer_id IN ({}) AND NOT deleted"
    visits: dict[str, str] = {}
    for customer, status, starts_at in reads.among(conn, sql, customers):
        if status in TO_COME:
            visits[customer] = max(visits.get(customer, ""), str(starts_at or ""))
    said = _said(conn, customers, min((str(row.get("received_at") or "") for row in rows), default=""))
    for row in rows:
        came, tried = lights.moment(row.get("received_at")), said.get(row["customer_id"], ())
        row["visit_at"] = visits.get(row["customer_id"], "")
        row["tries"] = sum(
            one.tried and one.concerns(row["repair_order_id"]) and came is not None and one.at >= came for one in tried
        )


def _said(conn: Any, customers: Iterable[str], since: str) -> dict[str, list[Said]]:
    sql = "SELECT customer_id, id, body FROM contact_event WHERE customer_id IN ({}) AND at >= ? AND NOT deleted"
    found: dict[str, list[tuple[str, Row]]] = {}
    for customer, id, body in reads.among(conn, sql, customers, since):
        found.setdefault(customer, []).append((id, json.loads(body)))
    return {customer: in_order(events) for customer, events in found.items()}


def _bodies(conn: Any, kind: str, ids: Iterable[str]) -> dict[str, Row]:
    sql = f"SELECT id, body FROM {kind} WHERE id IN ({{}}) AND NOT deleted"  # noqa: S608
    return {id: json.loads(body) for id, body in reads.among(conn, sql, ids)}
