"""Open part lines as the page holds them: changed a few at a time, they stand as if they had all been read afresh."""

from __future__ import annotations

import random
from datetime import datetime

from advisor_desk.domain.lights import Settings
from tests.ui.counter.store import line, morning
from ui.counter.items import Items

_STATES = ("requested", "ordered", "backordered", "received", "in_stock")


def test_lines_stand_where_a_fresh_look_would_put_them_whatever_came_and_went(
    now: datetime, settings: Settings
) -> None:
    chosen, held = random.Random(5), Items()
    more = (line(f"belt-{n}", now, chosen.choice(_STATES), eta=chosen.randint(-40, 90)) for n in range(60))
    there = {str(row["id"]): row for row in (*morning(now), *more)}
    ids = sorted(there)
    held.replace((), there.values(), now, settings)
    for _ in range(300):
        id = chosen.choice(ids)
        there.pop(id, None)
        if chosen.random() < 0.8:
            there[id] = line(
                id, now, chosen.choice(_STATES), eta=chosen.randint(-40, 90), promised=chosen.randint(1, 60)
            )
        held.replace({f"ro-{id}"}, [row for row in there.values() if row["id"] == id], now, settings)
        fresh = Items()
        fresh.replace((), there.values(), now, settings)
        assert [item.id for item in held.ranked] == [item.id for item in fresh.ranked]
        assert held.totals == fresh.totals


def test_a_line_that_reads_the_same_stays_the_row_it_is(now: datetime, settings: Settings) -> None:
    held = Items()
    held.replace((), morning(now), now, settings)
    pump, coil = held.by_id["pump"], held.by_id["coil"]
    read = [line("pump", now, eta=40, promised=2, order={"transport": "waiter"}), dict(coil.row)]
    held.replace({"ro-pump", "ro-coil"}, read, now, settings)
    assert held.by_id["pump"] is not pump and held.by_id["coil"] is coil
