"""The invariants of the protocol, numbered as its document numbers them: on the way, and once the faults have ended."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from advisor_desk.bridge.records import read_versions
from advisor_desk.cache import board, codec, meta, outbox, search
from advisor_desk.cache.replay import Step, Version, merge_of, replay
from advisor_desk.domain.promise import BY_HAND, BY_RULE
from advisor_desk.domain.records import KINDS, Merge
from advisor_desk.sync import schedule

if TYPE_CHECKING:
    from tests.sync.simulator.desk import SimDesk
    from tests.sync.simulator.world import World

_UNIONS: Final = frozenset({Merge.SET, Merge.APPEND})
_GOOD: Final = frozenset({"applied", "merged", "duplicate"})
_ALL: Final = " UNION ALL ".join(f"SELECT '{kind}', id, rev, deleted, body FROM {kind}" for kind in KINDS)
_ALL_BRIDGE: Final = " UNION ALL ".join(
    f"SELECT '{kind}', id, rev, deleted, body FROM {kind} WHERE store_id = :store" for kind in KINDS
)
_REVS_BRIDGE: Final = " UNION ALL ".join(
    f"SELECT '{kind}', id, rev, deleted FROM {kind} WHERE store_id = :store AND rev <= :place" for kind in KINDS
)

_HANDED_ON: Final = ("repair_order", "customer")
"""What the bridge writes besides promises, where somebody is gone and a desk has not handed it on."""
_GOES_ON: Final = frozenset({
    "state", "evidence", "reason", "ended_at", "handoff", "handoffs", "escalated", "owner_id", "owner_role",
    "advisor_id", "salesperson_id",
})  # fmt: skip
"""What the rules at a bridge that was put back go on to write, beside what desks offer it again."""

Key = tuple[str, str]


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(f"invariant {number}: {words}")
        self.number = number


def _must(held: bool, number: int, words: str) -> None:
    if not held:
        raise Broken(number, words)


def bridge_rows(world: World) -> dict[Key, tuple[int, bool, dict[str, Any]]]:
    """Every record of the store at the bridge, deleted ones too."""
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        rows = raw.execute(_ALL_BRIDGE, {"store": world.store}).fetchall()
    return {(kind, id): (rev, bool(deleted), json.loads(body)) for kind, id, rev, deleted, body in rows}


def ledger(world: World) -> dict[str, dict[str, Any]]:
    """Every edit the bridge knows, with what was asked and answered."""
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        rows = raw.execute("SELECT id, asked, answer FROM ledger WHERE store_id = ?", (world.store,)).fetchall()
    return {id: {"asked": json.loads(asked), "answer": json.loads(answer)} for id, asked, answer in rows}


def bridge_now(world: World) -> tuple[dict[Key, dict[str, Any]], set[Key], dict[str, dict[str, Any]]]:
    """The bridge's living records, the deleted ones, and what the edits it knows asked for."""
    rows = bridge_rows(world)
    living = {key: fields for key, (_, deleted, fields) in rows.items() if not deleted}
    return (
        living,
        {key for key, (_, deleted, _) in rows.items() if deleted},
        {id: entry["asked"] for id, entry in ledger(world).items()},
    )


def own_write(desk: SimDesk, rows: list[Any]) -> None:
    """4: what was just said to be saved is seen, each field with its last value."""
    last: dict[Key, dict[str, Any]] = {}
    for _, kind, record_id, _, mine in rows:  # what a rule made of it at once is the later word
        last.setdefault((kind, record_id), {}).update(json.loads(mine))
    with desk.rows() as raw:
        for id, kind, record_id, _, _ in rows:  # one set again takes its old place, before what was built on it
            last[kind, record_id].update(_built_on(raw, id, record_id))
        for _, kind, record_id, op, _ in rows:
            found = raw.execute(f"SELECT deleted, body FROM {kind} WHERE id = ?", (record_id,)).fetchone()
            if op == "delete":
                _must(found is None or found[0] == 1, 4, f"a {kind} deleted here is still seen")
                continue
            _must(found is not None, 4, f"a {kind} written here is not seen")
            if not _is_made_once(kind, op):
                _see(kind, json.loads(found[1]), last[kind, record_id], bool(found[0]))


