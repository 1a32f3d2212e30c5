"""What a piece of work asks of the books, and which of it reads a kind whole that grows with the years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.bridge.rooftop import Rooftop

Statement = tuple[str, Any]
SMALL = {"store", "employee", "head", "meta"}
"""What is read whole: a store has one of itself and some dozens of people."""


@contextmanager
def asked(rooftop: Rooftop) -> Iterator[list[Statement]]:
    """The SELECTs of what is done meanwhile."""
    run: list[Statement] = []
    engine = rooftop.shelf._engine

    def note(conn: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            run.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)


def walks(rooftop: Rooftop, statements: Sequence[Statement]) -> list[str]:
    """The steps of SQLite's plans that go through all of a store, each with its statement."""
    found = []
    with rooftop.shelf.read(rooftop.store_id) as conn:
        for statement, parameters in statements:
            for *_, step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                whole = step.startswith("SCAN ") or step.endswith("PRIMARY KEY (store_id=?)")
                if whole and step.split()[1] not in SMALL:
                    found.append(f"{step}: {statement}")
    return found
