"""The handover brief: what somebody who takes over must know of a customer, on one page and in four parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights, parts, repair_order
from advisor_desk.domain.lights import Settings
from ui.customer import rows
from ui.widgets import words

Data = Mapping[str, Any]
_LAST: Final = 6


class Brief(NamedTuple):
    """The parts of a brief, each a heading and its lines."""

    title: str
    parts: list[tuple[str, list[str]]]

    @property
    def text(self) -> str:
        """The whole as plain text, to copy."""
        return "\n\n".join(
            [self.title, *("\n".join([head, *(f"- {line}" for line in lines)]) for head, lines in self.parts)]
        )


def make(data: Data, now: datetime, settings: Settings, people: Mapping[str, Data]) -> Brief:
    """What is promised, what changed of it, what was said last, and what is due next."""
    customer = data.get("customer") or {}
    owed = sorted(
        (row for row in data.get("promises") or () if (row.get("state") or "open") == "open"),
        key=lambda row: str(row.get("due_at") or ""),
    )
    orders = [row for row in data.get("repair_orders") or () if repair_order.is_open(str(row.get("stage") or ""))]
    said = [turn for turn in data.get("timeline") or () if turn.get("kind") == "contact"][:_LAST]
    sections = [
        (
            "Promised",
            [_order(row, now, settings) for row in orders] + [_promise(row, now, settings, people) for row in owed],
        ),
        ("Changed", _changed(orders, data.get("part_lines") or (), owed, now, settings)),
        ("Said last", [_said(turn, now, settings) for turn in said]),
        ("Due next", [_due(row, now, settings) for row in owed[:3]]),
    ]
    phones = [str(phone.get("raw") or "") for phone in customer.get("phones") or ()]
    title = " · ".join(part for part in (str(customer.get("name") or "No name"), *phones[:1]) if part)
    return Brief(title, [(head, lines or ["Nothing."]) for head, lines in sections])


def _time(text: Any, now: datetime, settings: Settings) -> str:
    at = lights.moment(text)
    return lights.day_time(at, now, settings.zone) if at else "no time"


def _dated(text: Any, now: datetime, settings: Settings) -> str:
    """A time beside another one, today's with its day too."""
    said, at = _time(text, now, settings), lights.moment(text)
    return f"today {said}" if at and lights.day(at, now, settings.zone) == "today" else said


def _order(order: Data, now: datetime, settings: Settings) -> str:
    tag, number = str(order.get("tag") or ""), str(order.get("number") or "without a number")
    stage, promised = words.stage(str(order.get("stage") or "")).lower(), _time(order.get("promised_at"), now, settings)
    return ", ".join(part for part in (tag, f"RO {number}", f"in {stage}", f"promised {promised}") if part)


def _promise(promise: Data, now: datetime, settings: Settings, people: Mapping[str, Data]) -> str:
    owner = str(people.get(str(promise.get("owner_id") or ""), {}).get("name") or "")
    who = words.short_name(owner) if owner else words.ROLE.get(str(promise.get("owner_role")), "nobody")
    return f"{promise.get('title') or ''}, by {_time(promise.get('due_at'), now, settings)} ({who})"


def _changed(
    orders: Iterable[Data], lines: Iterable[Data], owed: Iterable[Data], now: datetime, settings: Settings
) -> list[str]:
    out = []
    for order in orders:
        for move in (order.get("promise_moves") or [])[-3:]:
            why = f": {move['reason']}" if move.get("reason") else ""
            out.append(
                f"Promised {_dated(move.get('was'), now, settings)}, then {_dated(move.get('to'), now, settings)}{why}"
            )
    for line in lines:
        if line.get("state") in parts.AWAITED and line.get("first_eta") and line.get("eta") != line["first_eta"]:
            was, to = _dated(line["first_eta"], now, settings), _dated(line.get("eta"), now, settings)
            out.append(f"{line.get('description') or line.get('number') or 'A part'}: ETA {was}, then {to}")
    for promise in owed:
        for move in (promise.get("moves") or [])[-2:]:
            out.append(f"{promise.get('title')}: moved to {_time(move.get('to'), now, settings)}")
    return out


def _said(turn: Data, now: datetime, settings: Settings) -> str:
    what, more, who = rows.contact_words(turn)
    return " · ".join(part for part in (_time(turn.get("at"), now, settings), what, more, who) if part)


def _due(promise: Data, now: datetime, settings: Settings) -> str:
    due = lights.moment(promise.get("due_at"))
    return f"{promise.get('title') or ''}: {words.until(due, now) if due else 'no time'}"
