"""What becomes of one edit: whether its author may make it, whether it makes sense, and what it does to the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from advisor_desk.api import wire
from advisor_desk.bridge import epoch, head, records
from advisor_desk.bridge.merge import Asked, Earlier, Over, Version, keeps, merge
from advisor_desk.bridge.records import Stored
from advisor_desk.domain import times
from advisor_desk.domain.changes import CREATE, DELETE, RESTORE, UPDATE
from advisor_desk.domain.records import KINDS

_AHEAD: Final = timedelta(minutes=1)
"""How far a desk's clock may be ahead before its edits count as made now: else a wrong clock would win for years."""
_MAX_RECORD: Final = 256 * 1024
_RECORD: Final = "*"
"""The entry of ``versions`` that says who last deleted or restored the record as a whole."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token asks: the store and employee come from it, never from the request."""

    store_id: str
    employee_id: str
    roles: frozenset[str]


class Refusal(Exception):
    """An edit that will not be applied, with the words for its author."""

    def __init__(self, code: str, detail: str, fields: dict[str, Any] | None = None, conflict: bool = False) -> None:
        super().__init__(code)
        self.outcome = "conflict" if conflict else "rejected"
        self.problem = {
            "type": wire.PROBLEM + code,
            "title": code.replace("_", " ").capitalize(),
            "detail": detail,
            "fields": fields or {},
        }


class _Effect(NamedTuple):
    """The outcome, and the record's new fields where it changes."""

    outcome: str
    fields: dict[str, Any] | None = None
    overruled: frozenset[str] = frozenset()
    gave_way: frozenset[str] = frozenset()


def judge(conn: Connection, caller: Caller, mutation: wire.Mutation, now: datetime) -> dict[str, Any]:
    """Carry out one edit or refuse it; the answer in the wire's form. The store's head is held by the caller."""
    current: Stored | None = None
    problem: dict[str, Any] | None = None
    gave_way: list[str] = []
    try:
        _check_author(caller, mutation)
        made_at = _moment(mutation.made_at, now)
        current = records.load(conn, caller.store_id, mutation.kind, mutation.record_id)
        _check_roles(caller, mutation, current)
        _check_values(conn, caller.store_id, mutation)
        earlier = earlier_life(conn, caller.store_id, mutation)
        effect = _effect(caller, mutation, current, made_at, earlier)
        _check_whole(mutation.kind, current, effect)
        outcome, gave_way = effect.outcome, sorted(effect.gave_way)
        if effect.fields is not None:
            current = _store(conn, caller, mutation, current, effect, made_at, earlier)
    except Refusal as refusal:
        outcome, problem = refusal.outcome, refusal.problem
    return {
        "id": mutation.id,
        "outcome": outcome,
        "seq": current.rev if current else 0,
        "record": current.out() if current else None,
        "problem": problem,
        "gave_way": gave_way,
    }


def earlier_life(conn: Connection, store_id: str, mutation: wire.Mutation) -> Earlier:
    """Where an edit stands to what was before the books were put back."""
    since = head.head_of(conn, store_id).oldest
    place = mutation.again if mutation.again < since else 0
    lost = mutation.base_rev < since and mutation.base_rev > epoch.resumed(conn, store_id)
    knew = mutation.base_rev if lost else 0
    return Earlier(place, since, knew, mutation.base_rev, frozenset(mutation.gave_way))


def _check_author(caller: Caller, mutation: wire.Mutation) -> None:
    if mutation.kind not in KINDS:
        raise Refusal("unknown_kind", "This bridge does not know that kind of record. Update it, then send this again.")
    if mutation.actor != caller.employee_id:
        raise Refusal("not_yours", "This edit was made by somebody else. They have to sign in to send it.")
    if mutation.kind == "store" and (mutation.op != UPDATE or mutation.record_id != caller.store_id):
        raise Refusal("forbidden", "A store is opened and closed at the bridge itself.")


