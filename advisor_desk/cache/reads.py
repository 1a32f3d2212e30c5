"""What screens read: plain SQL on a read-only connection, importable without SQLAlchemy."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.cache import errors, finding, holding, reads_suppliers
from advisor_desk.cache.holding import Standing
from advisor_desk.domain import lights
from advisor_desk.domain.depends import Link
from advisor_desk.domain.promise import BY_RULE
from advisor_desk.domain.repair_order import is_open as is_open_stage

DatabaseError: Final[type[Exception]] = sqlcipher.DatabaseError
"""What a read raises when the file is not a cache, or not under this key."""
Row = dict[str, Any]
_OPEN_STAGES: Final = "stage NOT IN ('closed', 'void')"
_CANDIDATES: Final = 200
_MANY: Final = 400
_UNSENT: Final = (
    "SELECT record_id, mine FROM mutation WHERE record_id IN ({}) AND kind = ? AND state IN ('waiting', 'sent')"
)


def connect(path: Path, key: bytes) -> Any:
    """A read-only connection to the cache, beside the writer; raises sqlcipher's DatabaseError for a wrong key."""
    conn = sqlcipher.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        conn.execute("PRAGMA cipher_log_level = NONE")  # it writes to stderr; what is wrong is raised as well
        conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        conn.execute("PRAGMA query_only = ON")
        conn.execute("PRAGMA busy_timeout = 2000")
        conn.execute("PRAGMA cache_size = -16384")
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute("SELECT count(*) FROM board").fetchone()
    except BaseException:
        conn.close()
        raise
    return conn


def note_damage(path: Path, error: BaseException) -> bool:
    """Note for the service's next start that a read met a damaged page; False when the error is another."""
    if not isinstance(errors.of(error), errors.Damaged):
        return False
    with suppress(OSError):
        errors.damage_marker(path).touch()
    return True


def board(conn: Any) -> list[Row]:
    """The facts of every open repair order (``domain.board.FACTS``)."""
    rows = [json.loads(row[0]) for row in conn.execute("SELECT facts FROM board")]
    _add_records(conn, rows)
    return rows


def _add_records(conn: Any, rows: Iterable[Row]) -> None:
    known = reads_suppliers.records(conn)
    for row in rows:
        reads_suppliers.add(row["parts"], known)


def board_rows(conn: Any, ids: Iterable[str]) -> dict[str, Row]:
    """The facts of these repair orders, by id; one that is not open is missing."""
    found = among(conn, "SELECT repair_order_id, facts FROM board WHERE repair_order_id IN ({})", ids)
    out = {id: json.loads(facts) for id, facts in found}
    _add_records(conn, out.values())
    return out


def boards_of(conn: Any, kinds: Mapping[str, Iterable[str]]) -> set[str]:
    """The open repair orders that changed records belong to, for a screen that was told ids by kind."""
    out = set(kinds.get("repair_order", ()))
    of_kind = [(f"{kind} WHERE id", kind) for kind in ("job", "part_line", "contact_event", "loaner")]
    for where, kind in (*of_kind, ("board WHERE customer_id", "customer"), ("board WHERE vehicle_id", "vehicle")):
        sql = f"SELECT repair_order_id FROM {where} IN ({{}})"  # noqa: S608
        out |= {row[0] for row in among(conn, sql, kinds.get(kind, ()))}
    out.discard("")
    return out


def among(conn: Any, sql: str, ids: Iterable[str], *more: str) -> Iterator[Any]:
    """The rows of a query over any number of ids, which stand for the ``{}`` in it; ``more`` are its other values."""
    wanted = sorted(set(ids) - {""})
    for start in range(0, len(wanted), _MANY):
        some = wanted[start : start + _MANY]
        yield from conn.execute(sql.format(",".join("?" * len(some))), (*some, *more))


def one(conn: Any, kind: str, id: str) -> Row:
    """A record's wire fields with its id; empty when the cache has none."""
    row = conn.execute(f"SELECT id, rev, body FROM {kind} WHERE id = ? AND NOT deleted", (id,)).fetchone()  # noqa: S608
    return {"id": row[0], "rev": row[1], **json.loads(row[2])} if row else {}


def of(conn: Any, kind: str, column: str, id: str) -> list[Row]:
    """The records of a kind that point at another one."""
    sql = f"SELECT id, rev, body FROM {kind} WHERE {column} = ? AND NOT deleted"  # noqa: S608
    return [{"id": row[0], "rev": row[1], **json.loads(row[2])} for row in conn.execute(sql, (id,))]


