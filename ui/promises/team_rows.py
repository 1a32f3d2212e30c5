"""The manager's view as rows: what is about to be dropped, who carries how much, and the rules of the store."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights
from advisor_desk.domain.rules.rule import DUE, ESCALATE, MINUTES, Rule
from advisor_desk.domain.rules.table import RULES
from ui.promises import rows as promise_rows
from ui.promises.rows import Promise, Reader
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, Line

DROPPING: Final = promise_rows.COLUMNS
PEOPLE: Final = (
    Column("Who", 180, 3),
    Column("Open promises", 116, 1, right=True),
    Column("Late", 70, 1, right=True),
    Column("Escalated", 80, 1, right=True),
    Column("Open ROs", 90, 1, right=True),
    Column("Customers", 90, 1, right=True),
)
SETTINGS: Final = (
    Column("Rule", 270, 5),
    Column("Due", 188, 2),
    Column("Kept by", 182, 3),
    Column("Passed on", 156),
    Column("", 30, 0, right=True),
)
_NUMBERS: Final = {
    "wait": "missed after {} min",
    "hour": "at {}:00",
    "ahead": "any talk {} days ahead counts",
    "days": "given up after {} days",
    "red": "red {} days",
    "yellow": "yellow {}",
    "line": "below {}",
    "years": "{} years",
    "odometer": "{:,} miles",
    "days_before": "{} days before",
    "first": "day {}",
    "second": "{}",
    "third": "{}",
}
"""A rule's other numbers, as briefly as a row has room for."""
_SOON: Final = timedelta(minutes=30)
_HEAVY: Final = 1.5
"""So many times what people carry on average, or queues, is too much for one."""


class Load(NamedTuple):
    """What one person, or a role's queue, carries."""

    id: str
    name: str
    does: str
    here: bool
    open: int
    late: int
    escalated: int
    orders: int
    customers: int


def dropping(promises: Sequence[Promise], reader: Reader) -> list[Group]:
    """What is escalated, what is late, and what is due within half an hour; the worst first."""
    found: dict[str, list[Promise]] = {"Escalated": [], "Late": [], "Due within half an hour": []}
    for promise in promises:
        due = lights.moment(promise.get("due_at"))
        if promise_rows.is_escalated(promise, reader):
            found["Escalated"].append(promise)
        elif promise_rows.is_late(promise, reader):
            found["Late"].append(promise)
        elif due is not None and due - reader.now <= _SOON:
            found["Due within half an hour"].append(promise)
    tones = {"Escalated": "late", "Late": "late"}
    return [
        Group(title, [promise_rows.line(promise, reader) for promise in some], tones.get(title, "amber"))
        for title, some in found.items()
    ]


def loads(promises: Sequence[Promise], counts: Mapping[str, Mapping[str, int]], reader: Reader) -> list[Load]:
    """What each carries; ``counts`` holds the open orders and customers by whose they are."""
    owed: dict[str, list[Promise]] = {}
    for promise in promises:
        owner = str(promise.get("owner_id") or "") or f"role {promise.get('owner_role')}"
        owed.setdefault(owner, []).append(promise)
    out = []
    for id in {*owed, *reader.people}:
        mine, person = owed.get(id, []), reader.people.get(id, {})
        role = id.partition("role ")[2]
        name = words.department(role) if role else str(person.get("name") or "Somebody unknown")
        away = lights.moment(person.get("away_until"))
        out.append(
            Load(
                id,
                name,
                ", ".join(words.JOB.get(str(each), str(each)) for each in person.get("roles") or ()),
                bool(role) or (person.get("active") is not False and (away is None or away <= reader.now)),
                len(mine),
                sum(promise_rows.is_late(promise, reader) for promise in mine),
                sum(promise_rows.is_escalated(promise, reader) for promise in mine),
                counts.get("orders", {}).get(id, 0),
                counts.get("customers", {}).get(id, 0),
            )
        )
    return sorted(out, key=lambda load: (-load.late, -load.open, load.name.casefold()))


def people(carried: Sequence[Load], reader: Reader) -> list[Group]:
    """Who carries how much: queues, those who are here, and those who are not."""
    queues = [load for load in carried if load.id.startswith("role ")]
    here = [load for load in carried if load.here and load not in queues and _works(load, reader)]
    gone = [load for load in carried if not load.here and (load.open or load.orders)]
    of_people = _usual(here)
    return [
        Group("Not here, and still answering for something", [_person(load, of_people) for load in gone], "late"),
        Group("Queues", [_person(load, _usual(queues)) for load in queues]),
        Group("Here", [_person(load, of_people) for load in here]),
    ]


def _usual(carried: Sequence[Load]) -> float:
    """How much those who carry anything carry on average."""
    return sum(load.open for load in carried) / max(1, sum(load.open > 0 for load in carried))


def _works(load: Load, reader: Reader) -> bool:
    return bool(load.open or load.orders or reader.people.get(load.id, {}).get("active") is not False)


def _person(load: Load, usual: float) -> Line:
    heavy = load.open > _HEAVY * usual and load.open > 5
    cells = (
        Cell(load.name, load.does, bold=True),
        Cell(str(load.open), "far above others" if heavy else "", "amber" if heavy else "ink", "amber"),
        Cell(str(load.late or ""), "", "late"),
        Cell(str(load.escalated or ""), "", "late"),
        Cell(str(load.orders or "")),
        Cell(f"{load.customers:,}" if load.customers else ""),
    )
    return Line(load.id, cells, "late" if load.late else "amber" if heavy else "")


def _hours(minutes: int, kind: str) -> str:
    """``30 minutes``, ``2 hours``; an hour and what is no whole number of them stays in minutes."""
    whole = minutes >= 120 and minutes % 60 == 0
    return f"{minutes // 60} {kind}hours" if whole else f"{minutes} {kind}minutes" if minutes else "at once"


def settings(said: Mapping[str, Any]) -> list[Group]:
    """Every rule with what the store has set of it."""
    return [Group("Rules", [_rule(rule, said.get(rule.name) or {}) for rule in RULES.values()])]


def _rule(rule: Rule, said: Mapping[str, Any]) -> Line:
    on = said.get("on") is not False
    number = said.get(DUE)
    due = rule.due.words if number in (None, rule.numbers.get(DUE)) else f"{number} {rule.due.unit}"
    due = _hours(rule.numbers[DUE] if number is None else number, "") if rule.due.unit == MINUTES else due
    after = said.get(ESCALATE, rule.escalation.minutes)
    to = words.ROLE.get(rule.escalation.to, rule.escalation.to)
    others = {name: value for name, value in rule.numbers.items() if name not in (DUE, ESCALATE)}
    set_ = {name: said.get(name, value) for name, value in others.items() if not _is_said(due, said.get(name, value))}
    more = ", ".join(_NUMBERS[name].format(number) for name, number in set_.items())
    cells = (
        Cell(words.RULE[rule.name], rule.why, "ink" if on else "faint", bold=on),
        Cell(due.replace("_", " "), more, wraps=not more),
        Cell(rule.kept_words, "", "soft", wraps=True),
        Cell(f"to {to}", f"{_hours(after, 'business ')} late"),
        Cell("on" if on else "off", "", "green" if on else "faint"),
    )
    return Line(rule.name, cells)


def _is_said(due: str, number: int) -> bool:
    """Whether a number stands in the words for when it is due."""
    return str(number) in re.findall(r"\d+", due)
