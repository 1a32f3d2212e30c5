"""The first cache: a table for each kind, unsent work, the board and the search index."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

# Written out, not derived: a migration stays as it was when the records grow.
_TABLES: Final = (
    'CREATE TABLE appointment ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER '
    "NOT NULL, customer_id TEXT, vehicle_id TEXT, starts_at TEXT, advisor_id TEXT, status TEXT, body TEXT NOT "
    'NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX appointment_starts_at ON appointment (starts_at)",
    "CREATE TABLE base (kind TEXT NOT NULL, record_id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT "
    "NULL, body TEXT, PRIMARY KEY (kind, record_id))",
    "CREATE TABLE board (repair_order_id TEXT NOT NULL, stage TEXT NOT NULL, advisor_id TEXT NOT NULL, "
    "promised_at TEXT NOT NULL, customer_id TEXT NOT NULL, vehicle_id TEXT NOT NULL, words TEXT NOT NULL, facts "
    "TEXT NOT NULL, PRIMARY KEY (repair_order_id))",
    "CREATE INDEX board_customer ON board (customer_id)",
    "CREATE INDEX board_vehicle ON board (vehicle_id)",
    'CREATE TABLE change ("row" INTEGER NOT NULL, id TEXT NOT NULL, intent TEXT NOT NULL, actor TEXT NOT NULL, at'
    ' TEXT NOT NULL, edits TEXT NOT NULL, undone_at TEXT, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE contact_event ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER '
    "NOT NULL, customer_id TEXT, vehicle_id TEXT, repair_order_id TEXT, appointment_id TEXT, employee_id TEXT, at"
    ' TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX contact_event_customer_id_at ON contact_event (customer_id, at)",
    "CREATE INDEX contact_event_repair_order_id_some ON contact_event (repair_order_id) WHERE customer_id = ''",
    'CREATE TABLE customer ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, name TEXT, advisor_id TEXT, salesperson_id TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE deal ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT NULL,'
    " customer_id TEXT, vehicle_id TEXT, salesperson_id TEXT, stage TEXT, body TEXT NOT NULL, PRIMARY KEY "
    '("row"), UNIQUE (id))',
    'CREATE TABLE employee ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, active INTEGER, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE job ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT NULL, '
    'repair_order_id TEXT, technician_id TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX job_repair_order_id ON job (repair_order_id)",
    'CREATE TABLE lead ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT NULL,'
    ' customer_id TEXT, received_at TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE loaner ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, customer_id TEXT, repair_order_id TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX loaner_repair_order_id_some ON loaner (repair_order_id) WHERE repair_order_id <> ''",
    "CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name))",
    'CREATE TABLE mutation ("row" INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, n INTEGER, state'
    " TEXT NOT NULL, kind TEXT NOT NULL, record_id TEXT NOT NULL, op TEXT NOT NULL, base_rev INTEGER NOT NULL, "
    "mine TEXT NOT NULL, was TEXT NOT NULL, intent TEXT NOT NULL, made_at TEXT NOT NULL, actor TEXT NOT NULL, "
    'change_id TEXT NOT NULL, settled_at TEXT, seq INTEGER, problem TEXT, theirs TEXT, PRIMARY KEY ("row"), '
    "UNIQUE (id), UNIQUE (n))",
    "CREATE INDEX mutation_live ON mutation (position) WHERE state IN ('waiting', 'sent', 'refused')",
    "CREATE INDEX mutation_record ON mutation (kind, record_id) WHERE state IN ('waiting', 'sent')",
    'CREATE TABLE part_line ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    "NULL, repair_order_id TEXT, job_id TEXT, number TEXT, state TEXT, order_no TEXT, claimed_by TEXT, body TEXT "
    'NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX part_line_repair_order_id ON part_line (repair_order_id)",
    'CREATE TABLE promise ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    "NULL, customer_id TEXT, repair_order_id TEXT, owner_id TEXT, due_at TEXT, state TEXT, raised_by TEXT, body "
    'TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX promise_due_at_some ON promise (due_at) WHERE state = 'open'",
    "CREATE INDEX promise_repair_order_id_some ON promise (repair_order_id) WHERE state = 'open'",
    'CREATE TABLE repair_order ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER '
    "NOT NULL, number TEXT, customer_id TEXT, vehicle_id TEXT, advisor_id TEXT, appointment_id TEXT, opened TEXT,"
    ' stage TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    "CREATE INDEX repair_order_customer_id ON repair_order (customer_id)",
    "CREATE INDEX repair_order_stage_some ON repair_order (stage) WHERE stage NOT IN ('closed', 'void')",
    "CREATE INDEX repair_order_vehicle_id ON repair_order (vehicle_id)",
    'CREATE TABLE store ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE survey ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, repair_order_id TEXT, customer_id TEXT, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE vehicle ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    'NULL, body TEXT NOT NULL, PRIMARY KEY ("row"), UNIQUE (id))',
    'CREATE TABLE we_owe ("row" INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, deleted INTEGER NOT '
    "NULL, deal_id TEXT, customer_id TEXT, vehicle_id TEXT, repair_order_id TEXT, body TEXT NOT NULL, PRIMARY KEY"
    ' ("row"), UNIQUE (id))',
    "CREATE VIRTUAL TABLE search USING fts5(words, content='', columnsize=0, detail=full, tokenize='unicode61 "
    "remove_diacritics 2', prefix='2 3 4')",
    "INSERT INTO search(search, rank) VALUES ('secure-delete', 1)",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in _TABLES:
        op.execute(statement)
