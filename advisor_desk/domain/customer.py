"""A customer and their car as the desk writes them down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times, vin
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

CONSENT_CHANNELS: Final = ("call", "text", "email")
CONSENT: Final = ("yes", "no")
PHONE_USES: Final = ("mobile", "home", "work", "other")

DETAILS: Final = ("name", "is_company", "phones", "emails", "address", "preferred_channel", "language", "notes")
CAR: Final = ("vin", "year", "make", "model", "trim", "colour", "plate", "odometer")


def added(id: str, said: Mapping[str, Any], advisor_id: str) -> Edit:
    """A new customer; somebody looks after them from the first day, when an advisor wrote them down."""
    fields = {name: said[name] for name in DETAILS if said.get(name)}
    _check(fields)
    return Edit("customer", id, changes.CREATE, fields | ({"advisor_id": advisor_id} if advisor_id else {}))


def edit(id: str, customer: Mapping[str, Any], said: Mapping[str, Any]) -> list[Edit]:
    """Correct what is known of a customer; an empty text takes it away. Raises BadArguments for no e-mail address."""
    to = {name: said[name] or None for name in DETAILS if name in said}
    _check(to)
    return changes.edits(changes.update("customer", id, customer, **to))


def set_consent(
    id: str, customer: Mapping[str, Any], channel: str, state: str, *, category: str, source: str, now: datetime
) -> list[Edit]:
    """Record that the customer may be reached on a channel, or may not; the same answer again changes nothing."""
    known = customer.get("consent") or {}
    mark = {"state": state, "category": category, "at": times.to_wire(now), "source": source}
    new = {name: value for name, value in mark.items() if value}
    was = known.get(channel) or {}
    if {**was, "at": ""} == {**new, "at": ""}:
        return []
    return changes.edits(changes.update("customer", id, customer, consent={**known, channel: new}))


def adopt(id: str, customer: Mapping[str, Any], **owners: str) -> list[Edit]:
    """Give the customer an advisor, a salesperson, or both."""
    named = {name: owner for name, owner in owners.items() if owner}
    if not named:
        raise BadArguments({"advisor_id": "is missing: name an advisor or a salesperson"})
    return changes.edits(changes.update("customer", id, customer, **named))


def check_is_new(others: list[str], again: bool) -> None:
    """Raise Refused when somebody with one of these phone numbers is known, and nobody said to add another."""
    if others and not again:
        raise Refused(
            "known_already",
            "Somebody with that phone number is here already. Use them, or say again to add another.",
            {"phones": "belongs to somebody who is here already"},
        )


def car_added(id: str, customer_id: str, said: Mapping[str, Any], now: datetime) -> Edit:
    """A customer's car; raises BadArguments when nothing says which one it is."""
    fields = _car(said, {}, now)
    if not any(fields.get(name) for name in ("vin", "plate", "make", "model")):
        raise BadArguments({"vin": "is missing: give the VIN, the plate or the make"})
    return Edit("vehicle", id, changes.CREATE, {"customer_ids": [customer_id], **fields})


def car_edit(id: str, car: Mapping[str, Any], said: Mapping[str, Any], now: datetime) -> list[Edit]:
    """Correct what is known of a car; an empty text takes it away."""
    return changes.edits(changes.update("vehicle", id, car, **_car(said, car, now)))


def doubt(number: str) -> str:
    """What is doubtful of a VIN, or the empty string; cars of other markets and older ones may be real all the same."""
    if not number or vin.is_valid(number):
        return ""
    if len(number) != vin.LENGTH:
        return f"That VIN has {len(number)} characters instead of {vin.LENGTH}. Read it off the car again."
    return "That VIN's check digit is not right. Read it off the car again."


def _car(said: Mapping[str, Any], car: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    to: dict[str, Any] = {name: said[name] or None for name in CAR if name in said}
    if to.get("vin"):
        number = "".join(str(to["vin"]).upper().split())
        to["vin"] = number
        if not car.get("year") and "year" not in to and vin.is_valid(number):
            to["year"] = vin.model_year(number)
    if to.get("odometer") and to["odometer"] != car.get("odometer"):
        to["odometer_at"] = times.to_wire(now)
    return {name: value for name, value in to.items() if value is not None or name in car}


def _check(fields: Mapping[str, Any]) -> None:
    for address in fields.get("emails") or ():
        name, at, host = address.partition("@")
        if not (name and at and "." in host) or " " in address:
            raise BadArguments({"emails": "holds something that is no e-mail address"})
    if "name" in fields and not fields["name"]:
        raise BadArguments({"name": "is missing: a customer needs a name"})