def _built_on(raw: Any, id: str, record_id: str) -> dict[str, Any]:
    """What the edits that stand behind one make of its record."""
    behind = raw.execute(
        "SELECT later.mine FROM mutation AS edit JOIN mutation AS later ON later.record_id = edit.record_id"
        " AND later.position > edit.position AND later.state IN ('waiting', 'sent')"
        " WHERE edit.id = ? AND edit.record_id = ? ORDER BY later.position, later.row",
        (id, record_id),
    )
    return {name: value for (mine,) in behind for name, value in json.loads(mine).items()}


def _is_made_once(kind: str, op: str) -> bool:
    """True where somebody else's making of the same record may stand instead."""
    return op == "create" and KINDS[kind].once


def _see(kind: str, seen: dict[str, Any], mine: dict[str, Any], deleted: bool) -> None:
    if deleted:
        return  # deleted elsewhere meanwhile: a person will be asked
    for name, value in mine.items():
        if merge_of(kind, name) in _UNIONS:
            wanted = value if isinstance(value, list) else []
            _must(all(item in (seen.get(name) or []) for item in wanted), 4, f"{kind}.{name} lacks what was added")
        else:
            _must(seen.get(name) == value, 4, f"{kind}.{name} is not what was written last")


def on_the_way(world: World, desk: SimDesk) -> None:
    """What must hold at every moment: 4 for what is pending, 5 and 8 for the cursor, 7, 9 for the other store."""
    with desk.rows() as raw:
        pending = raw.execute(
            "SELECT kind, record_id, op, mine, was FROM mutation WHERE state IN ('waiting', 'sent')"
            " ORDER BY position, row"
        ).fetchall()
        bases = {
            (kind, id): (rev, bool(deleted), body)
            for kind, id, rev, deleted, body in raw.execute("SELECT kind, record_id, rev, deleted, body FROM base")
        }
        rows = {(kind, id): (rev, bool(deleted), body) for kind, id, rev, deleted, body in raw.execute(_ALL)}
        cursor = raw.execute("SELECT value FROM meta WHERE name = 'cursor'").fetchone()
    _pending_is_seen(pending, bases, rows)
    if cursor:
        _nothing_skipped(world, cursor[0], bases, rows)
    kept = [json.loads(body) for (kind, _), (_, deleted, body) in rows.items() if kind == "promise" and not deleted]
    promises(f"desk {desk.number}", kept)
    _must(not any(id.endswith("-other") for _, id in rows), 9, "a record of another store is on this desk")


def promises(where: str, bodies: Iterable[Mapping[str, Any]]) -> None:
    """7: every open promise has one owner, and what a rule promises on a record, this time round, exists once."""
    seen: set[tuple[str, str, str]] = set()
    for promise in bodies:
        if "rule" not in promise:
            continue  # an edit that waits over a record the cache has lost, and has yet to fetch
        owners = [promise[name] for name in ("owner_id", "owner_role") if promise.get(name)]
        _must(promise["state"] != "open" or len(owners) == 1, 7, f"{where} has an open promise with owners {owners}")
        if promise["rule"] == BY_HAND:
            continue  # a person may promise the same customer several things
        raised = (promise["rule"], promise["subject"]["id"], promise.get("occurrence", ""))
        _must(raised not in seen, 7, f"{where} has a promise twice")
        seen.add(raised)


def _pending_is_seen(pending: list[Any], bases: dict[Key, Any], rows: dict[Key, Any]) -> None:
    steps: dict[Key, list[Step]] = {}
    for kind, id, op, mine, was in pending:
        steps.setdefault((kind, id), []).append(Step(op, json.loads(mine), json.loads(was)))
    _must(set(steps) == set(bases), 4, "a base is kept without a pending edit, or missing under one")
    for (kind, id), todo in steps.items():
        _, deleted, body = bases[kind, id]
        seen = replay(kind, Version(deleted, json.loads(body) if body is not None else None), todo)
        row = rows.get((kind, id))
        if seen.fields is None:
            _must(row is None or row[1], 4, f"a {kind} that is nowhere is seen")
            continue
        _must(row is not None and row[1] == seen.deleted, 4, f"what is seen of a {kind} is not the base and the edits")
        if row is not None and not seen.deleted:
            _must(json.loads(row[2]) == seen.fields, 4, f"what is seen of a {kind} is not the base and the edits")
            mine = [step for step in todo if body is None or not _is_made_once(kind, step.op)]
            last = {name: value for step in mine for name, value in step.set.items()}
            _see(kind, json.loads(row[2]), {n: v for n, v in last.items() if merge_of(kind, n) not in _UNIONS}, False)


