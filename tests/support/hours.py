"""Moments at which the demo store is open, whatever day the tests run on."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta

from advisor_desk.domain import times
from advisor_desk.domain.calendar import Calendar
from tests.support.desk import DeskProcess


def calendar(desk: DeskProcess) -> Calendar:
    """When the desk's store is open."""
    return next(Calendar.of_store(fields) for (kind, _), fields in desk.records().items() if kind == "store")


def open_at(desk: DeskProcess, days: int, clock: time = time(10)) -> str:
    """A time by the store's clock on the ``days``-th working day from tomorrow on, as the wire has it."""
    store = calendar(desk)
    tomorrow = store.local(datetime.now(UTC)) + timedelta(days=1)
    day, _ = next(itertools.islice(store.open_days(tomorrow), days - 1, None))
    return times.to_wire(store.at(day, clock))
