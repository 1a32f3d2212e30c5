"""The bridge's tables: one for each kind of record, its store first, and those that make edits safe to repeat."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.types import TypeEngine

from advisor_desk.domain import parts
from advisor_desk.domain.records import KINDS, Field

VERSION: Final = "0002"
"""The newest migration."""
metadata: Final = MetaData()

# Compared byte by byte on both databases: ids and moments sort the same, and a prefix is a range of an index.
_Text: Final = Text().with_variant(Text(collation="C"), "postgresql")


def _column_type(field: Field) -> TypeEngine[Any]:
    return Integer() if field.type in (int, bool) else _Text


def _kind_table(name: str) -> Table:
    """A kind's table: its key fields as columns, all its fields as JSON in ``body``, and what changed when.

    ``versions`` holds {field: [seq, made_at, by the keeper, actor]} of the fields changed since the record was made.
    """
    return Table(
        name,
        metadata,
        Column("store_id", _Text, primary_key=True),
        Column("id", _Text, primary_key=True),
        Column("rev", BigInteger, nullable=False),
        Column("deleted", Integer, nullable=False),
        *(Column(field.name, _column_type(field)) for field in KINDS[name].keys),
        Column("body", _Text, nullable=False),
        Column("versions", _Text, nullable=False, server_default="{}"),
        Column("created_rev", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


TABLES: Final = {name: _kind_table(name) for name in KINDS}

# The open work, small beside the closed. Spelled out: such an index is used where its very words are asked for.
OPEN_ORDERS: Final = "stage NOT IN ('closed', 'void') AND deleted = 0"
OPEN_PROMISES: Final = "state = 'open' AND deleted = 0"
AWAITED_PARTS: Final = f"state IN {parts.UNDER_WAY} AND deleted = 0"
for _kind, _name, _part in (
    ("repair_order", "open", OPEN_ORDERS),
    ("promise", "open", OPEN_PROMISES),
    ("part_line", "awaited", AWAITED_PARTS),
):
    _c = TABLES[_kind].c
    Index(f"{_kind}_{_name}", _c.store_id, _c.id, sqlite_where=text(_part), postgresql_where=text(_part))

# What else the snapshot's open part and the history calls ask by; every other key column stays unindexed.
for _kind, _columns in (
    ("repair_order", ("number",)),
    ("customer", ("name",)),
    ("job", ("repair_order_id",)),
    ("part_line", ("repair_order_id",)),
    ("contact_event", ("customer_id", "at", "id")),
    ("contact_event", ("repair_order_id",)),
    ("appointment", ("starts_at",)),
    ("loaner", ("repair_order_id",)),
    ("repair_order", ("customer_id",)),
    ("promise", ("customer_id",)),
    *((kind, ("customer_id",)) for kind in ("appointment", "deal", "we_owe", "lead", "survey", "loaner")),
):
    Index(f"{_kind}_by_{'_'.join(_columns)}", TABLES[_kind].c.store_id, *(TABLES[_kind].c[name] for name in _columns))

# One row a store, held by whoever writes to it until commit: the order of commits is the order of ``seq``.
# ``oldest`` is the first place a cursor may stand at, ``living`` how many records are not deleted.
head: Final = Table(
    "head",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("oldest", BigInteger, nullable=False),
    Column("living", BigInteger, nullable=False),
)

feed: Final = Table(
    "feed",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("kind", _Text, nullable=False),
    Column("id", _Text, nullable=False),
    sqlite_with_rowid=False,
)

# Every edit ever asked for, with its answer: asked again, it is answered from here. Kept 90 days at least.
ledger: Final = Table(
    "ledger",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("id", _Text, primary_key=True),
    Column("desk", _Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("hash", _Text, nullable=False),
    Column("asked", _Text, nullable=False),
    Column("answer", _Text, nullable=False),
    Column("at", _Text, nullable=False),
)
Index("ledger_by_number", ledger.c.store_id, ledger.c.desk, ledger.c.n, unique=True)

desk: Final = Table(
    "desk",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("desk", _Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("employee_id", _Text, nullable=False),
    Column("seen_at", _Text, nullable=False),
)

# Where the store's own RO numbers go on: a row that whoever leases a block updates, so that no number goes out twice.
numbering: Final = Table(
    "numbering",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("next", BigInteger, nullable=False),
)

# Every block of numbers ever lent, and to which desk.
lease: Final = Table(
    "lease",
    metadata,
    Column("store_id", _Text, primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("desk", _Text, nullable=False),
    Column("employee_id", _Text, nullable=False),
    Column("at", _Text, nullable=False),
)

account: Final = Table(
    "account",
    metadata,
    Column("login", _Text, primary_key=True),
    Column("store_id", _Text, nullable=False),
    Column("employee_id", _Text, nullable=False),
    Column("password", _Text, nullable=False),
)

# Failed sign-ins, by the hash of the name or the address they came from: a name nobody has is counted like any other.
attempt: Final = Table(
    "attempt",
    metadata,
    Column("hash", _Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", _Text, nullable=False, index=True),
    Column("locked_until", _Text, nullable=False),
)

code: Final = Table(
    "code",
    metadata,
    Column("hash", _Text, primary_key=True),
    Column("login", _Text, nullable=False),
    Column("challenge", _Text, nullable=False),
    Column("redirect_uri", _Text, nullable=False),
    Column("expires_at", _Text, nullable=False, index=True),
    Column("used_family", _Text),
)

# A family is one sign-in; each refresh makes the next member and the one before it dies when that one is used.
refresh: Final = Table(
    "refresh",
    metadata,
    Column("hash", _Text, primary_key=True),
    Column("family", _Text, nullable=False, index=True),
    Column("login", _Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("made_at", _Text, nullable=False),
    Column("expires_at", _Text, nullable=False, index=True),
    Column("replaced_at", _Text),
    Column("revoked", Integer, nullable=False, server_default="0"),
)

meta: Final = Table("meta", metadata, Column("name", _Text, primary_key=True), Column("value", _Text, nullable=False))
