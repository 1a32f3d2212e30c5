"""The cache's tables: one for each kind of record, derived from its declaration, and those that carry unsent work."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.types import TypeEngine

from advisor_desk.domain import parts
from advisor_desk.domain.records import KINDS, Field

metadata: Final = MetaData()

# Every index costs time in a first sync of millions of rows: a key column gets one only where a read asks by it. The
# other keys stay plain columns; `where` keeps finished work out of an index that is about open work.
AWAITED: Final = f"state IN {parts.UNDER_WAY}"
"""The part lines that time alone can make late; an index is found by its very words."""
INDEXED: Final[tuple[tuple[str, tuple[str, ...], str | None], ...]] = (
    ("appointment", ("starts_at",), None),
    ("repair_order", ("customer_id",), None),
    ("repair_order", ("vehicle_id",), None),
    ("repair_order", ("stage",), "stage NOT IN ('closed', 'void')"),
    ("job", ("repair_order_id",), None),
    ("part_line", ("repair_order_id",), None),
    ("contact_event", ("customer_id", "at"), None),
    # Work on the store's own cars has no customer to find its contacts by.
    ("contact_event", ("repair_order_id",), "customer_id = ''"),
    ("appointment", ("customer_id",), None),
    ("part_line", ("state",), AWAITED),
    *((kind, ("customer_id",), None) for kind in ("deal", "we_owe", "lead", "survey", "loaner")),
    ("promise", ("due_at",), "state = 'open'"),
    ("promise", ("due_at",), None),
    ("promise", ("customer_id",), "state = 'open'"),
    ("promise", ("repair_order_id",), "state = 'open'"),
    ("loaner", ("repair_order_id",), "repair_order_id <> ''"),
)


def _column_type(field: Field) -> TypeEngine[Any]:
    return Integer() if field.type in (int, bool) else Text()


def _kind_table(name: str) -> Table:
    kind = KINDS[name]
    return Table(
        name,
        metadata,
        # The row's number is also its number in the search index, so it must survive a VACUUM: a declared key.
        Column("row", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("rev", Integer, nullable=False),
        Column("deleted", Integer, nullable=False),
        *(Column(field.name, _column_type(field)) for field in kind.keys),
        Column("body", Text, nullable=False),
    )


TABLES: Final = {name: _kind_table(name) for name in KINDS}

for _kind, _columns, _where in INDEXED:
    Index(
        f"{_kind}_{'_'.join(_columns)}" + ("_some" if _where else ""),
        *(TABLES[_kind].c[column] for column in _columns),
        sqlite_where=text(_where) if _where else None,
    )

# Whom a car belongs to stands in its body; an index is found by its very words.
FIRST_OWNER: Final = "json_extract(body, '$.customer_ids[0]')"
Index("vehicle_first_owner", text(FIRST_OWNER), _table=TABLES["vehicle"])

# What lies at the counter for nobody, beside the fitted lines of years.
Index("part_line_left_here", TABLES["part_line"].c.state, sqlite_where=text(f"state IN {parts.LEFT_HERE}"))

meta: Final = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

# The server's version of a record, kept only while edits of it wait; no body: the server has not seen it.
base: Final = Table(
    "base",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("body", Text),
)

# Records of kinds that only a newer bridge knows; a later release of this program takes them over.
other: Final = Table(
    "other",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

# One edit from the moment it was made until 14 days after it was settled: waiting, sent, acked, refused or resolved.
mutation: Final = Table(
    "mutation",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    # The order of sending; an edit issued again takes the place of the one that was refused.
    Column("position", Integer, nullable=False),
    Column("n", Integer, unique=True),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("op", Text, nullable=False),
    Column("base_rev", Integer, nullable=False),
    Column("mine", Text, nullable=False),
    Column("was", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("change_id", Text, nullable=False),
    Column("settled_at", Text),
    Column("seq", Integer),
    Column("problem", Text),
    Column("theirs", Text),
    # The fields in which it gave way at the bridge, which has to know them when it is offered again.
    Column("gave_way", Text),
)
Index("mutation_live", mutation.c.position, sqlite_where=text("state IN ('waiting', 'sent', 'refused')"))
Index(
    "mutation_record",
    mutation.c.kind,
    mutation.c.record_id,
    sqlite_where=text("state IN ('waiting', 'sent')"),
)
# Edits are kept for fourteen days: the last one, and those to let go of, are found beside them.
Index("mutation_position", mutation.c.position)
Index("mutation_settled_at", mutation.c.settled_at, sqlite_where=text("state IN ('acked', 'resolved')"))
Index("mutation_change_id", mutation.c.change_id)

# What one command did, so that it can be undone.
change: Final = Table(
    "change",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("intent", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("edits", Text, nullable=False),
    Column("undone_at", Text),
)
Index("change_at", change.c.at)

# What became of an edit made while the line was down, until it is ticked off; `by_hand` names the fields to key.
reconcile: Final = Table(
    "reconcile",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("outage", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("repair_order_id", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("mine", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("by_hand", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("ticked_at", Text),
    Column("ticked_by", Text),
)
Index("reconcile_open", reconcile.c.outage, sqlite_where=text("ticked_at IS NULL"))

# One row for each open repair order, ready to paint; `words` is what a card is found by, folded.
board: Final = Table(
    "board",
    metadata,
    Column("repair_order_id", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("advisor_id", Text, nullable=False),
    Column("promised_at", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("vehicle_id", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("facts", Text, nullable=False),
)
Index("board_customer", board.c.customer_id)
Index("board_vehicle", board.c.vehicle_id)

# How a supplier's dates held, by its folded name and the kind of order (see `suppliers`).
supplier_record: Final = Table(
    "supplier_record",
    metadata,
    Column("supplier", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("record", Text, nullable=False),
)

# SQLAlchemy has no FTS5 table; contentless, since its rows point at the records' own (see `search`).
SEARCH_TABLE: Final = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "words, content='', columnsize=0, detail=full, tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')"
)
SEARCH_SECURE: Final = "INSERT INTO search(search, rank) VALUES ('secure-delete', 1)"
# SQLCipher keeps 80 bytes of a page for itself: a leaf of FTS5's usual 4,050 bytes would lie on two pages.
SEARCH_LEAF: Final = "INSERT INTO search(search, rank) VALUES ('pgsz', 3950)"

VERSION: Final = "0009"
"""The newest migration; a test compares it with the folder of migrations."""
