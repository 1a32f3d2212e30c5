"""Settling a file: what the rules raise, keep, end, pass on and take back, given the records as they are now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from advisor_desk.domain import changes, promise, times
from advisor_desk.domain.changes import CREATE, Edit
from advisor_desk.domain.lights import moment
from advisor_desk.domain.rules.evidence import by
from advisor_desk.domain.rules.file import Books, File, Row
from advisor_desk.domain.rules.people import MANAGER, Owner
from advisor_desk.domain.rules.rule import Ended, Evidence, Rule, Shop, Trigger
from advisor_desk.domain.rules.table import RULES

FRESH: Final = timedelta(days=14)
"""What happened longer ago than desks keep their work raises nothing any more, unless it names a day still to come."""
_LONGEST: Final = 120


def settle(file: File, shop: Shop, books: Books, undone: Collection[str] = ()) -> list[Edit]:
    """The edits that bring a file's promises in step with its records; none when they are.

    Those that came with a command which is ``undone`` are over, but for what is owed all the same.
    """
    found = {rule.id_of(trigger, shop): (rule, trigger) for rule, trigger in _triggers(file, shop)}
    out: list[Edit] = []
    for row in file.promises:
        over = row.id in undone and row.id not in found
        out += changes.edits(promise.taken_back(*row) if over else _standing(row, file, shop, books))
    return [*out, *_raise(found, file, shop, books)]


def _standing(row: Row, file: File, shop: Shop, books: Books) -> Edit | None:
    """What becomes of an open promise: it ends, or an offer bounces, or its owner is gone, or it is passed on."""
    rule, trigger = RULES.get(str(row.get("rule"))), _trigger(row, file)
    to = _end(row, rule, trigger, file, shop) or ({} if trigger else _gone(row, books))
    if not to:
        to = promise.bounced(row.fields, shop.now)
        now = {**row.fields, **to}
        to |= _reowned(now, rule, trigger, file, shop)
        now |= to
        to |= _escalated(now, rule, shop)
    return promise.update(row.id, row.fields, **to) if to else None


def _trigger(row: Row, file: File) -> Trigger | None:
    """The promise's own trigger; None when its record is not in the file."""
    about = row.get("subject") or {}
    kind, subject = str(about.get("kind") or ""), file.row(str(about.get("kind") or ""), about.get("id"))
    at = row.moment("raised_at")
    if subject is None or at is None:
        return None
    return Trigger(kind, subject, str(row.get("occurrence") or ""), at, "", row.moment("due_at"), row.fields)


def _end(row: Row, rule: Rule | None, trigger: Trigger | None, file: File, shop: Shop) -> dict[str, Any]:
    found = _named(row, file) if rule is None or rule.named else None
    if found is None and rule and trigger:
        found = rule.kept(file, trigger, shop)
    if found is not None:
        return _kept(row, found)
    if rule is None or trigger is None or (over := rule.ended(file, trigger, shop)) is None:
        return {}
    return _ended(over)


def _ended(over: Ended) -> dict[str, Any]:
    state = "broken" if over.broken else "cancelled"
    # Nothing says when it came to be so: each who notices says the same, whenever they do.
    return {"state": state, "reason": over.reason, "handoff": None}


def _gone(row: Row, books: Books) -> dict[str, Any]:
    """A promise about a record that was deleted is over; one that is only not at hand stays as it is."""
    about = row.get("subject") or {}
    kind, id = str(about.get("kind") or ""), str(about.get("id") or "")
    if books.get(kind, id) is not None or not books.known(kind, (id,)):
        return {}
    return _ended(Ended("What it was about was deleted."))


def _kept(row: Row, found: Evidence) -> dict[str, Any]:
    due = row.moment("due_at")
    state = "kept" if due is None or found.at <= due else "kept_late"
    evidence = {"kind": found.kind, "id": found.id}
    return {"state": state, "evidence": evidence, "ended_at": times.to_wire(found.at), "handoff": None}


def _named(row: Row, file: File) -> Evidence | None:
    """The first contact that says it keeps the promise; for a rule's, one by which the customer knows."""
    by_hand = row.get("rule") == promise.BY_HAND
    naming = (by(one) for one in file.contacts if row.id in one.keeps and (one.told or (by_hand and one.tried)))
    return next(naming, None)


