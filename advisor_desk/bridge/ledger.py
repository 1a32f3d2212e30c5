"""Edits from desks: each judged once, its effect and its answer kept together, so that asking again is safe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from advisor_desk.api import wire
from advisor_desk.bridge import head, records
from advisor_desk.bridge.judge import Caller, earlier_life, judge
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import desk as desks
from advisor_desk.bridge.schema import ledger
from advisor_desk.domain import times
from advisor_desk.domain.changes import HELD, MISSING
from advisor_desk.domain.depends import Blocked, Link


def apply(
    conn: Connection, caller: Caller, desk: str, mutations: Sequence[wire.Mutation], now: datetime
) -> list[dict[str, Any]]:
    """Judge a desk's edits in order and answer each; raises Problem for a number that is missing or was used before."""
    head.hold(conn, caller.store_id)
    expected = _expected(conn, caller, desk)
    answers = []
    refused = Blocked()
    for mutation in mutations:
        link = Link(mutation.kind, mutation.record_id, mutation.op, mutation.set)
        known = _known(conn, caller, mutation)
        if known is not None:
            answers.append(known)
            if known["outcome"] in _REFUSED:
                refused.add(link)
            if mutation.n == expected:  # sent again under a new desk's numbers
                _count(conn, caller, desk, expected, now)
                expected += 1
            continue
        if mutation.n > expected:
            raise Problem(409, "desk_gap", "An edit is missing before this one.", expected=expected)
        if mutation.n < expected:
            raise Problem(409, "desk_rewind", "This number was used for another edit.", expected=expected)
        answer = _held(mutation) if refused.holds(link) else judge(conn, caller, mutation, now)
        if answer["outcome"] in _REFUSED:
            refused.add(link)
        if _waits(answer) or _comes_too_soon(conn, caller, mutation, answer):
            _count(conn, caller, desk, mutation.n, now)
        else:
            _enter(conn, caller, desk, mutation, answer, now)
        expected += 1
        answers.append(answer)
    return answers


_REFUSED: Final = frozenset({"conflict", "rejected"})


def _held(mutation: wire.Mutation) -> dict[str, Any]:
    """The answer to an edit that builds on a refused one: it is not judged, and may come again."""
    detail = "It builds on an edit that was refused. It goes once that one is decided."
    problem = {"type": wire.PROBLEM + HELD, "title": "Held", "detail": detail, "fields": {}}
    return {"id": mutation.id, "outcome": "rejected", "seq": 0, "record": None, "problem": problem}


def _waits(answer: dict[str, Any]) -> bool:
    return bool(answer["problem"]) and answer["problem"]["type"] == wire.PROBLEM + HELD


def _expected(conn: Connection, caller: Caller, desk: str) -> int:
    last = conn.execute(
        select(desks.c.n).where(desks.c.store_id == caller.store_id, desks.c.desk == desk)
    ).scalar_one_or_none()
    return int(last or 0) + 1


def _known(conn: Connection, caller: Caller, mutation: wire.Mutation) -> dict[str, Any] | None:
    row = conn.execute(
        select(ledger.c.hash, ledger.c.answer).where(ledger.c.store_id == caller.store_id, ledger.c.id == mutation.id)
    ).one_or_none()
    if row is None:
        return None
    if row.hash != _hash(mutation):
        raise Problem(422, "mutation_changed", "An edit of this id was sent before with other content.")
    answer: dict[str, Any] = json.loads(row.answer)
    if answer["outcome"] in {"applied", "merged"}:
        answer["outcome"] = "duplicate"
        stored = records.load(conn, caller.store_id, mutation.kind, mutation.record_id)
        answer["record"] = stored.out() if stored else answer["record"]
    return answer


def _hash(mutation: wire.Mutation) -> str:
    """Of what the edit says; its number may change when a desk has to count anew."""
    said = mutation.model_dump(exclude={"n", "again", "gave_way"})
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _comes_too_soon(conn: Connection, caller: Caller, mutation: wire.Mutation, answer: dict[str, Any]) -> bool:
    """True for an edit offered again before what it builds on, which another desk has: it is not refused for good."""
    code = str((answer["problem"] or {}).get("type")).rpartition(":")[2]
    return code in MISSING and bool(earlier_life(conn, caller.store_id, mutation).place)


def _enter(
    conn: Connection, caller: Caller, desk: str, mutation: wire.Mutation, answer: dict[str, Any], now: datetime
) -> None:
    conn.execute(
        insert(ledger).values(
            store_id=caller.store_id,
            id=mutation.id,
            desk=desk,
            n=mutation.n,
            hash=_hash(mutation),
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
