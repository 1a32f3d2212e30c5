"""The board's table: one row for each open repair order, kept by the transaction that keeps its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from advisor_desk.cache import codec, raw
from advisor_desk.cache.codec import Touched
from advisor_desk.domain import board, parts
from advisor_desk.domain.repair_order import FINAL
from advisor_desk.domain.rules.table import RULES

_OPEN: Final = f"NOT deleted AND stage NOT IN ({', '.join(repr(stage) for stage in sorted(FINAL))})"
_MANY: Final = 400
_PUT: Final = "INSERT OR REPLACE INTO board VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_OF_RO: Final = ("job", "part_line", "contact_event", "loaner", "promise")
_UNSENT: Final = "mutation.state IN ('waiting', 'sent')"
# From the few unsent edits to their records, never the other way.
_PENDING: Final = " UNION ALL ".join(
    (
        f"SELECT record_id, kind, mine FROM mutation"  # noqa: S608
        f" WHERE {_UNSENT} AND kind = 'repair_order' AND record_id IN (?)",
        *(
            f"SELECT DISTINCT {kind}.repair_order_id, mutation.kind, '' FROM mutation"  # noqa: S608
            f" CROSS JOIN {kind} ON {kind}.id = mutation.record_id"
            f" WHERE {_UNSENT} AND mutation.kind = '{kind}' AND {kind}.repair_order_id IN (?)"
            for kind in _OF_RO
        ),
    )
)


def refresh(conn: Connection, touched: Touched) -> None:
    """Bring the rows up to date that the touched records belong to."""
    if touched.get("employee"):
        rebuild(conn)
        return
    ids = set(touched.get("repair_order", ()))
    for kind in _OF_RO:
        ids |= _column(conn, kind, "id", touched.get(kind, ()), "repair_order_id")
    for kind in ("customer", "vehicle"):
        ids |= _column(conn, "board", f"{kind}_id", touched.get(kind, ()), "repair_order_id")
    ids.discard("")
    if ids:
        _write(conn, sorted(ids))


def rebuild(conn: Connection) -> None:
    """Make every row afresh from the records."""
    conn.exec_driver_sql("DELETE FROM board")
    _write(conn, [row[0] for row in conn.exec_driver_sql(f"SELECT id FROM repair_order WHERE {_OPEN}")])  # noqa: S608


def _write(conn: Connection, ids: Sequence[str]) -> None:
    names = _names(conn)
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        raw.run(conn, f"DELETE FROM board WHERE repair_order_id IN ({_marks(some)})", some)  # noqa: S608
        for facts, ro in _gather(conn, some, names):
            raw.run(conn, _PUT, _board_row(facts, ro))


def _board_row(facts: dict[str, Any], ro: dict[str, Any]) -> tuple[Any, ...]:
    said = (facts["customer"], facts["vehicle"], ro.get("number"), ro.get("tag"), ro.get("spot"))
    return (
        facts["id"],
        facts["stage"],
        ro.get("advisor_id") or "",
        ro.get("promised_at") or "",
        ro.get("customer_id") or "",
        ro.get("vehicle_id") or "",
        " ".join(str(word) for word in said if word).casefold(),
        codec.encode(facts),
    )


def _gather(
    conn: Connection, ids: Sequence[str], names: dict[str, str]
) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    ros = _bodies(conn, "repair_order", "id", ids, f"AND {_OPEN}")
    by_id = {id: ro for id, ro, _ in ros}
    customers = _named(conn, "customer", [ro.get("customer_id") for ro in by_id.values()])
    vehicles = _named(conn, "vehicle", [ro.get("vehicle_id") for ro in by_id.values()])
    mine = {kind: _grouped(conn, kind, list(by_id)) for kind in ("job", "part_line", "loaner")}
    owed = _promises(conn, list(by_id))
    told = _contacts(conn, {id: str(ro.get("customer_id") or "") for id, ro in by_id.items()})
    pending = _pending(conn, list(by_id))
    for id, ro in by_id.items():
        jobs = sorted((job for _, job in mine["job"].get(id, ())), key=lambda job: str(job.get("letter") or ""))
        lines = [
            (line_id, line) for line_id, line in mine["part_line"].get(id, ()) if line.get("state") not in parts.GONE
        ]
        yield (
            board.gather(
                id,
                ro,
                customer=customers.get(ro.get("customer_id") or ""),
                vehicle=vehicles.get(ro.get("vehicle_id") or ""),
                jobs=jobs,
                parts=sorted(lines, key=lambda pair: (str(pair[1].get("description") or ""), pair[0])),
                contacts=told.get(id, ()),
                loaners=[car for _, car in mine["loaner"].get(id, ())],
                promises=owed.get(id, ()),
                names=names,
                pending=sorted(pending.get(id, ())),
            ),
            ro,
        )


def _bodies(
    conn: Connection,
    kind: str,
    column: str,
    ids: Sequence[str],
    more: str = "AND NOT deleted",
    named: Sequence[str] = (),
) -> list[tuple[str, dict[str, Any], str]]:
    sql = f"SELECT id, body, {column} FROM {kind} WHERE {column} IN ({_marks(ids)}) {more}"  # noqa: S608
    return [(row[0], codec.decode(row[1]), row[2]) for row in raw.run(conn, sql, (*ids, *named))]


def _named(conn: Connection, kind: str, ids: Iterable[Any]) -> dict[str, dict[str, Any]]:
    wanted = sorted({str(id) for id in ids if id})
    return {id: body for id, body, _ in _bodies(conn, kind, "id", wanted)} if wanted else {}


def _grouped(conn: Connection, kind: str, ro_ids: Sequence[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    out: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for id, body, ro_id in _bodies(conn, kind, "repair_order_id", ro_ids) if ro_ids else ():
        out.setdefault(ro_id, []).append((id, body))
    return out


def _contacts(conn: Connection, customer_of: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What was said to each RO's own customer about it; work on the store's own cars has none."""
    out: dict[str, list[dict[str, Any]]] = {}
    customers, nobodys = sorted(set(customer_of.values()) - {""}), [id for id, who in customer_of.items() if not who]
    # Of a customer of many years only what was said about these orders is read, not all that ever was.
    about = f"AND repair_order_id IN ({_marks(list(customer_of))}) AND NOT deleted"
    for column, ids, more, named in (
        ("customer_id", customers, about, list(customer_of)),
        ("repair_order_id", nobodys, "AND customer_id = '' AND NOT deleted", []),
    ):
        for _, event, _ in _bodies(conn, "contact_event", column, ids, more, named) if ids else ():
            ro_id = event.get("repair_order_id") or ""
            if customer_of.get(ro_id) == (event.get("customer_id") or ""):
                out.setdefault(ro_id, []).append(event)
    return out


