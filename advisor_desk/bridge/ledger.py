"""Edits from desks: each judged once, its effect and its answer kept together, so that asking again is safe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from advisor_desk.api import wire
from advisor_desk.bridge import books
from advisor_desk.bridge.books import Stored
from advisor_desk.bridge.merge import Asked, Version, keeps, merge
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import desk as desks
from advisor_desk.bridge.schema import ledger
from advisor_desk.domain import times
from advisor_desk.domain.changes import CREATE, DELETE, RESTORE
from advisor_desk.domain.records import KINDS


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token asks: the store and employee come from it, never from the request."""

    store_id: str
    employee_id: str
    roles: frozenset[str]


class _Refusal(Exception):
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


def apply(
    conn: Connection, caller: Caller, desk: str, mutations: Sequence[wire.Mutation], now: datetime
) -> list[dict[str, Any]]:
    """Judge a desk's edits in order and answer each; raises Problem for a number that is missing or was used before."""
    expected = _expected(conn, caller, desk)
    answers = []
    for mutation in mutations:
        known = _known(conn, caller, desk, mutation)
        if known is not None:
            answers.append(known)
            if mutation.n == expected:  # sent again under a new desk's numbers
                _count(conn, caller, desk, expected, now)
                expected += 1
            continue
        if mutation.n > expected:
            raise Problem(409, "desk_gap", "An edit is missing before this one.", expected=expected)
        if mutation.n < expected:
            raise Problem(409, "desk_rewind", "This number was used for another edit.", expected=expected)
        answer = _judge(conn, caller, mutation)
        _enter(conn, caller, desk, mutation, answer, now)
        expected += 1
        answers.append(answer)
    return answers


def _expected(conn: Connection, caller: Caller, desk: str) -> int:
    last = conn.execute(
        select(desks.c.n).where(desks.c.store_id == caller.store_id, desks.c.desk == desk)
    ).scalar_one_or_none()
    return int(last or 0) + 1


def _known(conn: Connection, caller: Caller, desk: str, mutation: wire.Mutation) -> dict[str, Any] | None:
    row = conn.execute(
        select(ledger.c.hash, ledger.c.answer).where(ledger.c.store_id == caller.store_id, ledger.c.id == mutation.id)
    ).one_or_none()
    if row is None:
        return None
    if row.hash != _hash(desk, mutation):
        raise Problem(422, "mutation_changed", "An edit of this id was sent before with other content.")
    answer: dict[str, Any] = json.loads(row.answer)
    if answer["outcome"] in {"applied", "merged"}:
        answer["outcome"] = "duplicate"
        stored = books.load(conn, caller.store_id, mutation.kind, mutation.record_id)
        answer["record"] = _out(stored) if stored else answer["record"]
    return answer


def _hash(desk: str, mutation: wire.Mutation) -> str:
    """Of what the edit says; its number may change when a desk has to count anew."""
    said = mutation.model_dump(exclude={"n"})
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _enter(
    conn: Connection, caller: Caller, desk: str, mutation: wire.Mutation, answer: dict[str, Any], now: datetime
) -> None:
    conn.execute(
        insert(ledger).values(
            store_id=caller.store_id,
            id=mutation.id,
            desk=desk,
            n=mutation.n,
            hash=_hash(desk, mutation),
            asked=mutation.model_dump_json(),
            answer=json.dumps(answer, ensure_ascii=False),
            at=times.to_wire(now),
        )
    )
    _count(conn, caller, desk, mutation.n, now)


def _count(conn: Connection, caller: Caller, desk: str, n: int, now: datetime) -> None:
    where = (desks.c.store_id == caller.store_id, desks.c.desk == desk)
    values = {"n": n, "employee_id": caller.employee_id, "seen_at": times.to_wire(now)}
    if not conn.execute(update(desks).where(*where).values(**values)).rowcount:
        conn.execute(insert(desks).values(store_id=caller.store_id, desk=desk, **values))


def _judge(conn: Connection, caller: Caller, mutation: wire.Mutation) -> dict[str, Any]:
    current: Stored | None = None
    try:
        _check(conn, caller, mutation)
        current = books.load(conn, caller.store_id, mutation.kind, mutation.record_id)
        outcome, changed = _effect(caller, mutation, current)
        if changed is not None:
            current = _store(conn, caller, mutation, changed)
        return {
            "id": mutation.id,
            "outcome": outcome,
            "seq": current.rev if current else 0,
            "record": _out(current) if current else None,
            "problem": None,
        }
    except _Refusal as refusal:
        return {
            "id": mutation.id,
            "outcome": refusal.outcome,
            "seq": current.rev if current else 0,
            "record": _out(current) if current else None,
            "problem": refusal.problem,
        }


def _out(record: Stored) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "id": record.id,
        "rev": record.rev,
        "deleted": record.deleted,
        "fields": record.fields,
    }


