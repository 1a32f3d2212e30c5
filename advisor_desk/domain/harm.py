"""An open part line at the counter: what it needs next, and whom it hurts how badly while it waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights, parts, repair_order, times
from advisor_desk.domain.lights import Light, Settings

Row = Mapping[str, Any]
"""A part line's fields with its order and what stands beside it, as ``cache.reads_counter`` reads it."""

OVERDUE, TO_QUOTE, TO_ORDER, ON_ORDER, ARRIVED, EXPECTED, TO_PULL, TO_RETURN, UNCLEAR = (
    "overdue", "to_quote", "to_order", "on_order", "arrived", "expected", "to_pull", "to_return", "unclear",
)  # fmt: skip
NEEDS: Final[Mapping[str, str]] = {
    OVERDUE: "Overdue or past the promise",
    TO_QUOTE: "To quote",
    TO_ORDER: "To order",
    ON_ORDER: "On order",
    ARRIVED: "Arrived, customer not told",
    TO_RETURN: "To return",
    EXPECTED: "Arrived, waiting for the customer",
    TO_PULL: "To pull",
    UNCLEAR: "Status not known",
}
"""The groups in the order they are worked through, with their headings."""
WAITER, TODAY, LOANER, PASSED, NO_ETA, UNTOLD, REST = range(7)
"""How bad it is, the worst first."""
_DONE: Final = frozenset({"installed", "returned", "cancelled"})
_ON_SHELF: Final = frozenset({"received", "pulled", "return_due"})
_ASKED: Final = frozenset({"requested", "quoted"})
_BY_STATE: Final = {"requested": TO_QUOTE, "quoted": TO_ORDER, "in_stock": TO_PULL, "return_due": TO_RETURN}


class Harm(NamedTuple):
    """What a line needs, how it ranks in its group, and the words of its row."""

    need: str
    rank: int
    words: str
    tone: str
    why: str
    at_risk: int
    """Minor units the store is left with when nobody comes for the part and it does not go back."""
    light: Light
    key: tuple[int, int, str, int, str]
    """Sorts the rows of a whole store: by group, then by harm."""


class Totals(NamedTuple):
    """What is counted above the list; ``money`` is in minor units."""

    overdue: int
    to_quote: int
    not_told: int
    money: int
    untold: int
    """Every line of which the customer believes what is not so any more, or knows nothing."""


def is_open(line: Row, order: Row) -> bool:
    """True while the counter has something left to do; of a closed order only what was ordered for it."""
    state, stage = _state(line), order.get("stage")
    if stage == "void" or state in _DONE:
        return False
    if stage == "closed":
        return parts.is_special(line) and (state in parts.UNDER_WAY or state in _ON_SHELF)
    return state != "pulled" or (parts.is_special(line) and repair_order.car_is_away(order))


def of(row: Row, now: datetime, settings: Settings) -> Harm:
    """A row's place in the list and what it says there."""
    order: Row = row["order"]
    promised = lights.moment(order.get("promised_at")) if order.get("stage") != "closed" else None
    light = lights.part_light(row, promised, now, settings)
    need = _need(row, light, now, settings)
    rank = _rank(row, promised, now, settings)
    money = _at_risk(row)
    bad = need == OVERDUE and rank <= LOANER
    since = str(row.get("received_at") or row.get("ordered_at") or row.get("requested_at") or "9")
    at = times.to_wire(promised) if promised else "9"
    return Harm(
        need=need,
        rank=rank,
        words=_words(row, need, promised, now, settings),
        tone="late" if bad else "soft",
        why=_why(row, light, need, now, settings),
        at_risk=money,
        light=light,
        key=(_ORDER[need], rank, at, -money, f"{since} {row['id']}"),
    )


_ORDER: Final = {need: place for place, need in enumerate(NEEDS)}


def totals(rows: Iterable[tuple[Row, Harm]]) -> Totals:
    """The figures above the list."""
    overdue = to_quote = not_told = money = nobody_told = 0
    for row, found in rows:
        overdue += found.need == OVERDUE
        to_quote += _state(row) == "requested"
        not_told += found.need == ARRIVED
        money += found.at_risk
        nobody_told += untold(row)
    return Totals(overdue, to_quote, not_told, money, nobody_told)


def untold(row: Row) -> bool:
    """True for an ETA or an arrival that nobody has told the customer; the store's own cars have nobody to tell."""
    return bool(row.get("customer_id")) and lights.untold(row)


def money(minor: int) -> str:
    """An amount as a row has room for it: ``$412``."""
    return f"${(minor + 50) // 100:,}"


def _state(line: Row) -> str:
    return str(line.get("state") or parts.STATES[0])


def is_left_here(row: Row) -> bool:
    """True for what was ordered for a customer, has come, and lies here without their car."""
    return _state(row) in _ON_SHELF and parts.is_special(row) and repair_order.car_is_away(row["order"])


