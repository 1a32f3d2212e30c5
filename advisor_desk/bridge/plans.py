"""What SQLite is told of the books' sizes, so that a customer's records are found by their index, not by walking.

Without figures SQLite takes the key that begins with the store for the best way to everything, and a store of years is
read whole for one repair order. PostgreSQL counts for itself. The figures are those of a store of years (the table
``sqlite_stat1`` is documented for such use), the same in a new store, where any way is quick.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Index, Table

from advisor_desk.bridge.schema import metadata

_ROWS: Final = 1_000_000
_OPEN: Final = 1_000
_ALIKE: Final = 10
"""Records that share a customer, an order or a day."""


def tell(conn: Connection) -> None:
    """Write the figures where they are not yet what they are to be; this connection and all later ones plan by them."""
    conn.exec_driver_sql("ANALYZE sqlite_master")  # makes the table of figures, and reads it
    known = set(map(tuple, conn.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")))
    wanted = set(_figures())
    if known == wanted:
        return
    conn.exec_driver_sql("DELETE FROM sqlite_stat1")
    conn.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", sorted(wanted))
    conn.exec_driver_sql("ANALYZE sqlite_master")


def _figures() -> Iterator[tuple[str, str, str]]:
    for table in metadata.sorted_tables:
        if "store_id" in table.primary_key.columns:
            yield table.name, _key_name(table), _figure(_ROWS, len(table.primary_key.columns), unique=True)
            yield from ((table.name, str(index.name), _of_index(index)) for index in table.indexes)


def _key_name(table: Table) -> str:
    """Without row numbers of its own, a table is its key's index and goes by its own name."""
    return table.name if table.dialect_options["sqlite"]["with_rowid"] is False else f"sqlite_autoindex_{table.name}_1"


def _of_index(index: Index) -> str:
    partly = index.dialect_options["sqlite"]["where"] is not None
    return _figure(_OPEN if partly else _ROWS, len(index.columns), unique=bool(index.unique) or partly)


def _figure(rows: int, columns: int, *, unique: bool) -> str:
    """How many rows, and how many of them share the first column, the first two, and so on: all share the store."""
    shared = [rows, *[_ALIKE] * (columns - 1)]
    if unique:
        shared[-1] = 1
    return " ".join(map(str, (rows, *shared)))