def _check(conn: Connection, caller: Caller, mutation: wire.Mutation) -> None:
    if mutation.kind not in KINDS:
        raise _Refusal(
            "unknown_kind", "This bridge does not know that kind of record. Update it, then send this again."
        )
    if mutation.actor != caller.employee_id:
        raise _Refusal("not_yours", "This edit was made by somebody else. They have to sign in to send it.")
    kind = KINDS[mutation.kind]
    forbidden = {
        name: "your role may not set this"
        for name in mutation.set
        if name in kind.fields and not kind.fields[name].policy.writers & caller.roles
    }
    if forbidden:
        raise _Refusal("forbidden", "Your role may not do this. Ask someone who may, or send it to them.", forbidden)
    if faults := wire.field_faults(mutation.kind, mutation.set):
        raise _Refusal("bad_fields", "A value is not right. Correct it and send it again.", faults)
    for name, value in mutation.set.items():
        field = kind.fields.get(name)
        if (
            field is not None
            and field.policy.ref
            and value
            and books.load(conn, caller.store_id, field.policy.ref, value) is None
        ):
            words = field.policy.ref.replace("_", " ")
            raise _Refusal(
                "missing_reference", f"The {words} this names is not in this store.", {name: "is not in this store"}
            )


def _effect(caller: Caller, mutation: wire.Mutation, current: Stored | None) -> tuple[str, dict[str, Any] | None]:
    """The outcome and, when something changes, the record's new fields with ``deleted`` told by the operation."""
    if mutation.op == CREATE:
        if current is None:
            return "applied", {name: value for name, value in mutation.set.items() if value is not None}
        if all(current.fields.get(name) == value for name, value in mutation.set.items()):
            return "duplicate", None
        raise _Refusal("exists", "A record of this id is there already.", conflict=True)
    if current is None:
        raise _Refusal("missing", "The record is not in this store. Make it anew, or let this edit go.")
    if mutation.op == DELETE:
        if current.deleted:
            return "duplicate", None
        if current.rev > mutation.base_rev:
            raise _Refusal(
                "edited", "Somebody changed it after you last saw it; it was not deleted.", _who(current), conflict=True
            )
        return "applied", dict(current.fields)
    if mutation.op == RESTORE:
        return "applied", _with(current.fields, mutation.set)
    if current.deleted:
        raise _Refusal(
            "deleted",
            "Somebody deleted it after you last saw it. Restore it with your edit, or let it go.",
            _who(current),
            conflict=True,
        )
    return _merge(caller, mutation, current)


def _merge(caller: Caller, mutation: wire.Mutation, current: Stored) -> tuple[str, dict[str, Any] | None]:
    asked = Asked(mutation.set, mutation.was, mutation.base_rev, mutation.made_at, caller.roles)
    decided = merge(mutation.kind, current.fields, current.versions, asked)
    if decided.clashes:
        fields = {name: _clash(mutation, current, name, why) for name, why in decided.clashes.items()}
        raise _Refusal(
            "conflict", "Somebody else changed the same thing. Keep theirs, or set yours again.", fields, conflict=True
        )
    outcome = "merged" if decided.merged else "applied"
    return outcome, _with(current.fields, decided.fields) if decided.fields else None


def _clash(mutation: wire.Mutation, current: Stored, name: str, why: str) -> dict[str, Any]:
    version = current.versions.get(name)
    return {
        "yours": mutation.set[name],
        "theirs": current.fields.get(name),
        "by": version.actor if version else "",
        "at": version.made_at if version else "",
        "why": why,
    }


_RECORD: Final = "*"
"""The entry of ``versions`` that says who last deleted or restored the record as a whole."""


def _who(current: Stored) -> dict[str, Any]:
    last = max(current.versions.values(), key=lambda version: version.seq, default=None)
    return {_RECORD: {"by": last.actor if last else "", "at": last.made_at if last else ""}}


def _with(fields: dict[str, Any], set_: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**fields, **set_}.items() if value is not None}


def _store(conn: Connection, caller: Caller, mutation: wire.Mutation, fields: dict[str, Any]) -> Stored:
    seq = books.take_seq(conn, caller.store_id, mutation.kind, mutation.record_id)
    before = books.load(conn, caller.store_id, mutation.kind, mutation.record_id)
    versions = dict(before.versions) if before else {}
    if before is not None:
        declared = KINDS[mutation.kind].fields
        for name in fields.keys() | before.fields.keys():
            if fields.get(name) != before.fields.get(name):
                by_keeper = name in declared and keeps(declared[name].policy.keeper, caller.roles)
                versions[name] = Version(seq, mutation.made_at, by_keeper, caller.employee_id)
        if mutation.op in (DELETE, RESTORE):
            versions[_RECORD] = Version(seq, mutation.made_at, False, caller.employee_id)
    record = Stored(
        mutation.kind,
        mutation.record_id,
        seq,
        mutation.op == DELETE,
        fields,
        versions,
        before.created_rev if before else seq,
    )
    books.save(conn, caller.store_id, record)
    return record
