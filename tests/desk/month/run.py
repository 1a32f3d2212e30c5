"""A month run twice from the same morning, with and without people acting on promises, and its figures side by side."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from advisor_desk.cache import reads_report
from advisor_desk.domain.figure import Figure, Period
from tests.desk.month.people import People
from tests.desk.month.recount import Recount
from tests.desk.month.shop import Shop
from tests.desk.month.store import START, MonthStore
from tests.sync.simulator import stage, thin
from tests.sync.simulator.desk import copy

_AFTER = timedelta(minutes=1)
NAMES = ("kept_by_rule", "no_shows", "declined_money", "first_services", "told_in_time")


class Counted(NamedTuple):
    """The five figures: by rule how promises ended, and pairs and more of the others, as plain numbers."""

    kept: dict[str, tuple[int, ...]]
    no_shows: tuple[int, ...]
    declined: tuple[int, ...]
    first_services: tuple[int, ...]
    told: tuple[int, ...]

    @property
    def on_time(self) -> float:
        """The share of all that was owed that was kept by its time, in percent."""
        good = sum(counts[0] for counts in self.kept.values())
        owed = sum(sum(counts) - counts[3] for counts in self.kept.values())
        return round(100 * good / owed, 1) if owed else 0.0


def lived(
    store: MonthStore, days: int, a_day: int, *, acting: bool, say: Callable[[str], object] = lambda line: None
) -> None:
    """Let the days go by; a line is said of each."""
    shop, people, began = Shop(store, a_day), People(store), time.monotonic()

    def everybody(first: bool) -> None:
        if first:
            shop.morning()
        shop.step()
        if acting:
            store.clock.at += _AFTER  # a job declined when its order closed and won back is not of one moment
            people.step()

    for day in store.run(days, shop.arrivals, everybody):
        took = time.monotonic() - began
        say(f"{'acting' if acting else 'nobody acts'} {day}: {store.given.total()} commands so far, {took:.0f} s")


def reported(store: MonthStore, until: datetime) -> Counted:
    """The figures as the desk reads them."""
    with store.cache.read() as conn:
        raw: Any = conn.connection.driver_connection
        found = {one.name: one for one in reads_report.report(raw, NAMES, Period(START, until), store.now)}
    return Counted(
        {line.label: tuple(line.values[place] for place in (0, 1, 2, 4, 3)) for line in found["kept_by_rule"].lines},
        tuple(int(line.values[0]) for line in found["no_shows"].lines),
        tuple(int(value) for line in found["declined_money"].lines for value in line.values[:2]),
        tuple(int(line.values[0]) for line in found["first_services"].lines),
        _sums(found["told_in_time"]),
    )


def _sums(figure: Figure) -> tuple[int, ...]:
    return tuple(sum(int(line.values[place]) for line in figure.lines) for place in (0, 1))


def recounted(store: MonthStore, until: datetime) -> Counted:
    """The same straight from all the records."""
    kinds = ("store", "promise", "appointment", "contact_event", "repair_order", "job", "deal")
    again = Recount({kind: store.all(kind) for kind in kinds}, START, until, store.now)
    return Counted(again.kept(), again.no_shows(), again.declined(), again.first_services(), again.told())


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder where the system has memory for files, and caches opened at little cost."""
    shm = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="advisor-desk-month-", dir=shm if shm.is_dir() else None))
    try:
        stage.make_tables(folder / "tables.db")
        with thin.in_place(folder / "tables.db"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(made: Path, seed: int) -> Iterator[MonthStore]:
    """A store on a copy of a cache that was filled."""
    path = made.with_name("lived.db")
    copy(made, path)
    store = MonthStore(path, seed)
    try:
        yield store
    finally:
        store.cache.close()
        for file in path.parent.glob("lived.*"):
            file.unlink()
