"""Commands on a part line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk import contacts
from advisor_desk.desk.context import Context
from advisor_desk.domain import counter, delivery, parts, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.delivery import BookIn
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.lights import Settings


def set_eta(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.set_eta``."""
    source = args.get("source") or ""
    return delivery.each(
        _lines(desk, args), lambda id, line: parts.set_eta(id, line, args["eta"], source=source, now=desk.now)
    )


def order(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.order``."""
    id = args["part_line_id"]
    return parts.order(
        id,
        desk.fields("part_line", id),
        order_no=args["order_no"],
        supplier=args["supplier"],
        source=args.get("source") or "",
        eta=args.get("eta") or "",
        now=desk.now,
    )


def receive(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.receive``."""
    id = args["part_line_id"]
    return _book_in(desk, args)(id, desk.fields("part_line", id), args.get("qty"))


def receive_order(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.receive_order``."""
    return delivery.receive(
        {line.id: line.fields for line in records.under_way(desk.conn)},
        args["order_no"],
        supplier=args.get("supplier") or "",
        pieces=args.get("pieces"),
        book_in=_book_in(desk, args),
    )


def _book_in(desk: Context, args: dict[str, Any]) -> BookIn:
    """Booking in as the command says, a special order with the store's usual day to go back by."""
    bin, return_by, calendar = args.get("bin") or "", args.get("return_by") or "", desk.calendar()
    within = Settings.of_store(desk.store(), calendar.zone).return_within
    usual = times.day_to_wire(calendar.local(desk.now) + timedelta(days=within))
    return lambda id, line, qty: parts.receive(
        id, line, qty=qty, bin=bin, now=desk.now, return_by=return_by, usual_return=usual
    )


def set_bin(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.set_bin``."""
    return delivery.each(_lines(desk, args), lambda id, line: counter.put_in_bin(id, line, args["bin"]))


def _lines(desk: Context, args: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The line that is named and those it is also for, each once."""
    first = args["part_line_id"]
    found = {first: desk.fields("part_line", first)}
    return found | {id: desk.fields("part_line", id, "also") for id in args.get("also") or () if id != first}


def request(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.request``."""
    order_id = args["repair_order_id"]
    desk.fields("repair_order", order_id)
    if args.get("job_id") and desk.fields("job", args["job_id"]).get("repair_order_id") != order_id:
        raise BadArguments({"job_id": "is a job of another repair order"})
    return [counter.request(desk.new_id(), args, desk.now)]


def quote(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.quote``."""
    id = args["part_line_id"]
    return counter.quote(id, desk.fields("part_line", id), args, desk.now)


def backorder(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.backorder``."""
    id = args["part_line_id"]
    return counter.backorder(id, desk.fields("part_line", id), args.get("eta") or "", desk.now)


def pull(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.pull``."""
    id = args["part_line_id"]
    return counter.pull(id, desk.fields("part_line", id))


def install(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.install``."""
    id = args["part_line_id"]
    return counter.install(id, desk.fields("part_line", id))


def send_back(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.return``."""
    id = args["part_line_id"]
    by, gone = args.get("return_by") or "", args.get("gone", False)
    return counter.send_back(id, desk.fields("part_line", id), by=by, gone=gone)


def give_up(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.cancel``."""
    id = args["part_line_id"]
    return counter.give_up(id, desk.fields("part_line", id))


def claim(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.claim``; who has left has nothing in hand."""
    id = args["part_line_id"]
    line = desk.fields("part_line", id)
    other = line.get("claimed_by") or ""
    other = other if other != desk.actor and desk.is_at_work(other) else ""
    has_it = desk.fields("employee", other).get("name") or "Somebody" if other else ""
    again, release = args.get("again", False), args.get("release", False)
    return counter.claim(id, line, by=desk.actor, has_it=has_it, again=again, release=release)


def tell(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``part.tell``: the customer of its order is told of the ETA, or of the arrival; logged like any contact."""
    id = args["part_line_id"]
    line = desk.fields("part_line", id)
    if not line.get("eta") and line.get("state") != "received":
        raise BadArguments({"part_line_id": "has no ETA and has not come; there is nothing to tell"})
    order = desk.fields("repair_order", line.get("repair_order_id") or "")
    said = {name: order[name] for name in ("customer_id", "vehicle_id") if order.get(name)}
    if "customer_id" not in said:
        raise BadArguments({"part_line_id": "is for a car of the store; there is nobody to tell"})
    said |= {name: args[name] for name in ("channel", "body") if name in args}
    return contacts.log(desk, {"channel": "call", **said, "repair_order_id": line["repair_order_id"], "tells": [id]})
