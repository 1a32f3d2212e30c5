"""Commands on the store's people and its rules, for managers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from advisor_desk.cache.files import CacheBooks
from advisor_desk.desk.context import Context
from advisor_desk.domain import changes, staff
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.rules import settings

Args = dict[str, Any]


def deactivate(desk: Context, args: Args) -> list[Edit]:
    """``employee.deactivate``; what they answer for goes to ``to``, or is spread over those who do the same."""
    id = args["employee_id"]
    return _gone(desk, id, staff.leave(id, desk.fields("employee", id), desk.now), args.get("to") or [])


def away(desk: Context, args: Args) -> list[Edit]:
    """``employee.away``."""
    id = args["employee_id"]
    return _gone(desk, id, staff.away(id, desk.fields("employee", id), args["until"], desk.now), args.get("to") or [])


def _gone(desk: Context, id: str, gone: list[Edit], to: list[str]) -> list[Edit]:
    books = CacheBooks(desk.conn)
    shop = books.shop(desk.now)
    people = {**shop.people.employees, id: {**shop.people.employees[id], **gone[0].set}}
    there = shop.people._replace(employees=people)
    for taker in to:
        if not there.is_here(taker):
            raise BadArguments({"to": "names somebody who is not here; choose others"})
    load = Counter(str(row.get("owner_id")) for row in books.all_open_promises() if row.get("owner_id"))
    return [*gone, *staff.hand_on(id, books.owned_by(id), shop.seen_by(there), books, to, load, by=desk.actor)]


def set_rule(desk: Context, args: Args) -> list[Edit]:
    """``store.set_rule``: switch a rule, or set one of its numbers."""
    shop = CacheBooks(desk.conn).shop(desk.now)
    store = desk.fields("store", shop.store_id)
    rules = settings.changed(store.get("rules") or {}, args["rule"], args.get("on"), args.get("numbers") or {})
    return changes.edits(changes.update("store", shop.store_id, store, rules=rules))