def _moment(text: str, now: datetime) -> str:
    """When the edit was made, as hybrid times are compared; one from the future counts as made now."""
    try:
        moment = times.from_wire(text)
    except ValueError:
        raise Refusal(
            "bad_fields", "The edit says no time at which it was made.", {"made_at": "is not a moment"}
        ) from None
    moment = moment if moment <= now + _AHEAD else now
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _check_roles(caller: Caller, mutation: wire.Mutation, current: Stored | None) -> None:
    """Refuse what the declared writers do not allow; deleting or restoring a record touches every field it has."""
    declared = KINDS[mutation.kind].fields
    touched = dict.fromkeys(mutation.set)
    if mutation.op in (DELETE, RESTORE) and current is not None:
        touched |= dict.fromkeys(current.fields)
    forbidden = {
        name: "your role may not set this"
        for name in touched
        if name in declared and not declared[name].policy.writers & caller.roles
    }
    # A field of a newer desk, or none at all, takes somebody who may write something of the record.
    writes = frozenset().union(*(field.policy.writers for field in declared.values()))
    if forbidden or not writes & caller.roles:
        raise Refusal("forbidden", "Your role may not do this. Ask someone who may, or send it to them.", forbidden)


def _check_values(conn: Connection, store_id: str, mutation: wire.Mutation) -> None:
    if faults := wire.field_faults(mutation.kind, mutation.set):
        raise Refusal("bad_fields", "A value is not right. Correct it and send it again.", faults)
    for name, value in mutation.set.items():
        field = KINDS[mutation.kind].fields.get(name)
        if field is None or not field.policy.ref or not value:
            continue
        lives = records.lives(conn, store_id, field.policy.ref, value)
        if not lives:
            words = field.policy.ref.replace("_", " ")
            fault = "is not in this store" if lives is None else "was deleted"
            raise Refusal(
                "missing_reference",
                f"The {words} this names {fault}. Make it anew, or let this edit go.",
                {name: fault},
            )


def _check_whole(kind: str, current: Stored | None, effect: _Effect) -> None:
    """Refuse what would leave a record that may not stand; one that was so before may be mended bit by bit."""
    fault = KINDS[kind].fault
    if effect.fields is None or not (faults := fault(effect.fields)):
        return
    if current is None or not fault(current.fields):
        raise Refusal("bad_fields", "The record may not stand like this. Correct it and send it again.", dict(faults))


def _effect(caller: Caller, mutation: wire.Mutation, current: Stored | None, made_at: str, earlier: Earlier) -> _Effect:
    if mutation.op == CREATE:
        return _create(mutation, current)
    if current is None:
        raise Refusal("missing", "The record is not in this store. Make it anew, or let this edit go.")
    whole = current.deleted or mutation.op in (DELETE, RESTORE)
    if whole and earlier.stood_before(current.versions.get(_RECORD)):
        return _Effect("duplicate")
    if mutation.op == DELETE:
        return _delete(mutation, current, earlier)
    if mutation.op == RESTORE and current.deleted:
        return _Effect("applied", _sized(_with(current.fields, mutation.set)))
    if current.deleted:
        raise Refusal(
            "deleted",
            "Somebody deleted it after you last saw it. Restore it with your edit, or let it go.",
            _who(current),
            conflict=True,
        )
    return _update(caller, mutation, current, made_at, earlier)


def _create(mutation: wire.Mutation, current: Stored | None) -> _Effect:
    if current is None:
        return _Effect("applied", _sized(_with({}, mutation.set)))
    same = all(current.fields.get(name) == value for name, value in mutation.set.items())
    if same or KINDS[mutation.kind].once:
        return _Effect("duplicate")
    raise Refusal("exists", "A record of this id is there already.", conflict=True)


def _delete(mutation: wire.Mutation, current: Stored, earlier: Earlier) -> _Effect:
    if current.deleted:
        return _Effect("duplicate")
    # What its author saw is what is there: a record made and deleted again before either was sent has a newer revision.
    seen = bool(earlier.place) and all(earlier.of(version) for version in current.versions.values())
    if not seen and current.rev > mutation.base_rev and current.fields != _with({}, mutation.was):
        raise Refusal(
            "edited", "Somebody changed it after you last saw it; it was not deleted.", _who(current), conflict=True
        )
    return _Effect("applied", dict(current.fields))