def _has_visit(row: Row, now: datetime) -> bool:
    visit = lights.moment(row.get("visit_at"))
    return visit is not None and visit > now


def _need(row: Row, light: Light, now: datetime, settings: Settings) -> str:
    state = _state(row)
    if light.state == lights.LATE:
        return OVERDUE
    if state in parts.AWAITED:
        return ON_ORDER
    if state in _BY_STATE:
        return _BY_STATE[state]
    if state not in _ON_SHELF:
        return UNCLEAR
    if not is_left_here(row):
        return TO_PULL
    if _has_visit(row, now):
        return EXPECTED
    by = _return_by(row)
    if by is not None and now.astimezone(settings.zone).date() >= by - timedelta(days=settings.return_days):
        return TO_RETURN
    return ARRIVED if lights.untold(row) else EXPECTED


def _return_by(row: Row) -> date | None:
    try:
        return times.day_from_wire(str(row.get("return_by") or ""))
    except ValueError:
        return None


def _rank(row: Row, promised: datetime | None, now: datetime, settings: Settings) -> int:
    order: Row = row["order"]
    if order.get("transport") == "waiter" and not repair_order.car_is_away(order):
        return WAITER
    if promised and promised.astimezone(settings.zone).date() <= now.astimezone(settings.zone).date():
        return TODAY
    if row.get("loaner"):
        return LOANER
    eta = lights.moment(row.get("eta"))
    if _state(row) in parts.AWAITED and (eta is None or eta < now):
        return NO_ETA if eta is None else PASSED
    return UNTOLD if lights.untold(row) else REST


def _at_risk(row: Row) -> int:
    amount = row.get("amount")
    return amount if isinstance(amount, int) and amount > 0 and is_left_here(row) else 0


def _words(row: Row, need: str, promised: datetime | None, now: datetime, settings: Settings) -> str:
    """The right-hand column: whom the wait hurts, the worst of it first."""
    order, zone = row["order"], settings.zone
    if is_left_here(row):
        amount = _at_risk(row)
        return money(amount) if amount else ""
    away = repair_order.car_is_away(order)
    if order.get("transport") == "waiter" and not away:
        return f"waiter at {lights.day_time(promised, now, zone)}" if promised else "waiter"
    if row.get("loaner"):
        return "loaner out"
    if need == TO_PULL and row.get("waits_for"):
        return f"with {row['waits_for']}"
    if promised:
        return _promised_words(promised, now, settings)
    opened = lights.moment(order.get("opened"))
    days = (now - opened).days if opened else 0
    if away:
        return "car gone"
    return f"car down {days} d" if days else "car here"


def _promised_words(promised: datetime, now: datetime, settings: Settings) -> str:
    local, today = promised.astimezone(settings.zone), now.astimezone(settings.zone)
    if promised < now:
        return f"{lights.ago(now - promised)} past promise"
    if local.date() == today.date():
        return f"promised {lights.day_time(promised, now, settings.zone)}"
    near = (local.date() - today.date()).days < 7
    return f"promised {times.DAYS[local.weekday()] if near else lights.day(promised, now, settings.zone)}"


def _why(row: Row, light: Light, need: str, now: datetime, settings: Settings) -> str:
    """Why the row stands where it stands; nothing for what goes as its other columns say."""
    if is_left_here(row):
        return _left_why(row, now, settings)
    to_come = _state(row) in _ASKED or (_state(row) in parts.AWAITED and not row.get("eta"))
    if not to_come and light.state not in {lights.LATE, lights.AT_RISK, lights.UNKNOWN}:
        return ""
    return light.why + _believes(row, now, settings)


def _believes(row: Row, now: datetime, settings: Settings) -> str:
    """What the customer was told, where that is no longer so."""
    told = lights.moment((row.get("eta_told") or {}).get("eta"))
    if told is None or not lights.untold(row):
        return ""
    eta = lights.moment(row.get("eta"))
    same = eta is not None and eta.astimezone(settings.zone).date() == told.astimezone(settings.zone).date()
    words = lights.day_time if same else lights.day
    return f" Customer was told {words(told, now, settings.zone)}."


def _left_why(row: Row, now: datetime, settings: Settings) -> str:
    came, by, visit = lights.moment(row.get("received_at")), _return_by(row), lights.moment(row.get("visit_at"))
    tries = int(row.get("tries") or 0)
    tried = {0: "", 1: ", one try"}.get(tries, f", {tries} tries") if lights.untold(row) else ""
    said = [f"Arrived {lights.day(came, now, settings.zone)}{tried}." if came else "Arrived."]
    if visit is not None and visit > now:
        said.append(f"Visit {lights.day_time(visit, now, settings.zone)}.")
    if by is not None:
        amount = _at_risk(row)
        risk = f", {money(amount)} at risk" if amount else ""
        said.append(f"Return by {times.MONTHS[by.month - 1]} {by.day}{risk}.")
    return " ".join(said)