def _nothing_skipped(world: World, cursor: str, bases: dict[Key, Any], rows: dict[Key, Any]) -> None:
    epoch, _, place = cursor.rpartition(".")
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        now = raw.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0]
        there = raw.execute(_REVS_BRIDGE, {"store": world.store, "place": int(place)}).fetchall()
    if epoch != now:
        return
    for kind, id, rev, deleted in there:
        base = bases.get((kind, id))
        known = base or rows.get((kind, id))
        if known is None or (base is not None and base[2] is None):  # an edit may wait of what is there no more
            _must(bool(deleted), 5, f"a {kind} at or before the cursor is not here")
        else:
            _must(known[0] >= rev, 8, f"a {kind} at or before the cursor is older here than at the bridge")


_WAITING: Final = "SELECT count(*) FROM mutation WHERE state IN ('waiting', 'sent') AND intent <> ?"


def line(desk: SimDesk) -> None:
    """10: the state in words is true."""
    said = desk.engine.line.now()
    if desk.line.down or desk.line.failed:
        _must(said["state"] != schedule.LIVE, 10, f"{said['state']} while the bridge cannot be reached")
        _must("Live" not in said["words"], 10, f"says {said['words']!r} while the bridge cannot be reached")
    with desk.rows() as raw:
        count = raw.execute(_WAITING, (BY_RULE,)).fetchone()[0]
        refused = raw.execute("SELECT count(*) FROM mutation WHERE state = 'refused'").fetchone()[0]
    _must((said["waiting"], said["attention"]) == (count, refused), 10, "it does not count what waits")


def waits_for(desk: SimDesk) -> list[str]:
    """Whose edits wait on this desk besides those of whoever is signed in."""
    with desk.rows() as raw:
        return [
            row[0]
            for row in raw.execute(
                "SELECT DISTINCT actor FROM mutation WHERE state IN ('waiting', 'sent') AND actor <> ? ORDER BY actor",
                (desk.who,),
            )
        ]


_OF_NOTHING: Final = "SELECT id FROM mutation WHERE kind = 'promise' AND state = 'waiting' AND seq IS NOT NULL"


def in_step(world: World, desk: SimDesk) -> bool:
    """True when a desk has nothing left to send that may go, and stands at the bridge's head."""
    head = world.bridge.books.head(world.store)
    with desk.cache.read() as conn:
        stays = set(outbox.held(conn))
        if world.plan.promises:  # what a person did to a promise that the bridge alone had raised waits for it, too
            stays.update(conn.exec_driver_sql(_OF_NOTHING).scalars())
        return outbox.waiting(conn) == len(stays) and meta.get(conn, "cursor") == f"{head.epoch}.{head.seq}"


def at_rest(world: World) -> None:
    """What must hold once the faults have ended and every desk has taken its turns."""
    known = ledger(world)
    records = bridge_rows(world)
    for desk in world.desks:
        _must(in_step(world, desk), 3, f"desk {desk.number} does not come into step")
        on_the_way(world, desk)
        _agrees(desk, records)
    _tables_equal_rebuilds(world.desks[world.plan.seed % len(world.desks)])
    promises("the bridge", [body for (kind, _), (_, gone, body) in records.items() if kind == "promise" and not gone])
    _nothing_lost(world, known)
    _in_the_tray(world, known)
    _once(world, known)
    _deleted_stays(known, records)
    _healed(world, known, records)


