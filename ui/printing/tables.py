"""A table on the paper: cells wrapped and never cut, rows kept whole, headings said again on each page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ui.printing.frame import Box, Frame, Rule
from ui.printing.sheet import Column, Table
from ui.printing.typeface import dots

_GUTTER: Final = dots(2.5)
_PAD: Final = dots(1)
_TICK: Final = dots(3.6)
_TICK_ROOM: Final = dots(7)
_Place = tuple[float, float]
"""Where a column begins and how wide it is."""


def put_table(frame: Frame, table: Table) -> None:
    """The table, over as many pages as it takes."""
    _Setter(frame, table).put()


class _Setter:
    def __init__(self, frame: Frame, table: Table) -> None:
        self._frame, self._table = frame, table
        inset = _TICK_ROOM if table.ticked else 0.0
        self._places = _places(frame.left + inset, frame.width - inset, table.columns)
        self._group = ""

    def put(self) -> None:
        """Every group with its rows."""
        self._need(4 * self._line)
        self._titles()
        for group in self._table.groups:
            self._group = group.heading
            for number, row in enumerate(group.rows):
                cells = [self._wrap(text, place) for text, place in zip(row, self._places, strict=True)]
                tall = max(map(len, cells)) * self._line + 2 * _PAD
                head = self._head_tall if number == 0 else 0.0
                if head + min(tall, self._frame.whole) > self._frame.room:
                    self._next_page(continued=number > 0)
                if number == 0:
                    self._heading(group.heading)
                self._row(cells)

    @property
    def _line(self) -> float:
        return self._frame.type.height("plain")

    @property
    def _head_tall(self) -> float:
        return self._frame.type.height("strong") + dots(3) if self._group else 0.0

    def _wrap(self, text: str, place: _Place) -> list[str]:
        return self._frame.type.lines(text, "plain", place[1])

    def _need(self, tall: float) -> None:
        if tall > self._frame.room and not self._frame.is_fresh:
            self._frame.begin_page()

    def _next_page(self, *, continued: bool) -> None:
        if self._frame.is_fresh:
            return
        self._frame.begin_page()
        self._titles()
        if continued and self._group:
            self._heading(f"{self._group} (continued)")

    def _titles(self) -> None:
        frame = self._frame
        for column, (left, width) in zip(self._table.columns, self._places, strict=True):
            frame.line(column.title, "titles", left, left + width if column.right else None)
        frame.top += frame.type.height("titles") + dots(0.5)

    def _heading(self, text: str) -> None:
        if text:
            self._frame.top += dots(2)
            self._frame.write(text, "strong", self._frame.left, self._frame.width)
            self._frame.top += dots(1)

    def _row(self, cells: Sequence[Sequence[str]]) -> None:
        """Cells side by side; only a row taller than a whole page goes on overleaf."""
        frame = self._frame
        frame.put(Rule(frame.left, frame.top, frame.width))
        frame.top += _PAD
        if self._table.ticked:
            frame.put(Box(frame.left + dots(1), frame.top + (self._line - _TICK) / 2, _TICK))
        for number in range(max(map(len, cells))):
            if self._line > frame.room:
                self._next_page(continued=True)
            for cell, column, (left, width) in zip(cells, self._table.columns, self._places, strict=True):
                if number < len(cell):
                    frame.line(cell[number], "plain", left, left + width if column.right else None)
            frame.top += self._line
        frame.top += _PAD


def _places(left: float, width: float, columns: Sequence[Column]) -> list[_Place]:
    gutters = [_GUTTER * 2 if column.right else _GUTTER for column in columns[:-1]]  # figures end where words begin
    room = width - sum(gutters)
    shares = sum(column.share for column in columns)
    out: list[_Place] = []
    for column, gutter in zip(columns, [*gutters, 0.0], strict=True):
        own = room * column.share / shares
        out.append((left, own))
        left += own + gutter
    return out
