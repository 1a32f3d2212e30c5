"""Who may do what in PostgreSQL: the bridge signs in as a role that owns nothing and sees one store at a time."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, text

from advisor_desk.bridge.schema import TABLES, metadata
from advisor_desk.domain.errors import Refused

# What the serving role may do beside reading; a table that is not named is for the owner alone.
_MAY: Final = {
    **dict.fromkeys(TABLES, "SELECT, INSERT, UPDATE"),
    "head": "SELECT, UPDATE",
    "feed": "SELECT, INSERT, DELETE",
    "ledger": "SELECT, INSERT, DELETE",
    "desk": "SELECT, INSERT, UPDATE",
    "lease": "SELECT, INSERT",
    "numbering": "SELECT, INSERT, UPDATE",
    "account": "SELECT, INSERT, UPDATE",
    "attempt": "SELECT, INSERT, UPDATE, DELETE",
    "code": "SELECT, INSERT, UPDATE, DELETE",
    "refresh": "SELECT, INSERT, UPDATE, DELETE",
    "meta": "SELECT",
    "alembic_version": "SELECT",
}
_OF_STORE: Final = "store_id = current_setting('app.store_id', true)"
_OF_LOGIN: Final = "login = current_setting('app.login', true)"


def secure(conn: Connection, role: str) -> None:
    """Give ``role`` its rights and put every store's rows behind a forced policy; may be done again after a migration.

    Without a store named in the transaction a policy lets nothing through: ``current_setting`` is null then.
    """
    for table in sorted(metadata.tables):
        conn.execute(text(f"REVOKE ALL ON {table} FROM PUBLIC"))
        if "store_id" in metadata.tables[table].columns:
            _shut(conn, table)
    for table, rights in _MAY.items():
        conn.execute(text(f"GRANT {rights} ON {table} TO {quoted(role)}"))


def _shut(conn: Connection, table: str) -> None:
    conn.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
    conn.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
    policies = {
        "by_store": f"USING ({_OF_STORE}) WITH CHECK ({_OF_STORE})",
        "by_owner": "TO CURRENT_USER USING (true) WITH CHECK (true)",
    }
    if table == "account":  # who signs in has no store yet
        policies["by_login"] = f"FOR SELECT USING ({_OF_LOGIN})"
    for name, words in policies.items():
        conn.execute(text(f"DROP POLICY IF EXISTS {name} ON {table}"))
        conn.execute(text(f"CREATE POLICY {name} ON {table} {words}"))


def hire(conn: Connection, role: str, password: str) -> None:
    """Make the role the bridge serves as, or give it a new password; it can do nothing that is not granted to it."""
    known = conn.execute(
        text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = :role"), {"role": role}
    ).scalar()
    if known:
        raise Refused(
            "strong_role", f"There is a role {role} that sees every store's rows. Rename it, or the database."
        )
    raw: Any = conn.connection.driver_connection
    # Only the verifier is sent: the server may write statements to its log.
    secret = raw.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    verb = "CREATE" if known is None else "ALTER"
    raw.execute(f"{verb} ROLE {quoted(role)} LOGIN PASSWORD '{secret}'")


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'