def _promises(conn: Connection, ro_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The open promises on each RO, soonest first, with the command that keeps each."""
    out: dict[str, list[dict[str, Any]]] = {}
    more = "AND state = 'open' AND NOT deleted"
    found = _bodies(conn, "promise", "repair_order_id", ro_ids, more) if ro_ids else []
    for id, fields, ro_id in sorted(found, key=lambda row: (str(row[1].get("due_at") or ""), row[0])):
        out.setdefault(ro_id, []).append(owed_facts(id, fields))
    return out


def owed_facts(id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A promise as far as a list of what is owed shows it."""
    rule = RULES.get(str(fields.get("rule")))
    facts = {name: fields[name] for name in _OWED if fields.get(name)}
    return facts | {"id": id, "keeps": rule.key if rule else "contact.log"}


_OWED: Final = (
    "rule", "subject", "title", "due_at", "first_due_at", "owner_id", "owner_role", "customer_id", "repair_order_id",
    "handoff", "escalated", "raised_at",
)  # fmt: skip


def _pending(conn: Connection, ro_ids: Sequence[str]) -> dict[str, set[str]]:
    """The fields of each RO with an edit that is not yet at the bridge; a part's or job's counts under its kind."""
    out: dict[str, set[str]] = {}
    sql = _PENDING.replace("(?)", f"({_marks(ro_ids)})")
    for id, kind, mine in raw.run(conn, sql, (*ro_ids,) * (1 + len(_OF_RO))):
        out.setdefault(id, set()).update(codec.decode(mine) if kind == "repair_order" else (kind,))
    return out


def _names(conn: Connection) -> dict[str, str]:
    rows = raw.run(conn, "SELECT id, body FROM employee WHERE NOT deleted")
    return {id: str(codec.decode(body).get("name") or "") for id, body in rows}


def _column(conn: Connection, table: str, where: str, ids: Iterable[str], column: str) -> set[str]:
    out: set[str] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), _MANY):
        some = wanted[start : start + _MANY]
        sql = f"SELECT {column} FROM {table} WHERE {where} IN ({_marks(some)})"  # noqa: S608
        out |= {row[0] for row in raw.run(conn, sql, some)}
    return out


def _marks(ids: Sequence[str]) -> str:
    return ",".join("?" * len(ids))