def _update(caller: Caller, mutation: wire.Mutation, current: Stored, made_at: str, earlier: Earlier) -> _Effect:
    asked = Asked(mutation.set, mutation.was, mutation.base_rev, made_at, caller.roles, earlier)
    decided = merge(mutation.kind, current.fields, current.versions, asked)
    if decided.clashes:
        clashes = {name: _clash(mutation, current, name, why) for name, why in decided.clashes.items()}
        raise Refusal(
            "conflict", "Somebody else changed the same thing. Keep theirs, or set yours again.", clashes, conflict=True
        )
    outcome = "merged" if decided.merged else "applied"
    # One put over what is lost is stored even when it changes nothing: what comes back must not cover it.
    stores = decided.fields or earlier.place or earlier.knew
    fields = _sized(_with(current.fields, decided.fields)) if stores else None
    return _Effect(outcome, fields, decided.overruled, decided.gave_way)


def _clash(mutation: wire.Mutation, current: Stored, name: str, why: str) -> dict[str, Any]:
    version = current.versions.get(name)
    return {
        "yours": mutation.set[name],
        "theirs": current.fields.get(name),
        "by": version.actor if version else "",
        "at": version.made_at if version else "",
        "why": why,
    }


def _who(current: Stored) -> dict[str, Any]:
    last = max(current.versions.values(), key=lambda version: version.seq, default=None)
    return {_RECORD: {"by": last.actor if last else "", "at": last.made_at if last else ""}}


def _with(fields: dict[str, Any], set_: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**fields, **set_}.items() if value is not None}


def _sized(fields: dict[str, Any]) -> dict[str, Any]:
    if len(fields) > wire.MAX_FIELDS or len(records.dump(fields)) > _MAX_RECORD:
        raise Refusal("too_large", "The record would be too large. Shorten what it holds, then send this again.")
    return fields


def _store(
    conn: Connection,
    caller: Caller,
    mutation: wire.Mutation,
    before: Stored | None,
    effect: _Effect,
    made_at: str,
    earlier: Earlier,
) -> Stored:
    fields = effect.fields or {}
    deleted = mutation.op == DELETE
    born = int(not deleted) - int(before is not None and not before.deleted)
    seq = head.take(conn, caller.store_id, mutation.kind, mutation.record_id, born)
    versions = dict(before.versions) if before else {}
    if before is not None:
        declared = KINDS[mutation.kind].fields
        again = earlier.place or earlier.knew
        stood = (name for name in mutation.set if again and fields.get(name) == mutation.set[name])
        for name in {*_changed(before.fields, fields), *stood}:
            on = earlier.on(name)
            if on.stood_before(versions.get(name)):
                continue
            by_keeper = name in declared and keeps(declared[name].policy.keeper, caller.roles)
            over = _over(versions.get(name), before.fields.get(name), name in effect.overruled, caller)
            versions[name] = Version(seq, made_at, by_keeper, caller.employee_id, on.place, on.knew, over)
        if mutation.op in (DELETE, RESTORE):
            versions[_RECORD] = Version(seq, made_at, False, caller.employee_id, earlier.place, earlier.knew)
    created = before.created_rev if before else seq
    record = Stored(mutation.kind, mutation.record_id, seq, deleted, fields, versions, created)
    records.save(conn, caller.store_id, record)
    return record


def _over(stood: Version | None, value: Any, overruled: bool, caller: Caller) -> Over | None:
    """What the new value took the place of unseen; what an earlier one did holds until its author sets the field."""
    if stood is None:
        return None
    if overruled and stood.actor:
        return Over(stood.actor, stood.seq, value, stood.made_at)
    return stood.over if stood.over and stood.over.author != caller.employee_id else None


def _changed(before: dict[str, Any], after: dict[str, Any]) -> Iterable[str]:
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