def repair_order(conn: Any, ro_id: str, limit: int = 100) -> Row | None:
    """One repair order with all that stands beside it: customer, car, jobs, parts, loaner, and the story so far."""
    ro = one(conn, "repair_order", ro_id)
    if not ro:
        return None
    customer_id = str(ro.get("customer_id") or "")
    jobs = sorted(of(conn, "job", "repair_order_id", ro_id), key=lambda job: str(job.get("letter") or ""))
    lines = sorted(of(conn, "part_line", "repair_order_id", ro_id), key=lambda line: str(line.get("description") or ""))
    reads_suppliers.add(lines, reads_suppliers.records(conn))
    loaners = [car for car in of(conn, "loaner", "repair_order_id", ro_id) if not car.get("back_at")]
    names = {id: str(person.get("name") or "") for id, person in employees(conn).items()}
    beside = {"job": jobs, "part_line": lines}
    pending = unsent(conn, "repair_order", [ro_id])
    for kind, rows in beside.items():
        pending |= unsent(conn, kind, [row["id"] for row in rows])
    jobs = [{**job, "technician": names.get(str(job.get("technician_id")), "")} for job in jobs]
    visits, since = _visits(conn, customer_id)
    return {
        "repair_order": ro,
        "customer": one(conn, "customer", customer_id),
        "vehicle": one(conn, "vehicle", str(ro.get("vehicle_id") or "")),
        "advisor": one(conn, "employee", str(ro.get("advisor_id") or "")),
        "jobs": jobs,
        "parts": lines,
        "loaner": loaners[0] if loaners else None,
        "also_open": _also_open(conn, ro, names),
        "story": story(conn, customer_id, ro, lines, jobs, limit=limit),
        "visits": visits,
        "since": since,
        "pending": {id: sorted(fields) for id, fields in pending.items()},
    }


def _also_open(conn: Any, ro: Row, names: Mapping[str, str]) -> list[Row]:
    """The car's other open orders, as when two desks without a line have each written one up."""
    car = str(ro.get("vehicle_id") or "")
    if not car or not is_open_stage(str(ro.get("stage") or "")):
        return []
    return [
        {"id": other["id"], "number": other.get("number"), "advisor": names.get(str(other.get("advisor_id")), "")}
        for other in of(conn, "repair_order", "vehicle_id", car)
        if other["id"] != ro["id"] and is_open_stage(str(other.get("stage") or ""))
    ]


def story(
    conn: Any,
    customer_id: str,
    ro: Row | None = None,
    lines: Sequence[Row] = (),
    jobs: Sequence[Row] = (),
    *,
    before: str = "",
    limit: int = 100,
) -> list[Row]:
    """What was said to and by a customer, with the repair order's own turns between; newest first."""
    if customer_id:
        events = _events(conn, "customer_id = ?", customer_id, before, limit)
    else:
        events = _events(conn, "customer_id = '' AND repair_order_id = ?", str((ro or {}).get("id", "")), before, limit)
    names = {id: str(person.get("name") or "") for id, person in employees(conn).items()}
    pending = unsent(conn, "contact_event", [event["id"] for event in events])
    out = [
        {
            **event,
            "kind": "contact",
            "employee": names.get(str(event.get("employee_id")), ""),
            "pending": event["id"] in pending,
        }
        for event in events
    ]
    turns = [*_turns(ro, lines, names), *_approvals(ro, jobs)] if ro is not None and not before else []
    return sorted(out + turns, key=lambda item: (str(item.get("at") or ""), item["id"]), reverse=True)


def _events(conn: Any, where: str, id: str, before: str, limit: int) -> list[Row]:
    rows = conn.execute(
        f"SELECT id, body FROM contact_event WHERE {where} AND NOT deleted AND (? = '' OR at < ?)"  # noqa: S608
        " ORDER BY at DESC, id DESC LIMIT ?",
        (id, before, before, limit),
    )
    return [{"id": row[0], **json.loads(row[1])} for row in rows]


