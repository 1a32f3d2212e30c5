"""The open part lines of a store as the page holds them: ranked and counted without looking at all of them again."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final

from advisor_desk.domain import harm, parts
from advisor_desk.domain.harm import Totals
from advisor_desk.domain.lights import Settings
from ui.counter.rows import Item, Row

_FEW: Final = 50
"""Fewer than so many are put one by one into their places among thousands."""
_SLICE: Final = 200
"""So many lines are looked at again in one go, which is well within a frame."""


class Items:
    """All of them by id, with what belongs together found at once."""

    def __init__(self) -> None:
        self.by_id: dict[str, Item] = {}
        self._ranked: list[Item] = []
        self._totals = Totals(0, 0, 0, 0, 0)
        self._of_order: defaultdict[str, set[str]] = defaultdict(set)
        """Ids by repair order."""
        self._together: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        """Ids of awaited lines by supplier and order number."""
        self._day: date | None = None

    @property
    def totals(self) -> Totals:
        """What is counted above the rows."""
        return self._totals

    @property
    def ranked(self) -> Sequence[Item]:
        """The worst first."""
        return self._ranked

    def replace(self, orders: Iterable[str], found: Iterable[Row], now: datetime, settings: Settings) -> None:
        """Take what was read of some repair orders for all there is of them."""
        rows = {str(row["id"]): row for row in found}
        for order in orders:
            for id in self._of_order.get(order, set()) - rows.keys():
                self._drop(id)
        known = self.by_id
        self._put([Item(row, now, settings) for id, row in rows.items() if id not in known or known[id].row != row])

    def look_again(self, now: datetime, settings: Settings) -> Iterator[bool]:
        """Let time tell on each line, some at a time; whether any of those has changed."""
        day = now.astimezone(settings.zone).date()
        words_change, self._day = day != self._day, day
        ids = list(self.by_id)
        for start in range(0, len(ids), _SLICE):
            changed = []
            for id in ids[start : start + _SLICE]:
                item = self.by_id.get(id)
                if item is None:
                    continue  # read and gone since
                found = harm.of(item.row, now, settings)
                if words_change or found != item.harm:
                    changed.append(Item(item.row, now, settings, found))
            self._put(changed)
            yield bool(changed)

    def same_order(self, row: Row) -> list[Row]:
        """The awaited lines that came with the same order number, the worst first; itself alone without a number."""
        ids = self._together.get(_mark(row), ()) if row.get("order_no") else ()
        found = sorted((self.by_id[id] for id in ids), key=_KEY)
        return [item.row for item in found] or [row]

    def _put(self, items: Sequence[Item]) -> None:
        for item in items:
            id = item.id
            self._drop(id)
            self.by_id[id] = item
            self._of_order[item.order_id].add(id)
            if item.row.get("state") in parts.AWAITED:
                self._together[_mark(item.row)].add(id)
            self._count(item, 1)
        if len(items) < _FEW:
            for item in items:
                bisect.insort(self._ranked, item, key=_KEY)
        else:
            self._ranked = sorted([*self._ranked, *items], key=_KEY)

    def _drop(self, id: str) -> None:
        item = self.by_id.pop(id, None)
        if item is not None:
            del self._ranked[bisect.bisect_left(self._ranked, _KEY(item), key=_KEY)]
            self._of_order[item.order_id].discard(id)
            self._together[_mark(item.row)].discard(id)
            self._count(item, -1)

    def _count(self, item: Item, sign: int) -> None:
        one = harm.totals([(item.row, item.harm)])
        self._totals = Totals(*(all + sign * more for all, more in zip(self._totals, one, strict=True)))


_KEY: Final = attrgetter("harm.key")


def _mark(row: Row) -> tuple[str, str]:
    return str(row.get("supplier") or ""), str(row.get("order_no") or "")
