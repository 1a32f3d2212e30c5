"""Open part lines as rows of a table: part, whose car, order, ETA, what the customer knows, why, and the harm."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from advisor_desk.domain import harm, lights, parts
from advisor_desk.domain.harm import Harm
from advisor_desk.domain.lights import Settings
from ui.widgets import words
from ui.widgets.table import Cell, Column, Group, LaterLine, Line

BY_HARM, BY_SUPPLIER, BY_ORDER = "harm", "supplier", "order"
COLUMNS: Final = (
    Column("", 22),
    Column("Part", 158, 2),
    Column("RO", 160, 1),
    Column("Order", 128, 4),
    Column("ETA", 104, 1),
    Column("Customer told", 100),
    Column("Why", 232, 8),
    Column("Harm", 150, right=True),
)
ETA_COLUMN: Final = 4
_WITHOUT_ORDER: Final = tuple(column._replace(shown=column.title != "RO") for column in COLUMNS)
_NOTHING: Final = "–"
_SHORT: Final = 8
"""A supplier's name up to here stands before the order's number; the number itself is never cut for it."""
_SOURCE: Final = {"order": "stock order"}
Row = Mapping[str, Any]


class Item(LaterLine):
    """A row of the table with the part line as it was read and where it belongs; made anew when any of it changes."""

    __slots__ = ("harm", "order_id", "row", "supplier", "under_supplier")

    def __init__(self, row: Row, now: datetime, settings: Settings, found: Harm | None = None) -> None:
        self.row = row
        self.order_id = str(row["order"]["id"])
        self.supplier = str(row.get("supplier") or "") or _WITHOUT.get(str(row.get("state") or ""), UNNAMED)
        """Or what stands in its place above the rows."""
        self.harm = found or harm.of(row, now, settings)
        # A key of its own: as long as nothing changed it is the same row, and is not painted again.
        super().__init__(str(row["id"]), object(), partial(in_words, row, self.harm, now, settings))
        self.under_supplier = LaterLine(self.id, object(), partial(_without_supplier, row, self.harm, now, settings))
        """The same row where the heading names the supplier."""


def columns(view: str) -> tuple[Column, ...]:
    """By RO each group's heading says whose its rows are."""
    return _WITHOUT_ORDER if view == BY_ORDER else COLUMNS


def groups(items: Sequence[Item], view: str, now: datetime, settings: Settings) -> list[Group]:
    """The rows under their headings; ``items`` come the worst first, and so do the headings of every view."""
    if view == BY_HARM:
        return [Group(harm.NEEDS[some[0].harm.need], some) for some in _by_need(items)]
    by, titled = _VIEWS[view]
    found: dict[str, list[Item]] = {}
    for key, some in groupby(items, by):  # the same again and again, more often than not
        found.setdefault(key, []).extend(some)
    last = [found.pop(key) for key in _LAST if key in found]
    return [
        Group(titled(some[0], now, settings), [item.under_supplier for item in some] if view == BY_SUPPLIER else some)
        for some in (*found.values(), *last)
    ]