def _turns(ro: Row, lines: Sequence[Row], names: Mapping[str, str]) -> list[Row]:
    """The repair order's own turns: times promised anew and ETAs that moved."""
    out: list[Row] = []
    for number, move in enumerate(ro.get("promise_moves") or []):
        by = names.get(str(move.get("by")), "")
        out.append(
            {**move, "id": f"{ro['id']}-{number}", "kind": "repromise", "employee": by, "repair_order_id": ro["id"]}
        )
    for line in lines:
        if line.get("eta_set_at") and line.get("first_eta") and line.get("eta") != line.get("first_eta"):
            name = line.get("description") or line.get("number") or ""
            out.append(
                {
                    "id": f"{line['id']}-eta",
                    "kind": "eta",
                    "at": line["eta_set_at"],
                    "was": line["first_eta"],
                    "to": line.get("eta"),
                    "part": name,
                    "repair_order_id": ro["id"],
                }
            )
    return out


def _approvals(ro: Row, jobs: Sequence[Row]) -> list[Row]:
    """What the customer approved: one turn for the jobs approved in one breath."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for job in jobs:
        by = job.get("authorised") or {}
        if by.get("at"):
            key = (str(by["at"]), str(by.get("by") or ""), str(by.get("how") or ""))
            said.setdefault(key, []).append(str(job.get("letter") or ""))
    return [
        {
            "id": f"{ro['id']}-approved-{at}-{by}-{how}",
            "kind": "approval",
            "at": at,
            "by": by,
            "how": how,
            "letters": letters,
            "repair_order_id": ro["id"],
        }
        for (at, by, how), letters in said.items()
    ]


def _visits(conn: Any, customer_id: str) -> tuple[int, str]:
    """How many repair orders a customer has had, and the year of the first."""
    if not customer_id:
        return 0, ""
    row = conn.execute(
        "SELECT count(*), min(nullif(opened, '')) FROM repair_order WHERE customer_id = ? AND NOT deleted",
        (customer_id,),
    ).fetchone()
    return row[0], (row[1] or "")[:4]


def unsent(conn: Any, kind: str, ids: Iterable[str]) -> dict[str, set[str]]:
    """The fields with an edit not yet at the bridge, by record; of a long outage there are thousands."""
    out: dict[str, set[str]] = {}
    for record_id, mine in among(conn, _UNSENT, ids, kind):
        out.setdefault(record_id, set()).update(json.loads(mine))
    return out


def employees(conn: Any) -> dict[str, Row]:
    """Who works at the store, by id."""
    return {row[0]: json.loads(row[1]) for row in conn.execute("SELECT id, body FROM employee WHERE NOT deleted")}


def store(conn: Any) -> Row:
    """The store's own record; empty before the first sync."""
    row = conn.execute("SELECT id, body FROM store WHERE NOT deleted LIMIT 1").fetchone()
    return {"id": row[0], **json.loads(row[1])} if row else {}


def status(conn: Any) -> Row:
    """How the cache stands: what waits, what needs a decision, how far it is in step, and whose it is."""
    counts = dict(
        conn.execute(
            "SELECT CASE state WHEN 'refused' THEN 'attention' ELSE 'waiting' END, count(*) FROM mutation"
            " WHERE state IN ('waiting', 'sent', 'refused') AND intent <> ? GROUP BY 1",
            (BY_RULE,),
        )
    )
    known = dict(
        conn.execute(
            "SELECT name, value FROM meta WHERE name IN"
            " ('first_sync_done', 'last_synced_at', 'employee_id', 'store_name', 'bridge_url', 'server_id', 'lacking')"
        )
    )
    return {
        "waiting": counts.get("waiting", 0),
        "attention": counts.get("attention", 0),
        "reconcile": _to_reconcile(conn),
        "first_sync_done": known.get("first_sync_done") == "1",
        "as_of": known.get("last_synced_at", ""),
        "employee_id": known.get("employee_id", ""),
        "store_name": known.get("store_name", ""),
        "bridge_url": known.get("bridge_url", ""),
        "lacking": json.loads(known.get("lacking") or "[]"),
    }


_PROMISES: Final = (
    "SELECT p.id, p.body, c.name, o.body FROM promise AS p"
    " LEFT JOIN customer AS c ON c.id = p.customer_id AND NOT c.deleted"
    " LEFT JOIN repair_order AS o ON o.id = p.repair_order_id AND NOT o.deleted"
    " WHERE p.state = 'open' AND NOT p.deleted{} ORDER BY p.due_at, p.id"
)


