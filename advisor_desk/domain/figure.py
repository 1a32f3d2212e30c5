"""What a figure is: rows of numbers counted from the records of a time, each with the records behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from advisor_desk.domain.rules.file import Row
from advisor_desk.domain.rules.rule import Shop

Record = tuple[str, str]
"""A kind and an id: one of the records behind a number."""


class Period(NamedTuple):
    """From a moment on, up to another."""

    since: datetime
    until: datetime

    def has(self, at: datetime | None) -> bool:
        """True for a moment within."""
        return at is not None and self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Records:
    """The records the figures are counted from, by kind, and the store they are of."""

    rows: Mapping[str, Sequence[Row]]
    shop: Shop
    by_id: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    def all(self, kind: str) -> Sequence[Row]:
        """The records of a kind."""
        return self.rows.get(kind, ())

    def get(self, kind: str, id: Any) -> Row | None:
        """One of them."""
        if kind not in self.by_id:
            self.by_id[kind] = {row.id: row for row in self.all(kind)}  # type: ignore[index]
        return self.by_id[kind].get(str(id or ""))


class Line(NamedTuple):
    """A row of a figure: whose or what it is, its numbers, and the records behind it."""

    label: str
    values: tuple[float | int | str, ...]
    records: tuple[Record, ...] = ()


class Figure(NamedTuple):
    """A figure: its name, what the columns are, and its rows."""

    name: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


Count = Callable[[Records, Period], Iterable[Line]]


def share(part: float, whole: float) -> float | str:
    """A share in percent; nothing of nothing."""
    return round(100 * part / whole, 1) if whole else ""


def of(kind: str, rows: Iterable[Row]) -> tuple[Record, ...]:
    """The records behind a number."""
    return tuple((kind, row.id) for row in rows)
