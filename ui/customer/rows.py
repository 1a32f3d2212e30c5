"""A customer's whole time with the store as rows: what is promised now, then all that happened, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from advisor_desk.domain import lights, times
from advisor_desk.domain.lights import Settings
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, Line

COLUMNS: Final = (
    Column("When", 104),
    Column("What", 360, 6),
    Column("Car", 150, 2),
    Column("", 104, 1, right=True),
)
OPEN: Final = "Promised and open"
Data = Mapping[str, Any]


def groups(data: Data, now: datetime, settings: Settings) -> list[Group]:
    """The open promises, then every year's turns."""
    cars = {str(car["id"]): str(car.get("words") or "") for car in data.get("vehicles") or ()}
    owed = [row for row in data.get("promises") or () if (row.get("state") or "open") == "open"]
    owed.sort(key=lambda row: str(row.get("due_at") or ""))
    out = [Group(OPEN, [_owed(row, now, settings) for row in owed], "accent")]
    years: dict[str, list[Line]] = {}
    for turn in data.get("timeline") or ():
        if turn.get("kind") == "promised" and (turn["record"].get("state") or "open") == "open":
            continue
        years.setdefault(_heading(str(turn.get("at") or ""), now, settings), []).append(
            _turn(turn, cars, now, settings)
        )
    return [*out, *(Group(title, lines) for title, lines in years.items())]


def _heading(moment: str, now: datetime, settings: Settings) -> str:
    at = lights.moment(moment)
    if at is None:
        return moment[:4] or "No date"
    local, today = at.astimezone(settings.zone), now.astimezone(settings.zone)
    if local.date() > today.date():
        return "To come"
    if (today.date() - local.date()).days < 7:
        return "The last seven days"
    return str(local.year) if local.year != today.year else f"Earlier in {local.year}"


def _owed(promise: Data, now: datetime, settings: Settings) -> Line:
    due = lights.moment(promise.get("due_at"))
    tone = "late" if due is not None and due < now else ""
    rule = words.RULE.get(str(promise.get("rule")), "")
    cells = (
        Cell(lights.day_time(due, now, settings.zone) if due else "", "", tone or "ink"),
        Cell(str(promise.get("title") or ""), rule, bold=True),
        Cell(),
        Cell(words.until(due, now) if due else "", "", tone or "soft"),
    )
    return Line(f"promise {promise['id']}", cells, tone)


def _turn(turn: Data, cars: Mapping[str, str], now: datetime, settings: Settings) -> Line:
    at = str(turn.get("at") or "")
    kind = str(turn.get("kind") or "")
    if kind == "contact":
        what, more, side = contact_words(turn)
        car, record = cars.get(str(turn.get("vehicle_id") or ""), ""), f"contact_event {turn['id']}"
    else:
        what, more, side = _TURNS.get(kind, _plain)(turn["record"])
        car, record = str(turn.get("vehicle") or ""), f"{turn['of']} {turn['record']['id']} {kind}"
    cells = (
        Cell(_when(at, now, settings)),
        Cell(what, more, bold=kind != "contact"),
        Cell(car, "", "soft"),
        Cell(side, "", "soft"),
    )
    return Line(record, cells)


def _when(text: str, now: datetime, settings: Settings) -> str:
    at = lights.moment(text)
    if at is not None:
        return lights.day_time(at, now, settings.zone)
    try:
        day = times.day_from_wire(text)
    except ValueError:
        return ""
    return f"{times.MONTHS[day.month - 1]} {day.day}"


_OUT: Final = {"call": "Called", "text": "Texted", "email": "E-mailed"}


def contact_words(event: Data) -> tuple[str, str, str]:
    """What was said, how, and by whom."""
    channel, outcome = str(event.get("channel") or "note"), str(event.get("outcome") or "")
    name = words.CHANNEL.get(channel, channel)
    how = f"{name} in" if event.get("direction") == "in" else _OUT.get(channel, name)
    said = ", ".join(part for part in (how, words.OUTCOME.get(outcome, "")) if part)
    body = " ".join(str(event.get("body") or "").split())
    return (body or said), (said if body else ""), words.short_name(str(event.get("employee") or ""))


Said = tuple[str, str, str]


def _plain(record: Data) -> Said:
    return "Something happened", "", ""


def _order(verb: str) -> Callable[[Data], Said]:
    def said(record: Data) -> Said:
        total = words.money((record.get("totals") or {}).get("total"))
        return (
            f"RO {record.get('number') or 'without a number'} {verb}",
            words.stage(str(record.get("stage") or "")),
            total,
        )

    return said


def _visit(record: Data) -> Said:
    status = {
        "requested": "asked for", "booked": "booked", "confirmed": "confirmed", "arrived": "came",
        "no_show": "did not come", "cancelled": "called off",
    }  # fmt: skip
    said = str(record.get("status") or "")
    return "Visit", " ".join(str(record.get("concerns") or "").split()), status.get(said, said)


def _promise(record: Data) -> Said:
    state = str(record.get("state") or "").replace("_", " ")
    return str(record.get("title") or "A promise"), str(record.get("reason") or ""), state


def _owed_by_sales(record: Data) -> Said:
    done = "done" if record.get("repair_order_id") else ""
    return "Owed by sales", str(record.get("description") or ""), done


def _asked(record: Data) -> Said:
    said, source = str(record.get("text") or ""), str(record.get("source") or "")
    return f"Asked about {record.get('wants') or 'something'}", said, source


_SOURCES: Final = {
    "phone": "by phone", "online": "online", "walk_in": "walked in", "bdc": "by BDC", "follow_up": "on a follow-up",
    "import": "from the import",
}  # fmt: skip
_TURNS: Final[Mapping[str, Callable[[Data], Said]]] = {
    "opened": _order("opened"),
    "closed": _order("closed"),
    "booked": lambda record: ("Visit booked", _SOURCES.get(str(record.get("source")), ""), ""),
    "visit": _visit,
    "sold": lambda record: ("Car sold", "", str(record.get("stage") or "").replace("_", " ")),
    "delivered": lambda record: ("Car delivered", "", ""),
    "owed": _owed_by_sales,
    "asked": _asked,
    "surveyed": lambda record: ("Survey sent", "", ""),
    "rated": lambda record: (f"Rated {record.get('score')} of 100", str(record.get("comment") or ""), ""),
    "lent": lambda record: (f"Loaner {record.get('unit') or ''} out", "", ""),
    "returned": lambda record: (f"Loaner {record.get('unit') or ''} back", "", ""),
    "promised": _promise,
}