def _reowned(
    now: Mapping[str, Any], rule: Rule | None, trigger: Trigger | None, file: File, shop: Shop
) -> dict[str, Any]:
    """Somebody who is here takes over from an owner who is not, another role from one that nobody has."""
    if role := str(now.get("owner_role") or ""):
        queue = shop.people.queue(role)
        if queue.role == role:
            return {}
        return promise.reowned(now, queue.fields(), by="", reason="Nobody has that role.")
    owner = str(now.get("owner_id") or "")
    if not owner or owner not in shop.people.employees or shop.people.is_here(owner):
        return {}
    found = rule.owner(file, trigger.row, shop.people) if rule and trigger else Owner()
    if not found.employee_id and not found.role:
        roles = shop.people.employees[owner].get("roles") or ()
        found = shop.people.queue(str(next(iter(roles), MANAGER)))
    return promise.reowned(now, found.fields(), by="", reason="The owner is not here.")


def _escalated(now: Mapping[str, Any], rule: Rule | None, shop: Shop) -> dict[str, Any]:
    """Pass an overdue promise on, once for each due time it has missed."""
    due = moment(now.get("due_at"))
    if rule is None or due is None or due > shop.now or (now.get("escalated") or {}).get("due") == now.get("due_at"):
        return {}
    at = rule.escalates_at(due, shop)
    if at > shop.now:
        return {}
    said = {"at": times.to_wire(at), "to": rule.escalation.to, "due": now.get("due_at")}
    if not rule.escalation.takes_over or now.get("owner_role") == rule.escalation.to:
        return {"escalated": said}
    queue = shop.people.queue(rule.escalation.to).fields()
    return {"escalated": said, **promise.reowned(now, queue, by="", reason="It was not kept in time.", now=at)}


def _raise(found: Mapping[str, tuple[Rule, Trigger]], file: File, shop: Shop, books: Books) -> list[Edit]:
    known = books.known("promise", found) if found else frozenset()
    # A rule may wait for its last promise about a record to end: then only the first of them comes.
    busy = {(str(row.get("rule")), str((row.get("subject") or {}).get("id"))) for row in file.promises}
    out = []
    for row in books.find("promise", "id", known - {row.id for row in file.promises}):
        rule, trigger = found[row.id]
        again = _again(row, rule, file, shop)
        if again is None or (rule.one_at_a_time and (rule.name, trigger.row.id) in busy):
            continue
        busy.add((rule.name, trigger.row.id))
        out.append(again)
    for id, (rule, trigger) in found.items():
        about = (rule.name, trigger.row.id)
        if id in known or (rule.one_at_a_time and about in busy) or not _is_owed(rule, trigger, file, shop):
            continue
        busy.add(about)
        out.append(raised(file, shop, rule, trigger))
    return out


def _triggers(file: File, shop: Shop) -> Iterator[tuple[Rule, Trigger]]:
    """What has happened lately that the rules which are on ask something for."""
    for rule in RULES.values():
        if rule.is_on(shop):
            for trigger in rule.raised(file, shop):
                # A day agreed later counts too, as for a part that has lain here, or a loaner kept, for weeks.
                if max(trigger.at, trigger.due or trigger.at) >= shop.now - FRESH:
                    yield rule, trigger


def _again(row: Row, rule: Rule, file: File, shop: Shop) -> Edit | None:
    """A promise that no person ended is open again, as it stood, once nothing ends it any more.

    A visit was moved and moved back, or what had raised it was taken back and then done after all.
    """
    trigger = _trigger(row, file)
    if not promise.is_called_off(row.fields) or trigger is None or _end(row, rule, trigger, file, shop):
        return None
    reowned = _reowned(row.fields, rule, trigger, file, shop)
    return promise.update(row.id, row.fields, **promise.REOPENED, **reowned)


def _is_owed(rule: Rule, trigger: Trigger, file: File, shop: Shop) -> bool:
    """True while nothing has kept or ended it before it was raised."""
    due = trigger._replace(due=rule.due_at(trigger, shop))
    return rule.kept(file, due, shop) is None and rule.ended(file, due, shop) is None


def raised(file: File, shop: Shop, rule: Rule, trigger: Trigger) -> Edit:
    """A promise as a rule raises it."""
    due = times.to_wire(rule.due_at(trigger, shop))
    about = trigger.about if len(trigger.about) <= _LONGEST else trigger.about[: _LONGEST - 1] + "…"
    said = {
        "rule": rule.name,
        "subject": {"kind": trigger.kind, "id": trigger.row.id},
        "occurrence": trigger.occurrence,
        "customer_id": file.key.customer_id,
        "repair_order_id": trigger.order_id if file.row("repair_order", trigger.order_id) else "",
        "title": rule.title.format(who=file.who, about=about),
        **rule.owner(file, trigger.row, shop.people).fields(),
        "due_at": due,
        "first_due_at": due,
        "raised_at": times.to_wire(trigger.at),
        "state": "open",
    }
    return Edit("promise", rule.id_of(trigger, shop), CREATE, {name: value for name, value in said.items() if value})