def _agrees(desk: SimDesk, records: dict[Key, tuple[int, bool, dict[str, Any]]]) -> None:
    with desk.rows() as raw:
        bases = {(kind, id) for kind, id in raw.execute("SELECT kind, record_id FROM base")}
        rows = {(kind, id): (rev, bool(gone), json.loads(body)) for kind, id, rev, gone, body in raw.execute(_ALL)}
    for key, (rev, deleted, fields) in records.items():
        if key in bases:
            continue
        here = rows.get(key)
        if deleted:
            _must(here is None or here[1], 3, f"a {key[0]} deleted at the bridge is on desk {desk.number}")
        else:
            _must(here is not None and not here[1], 3, f"a {key[0]} of the bridge is not on desk {desk.number}")
            _must(here == (rev, False, fields), 3, f"a {key[0]} differs between the bridge and desk {desk.number}")
    for key, (_, deleted, _) in rows.items():
        if key not in bases and not deleted:
            _must(key in records, 3, f"desk {desk.number} has a {key[0]} the bridge has not")


def _tables_equal_rebuilds(desk: SimDesk) -> None:
    def kept() -> tuple[list[Any], list[Any]]:
        with desk.rows() as raw:
            return (
                raw.execute("SELECT * FROM board ORDER BY repair_order_id").fetchall(),
                raw.execute("SELECT rowid FROM search WHERE search MATCH 'm* OR t* OR 1*' ORDER BY rowid").fetchall(),
            )

    before = kept()
    with desk.cache.write() as conn:
        board.rebuild(conn)
        search.rebuild(conn)
    _must(before == kept(), 3, f"the board or the index of desk {desk.number} is not what its records make")


def _standing(world: World) -> dict[str, list[tuple[str, str]]]:
    """How each edit stands on the desks that know it, and its own values."""
    out: dict[str, list[tuple[str, str]]] = {}
    for desk in world.desks:
        with desk.rows() as raw:
            for id, state, mine in raw.execute("SELECT id, state, mine FROM mutation"):
                out.setdefault(id, []).append((state, mine))
    return out


def _nothing_lost(world: World, known: dict[str, dict[str, Any]]) -> None:
    """1: every edit that was said to be saved is at the bridge, or on a desk for a person to decide on."""
    standing = _standing(world)
    for id, edit in world.acked.items():
        if id in world.gone or id in known:
            continue
        states = {state for state, _ in standing.get(id, [])}
        # Held behind a refused one, or refused unread: a person will decide.
        _must(
            bool(states & {"waiting", "refused", "resolved"}), 1, f"an acknowledged {edit.op} of a {edit.kind} is lost"
        )


def _held(world: World) -> set[str]:
    """The edits that wait on their desks for somebody to decide another: they are asked about after that one.

    A cache that was rebuilt offers again what was refused before; what an edit builds on may have given way since.
    """
    out: set[str] = set()
    for desk in world.desks:
        with desk.cache.read() as conn:
            out |= outbox.held(conn)
    return out


def _in_the_tray(world: World, known: dict[str, dict[str, Any]]) -> None:
    """6: every edit the bridge refused is in the tray of its desk with its own values, or was decided there."""
    standing = _standing(world)
    behind = _held(world)
    for id, edit in world.acked.items():
        if id in world.gone | world.decided | behind or id not in known or known[id]["answer"]["outcome"] in _GOOD:
            continue
        if known[id]["asked"]["intent"] == BY_RULE:
            continue  # the bridge runs the same rules and has decided
        there = [mine for state, mine in standing.get(id, []) if state in ("refused", "resolved")]
        _must(edit.mine in there, 6, f"a refused {edit.op} of a {edit.kind} is in no tray with its text")


def _once(world: World, known: dict[str, dict[str, Any]]) -> None:
    """2: each number of the feed is the one effect of one edit, or of a rule at the bridge."""
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        rows = raw.execute("SELECT seq, kind FROM feed WHERE store_id = ?", (world.store,)).fetchall()
    feed = [seq for seq, _ in rows]
    by_rule = {seq for seq, kind in rows if kind in ("promise", *(_HANDED_ON if world.plan.promises else ()))}
    effects = {entry["answer"]["seq"] for entry in known.values() if entry["answer"]["outcome"] in _GOOD}
    _must(len(feed) == len(set(feed)), 2, "a number was given twice")
    _must(set(feed) - by_rule <= effects, 2, "something took effect that no edit accounts for")


