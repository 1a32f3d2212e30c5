"""A part line as the right-hand side shows it: its light, what it waits for, and whether the customer knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import lights, parts
from advisor_desk.domain.lights import Light, Settings
from ui.widgets.row_facts import Act, RowFacts

Line = Mapping[str, Any]
May = Callable[[str], bool]
TELL: Final = "tell"
"""The act that opens the composer with this line ticked; no command by itself."""
_SHORT: Final = 8
_STATE: Final = {
    "requested": "asked for",
    "quoted": "quoted",
    "in_stock": "on shelf",
    "ordered": "no ETA",
    "backordered": "backordered",
    "partly_received": "no ETA",
    "return_due": "return due",
    "cancelled": "not needed",
}


def rows(
    lines: Sequence[Line],
    promised: datetime | None,
    now: datetime,
    settings: Settings,
    pending: Mapping[str, Sequence[str]],
    may: May,
) -> list[RowFacts]:
    """All lines, the worst light first; what is not needed any more comes last."""
    lit = [(lights.part_light(line, promised, now, settings), line) for line in lines]
    lit.sort(key=lambda pair: lights.WORST_FIRST.index(pair[0].state))
    return [_row(line, light, now, settings, str(line.get("id")) in pending, may) for light, line in lit]


def _row(line: Line, light: Light, now: datetime, settings: Settings, pending: bool, may: May) -> RowFacts:
    told, tone = told_words(line, now, settings)
    why, why_tone = _reason(line, light, now, settings)
    return RowFacts(
        id=str(line.get("id")),
        title=str(line.get("description") or line.get("number") or "Part without a name"),
        right=due_words(line, now, settings),
        detail=_detail(line),
        told=told,
        told_tone="soft" if told in why else tone,
        reason=why,
        reason_tone=why_tone,
        light=light,
        pending=pending,
        acts=_acts(line, may),
    )


def due_words(line: Line, now: datetime, settings: Settings) -> str:
    """When it comes or where it is: ``Thu 26``, ``today 15:00``, ``on shelf``, ``received``."""
    state = str(line.get("state") or "")
    eta = lights.moment(line.get("eta"))
    if state in parts.AWAITED and eta is not None:
        day = lights.day(eta, now, settings.zone)
        return f"today {lights.day_time(eta, now, settings.zone)}" if day == "today" else day
    return _STATE.get(state, state.replace("_", " ") or "no status")


def told_words(line: Line, now: datetime, settings: Settings) -> tuple[str, str]:
    """What the customer knows of it, and the tone of that: ``told``, ``told Tue 24``, ``not told``."""
    state, eta = line.get("state"), lights.moment(line.get("eta"))
    if not lights.untold(line):
        knows = (state in parts.AWAITED and eta is not None) or (state == "received" and line.get("arrival_told_at"))
        return ("told", "soft") if knows else ("", "soft")
    believed = lights.moment((line.get("eta_told") or {}).get("eta")) if state in parts.AWAITED else None
    if believed is None or eta is None:
        return "not told", "amber"
    same = believed.astimezone(settings.zone).date() == eta.astimezone(settings.zone).date()
    words = lights.day_time if same else lights.day
    return f"told {words(believed, now, settings.zone)}", "amber"


def _reason(line: Line, light: Light, now: datetime, settings: Settings) -> tuple[str, str]:
    """Why a light is bad; a good one says it on hover."""
    if light.state not in {lights.LATE, lights.AT_RISK, lights.UNKNOWN}:
        return "", "soft"
    told, _ = told_words(line, now, settings)
    believed = f" Customer was {told}." if told.startswith("told ") else ""
    return light.why + believed, light.tone


def _detail(line: Line) -> str:
    state = line.get("state")
    wanted, here = line.get("qty") or 1, line.get("qty_filled") or 0
    qty = f"{here} of {wanted}" if here and here < wanted else str(wanted)
    number = str(line.get("number") or "") if line.get("description") else ""
    supplier, order = str(line.get("supplier") or ""), str(line.get("order_no") or "")
    # A long name stands after the order's number, which is what is asked for and never cut for it.
    said = (supplier, f"order {order}" if order else "")
    ordered = " ".join(filter(None, said)) if len(supplier) <= _SHORT else " · ".join(filter(None, reversed(said)))
    place = f"bin {line['bin']}" if line.get("bin") and state in {"in_stock", "received"} else ""
    return " · ".join(word for word in (number, qty, ordered if state in parts.AWAITED else "", place) if word)


def _acts(line: Line, may: May) -> tuple[Act, ...]:
    state = str(line.get("state") or parts.STATES[0])
    args = {"part_line_id": str(line.get("id"))}
    awaited = state in parts.AWAITED
    wanted = (
        ("part.order", "Order…", state in {"requested", "quoted"}),
        ("part.set_eta", "Set ETA…", awaited),
        ("part.receive", "Receive…", awaited),
    )
    acts = [Act(name, words, args) for name, words, fits in wanted if fits and may(name)]
    if lights.untold(line) and may("contact.log"):
        acts.append(Act(TELL, "Tell the customer", args))
    return tuple(acts)


def tells_words(line: Line, now: datetime, settings: Settings) -> str:
    """What a contact would tell of it: ``ETA Thu 26: Water pump kit``, ``Water pump kit is here``."""
    name = str(line.get("description") or line.get("number") or "the part")
    return f"{name} is here" if line.get("state") == "received" else f"ETA {due_words(line, now, settings)}: {name}"


def as_of(lines: Iterable[Line]) -> datetime | None:
    """The newest word from the parts counter on any line."""
    fields = ("eta_set_at", "received_at", "ordered_at", "requested_at")
    said = [at for line in lines for name in fields if (at := lights.moment(line.get(name)))]
    return max(said, default=None)
