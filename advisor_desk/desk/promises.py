"""Promises at a desk: what its rules raise and keep after each command and as time passes, and commands by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advisor_desk.cache import meta, records
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.files import CacheBooks
from advisor_desk.desk.context import Context
from advisor_desk.domain import promise
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.rules.file import Key, keys_of, open_file
from advisor_desk.domain.rules.people import Owner
from advisor_desk.domain.rules.settle import settle

Args = dict[str, Any]


def follow(desk: Context, touched: Touched) -> list[Edit]:
    """What the rules make of the records a command has changed."""
    books = CacheBooks(desk.conn)
    keys: set[Key] = set()
    for kind, ids in touched.items():
        keys |= keys_of(books, kind, ids)
    keys |= keys_of(books, "promise", desk.undone)
    return of_files(desk, sorted(keys)) if keys else []


def of_files(desk: Context, keys: Iterable[Key]) -> list[Edit]:
    """What the rules make of these files, as they are now; nothing while a first sync still brings the records."""
    books = CacheBooks(desk.conn)
    shop = books.shop(desk.now)
    if not shop.store_id or meta.get(desk.conn, "snapshot_after"):
        return []  # a promise's id is of its store, and who was told already may not be here yet
    return [edit for key in keys for edit in settle(open_file(books, key, desk.now), shop, books, desk.undone)]


def make(desk: Context, args: Args) -> list[Edit]:
    """``promise.make``; about an order or a customer, to oneself unless it names somebody."""
    about: Args = {}
    if order_id := args.get("repair_order_id"):
        about["repair_order_id"] = order_id
        about["customer_id"] = desk.fields("repair_order", order_id).get("customer_id")
        subject = ("repair_order", order_id)
    elif customer := args.get("customer_id"):
        desk.fields("customer", customer)
        about["customer_id"], subject = customer, ("customer", customer)
    else:
        raise BadArguments({"customer_id": "is missing: a promise is about a repair order or a customer"})
    owner = _to(desk, args) or Owner(desk.actor)
    said = (args["title"], args["due_at"], owner.fields())
    return promise.make(desk.new_id(), subject, *said, about, by=desk.actor, now=desk.now)


def keep(desk: Context, args: Args) -> list[Edit]:
    """``promise.keep``."""
    id = args["promise_id"]
    return promise.keep(id, desk.fields("promise", id), reason=args["reason"], now=desk.now)


def cancel(desk: Context, args: Args) -> list[Edit]:
    """``promise.cancel``."""
    id = args["promise_id"]
    return promise.cancel(id, desk.fields("promise", id), reason=args["reason"], now=desk.now)


def move(desk: Context, args: Args) -> list[Edit]:
    """``promise.move``."""
    id, reason = args["promise_id"], args.get("reason") or ""
    return promise.move(id, desk.fields("promise", id), args["due_at"], reason=reason, by=desk.actor, now=desk.now)


def offer(desk: Context, args: Args) -> list[Edit]:
    """``promise.offer``; to somebody who is here, or to a role."""
    id = args["promise_id"]
    to = _to(desk, args)
    if to is None:
        raise BadArguments({"to": "is missing: name a person or a role"})
    if to.employee_id == desk.actor:
        raise BadArguments({"to": "is yourself; offer it to somebody else"})
    said = {"note": args.get("note") or "", "answer_by": args.get("answer_by") or ""}
    fields = desk.fields("promise", id)
    return promise.offer(id, fields, to=to.employee_id, to_role=to.role, **said, by=desk.actor, now=desk.now)


def accept(desk: Context, args: Args) -> list[Edit]:
    """``promise.accept``."""
    id = args["promise_id"]
    return promise.accept(id, desk.fields("promise", id), by=desk.actor, roles=_roles(desk), now=desk.now)


def decline(desk: Context, args: Args) -> list[Edit]:
    """``promise.decline``."""
    id, reason = args["promise_id"], args["reason"]
    fields = desk.fields("promise", id)
    return promise.decline(id, fields, reason=reason, by=desk.actor, roles=_roles(desk), now=desk.now)


def _to(desk: Context, args: Args) -> Owner | None:
    """Whom a command names; refused for somebody who is away or has left, and for a role nobody has."""
    role, to = args.get("to_role") or "", args.get("to") or ""
    if role and to:
        raise BadArguments({"to_role": "names somebody too; give a person or a role"})
    people = CacheBooks(desk.conn).shop(desk.now).people
    if to:
        person = desk.fields("employee", to, "to")
        if not people.is_here(to):
            gone = "does not work here any more" if person.get("active") is False else "is away"
            raise BadArguments({"to": f"{gone}; choose somebody who is here"})
        return Owner(to)
    if role and not people.here(role):
        raise BadArguments({"to_role": "nobody of that role is here"})
    return Owner(role=role) if role else None


def _roles(desk: Context) -> frozenset[str]:
    person = records.load(desk.conn, "employee", desk.actor)
    return frozenset(person.fields.get("roles") or () if person else ())