def _deleted_stays(known: dict[str, dict[str, Any]], records: dict[Key, tuple[int, bool, dict[str, Any]]]) -> None:
    """11: a deleted record lives again only by somebody's restoring it."""
    last: dict[Key, tuple[int, str]] = {}
    for entry in known.values():
        asked, answer = entry["asked"], entry["answer"]
        if answer["outcome"] in ("applied", "merged") and asked["op"] in ("delete", "restore"):
            key = (asked["kind"], asked["record_id"])
            last[key] = max(last.get(key, (0, "")), (answer["seq"], asked["op"]))
    for key, (_, op) in last.items():
        if op == "delete":
            _must(records[key][1], 11, f"a deleted {key[0]} has come back")


def _healed(
    world: World, known: dict[str, dict[str, Any]], records: dict[Key, tuple[int, bool, dict[str, Any]]]
) -> None:
    """12: what the bridge held before it was put back it holds again, but for what others have changed since."""
    before = world.restored
    if before is None:
        return
    touched: set[tuple[str, str, str]] = set()
    for id, entry in known.items():
        if id not in before.ledger:
            touched |= _touches(entry["asked"])
    touched |= _by_rules(world, before.since, known)
    for id, asked in before.ledger.items():
        if id not in known:  # an office's, or of a desk that is no more: nobody is there to offer it again
            touched |= _touches(asked)
    for (
        entry
    ) in known.values():  # one offered again that clashes with what others did since is put before its author whole
        if entry["answer"]["outcome"] == "conflict" and (whole := _touches(entry["asked"])) & touched:
            touched |= whole
    by_desks = {(asked["kind"], asked["record_id"]) for asked in before.ledger.values() if asked["op"] == "create"}
    for key, fields in before.fields.items():
        if (*key, "*") in touched or (world.plan.promises and key[0] == "promise" and key not in by_desks):
            continue
        now = records.get(key)
        _must(now is not None and not now[1], 12, f"a {key[0]} has not come back to the restored bridge")
        assert now is not None
        for name in fields.keys() | now[2].keys():
            if (*key, name) not in touched and not (world.plan.promises and name in _GOES_ON):
                same = _alike(key[0], name, fields.get(name), now[2].get(name))
                _must(same, 12, f"{key[0]}.{name} is not what it was before the bridge was put back")
    for key in before.deleted:
        if (*key, "*") not in touched and key in records:
            _must(records[key][1], 12, f"a {key[0]} deleted before the bridge was put back lives again")


def _by_rules(world: World, since: int, known: dict[str, dict[str, Any]]) -> set[tuple[str, str, str]]:
    """What the bridge's own rules have written since: time goes on at a restored bridge too."""
    made = {entry["asked"]["record_id"] for entry in known.values() if entry["asked"]["op"] == "create"}
    with world.bridge.books.read(world.store) as conn:
        raw: Any = conn.connection.driver_connection
        rows = raw.execute(
            "SELECT id, versions, created_rev FROM promise WHERE store_id = ? AND rev > ?", (world.store, since)
        ).fetchall()
    out: set[tuple[str, str, str]] = set()
    for id, text, created in rows:
        versions = read_versions(text)
        out |= {
            ("promise", id, name) for name, version in versions.items() if version.seq > since and not version.actor
        }
        if created > since and id not in made:
            out.add(("promise", id, "*"))
    return out


def _touches(asked: dict[str, Any]) -> set[tuple[str, str, str]]:
    key = (asked["kind"], asked["record_id"])
    whole = {(*key, "*")} if asked["op"] != "update" else set()
    return whole | {(*key, name) for name in asked["set"]}


def _alike(kind: str, name: str, one: Any, other: Any) -> bool:
    if merge_of(kind, name) in _UNIONS and isinstance(one, list) and isinstance(other, list):
        return sorted(map(codec.encode, one)) == sorted(map(codec.encode, other))
    return bool(one == other)
