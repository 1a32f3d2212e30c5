"""What a terminal or a test reads: the same as the screen shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.cache import reads, reads_counter, reads_customer, reads_drive, reads_report
from advisor_desk.domain import board, commands, harm, lights, times
from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.errors import BadArguments, NotFound
from advisor_desk.domain.figure import Period
from advisor_desk.domain.figures import FIGURES
from advisor_desk.domain.promise import may_answer
from advisor_desk.domain.rules.table import RULES

LIGHTS: Final = ("parts", "promise", "told", "approval")


class Reading(NamedTuple):
    """A read's surroundings: a read-only connection, who reads, and when."""

    conn: Any
    actor: str
    now: datetime
    held: frozenset[str] = frozenset()
    would_raise: Callable[[str, dict[str, Any]], list[dict[str, Any]]] = lambda name, args: []


def the_board(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.board``: every card with its four lights and why."""
    settings = reads.settings(at.conn)
    rows = [row | {"lights": _lights(row, at.now, settings)} for row in _scoped(at, args)]
    return {"board": sorted(rows, key=lambda row: (row["stage"], row.get("promised_at") or "9", row["id"]))}


def _lights(row: dict[str, Any], now: datetime, settings: lights.Settings) -> list[dict[str, str]]:
    lit = zip(LIGHTS, lights.of(row, now, settings), strict=True)
    return [{"light": name, **light._asdict()} for name, light in lit]


def _scoped(at: Reading, args: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = reads.board(at.conn)
    return [row for row in rows if row.get("advisor_id") == at.actor] if args.get("scope") == "mine" else rows


def repair_order(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.repair_order``: all that stands beside one."""
    found = reads.repair_order(at.conn, args["repair_order_id"])
    if found is None:
        raise NotFound("repair_order", "repair_order_id")
    return found


def promises(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.promises``: what is owed next, soonest first: what is promised, and what the clock will ask for."""
    settings = reads.settings(at.conn)
    coming = [item for row in _scoped(at, args) for item in board.owed(row, settings, at.now) if not item.id]
    roles = set(reads.employees(at.conn).get(at.actor, {}).get("roles") or ())
    open_ = [row for row in reads.promises(at.conn) if _is_in(row, args.get("scope"), at.actor, roles)]
    made = [{"repair_order_id": "", "customer_id": "", **row, "keeps": _keeps(row)} for row in open_]
    due = [*made, *({**item._asdict(), "due_at": times.to_wire(item.due_at)} for item in coming)]
    return {"promises": sorted(due, key=lambda row: (str(row["due_at"]), str(row["id"])))}


def _keeps(promise: Mapping[str, Any]) -> str:
    """The command that usually keeps it."""
    rule = RULES.get(str(promise.get("rule")))
    return rule.key if rule else "contact.log"


def _is_in(promise: Mapping[str, Any], scope: str | None, actor: str, roles: set[str]) -> bool:
    """Whether a promise is one's own, or stands in the queue of one's role; anything is the store's."""
    mine = promise.get("owner_id") == actor
    queue = promise.get("owner_role") in roles
    offered = may_answer(promise, actor, frozenset(roles))
    return {"mine": mine or queue or offered, "queue": queue}.get(scope or "", True)


def raises(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.raises``: the promises a command would raise, without doing it."""
    name = str(args["command"])
    if name not in COMMANDS or not COMMANDS[name].writes:
        raise BadArguments({"command": "is none that changes anything"})
    return {"promises": at.would_raise(name, commands.check(name, args.get("args") or {}))}


def drive(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.drive``: a day's visits, today's when none is named."""
    day = times.day_from_wire(args["day"]) if args.get("day") else reads_drive.today(at.conn, at.now)
    return reads_drive.drive(at.conn, day)


def counter(at: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """``read.counter``: every open part line of the store, with what it needs and whom it hurts, the worst first."""
    settings = reads.settings(at.conn)
    rows = [(row, harm.of(row, at.now, settings)) for row in reads_counter.counter(at.conn)]
    rows.sort(key=lambda pair: pair[1].key)
    shown = [row | {"harm": found._asdict() | {"light": found.light._asdict()}} for row, found in rows]
    return {"counter": shown, "totals": harm.totals(rows)._asdict()}


def customer(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.customer``: all that is known of one."""
    found = reads_customer.customer(at.conn, args["customer_id"])
    if found is None:
        raise NotFound("customer", "customer_id")
    return found


def attention(at: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """``read.attention``: what a person must decide."""
    return {"attention": reads.attention(at.conn)}


def outbox(at: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """``read.outbox``: what waits to be sent."""
    return {"outbox": reads.outbox(at.conn, at.held)}


def reconcile(at: Reading, _: Mapping[str, Any]) -> dict[str, Any]:
    """``read.reconcile``: what became of the work done while the line was down."""
    return {"reconcile": reads.reconcile(at.conn)}


def search(at: Reading, args: Mapping[str, Any]) -> dict[str, Any]:
    """``read.search``."""
    return {"found": reads.search(at.conn, args["q"])}


def report(conn: Any, args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """``read.report``: figures over a time, the last 30 days when none is named, each with the records behind it."""
    until = lights.moment(args.get("until")) or now
    since = lights.moment(args.get("since")) or until - timedelta(days=30)
    if since >= until:
        raise BadArguments({"since": "is not before the end"})
    name = args.get("figure")
    if name and name not in FIGURES:
        raise BadArguments({"figure": f"is unknown; there are {', '.join(FIGURES)}"})
    names = (str(name),) if name else tuple(FIGURES)
    found = reads_report.report(conn, names, Period(since, until), now)
    return {"figures": [{**one._asdict(), "lines": [line._asdict() for line in one.lines]} for one in found]}


HANDLERS: Final[Mapping[str, Callable[[Reading, Mapping[str, Any]], dict[str, Any]]]] = {
    "read.board": the_board,
    "read.repair_order": repair_order,
    "read.promises": promises,
    "read.drive": drive,
    "read.counter": counter,
    "read.customer": customer,
    "read.raises": raises,
    "read.attention": attention,
    "read.outbox": outbox,
    "read.reconcile": reconcile,
    "read.search": search,
}