def promises(conn: Any, ids: Collection[str] | None = None) -> list[Row]:
    """The store's open promises, or those of some ids, soonest first, each with its customer and what car it is on."""
    some = "" if ids is None else f" AND p.id IN ({','.join('?' * len(ids))})"
    return [_promise(*row) for row in conn.execute(_PROMISES.format(some), tuple(ids or ()))]


def _promise(id: str, body: str, customer: str | None, order: str | None) -> Row:
    car = json.loads(order) if order else {}
    named = {"customer": customer or "", **{name: car.get(name, "") for name in ("number", "tag", "is_recon")}}
    return {"id": id, **json.loads(body), **named}


def records_of(conn: Any, records: Iterable[tuple[str, str]], limit: int = 500) -> list[Row]:
    """Records as a list shows them: what each is, whose, and the order and customer to open."""
    out = []
    for kind, id in list(records)[:limit]:
        fields = one(conn, kind, id)
        title, ro_id = _title(conn, kind, id, fields)
        customer = id if kind == "customer" else str(fields.get("customer_id") or "")
        if not customer and ro_id:
            customer = str(one(conn, "repair_order", ro_id).get("customer_id") or "")
        what = fields.get("title") or fields.get("description") or fields.get("complaint") or fields.get("body") or ""
        state = fields.get("state") or fields.get("status") or fields.get("stage") or ""
        record = {"kind": kind, "id": id, "title": title, "what": what, "state": state, "due_at": fields.get("due_at")}
        out.append({**record, "repair_order_id": ro_id, "customer_id": customer})
    return out


def carried(conn: Any) -> dict[str, dict[str, int]]:
    """How many open orders and customers each employee answers for."""
    orders = conn.execute(
        f"SELECT advisor_id, count(*) FROM repair_order WHERE {_OPEN_STAGES} AND NOT deleted GROUP BY 1"  # noqa: S608
    )
    customers = conn.execute(
        "SELECT who, count(*) FROM (SELECT advisor_id AS who FROM customer WHERE NOT deleted"
        " UNION ALL SELECT salesperson_id FROM customer WHERE NOT deleted) GROUP BY 1"
    )
    return {"orders": dict(orders), "customers": dict(customers)}


def attention(conn: Any) -> list[Row]:
    """What a person must decide, oldest first: what was tried, what stands, by whom and when."""
    names = {id: str(person.get("name") or "") for id, person in employees(conn).items()}
    out = []
    for id, kind, record_id, op, intent, made_at, actor, mine, problem, theirs in conn.execute(
        "SELECT id, kind, record_id, op, intent, made_at, actor, mine, problem, theirs FROM mutation"
        " WHERE state = 'refused' ORDER BY position, row"
    ):
        said, stands = json.loads(problem or "{}"), json.loads(theirs or "{}")
        tried = json.loads(mine)
        now = one(conn, kind, record_id) or stands.get("fields") or {}
        first: Any = next(iter((said.get("fields") or {}).values()), None)
        clash: Row = first if isinstance(first, dict) else {}
        title, ro_id = _title(conn, kind, record_id, now or tried)
        out.append(
            {
                "id": id,
                "kind": kind,
                "record_id": record_id,
                "repair_order_id": ro_id,
                "title": title,
                "op": op,
                "intent": intent,
                "problem": said,
                "mine": tried,
                "theirs": {name: now.get(name) for name in tried},
                "by": names.get(str(clash.get("by")), ""),
                "at": clash.get("at", ""),
                "made_at": made_at,
                "author": names.get(actor, ""),
                "deleted": bool(stands.get("deleted")),
            }
        )
    return out


def outbox(conn: Any, held: Iterable[str] | None = None) -> list[Row]:
    """What waits to be sent, in the order it goes; ``held`` are those known to wait for something else first.

    Its state is ``held`` when that is a decision, ``later`` when it is a newer bridge.
    """
    waits = _held(conn) if held is None else set(held)
    later = waits - _held(conn, for_decisions_only=True) if waits and status(conn)["lacking"] else set()
    out = []
    for id, kind, record_id, intent, made_at, state, mine in conn.execute(
        "SELECT id, kind, record_id, intent, made_at, state, mine FROM mutation"
        " WHERE state IN ('waiting', 'sent') AND intent <> ? ORDER BY position, row",
        (BY_RULE,),
    ):
        set_ = json.loads(mine)
        title, ro_id = _title(conn, kind, record_id, set_)
        out.append(
            {
                "id": id,
                "kind": kind,
                "record_id": record_id,
                "repair_order_id": ro_id,
                "title": title,
                "intent": intent,
                "made_at": made_at,
                "set": set_,
                "state": "later" if id in later else "held" if id in waits else state,
            }
        )
    return out


