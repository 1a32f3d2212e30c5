"""Promises as rows of a table: what, to whom, whose, and by when, under headings of time, rule or customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.promise import may_answer
from advisor_desk.domain.rules.table import RULES
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, Line

MINE, QUEUE, STORE = "mine", "queue", "store"
BY_DUE, BY_RULE, BY_CUSTOMER = "due", "rule", "customer"
COLUMNS: Final = (
    Column("Due", 92),
    Column("Promise", 320, 5),
    Column("Customer and car", 138, 2),
    Column("Whose", 108, 1),
    Column("", 104, 0, right=True),
)
SOON: Final = timedelta(minutes=15)
Promise = Mapping[str, Any]


class Reader(NamedTuple):
    """Who looks, and with what: their id and roles, the store's people and settings, and the time."""

    me: str
    roles: frozenset[str]
    people: Mapping[str, Mapping[str, Any]]
    settings: Settings
    now: datetime


def is_mine(promise: Promise, reader: Reader) -> bool:
    """True for what somebody owns or is offered."""
    return promise.get("owner_id") == reader.me or may_answer(promise, reader.me, reader.roles)


def in_queue(promise: Promise, reader: Reader) -> bool:
    """True for what stands in the queue of one's role."""
    return promise.get("owner_role") in reader.roles


SCOPES: Final[Mapping[str, Callable[[Promise, Reader], bool]]] = {
    MINE: is_mine,
    QUEUE: in_queue,
    STORE: lambda promise, reader: True,
}


def is_late(promise: Promise, reader: Reader) -> bool:
    """True once it is due and not kept."""
    due = lights.moment(promise.get("due_at"))
    return due is not None and due < reader.now


def is_escalated(promise: Promise, reader: Reader) -> bool:
    """True once it was passed on to a manager or another department."""
    return bool(promise.get("escalated"))


def groups(promises: Sequence[Promise], reader: Reader, by: str) -> list[Group]:
    """The promises under their headings; by time, what is offered to the reader and what is late come first."""
    if by == BY_DUE:
        return _by_due(promises, reader)
    titles: dict[str, list[Promise]] = {}
    for promise in promises:
        titles.setdefault(_heading(promise, by), []).append(promise)
    in_order = sorted(titles, key=str.casefold)
    return [Group(title, [line(promise, reader) for promise in titles[title]]) for title in in_order]


def _heading(promise: Promise, by: str) -> str:
    if by == BY_CUSTOMER:
        nobodys = "The store's own cars" if promise.get("is_recon") else "No customer named"
        return str(promise.get("customer") or nobodys)
    return rule_words(promise)


def _by_due(promises: Sequence[Promise], reader: Reader) -> list[Group]:
    found: dict[str, list[Line]] = {}
    for promise in promises:
        found.setdefault(_when(promise, reader), []).append(line(promise, reader))
    tones = {_OFFERED: "accent", _LATE: "late"}
    return [Group(title, found[title], tones.get(title, "soft")) for title in _ORDER if title in found]


_OFFERED, _LATE, _TODAY, _TOMORROW, _WEEK, _LATER = (
    "Offered to you", "Late", "Today", "Tomorrow", "Within a week", "Later",
)  # fmt: skip
_ORDER: Final = (_OFFERED, _LATE, _TODAY, _TOMORROW, _WEEK, _LATER)


def _when(promise: Promise, reader: Reader) -> str:
    due = lights.moment(promise.get("due_at"))
    if may_answer(promise, reader.me, reader.roles):
        return _OFFERED
    if due is None or due < reader.now:
        return _LATE
    zone = reader.settings.zone
    days = (due.astimezone(zone).date() - reader.now.astimezone(zone).date()).days
    return _TODAY if days == 0 else _TOMORROW if days == 1 else _WEEK if days < 7 else _LATER


def line(promise: Promise, reader: Reader) -> Line:
    """One promise as a row."""
    due = lights.moment(promise.get("due_at"))
    late = due is not None and due < reader.now
    tone = "late" if late else "amber" if due is not None and due - reader.now <= SOON else ""
    number, tag = str(promise.get("number") or ""), str(promise.get("tag") or "")
    car = " · ".join(part for part in (tag, f"RO {number}" if number else "") if part)
    owner, owner_more = _owner(promise, reader)
    cells = (
        Cell(
            lights.day_time(due, reader.now, reader.settings.zone) if due else "",
            _moved(promise, reader),
            tone or "ink",
        ),
        Cell(str(promise.get("title") or ""), why(promise), bold=True, wraps=True),
        Cell(str(promise.get("customer") or ""), car),
        Cell(owner, owner_more, second_tone="amber" if promise.get("handoff") else "soft"),
        Cell(words.until(due, reader.now) if due else "", _escalated(promise), tone or "soft", "late"),
    )
    return Line(str(promise["id"]), cells, tone)


def rule_words(promise: Promise) -> str:
    """The rule as people call it."""
    rule = str(promise.get("rule") or "")
    return words.RULE.get(rule, rule.replace("_", " ").capitalize())


def why(promise: Promise) -> str:
    """In one line, why it was raised."""
    rule = RULES.get(str(promise.get("rule")))
    return rule.why if rule else "Somebody promised it."


def kept_by(promise: Promise) -> str:
    """What keeps it."""
    rule = RULES.get(str(promise.get("rule")))
    return f"Kept by {rule.kept_words if rule else 'a contact that names it'}"


def _owner(promise: Promise, reader: Reader) -> tuple[str, str]:
    offered = promise.get("handoff") or {}
    name = whose(promise, reader)
    if not offered:
        return name, ""
    if may_answer(promise, reader.me, reader.roles):
        return name, "offers it to you"
    return name, f"offered to {person_or_role(offered.get('to'), offered.get('to_role'), reader)}"


def whose(promise: Promise, reader: Reader) -> str:
    """Whose it is, as a line begins with it."""
    said = person_or_role(promise.get("owner_id"), promise.get("owner_role"), reader)
    return said[:1].upper() + said[1:]


def person_or_role(id: Any, role: Any, reader: Reader) -> str:
    """A person's short name, ``you``, or a department."""
    if id == reader.me and id:
        return "You"
    if id:
        return words.short_name(str(reader.people.get(str(id), {}).get("name") or "somebody"))
    return words.ROLE.get(str(role), str(role or "nobody"))


def _moved(promise: Promise, reader: Reader) -> str:
    first = lights.moment(promise.get("first_due_at"))
    moved = first is not None and promise.get("first_due_at") != promise.get("due_at")
    return f"first {_day_time(first, reader)}" if moved else ""


def due_words(promise: Promise, reader: Reader) -> str:
    """When it is due, as people say it."""
    return _day_time(lights.moment(promise.get("due_at")), reader)


def _day_time(at: datetime | None, reader: Reader) -> str:
    return lights.day_time(at, reader.now, reader.settings.zone) if at else ""


def _escalated(promise: Promise) -> str:
    to = (promise.get("escalated") or {}).get("to")
    return f"with {words.ROLE.get(str(to), str(to))}" if to else ""