def _by_need(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """They are sorted by need: where one ends is found without looking at thousands."""
    start = 0
    while start < len(items):
        end = bisect_right(items, _need(items[start]), start, key=_need)
        yield items[start:end]
        start = end


def _need(item: Item) -> int:
    return item.harm.key[0]


def order_words(row: Row) -> str:
    """An order as it is spoken of at the counter: the supplier and the number."""
    return " ".join(part for part in (str(row.get("supplier") or ""), str(row.get("order_no") or "")) if part)


def name(row: Row) -> str:
    """The part by its name, else its number."""
    return str(row.get("description") or row.get("number") or "Part without a name")


def order_title(row: Row) -> str:
    """The repair order as the counter calls it: number and tag."""
    order = row["order"]
    place = "car gone" if harm.is_left_here(row) else str(order.get("tag") or "")
    return " · ".join(part for part in (str(order.get("number") or "no number"), place) if part)


def in_words(row: Row, found: Harm, now: datetime, settings: Settings) -> Line:
    """A row of the table."""
    cells = (
        Cell(light=found.light),
        Cell(name(row), _number(row), bold=True, pending=bool(row.get("pending"))),
        Cell(order_title(row), _whose(row, now, settings), bold=True, keeps_end=True),
        _ordered(row, now, settings),
        _due(row, now, settings),
        _told(row, now, settings),
        _why(found),
        Cell(found.words, words.short_name(str(row.get("claimed") or "")), found.tone, bold=found.tone == "late"),
    )
    return Line(str(row["id"]), cells)


def _without_supplier(row: Row, found: Harm, now: datetime, settings: Settings) -> Line:
    return in_words({**row, "supplier": ""}, found, now, settings)


def _number(row: Row) -> str:
    wanted, here = row.get("qty") or 1, row.get("qty_filled") or 0
    qty = f"{here} of {wanted}" if 0 < here < wanted else str(wanted)
    number = str(row.get("number") or "") if row.get("description") else ""
    return " · ".join(part for part in (number, qty) if part)


def _whose(row: Row, now: datetime, settings: Settings) -> str:
    """Family name, how they wait, and until when."""
    order = row["order"]
    who = str(row.get("customer") or "").partition(",")[0]
    if harm.is_left_here(row):
        return " · ".join(part for part in (who, "special order") if part)
    how = {"waiter": "waits", "loaner": "loaner"}.get(str(order.get("transport")), "")
    promised = lights.moment(order.get("promised_at"))
    until = lights.day_time(promised, now, settings.zone) if promised else ""
    said = until if how or not until else f"by {until}"
    return " · ".join(part for part in (who, how, said or "promised none") if part)


def _ordered(row: Row, now: datetime, settings: Settings) -> Cell:
    if row.get("state") == "in_stock":
        return Cell(f"shelf {row['bin']}" if row.get("bin") else "on the shelf")
    if not row.get("order_no"):
        return Cell(_NOTHING)
    at = lights.moment(row.get("ordered_at"))
    source = str(row.get("source") or "")
    kind = "backorder" if row.get("state") == "backordered" else _SOURCE.get(source, source)
    when = lights.day(at, now, settings.zone) if at else ""
    supplier = str(row.get("supplier") or "")
    short = len(supplier) <= _SHORT
    said = (kind, when) if short else (kind, when, supplier)
    return Cell(order_words(row) if short else str(row["order_no"]), " · ".join(part for part in said if part))


def _due(row: Row, now: datetime, settings: Settings) -> Cell:
    state, eta = row.get("state"), lights.moment(row.get("eta"))
    if state in parts.AWAITED:
        if eta is None:
            return Cell("none")
        first = lights.moment(row.get("first_eta"))
        moved = f"first {lights.day(first, now, settings.zone)}" if first and first != eta else ""
        return Cell(due_words(eta, now, settings), moved)
    if state in parts.HERE:
        came = lights.moment(row.get("received_at"))
        said = f"in bin {row['bin']}" if row.get("bin") else "arrived"
        return Cell(said, lights.day(came, now, settings.zone) if came else "")
    return Cell(_NOTHING)


def due_words(eta: datetime, now: datetime, settings: Settings) -> str:
    """An ETA with its day and hour: ``today 8:00``, ``Wed 25, 9:00``."""
    local, day = eta.astimezone(settings.zone), lights.day(eta, now, settings.zone)
    return f"{day}{' ' if day == 'today' else ', '}{local.hour}:{local.minute:02}"


def _told(row: Row, now: datetime, settings: Settings) -> Cell:
    """What the customer believes, when and by whom they were told; whether that is still so."""
    if row.get("state") in parts.AWAITED:
        return _told_eta(row, now, settings)
    if row.get("state") != "received" or not parts.is_special(row):
        return Cell(_NOTHING)
    at = lights.moment(row.get("arrival_told_at"))
    if at is not None:
        return Cell("told", _on(at, now, settings))
    tries = int(row.get("tries") or 0)
    return Cell("not told", f"{tries} tries" if tries > 1 else "one try" if tries else "", "amber")


def _told_eta(row: Row, now: datetime, settings: Settings) -> Cell:
    said = row.get("eta_told") or {}
    believed, at = lights.moment(said.get("eta")), lights.moment(said.get("at"))
    if believed is None:
        return Cell("not told", tone="amber") if row.get("eta") else Cell(_NOTHING)
    if lights.untold(row):
        return Cell(f"told {lights.day(believed, now, settings.zone)}", "not this ETA", second_tone="amber")
    said_by = (_on(at, now, settings) if at else "", words.short_name(str(row.get("told_by") or "")))
    return Cell(f"told {lights.day(believed, now, settings.zone)}", " · ".join(part for part in said_by if part))


def _on(at: datetime, now: datetime, settings: Settings) -> str:
    """When they were told, not what: ``at 9:00`` today, else ``on Wed 12:14``."""
    said = lights.day_time(at, now, settings.zone)
    return f"on {said}" if " " in said else f"at {said}"


def _why(found: Harm) -> Cell:
    """The reason, its first sentence first."""
    first, dot, rest = found.why.partition(". ")
    tone = "late" if found.light.tone == "late" else "soft"
    return Cell(first + "." * bool(dot), rest, tone, tone, small=True)


SHELF, NOT_ORDERED, UNNAMED = "From the shelf", "Not ordered yet", "No supplier named"
_LAST: Final = (UNNAMED, NOT_ORDERED, SHELF)
"""Headings that stand below all suppliers."""
_WITHOUT: Final = {"in_stock": SHELF, "requested": NOT_ORDERED, "quoted": NOT_ORDERED}


def _heading_of_supplier(item: Item, now: datetime, settings: Settings) -> str:
    del now, settings
    return item.supplier


def _heading_of_order(item: Item, now: datetime, settings: Settings) -> str:
    row = item.row
    return f"{order_title(row)} · {_whose(row, now, settings)}"


Heading = Callable[[Item, datetime, Settings], str]
_VIEWS: Final[Mapping[str, tuple[Callable[[Item], str], Heading]]] = {
    BY_SUPPLIER: (attrgetter("supplier"), _heading_of_supplier),
    BY_ORDER: (attrgetter("order_id"), _heading_of_order),
}
VIEWS: Final = (BY_HARM, *_VIEWS)