def reconcile(conn: Any) -> list[Row]:
    """What became of the work done while the line was down: the newest outage first, an order's entries together.

    ``became`` is sent, merged, clashed or held; ``by_hand`` holds the values to key into the dealer system; ``until``
    is when the first of them was answered, once the line was up again.
    """
    if not _has_reconcile(conn):
        return []
    names = {id: str(person.get("name") or "") for id, person in employees(conn).items()}
    still = conn.execute("SELECT value FROM meta WHERE name = 'outage'").fetchone()
    out: list[Row] = []
    for row in conn.execute(
        "SELECT min(r.at) OVER (PARTITION BY r.outage),"
        " r.id, r.outage, r.kind, r.record_id, r.repair_order_id, r.intent, r.made_at, r.actor, r.mine,"
        " r.outcome, r.by_hand, r.ticked_at, r.ticked_by, m.state FROM reconcile r LEFT JOIN mutation m ON m.id = r.id"
        " ORDER BY r.outage DESC, min(r.row) OVER (PARTITION BY r.outage, r.repair_order_id), r.row"
    ):
        until, id, outage, kind, record_id, ro_id, intent, made_at, actor, mine, became, hand, *ticked, state = row
        ticked_at, ticked_by = ticked
        set_ = json.loads(mine)
        title, _ = _title(conn, kind, record_id, set_)
        order, _ = _title(conn, "repair_order", ro_id, {}) if ro_id else ("", "")
        out.append(
            {
                "id": id,
                "outage": outage,
                "until": "" if still and still[0] == outage else until,
                "kind": kind,
                "record_id": record_id,
                "repair_order_id": ro_id,
                "order": order or title,
                "title": title,
                "intent": intent,
                "made_at": made_at,
                "author": names.get(actor, ""),
                "set": set_,
                "became": became,
                "decided": became == "clashed" and state != "refused",
                "by_hand": {name: set_.get(name) for name in json.loads(hand)},
                "ticked_at": ticked_at or "",
                "ticked_by": names.get(str(ticked_by), ""),
            }
        )
    return out


def _has_reconcile(conn: Any) -> bool:
    """False for the cache of an older release, which the screen reads before the service has brought it up to date."""
    return conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'reconcile'").fetchone() is not None


def _to_reconcile(conn: Any) -> int:
    if not _has_reconcile(conn):
        return 0
    return int(conn.execute("SELECT count(*) FROM reconcile WHERE ticked_at IS NULL").fetchone()[0])


def _held(conn: Any, *, for_decisions_only: bool = False) -> set[str]:
    """The edits that wait for somebody to decide a refused one, or for a bridge that knows what they say."""
    lacks = frozenset() if for_decisions_only else frozenset(status(conn)["lacking"])
    rows = conn.execute(
        "SELECT id, n, state, kind, record_id, op, mine FROM mutation"
        " WHERE state IN ('waiting', 'sent', 'refused') ORDER BY position, row"
    ).fetchall()
    edits = ((Link(kind, id, op, json.loads(mine)), n, state) for _, n, state, kind, id, op, mine in rows)
    waits = holding.held(
        Standing(edit, state == "refused", n is not None, holding.is_beyond(lacks, edit)) for edit, n, state in edits
    )
    return {row[0] for row, wait in zip(rows, waits, strict=True) if wait}


