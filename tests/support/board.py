"""Finding on a desk's board what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from advisor_desk.domain import times
from advisor_desk.domain.parts import HERE
from tests.support.desk import DeskProcess

Row = dict[str, Any]


class Line(NamedTuple):
    """A part line with the card it is on."""

    card: Row
    part: Row


def cards(desk: DeskProcess) -> list[Row]:
    """Every card of the board."""
    found: list[Row] = desk.ask("read.board")["board"]
    return found


def card(desk: DeskProcess, id: str) -> Row:
    """One card."""
    return next(row for row in cards(desk) if row["id"] == id)


def light(row: Row, name: str) -> Row:
    """One light of a card."""
    return next(one for one in row["lights"] if one["light"] == name)


def lines(desk: DeskProcess, *states: str) -> list[Line]:
    """The part lines in one of these states, with their cards."""
    return [Line(row, part) for row in cards(desk) for part in row["parts"] if part["state"] in states]


def part(desk: DeskProcess, line: Line) -> Row:
    """The part line as it is now, with all its fields."""
    found = desk.ask("read.repair_order", repair_order_id=line.card["id"])["parts"]
    return next(row for row in found if row["id"] == line.part["id"])


def attention(desk: DeskProcess) -> list[Row]:
    """What the person at this desk must decide."""
    found: list[Row] = desk.ask("read.attention")["attention"]
    return found


def awaited_alone(desk: DeskProcess) -> Line:
    """An ordered part that is the only one its card waits for."""
    here = HERE | {"in_stock"}
    return next(
        line
        for line in lines(desk, "ordered")
        if all(part["id"] == line.part["id"] or part["state"] in here for part in line.card["parts"])
    )


def hence(**span: float) -> str:
    """A moment to come, as the wire has it."""
    return times.to_wire(datetime.now(UTC) + timedelta(**span))


def after(moment: str, **span: float) -> str:
    """A moment later than another one, and than now."""
    return times.to_wire(max(times.from_wire(moment), datetime.now(UTC)) + timedelta(**span))
