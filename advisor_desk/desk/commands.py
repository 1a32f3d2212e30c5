"""Carrying out a command: checked, decided, written and entered for sending in one durable transaction."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.api.wire import API_VERSION
from advisor_desk.cache import attention, meta, outbox, reconcile, records
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.database import Cache
from advisor_desk.cache.files import CacheBooks
from advisor_desk.cache.outbox import Origin
from advisor_desk.desk import (
    contacts,
    customers,
    deals,
    imports,
    jobs,
    leads,
    loaners,
    parts,
    promises,
    repair_orders,
    shop_hours,
    staff,
    surveys,
    undo,
    visits,
)
from advisor_desk.desk.context import Context
from advisor_desk.domain.changes import CREATE, UPDATE, Edit
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.errors import BadArguments, Refused
from advisor_desk.domain.ids import uuid7
from advisor_desk.domain.promise import BY_RULE
from advisor_desk.sync.hybrid import HybridClock

WRITES: Final[Mapping[str, Callable[[Context, dict[str, Any]], list[Edit]]]] = {
    "contact.log": contacts.log,
    "contact.text": contacts.text,
    "contact.email": contacts.email,
    "ro.open": repair_orders.open_order,
    "ro.move_stage": repair_orders.move_stage,
    "ro.repromise": repair_orders.repromise,
    "ro.set_tag": repair_orders.set_tag,
    "ro.set_spot": repair_orders.set_spot,
    "ro.hold": repair_orders.hold,
    "ro.close": repair_orders.close,
    "ro.void": repair_orders.void,
    "visit.book": visits.book,
    "visit.confirm": visits.confirm,
    "visit.arrive": visits.arrive,
    "visit.no_show": visits.no_show,
    "visit.move": visits.move,
    "visit.cancel": visits.cancel,
    "job.add": jobs.add,
    "job.recommend": jobs.recommend,
    "job.send": jobs.send,
    "job.assign": jobs.assign,
    "job.start": jobs.start,
    "job.finish": jobs.finish,
    "job.authorise": jobs.authorise,
    "job.decline": jobs.decline,
    "part.set_eta": parts.set_eta,
    "part.order": parts.order,
    "part.receive": parts.receive,
    "part.receive_order": parts.receive_order,
    "part.set_bin": parts.set_bin,
    "part.request": parts.request,
    "part.quote": parts.quote,
    "part.backorder": parts.backorder,
    "part.pull": parts.pull,
    "part.install": parts.install,
    "part.return": parts.send_back,
    "part.claim": parts.claim,
    "part.tell": parts.tell,
    "part.cancel": parts.give_up,
    "customer.add": customers.add,
    "customer.edit": customers.edit,
    "customer.set_consent": customers.set_consent,
    "customer.adopt": customers.adopt,
    "vehicle.add": customers.add_car,
    "vehicle.edit": customers.edit_car,
    "lead.take": leads.take,
    "lead.answer": leads.answer,
    "survey.send": surveys.send,
    "survey.record": surveys.record,
    "deal.open": deals.open_deal,
    "deal.document": deals.document,
    "deal.stage": deals.stage,
    "deal.deliver": deals.deliver,
    "we_owe.add": deals.owe,
    "we_owe.link": deals.link,
    "loaner.out": loaners.out,
    "loaner.extend": loaners.extend,
    "loaner.back": loaners.back,
    "promise.make": promises.make,
    "promise.keep": promises.keep,
    "promise.move": promises.move,
    "promise.cancel": promises.cancel,
    "promise.offer": promises.offer,
    "promise.accept": promises.accept,
    "promise.decline": promises.decline,
    "employee.deactivate": staff.deactivate,
    "employee.away": staff.away,
    "store.set_rule": staff.set_rule,
    "import.apply": imports.apply,
    "store.set_hours": shop_hours.set_hours,
    "store.set_holidays": shop_hours.set_holidays,
    "undo": undo.undo,
}
"""Who decides each command; ``attention.resolve`` writes by itself."""


class _OnlyLooking(Exception):
    """Takes back what was done only to see what it would do."""


_TOO_OLD: Final = (
    "Not saved: this Advisor Desk is too old for the bridge, so it only shows. Update it; what waits here is kept."
)
_AT_ONCE: Final = 20
"""Files swept in one transaction, fewer when a command waits for the cache."""
Answer = dict[str, Any]


class Commands:
    """The commands of one desk."""

    def __init__(self, cache: Cache, clock: HybridClock) -> None:
        self._cache = cache
        self._clock = clock

    def new_id(self) -> str:
        """A new record's or edit's id."""
        return uuid7(self._clock.now(), secrets.token_bytes(10))

    def carry_out(self, name: str, args: dict[str, Any], key: str | None) -> tuple[Answer, Touched]:
        """Do a writing command; its answer once it is durable, and what changed. Raises Refused with nothing done.

        The same ``key`` again answers the same and does nothing.
        """
        warnings: list[str] = []
        with self._cache.write(ahead=True) as conn:
            actor = self._actor(conn, name)
            change_id = key or self.new_id()
            known = outbox.answered(conn, change_id) if key else None
            if known is not None:
                if known.intent != name:
                    raise BadArguments({"key": "was used for another command"})
                return _answer(change_id, _touched(known.edits), raised=_raised(known)), {}
            origin = Origin(name, self._clock.stamp(), actor, change_id)
            raised: list[dict[str, Any]] = []
            if name == "attention.resolve":
                asked = (args["attention_id"], args["action"], args.get("set"))
                touched = attention.resolve(conn, *asked, origin, self.new_id)
                outbox.enter(conn, [Edit(kind, id, UPDATE) for kind, ids in touched.items() for id in ids], origin)
            else:
                desk = Context(conn, self._clock.now(), actor, self.new_id, warnings)
                edits = WRITES[name](desk, args)
                follow = partial(promises.follow, desk)
                touched = outbox.add(conn, edits, origin, self.new_id, follow) if edits or key else {}
                raised = _raised(outbox.answered(conn, change_id)) if "promise" in touched else []
        return _answer(change_id, touched, warnings=warnings, raised=raised), touched

    def sweep(self) -> Touched:
        """What the rules make of the time that has passed, where nobody else says so; nothing before a sign-in."""
        with self._cache.read() as conn:
            actor = meta.get(conn, "employee_id")
            if not actor or meta.get(conn, "too_old") == str(API_VERSION):
                return {}
            due = deque(sorted(CacheBooks(conn).due(self._clock.now())))
        touched: Touched = {}
        left = -1
        while len(due) not in (0, left):  # while the rules wait for a first sync none is taken
            left = len(due)
            with self._cache.write() as conn:
                desk = Context(conn, self._clock.now(), actor, self.new_id)
                edits = promises.of_files(desk, self._cache.portion(due, _AT_ONCE))
                origin = Origin(BY_RULE, self._clock.stamp(), actor, self.new_id())
                for kind, ids in (outbox.add(conn, edits, origin, self.new_id) if edits else {}).items():
                    touched.setdefault(kind, set()).update(ids)
        return touched

    def would_raise(self, name: str, args: dict[str, Any]) -> list[dict[str, Any]]:
        """The promises a command would raise, as it would; nothing is done. Raises Refused as the command would."""
        found: list[dict[str, Any]] = []
        try:
            with self._cache.write() as conn:
                desk = Context(conn, self._clock.now(), self._actor(conn, name), self.new_id)
                origin = Origin(name, self._clock.stamp(), desk.actor, self.new_id())
                outbox.add(conn, WRITES[name](desk, args), origin, self.new_id, partial(promises.follow, desk))
                found += _raised(outbox.answered(conn, origin.change_id))
                raise _OnlyLooking
        except _OnlyLooking:
            return found

    def tick(self, args: dict[str, Any]) -> Touched:
        """Tick entries of the reconcile list off, or take the ticks back; it is this desk's own and goes nowhere."""
        with self._cache.write(ahead=True) as conn:
            by = meta.get(conn, "employee_id") or ""
            found = reconcile.tick(conn, args["entries"], by, self._clock.now(), args.get("done", True))
        if not found:
            raise Refused("not_found", "Those entries are not in the list any more.", {"entries": "not found"})
        return {"reconcile": found}

    def _actor(self, conn: Connection, name: str) -> str:
        """Who gives the command; refused when nobody has signed in yet, or their role may not."""
        if meta.get(conn, "too_old") == str(API_VERSION):
            raise Refused("too_old", _TOO_OLD)
        actor = meta.get(conn, "employee_id")
        if not actor:
            raise Refused("sign_in", "Sign in once before you change anything, so that it is known who did.")
        person = records.load(conn, "employee", actor)
        allowed, roles = COMMANDS[name].roles, set(person.fields.get("roles") or []) if person else set()
        if allowed and person is not None and not allowed & roles:
            words = " or ".join(sorted(allowed - {"admin"}))
            raise Refused("forbidden", f"Your role may not do this. Ask someone in {words}.", {"role": "not allowed"})
        return actor


def _answer(change_id: str, touched: Touched, **more: list[Any]) -> Answer:
    """The answer, with what more there is to say."""
    changed = {kind: sorted(ids) for kind, ids in touched.items()}
    return {"change": change_id, "changed": changed} | {name: said for name, said in more.items() if said}


def _raised(change: outbox.Change | None) -> list[dict[str, Any]]:
    """The promises a change has made, as it made them."""
    made = (edit for edit in change.edits if edit.kind == "promise" and edit.op == CREATE) if change else ()
    return [{"id": edit.record_id, **edit.set} for edit in made]


def _touched(edits: list[Edit]) -> Touched:
    out: Touched = {}
    for edit in edits:
        out.setdefault(edit.kind, set()).add(edit.record_id)
    return out