def _title(conn: Any, kind: str, record_id: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """What a record is called to a person, and the repair order it belongs to."""
    seen = one(conn, kind, record_id) or fields
    ro_id = record_id if kind == "repair_order" else str(seen.get("repair_order_id") or "")
    ro = one(conn, "repair_order", ro_id) if ro_id else {}
    customer = one(conn, "customer", str((ro or seen).get("customer_id") or ""))
    said = (seen.get("description") or seen.get("complaint") or "") if kind in {"part_line", "job"} else ""
    number = f"RO {ro['number']}" if ro.get("number") else ""
    name = seen.get("name") if kind == "customer" else customer.get("name")
    parts = [str(part) for part in (ro.get("tag"), number, name, said) if part]
    return " · ".join(parts) or kind.replace("_", " "), ro_id


def search(conn: Any, text: str, limit: int = 20) -> list[Row]:
    """Records by the beginning of words, a phone's or VIN's tail, a tag, plate or number; open work first."""
    terms = re.findall(r"\w+", text.replace("-", "").replace("(", " ").replace(")", " ")) or []
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 7 and not re.search(r"[^\W\d_]", text):
        terms = [digits]
    if not terms:
        return []
    asked = " ".join(f'"{term}"*' for term in terms[:8])
    try:
        numbers = [
            row[0]
            for row in conn.execute("SELECT rowid FROM search WHERE search MATCH ? LIMIT ?", (asked, _CANDIDATES))
        ]
    except sqlcipher.OperationalError:
        return []
    by_kind: dict[str, list[int]] = {}
    for number in numbers:
        by_kind.setdefault(finding.KINDS[number % finding.SPAN], []).append(number // finding.SPAN)
    out: list[Row] = []
    seen: set[str] = set()
    for kind in ("repair_order", "customer", "vehicle", "loaner", "part_line", "employee"):
        for item in _found(conn, kind, by_kind.get(kind, [])[:60]):
            mark = str(item["repair_order_id"] or item["customer_id"] or item["id"])
            if mark not in seen:
                seen.add(mark)
                out.append(item)
    out.sort(key=lambda item: not item["open"])
    return out[:limit]


def _found(conn: Any, kind: str, rows: Sequence[int]) -> list[Row]:
    if not rows:
        return []
    marks = ",".join("?" * len(rows))
    sql = f"SELECT id, body FROM {kind} WHERE row IN ({marks}) AND NOT deleted"  # noqa: S608
    return [_hit(conn, kind, row[0], json.loads(row[1])) for row in conn.execute(sql, tuple(rows))]


def _hit(conn: Any, kind: str, id: str, fields: Row) -> Row:
    ro: Row = {"id": id, **fields} if kind == "repair_order" else {}
    if kind in {"part_line", "loaner"} and fields.get("repair_order_id"):
        ro = one(conn, "repair_order", str(fields["repair_order_id"]))
    customer_id = id if kind == "customer" else str(fields.get("customer_id") or ro.get("customer_id") or "")
    if kind == "vehicle":
        customer_id = str((fields.get("customer_ids") or [""])[0])
    if not ro and kind in {"customer", "vehicle"}:
        column, wanted = ("customer_id", customer_id) if kind == "customer" else ("vehicle_id", id)
        found = conn.execute(
            f"SELECT id FROM repair_order WHERE {column} = ? AND NOT deleted"  # noqa: S608
            f" ORDER BY {_OPEN_STAGES} DESC, opened DESC LIMIT 1",
            (wanted,),
        ).fetchone()
        ro = one(conn, "repair_order", found[0]) if found else {}
    customer = fields if kind == "customer" else one(conn, "customer", customer_id)
    vehicle = fields if kind == "vehicle" else one(conn, "vehicle", str(ro.get("vehicle_id") or ""))
    is_open = bool(ro) and is_open_stage(str(ro.get("stage") or ""))
    return {
        "kind": kind,
        "id": id,
        "title": str(customer.get("name") or fields.get("name") or ""),
        "detail": _detail(kind, fields, ro, vehicle, customer),
        "repair_order_id": ro.get("id"),
        "customer_id": customer_id or None,
        "open": is_open,
    }


def _detail(kind: str, fields: Row, ro: Row, vehicle: Row, customer: Row) -> str:
    car = " ".join(str(part) for part in (vehicle.get("year"), vehicle.get("make"), vehicle.get("model")) if part)
    phone = str(((customer.get("phones") or [{}])[0] or {}).get("raw") or "")
    part = f"{fields.get('description') or ''} {fields.get('number') or ''}".strip() if kind == "part_line" else ""
    number = f"RO {ro['number']}" if ro.get("number") else ""
    state = "" if not ro else str(ro.get("stage") or "").replace("_", "-")
    return " · ".join(word for word in (str(ro.get("tag") or ""), number, state, part, car, phone) if word)


def settings(conn: Any) -> lights.Settings:
    """The store's settings for its lights, in its time zone; UTC where the zone is not known here."""
    from zoneinfo import ZoneInfo

    fields = store(conn)
    try:
        zone = ZoneInfo(str(fields.get("timezone") or "UTC"))
    except (ValueError, OSError, KeyError):
        zone = ZoneInfo("UTC")
    return lights.Settings.of_store(fields, zone)
