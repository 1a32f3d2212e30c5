"""PostgreSQL shows a transaction one store's rows, by forced policy, to a role that owns nothing; shut in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from advisor_desk.bridge import folder
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.schema import metadata
from tests.bridge.conftest import ONLY_POSTGRESQL
from tests.bridge.rooftop import Rooftop

pytestmark = ONLY_POSTGRESQL
OF_STORES = sorted(name for name, table in metadata.tables.items() if "store_id" in table.columns)


@pytest.fixture
def lake(shelf: Books, owner: Books, rooftop: Rooftop) -> Rooftop:
    """A second store, with an edit of its own in the books."""
    other = Rooftop(shelf, "lake").opened(owner)
    other.desk().does("repair_order", other.ro, {"tag": "T-7"})
    return other


class Session:
    """The serving role at a prompt, as somebody who got hold of its password would be."""

    def __init__(self, data: Path) -> None:
        urls = folder.elsewhere(data)
        assert urls is not None
        self.role = str(urls.bridge.username)
        self.conn = psycopg.connect(urls.bridge.set(drivername="postgresql").render_as_string(False))

    def enter(self, store_id: str) -> None:
        """Say that this transaction is about a store."""
        self.conn.rollback()
        self.conn.execute("SELECT set_config('app.store_id', %s, true)", [store_id])

    def rows(self, statement: str) -> list[Any]:
        """What a statement answers."""
        return list(self.conn.execute(statement).fetchall())  # type: ignore[call-overload]


@pytest.fixture
def session(data: Path, lake: Rooftop) -> Iterator[Session]:
    """The role that serves, with no store named."""
    found = Session(data)
    yield found
    found.conn.close()


def unforced(session: Session) -> set[str]:
    """Tables with a ``store_id`` whose rows no forced policy guards, as the database itself has it."""
    return {
        name
        for (name,) in session.rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'store_id'"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity"
            " AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
        )
    }


def test_every_table_of_stores_has_a_forced_policy(session: Session) -> None:
    assert unforced(session) == set()


def test_a_table_of_stores_without_one_would_be_found(session: Session, owner: Books) -> None:
    """The control of the test above: three ways to forget it, each seen."""
    with owner.write() as conn:
        conn.exec_driver_sql("CREATE TABLE forgotten (store_id text)")
        conn.exec_driver_sql("ALTER TABLE job NO FORCE ROW LEVEL SECURITY")
        conn.exec_driver_sql("ALTER TABLE lead DISABLE ROW LEVEL SECURITY")
    try:
        assert unforced(session) == {"forgotten", "job", "lead"}
    finally:
        session.conn.rollback()
        with owner.write() as conn:
            conn.exec_driver_sql("DROP TABLE forgotten")
            conn.exec_driver_sql("ALTER TABLE job FORCE ROW LEVEL SECURITY")
            conn.exec_driver_sql("ALTER TABLE lead ENABLE ROW LEVEL SECURITY")


def test_the_role_that_serves_owns_nothing_and_may_not_step_around_policies(session: Session) -> None:
    (found,) = session.rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = current_user"
    )
    assert found == (False, False, False, False, False)
    assert session.rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == []
    assert session.rows("SELECT 1 FROM pg_auth_members WHERE pg_get_userbyid(member) = current_user") == []


@pytest.mark.parametrize("table", OF_STORES)
def test_with_no_store_named_no_row_is_seen(session: Session, table: str) -> None:
    assert session.rows(f"SELECT * FROM {table}") == []


@pytest.mark.parametrize("table", OF_STORES)
def test_one_store_never_sees_anothers_rows(session: Session, rooftop: Rooftop, lake: Rooftop, table: str) -> None:
    for store in (rooftop, lake):
        session.enter(store.store_id)
        assert {row[0] for row in session.rows(f"SELECT store_id FROM {table}")} <= {store.store_id}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE repair_order SET body = '{{}}' WHERE store_id = '{lake}'",
        "UPDATE head SET seq = 99 WHERE store_id = '{lake}'",
    ],
)
def test_a_statement_about_another_store_touches_nothing(
    session: Session, rooftop: Rooftop, lake: Rooftop, statement: str
) -> None:
    session.enter(rooftop.store_id)
    assert session.conn.execute(statement.format(lake=lake.store_id)).rowcount == 0  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("INSERT INTO feed VALUES ('{lake}', 99, 'job', 'x')", psycopg.errors.InsufficientPrivilege),
        ("UPDATE repair_order SET store_id = '{lake}'", psycopg.errors.InsufficientPrivilege),
        ("DELETE FROM customer", psycopg.errors.InsufficientPrivilege),
        ("INSERT INTO head VALUES ('new', 1, 1, 0)", psycopg.errors.InsufficientPrivilege),
        ("UPDATE meta SET value = 'x'", psycopg.errors.InsufficientPrivilege),
        ("ALTER TABLE job DISABLE ROW LEVEL SECURITY", psycopg.errors.InsufficientPrivilege),
        ("DROP POLICY by_store ON job", psycopg.errors.InsufficientPrivilege),
        ("CREATE TABLE mine (x int)", psycopg.errors.InsufficientPrivilege),
        ("SET ROLE dealer", psycopg.errors.InsufficientPrivilege),
        ("SET row_security = off; SELECT * FROM customer", psycopg.errors.InsufficientPrivilege),
    ],
)
def test_what_the_serving_role_has_no_business_with_is_refused(
    session: Session, rooftop: Rooftop, lake: Rooftop, statement: str, error: type[Exception]
) -> None:
    session.enter(rooftop.store_id)
    with pytest.raises(error):
        session.conn.execute(statement.format(lake=lake.store_id))  # type: ignore[call-overload]


def test_a_store_named_in_one_transaction_is_not_named_in_the_next(session: Session, rooftop: Rooftop) -> None:
    session.enter(rooftop.store_id)
    assert session.rows("SELECT count(*) FROM employee") != [(0,)]
    session.conn.commit()
    assert session.rows("SELECT count(*) FROM employee") == [(0,)]


def test_who_signs_in_is_found_by_their_name_alone_and_nobody_else_with_them(
    session: Session, shelf: Books, rooftop: Rooftop, accounts: Any
) -> None:
    for who in ("advisor", "parts"):
        accounts.add(who, rooftop.store_id, rooftop.people[who], None)
    assert session.rows("SELECT login FROM account") == []
    session.conn.execute("SELECT set_config('app.login', 'parts', true)")
    assert session.rows("SELECT login FROM account") == [("parts",)]


def test_a_request_that_forgot_to_name_its_store_finds_nothing_and_changes_nothing(rooftop: Rooftop) -> None:
    """The bridge's own code with the store left out: shut, not open."""
    from advisor_desk.bridge import records

    with rooftop.shelf.read() as conn:
        assert records.load(conn, rooftop.store_id, "customer", rooftop.customer) is None
