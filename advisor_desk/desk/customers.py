"""Commands on a customer and their cars."""

from __future__ import annotations

from typing import Any

from advisor_desk.cache import records
from advisor_desk.desk import phones
from advisor_desk.desk.context import Context
from advisor_desk.domain import customer
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

Args = dict[str, Any]


def add(desk: Context, args: Args) -> list[Edit]:
    """``customer.add``; refused for a phone number that is known, unless said again."""
    said = _read(desk, args)
    numbers = [phone["e164"].lstrip("+") for phone in said.get("phones") or () if "e164" in phone]
    known = [found.id for number in numbers for found in records.found(desk.conn, "customer", number)]
    customer.check_is_new(known, args.get("again", False))
    return [customer.added(desk.new_id(), said, desk.actor if "advisor" in desk.roles() else "")]


def edit(desk: Context, args: Args) -> list[Edit]:
    """``customer.edit``."""
    id = args["customer_id"]
    return customer.edit(id, desk.fields("customer", id), _read(desk, args))


def set_consent(desk: Context, args: Args) -> list[Edit]:
    """``customer.set_consent``."""
    id, about = args["customer_id"], {name: args.get(name) or "" for name in ("category", "source")}
    return customer.set_consent(id, desk.fields("customer", id), args["channel"], args["state"], **about, now=desk.now)


def adopt(desk: Context, args: Args) -> list[Edit]:
    """``customer.adopt``; by somebody who works here and does that work."""
    id = args["customer_id"]
    owners = {}
    for name, role in (("advisor_id", "advisor"), ("salesperson_id", "sales")):
        if owner := args.get(name):
            if not {role, "manager"} & set(desk.colleague(owner, name).get("roles") or ()):
                raise BadArguments({name: "does other work; name somebody who looks after customers"})
            owners[name] = owner
    return customer.adopt(id, desk.fields("customer", id), **owners)


def add_car(desk: Context, args: Args) -> list[Edit]:
    """``vehicle.add``; refused for a VIN that is known, unless said again."""
    desk.fields("customer", args["customer_id"])
    made = customer.car_added(desk.new_id(), args["customer_id"], args, desk.now)
    number = made.set.get("vin") or ""
    if number and not args.get("again") and records.found(desk.conn, "vehicle", number):
        words = "A car with that VIN is here already. Search for it, or say again to add another."
        raise Refused("known_already", words, {"vin": "belongs to a car that is here already"})
    _doubt(desk, number)
    return [made]


def edit_car(desk: Context, args: Args) -> list[Edit]:
    """``vehicle.edit``."""
    id = args["vehicle_id"]
    edits = customer.car_edit(id, desk.fields("vehicle", id), args, desk.now)
    _doubt(desk, next((edit.set.get("vin") or "" for edit in edits), ""))
    return edits


def _doubt(desk: Context, number: str) -> None:
    if doubt := customer.doubt(number):
        desk.warnings.append(doubt)


def _read(desk: Context, args: Args) -> Args:
    if "phones" not in args:
        return args
    country = (desk.store().get("holidays") or {}).get("country") or ""
    return args | {"phones": phones.read(args["phones"], country)}
