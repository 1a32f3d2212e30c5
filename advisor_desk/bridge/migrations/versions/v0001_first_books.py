"""The first books: a table for each kind, the feed, the ledger and the sign-ins."""

from __future__ import annotations

from typing import Final

from alembic import op

from advisor_desk.bridge.migrations import words

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

# Written out, not derived: a migration stays as it was when the records grow.
_TABLES: Final = (
    "CREATE TABLE account (login TEXT NOT NULL, store_id TEXT NOT NULL, employee_id TEXT NOT NULL, password TEXT "
    "NOT NULL, PRIMARY KEY (login))",
    "CREATE TABLE appointment (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT"
    " NULL, customer_id TEXT, vehicle_id TEXT, starts_at TEXT, advisor_id TEXT, status TEXT, body TEXT NOT NULL, "
    "versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE INDEX appointment_by_starts_at ON appointment (store_id, starts_at)",
    "CREATE TABLE attempt (hash TEXT NOT NULL, failures INTEGER NOT NULL, failed_at TEXT NOT NULL, locked_until "
    "TEXT NOT NULL, PRIMARY KEY (hash))",
    "CREATE INDEX ix_attempt_failed_at ON attempt (failed_at)",
    "CREATE TABLE code (hash TEXT NOT NULL, login TEXT NOT NULL, challenge TEXT NOT NULL, redirect_uri TEXT NOT "
    "NULL, expires_at TEXT NOT NULL, used_family TEXT, PRIMARY KEY (hash))",
    "CREATE INDEX ix_code_expires_at ON code (expires_at)",
    "CREATE TABLE contact_event (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER "
    "NOT NULL, customer_id TEXT, vehicle_id TEXT, repair_order_id TEXT, appointment_id TEXT, employee_id TEXT, at"
    " TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY "
    "(store_id, id)) WITHOUT ROWID",
    "CREATE INDEX contact_event_by_customer_id_at_id ON contact_event (store_id, customer_id, at, id)",
    "CREATE INDEX contact_event_by_repair_order_id ON contact_event (store_id, repair_order_id)",
    "CREATE TABLE customer (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, name TEXT, advisor_id TEXT, salesperson_id TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT "
    "NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE INDEX customer_by_name ON customer (store_id, name)",
    "CREATE TABLE deal (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT NULL, "
    "customer_id TEXT, vehicle_id TEXT, salesperson_id TEXT, stage TEXT, body TEXT NOT NULL, versions TEXT "
    "DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE TABLE desk (store_id TEXT NOT NULL, desk TEXT NOT NULL, n BIGINT NOT NULL, employee_id TEXT NOT NULL,"
    " seen_at TEXT NOT NULL, PRIMARY KEY (store_id, desk))",
    "CREATE TABLE employee (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, active INTEGER, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, "
    "PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE TABLE feed (store_id TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, "
    "PRIMARY KEY (store_id, seq)) WITHOUT ROWID",
    "CREATE TABLE head (store_id TEXT NOT NULL, seq BIGINT NOT NULL, oldest BIGINT NOT NULL, living BIGINT NOT "
    "NULL, PRIMARY KEY (store_id))",
    "CREATE TABLE job (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT NULL, "
    "repair_order_id TEXT, technician_id TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, "
    "created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE INDEX job_by_repair_order_id ON job (store_id, repair_order_id)",
    "CREATE TABLE lead (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT NULL, "
    "customer_id TEXT, received_at TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev "
    "BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE TABLE lease (store_id TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, desk TEXT NOT NULL,"
    " employee_id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (store_id, first))",
    "CREATE TABLE ledger (store_id TEXT NOT NULL, id TEXT NOT NULL, desk TEXT NOT NULL, n BIGINT NOT NULL, hash "
    "TEXT NOT NULL, asked TEXT NOT NULL, answer TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (store_id, id))",
    "CREATE UNIQUE INDEX ledger_by_number ON ledger (store_id, desk, n)",
    "CREATE TABLE loaner (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, customer_id TEXT, repair_order_id TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, "
    "created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE INDEX loaner_by_repair_order_id ON loaner (store_id, repair_order_id)",
    "CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name))",
    "CREATE TABLE numbering (store_id TEXT NOT NULL, next BIGINT NOT NULL, PRIMARY KEY (store_id))",
    "CREATE TABLE part_line (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, repair_order_id TEXT, job_id TEXT, number TEXT, state TEXT, order_no TEXT, claimed_by TEXT, body TEXT "
    "NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) "
    "WITHOUT ROWID",
    "CREATE INDEX part_line_by_repair_order_id ON part_line (store_id, repair_order_id)",
    "CREATE TABLE promise (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, customer_id TEXT, repair_order_id TEXT, owner_id TEXT, due_at TEXT, state TEXT, raised_by TEXT, body "
    "TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id))"
    " WITHOUT ROWID",
    "CREATE INDEX promise_open ON promise (store_id, id) WHERE state = 'open' AND deleted = 0",
    "CREATE TABLE refresh (hash TEXT NOT NULL, family TEXT NOT NULL, login TEXT NOT NULL, number INTEGER NOT "
    "NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, replaced_at TEXT, revoked INTEGER DEFAULT '0' NOT "
    "NULL, PRIMARY KEY (hash))",
    "CREATE INDEX ix_refresh_expires_at ON refresh (expires_at)",
    "CREATE INDEX ix_refresh_family ON refresh (family)",
    "CREATE TABLE repair_order (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER "
    "NOT NULL, number TEXT, customer_id TEXT, vehicle_id TEXT, advisor_id TEXT, appointment_id TEXT, opened TEXT,"
    " stage TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY "
    "KEY (store_id, id)) WITHOUT ROWID",
    "CREATE INDEX repair_order_by_number ON repair_order (store_id, number)",
    "CREATE INDEX repair_order_open ON repair_order (store_id, id) WHERE stage NOT IN ('closed', 'void') AND "
    "deleted = 0",
    "CREATE TABLE store (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT NULL,"
    " body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY "
    "(store_id, id)) WITHOUT ROWID",
    "CREATE TABLE survey (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, repair_order_id TEXT, customer_id TEXT, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, "
    "created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
    "CREATE TABLE vehicle (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, body TEXT NOT NULL, versions TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY "
    "(store_id, id)) WITHOUT ROWID",
    "CREATE TABLE we_owe (store_id TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL, deleted INTEGER NOT "
    "NULL, deal_id TEXT, customer_id TEXT, vehicle_id TEXT, repair_order_id TEXT, body TEXT NOT NULL, versions "
    "TEXT DEFAULT '{}' NOT NULL, created_rev BIGINT NOT NULL, PRIMARY KEY (store_id, id)) WITHOUT ROWID",
)

# Several processes serve one PostgreSQL: whoever moves a store's head tells the others, by the commit itself.
_NUDGE: Final = (
    "CREATE FUNCTION head_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
    "$$ BEGIN PERFORM pg_notify('advisor_desk', NEW.store_id); RETURN NULL; END $$",
    "CREATE TRIGGER head_moved AFTER UPDATE OF seq ON head FOR EACH ROW EXECUTE FUNCTION head_moved()",
)


def upgrade() -> None:
    """Make the tables."""
    dialect = op.get_bind().dialect.name
    for statement in (*_TABLES, *(_NUDGE if dialect == "postgresql" else ())):
        op.execute(words.spelled(statement, dialect))
