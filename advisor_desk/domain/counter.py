"""A part line at the parts counter: asked for, quoted, pulled, fitted, sent back, given up, and who has it in hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import changes, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused
from advisor_desk.domain.parts import GONE, HERE, STATES

_ON_SHELF: Final = frozenset({"requested", "quoted", "in_stock", "received"})
_SHELVED: Final = frozenset({"in_stock", "partly_received", "received", "return_due"})
_BACK: Final = frozenset({"partly_received", "received", "pulled", "installed"})
_NOT_YET: Final = frozenset({"requested", "quoted", "in_stock", "ordered", "backordered"})


def request(id: str, args: Mapping[str, Any], now: datetime) -> Edit:
    """Ask the counter for a part."""
    names = ("repair_order_id", "job_id", "number", "description", "qty")
    said = {name: args[name] for name in names if name in args}
    return Edit("part_line", id, changes.CREATE, said | {"state": STATES[0], "requested_at": times.to_wire(now)})


def quote(id: str, line: Mapping[str, Any], said: Mapping[str, Any], now: datetime) -> list[Edit]:
    """Say what the part costs and where it comes from; one from stock is on the shelf. Raises IllegalMove later on."""
    to = {name: said[name] for name in ("amount", "number", "supplier", "source", "bin") if name in said}
    state = "in_stock" if said.get("source") == "stock" else "quoted"
    _check(line, state, frozenset({"requested", "quoted", "in_stock"}), "It is on its way already.")
    return _to(id, line, state=state, quoted_at=line.get("quoted_at") or times.to_wire(now), **to)


def backorder(id: str, line: Mapping[str, Any], eta: str, now: datetime) -> list[Edit]:
    """The supplier has none to send; an ETA that no longer holds is taken away, unless there is a new one."""
    _check(line, "backordered", frozenset({"ordered", "backordered"}), "Order it first.")
    to: dict[str, Any] = {"state": "backordered", "eta": None}
    if eta:
        moment = times.from_wire(eta)
        if moment <= now:
            raise BadArguments({"eta": "is in the past; give a time to come"})
        to["eta"] = times.to_wire(moment)
        to["first_eta"] = line.get("first_eta") or line.get("eta") or to["eta"]
    if to["eta"] != line.get("eta"):
        to |= {"eta_source": "supplier", "eta_set_at": times.to_wire(now)}
    return _to(id, line, **to)


def pull(id: str, line: Mapping[str, Any]) -> list[Edit]:
    """Take the part off the shelf for the car."""
    if line.get("state") == "pulled":
        return []
    _check(line, "pulled", _ON_SHELF, "Receive it first.")
    return _to(id, line, state="pulled", qty_filled=int(line.get("qty") or 1))


def install(id: str, line: Mapping[str, Any]) -> list[Edit]:
    """The part is in the car."""
    if line.get("state") == "installed":
        return []
    _check(line, "installed", frozenset({"in_stock", "pulled", "received"}), "Receive it first.")
    return _to(id, line, state="installed")


def put_in_bin(id: str, line: Mapping[str, Any], bin: str) -> list[Edit]:
    """The part lies in that bin from now on, or in none; raises BadArguments for one that is not on a shelf here."""
    state = line.get("state") or STATES[0]
    if state not in _SHELVED:
        raise BadArguments({"part_line_id": f"is {state.replace('_', ' ')}; only a part on the shelf has a bin"})
    return _to(id, line, bin=bin) if bin != (line.get("bin") or "") else []


def send_back(id: str, line: Mapping[str, Any], *, by: str, gone: bool) -> list[Edit]:
    """The part is to go back, by a day when one is given; or has gone. Raises IllegalMove for one that never came."""
    state = line.get("state") or STATES[0]
    if state == "returned":
        return []
    _check(line, "returned" if gone else "return_due", _BACK | {"return_due"}, "It has not come; give it up instead.")
    if gone and state in {"partly_received", "installed"}:
        raise IllegalMove("state", state, "returned", "Mark it as going back first.")
    return _to(id, line, state="returned" if gone else "return_due", **({"return_by": by} if by else {}))


def give_up(id: str, line: Mapping[str, Any]) -> list[Edit]:
    """Nobody needs the part any more; raises IllegalMove once it has come."""
    if line.get("state") == "cancelled":
        return []
    _check(line, "cancelled", _NOT_YET, "It is here; send it back instead.")
    return _to(id, line, state="cancelled")


def claim(id: str, line: Mapping[str, Any], *, by: str, has_it: str, again: bool, release: bool) -> list[Edit]:
    """One at the counter takes the line in hand, or lets it go; ``has_it`` names the colleague who had it before."""
    if release:
        return _to(id, line, claimed_by=None)
    state = line.get("state") or STATES[0]
    if state in HERE - {"received"} or state in GONE:
        raise BadArguments({"part_line_id": f"is {state.replace('_', ' ')}; there is nothing left to do"})
    if has_it and not again:
        raise Refused(
            "claimed_already", f"{has_it} has that part in hand. Ask them, or say again to take it over.",
            {"part_line_id": "is in somebody's hand"},
        )  # fmt: skip
    return _to(id, line, claimed_by=by)


def _check(line: Mapping[str, Any], to: str, come_from: frozenset[str], advice: str) -> None:
    state = line.get("state") or STATES[0]
    if state in STATES and state not in come_from:
        raise IllegalMove("state", state, to, advice)


def _to(id: str, line: Mapping[str, Any], **to: Any) -> list[Edit]:
    return changes.edits(changes.update("part_line", id, line, **to))
