"""A loaner: a car lent for the time of the repair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused


def out(id: str, args: Mapping[str, Any], others: Iterable[Mapping[str, Any]], now: datetime) -> Edit:
    """Lend a unit; raises Refused while it is out with somebody else."""
    unit = args["unit"]
    if any(other.get("unit") == unit and not other.get("back_at") for other in others):
        raise Refused(
            "out_already", f"{unit} is out already. Take it back first, or lend another.", {"unit": "is out already"}
        )
    said = {name: args[name] for name in ("unit", "customer_id", "repair_order_id") if args.get(name)}
    due = {"out_at": times.to_wire(now), "due_at": _due(args["due_at"], now)}
    return Edit("loaner", id, changes.CREATE, said | due)


def extend(id: str, loaner: Mapping[str, Any], due_at: str, now: datetime) -> list[Edit]:
    """Let the customer keep it until another time."""
    _check_out(loaner)
    return changes.edits(changes.update("loaner", id, loaner, due_at=_due(due_at, now)))


def back(id: str, loaner: Mapping[str, Any], now: datetime) -> list[Edit]:
    """It is back on the lot."""
    _check_out(loaner)
    return changes.edits(changes.update("loaner", id, loaner, back_at=times.to_wire(now)))


def _check_out(loaner: Mapping[str, Any]) -> None:
    if loaner.get("back_at"):
        raise BadArguments({"loaner_id": "is back already"})


def _due(due_at: str, now: datetime) -> str:
    moment = times.from_wire(due_at)
    if moment <= now:
        raise BadArguments({"due_at": "is in the past; give a time to come"})
    return times.to_wire(moment)
