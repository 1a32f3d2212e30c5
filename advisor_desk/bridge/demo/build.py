"""Putting a generated store on a bridge, with sign-ins for the people the demo is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from advisor_desk.bridge import folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.demo import generator, people
from advisor_desk.bridge.demo.visits import Row

_EVERY = 50_000


def build(
    data: Path, size: str, seed: int, say: Callable[[str], None] = lambda words: None, database: str = ""
) -> dict[str, str]:
    """Make a bridge in ``data``, on SQLite or on ``database``, with a store of this size; employee ids by login."""
    shelf = folder.create(data, database)
    made = generator.make(size, seed, datetime.now(UTC))
    count = shelf.import_records(made.store_id, _counted(made.rows(), say))
    accounts = Accounts(shelf)
    for job in (*people.ADVISORS[:2], *people.OTHERS):
        accounts.add(job.login, made.store_id, made.employees[job.login], None)
    shelf.close()
    say(f"{count:,} records")
    return made.employees


def _counted(rows: Iterator[Row], say: Callable[[str], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % _EVERY == 0:
            say(f"{number:,} records …")
        yield row
