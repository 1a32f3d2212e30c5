"""The bridge's tables: one for each kind of record, its store first, and those that make edits safe to repeat."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from advisor_desk.domain.records import KINDS, Field

metadata: Final = MetaData()


def _column_type(field: Field) -> TypeEngine[Any]:
    return Integer() if field.type in (int, bool) else Text()


def _kind_table(name: str) -> Table:
    """A kind's table: its key fields as columns, all its fields as JSON in ``body``, and what changed when.

    ``versions`` holds {field: [seq, made_at, by the keeper]} of the fields changed since the record was made.
    """
    return Table(
        name,
        metadata,
        Column("store_id", Text, primary_key=True),
        Column("id", Text, primary_key=True),
        Column("rev", BigInteger, nullable=False),
        Column("deleted", Integer, nullable=False),
        *(Column(field.name, _column_type(field)) for field in KINDS[name].keys),
        Column("body", Text, nullable=False),
        Column("versions", Text, nullable=False, server_default="{}"),
        Column("created_rev", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


TABLES: Final = {name: _kind_table(name) for name in KINDS}

# What the snapshot's open part and the history calls ask by; every other key column stays unindexed.
for _kind, _columns in (
    ("repair_order", ("stage",)),
    ("job", ("repair_order_id",)),
    ("part_line", ("repair_order_id",)),
    ("contact_event", ("customer_id", "at")),
    ("contact_event", ("repair_order_id",)),
    ("appointment", ("starts_at",)),
    ("promise", ("state",)),
    ("loaner", ("repair_order_id",)),
):
    Index(f"{_kind}_by_{'_'.join(_columns)}", TABLES[_kind].c.store_id, *(TABLES[_kind].c[name] for name in _columns))

# One row a store: a write takes the next number as its last act and holds the row until commit.
head: Final = Table(
    "head",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("oldest", BigInteger, nullable=False),
)

feed: Final = Table(
    "feed",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Every edit ever asked for, with its answer: asked again, it is answered from here. Kept 90 days at least.
ledger: Final = Table(
    "ledger",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Text, nullable=False),
)
Index("ledger_by_number", ledger.c.store_id, ledger.c.desk, ledger.c.n, unique=True)

desk: Final = Table(
    "desk",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("employee_id", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
)

account: Final = Table(
    "account",
    metadata,
    Column("login", Text, primary_key=True),
    Column("store_id", Text, nullable=False),
    Column("employee_id", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Text),
)

code: Final = Table(
    "code",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("login", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_family", Text),
)

# A family is one sign-in; each refresh makes the next member and the one before it dies when that one is used.
refresh: Final = Table(
    "refresh",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("family", Text, nullable=False, index=True),
    Column("login", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("replaced_at", Text),
    Column("revoked", Integer, nullable=False, server_default="0"),
)

meta: Final = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
