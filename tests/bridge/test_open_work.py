"""The open work is found by indexes, however many years of history lie beside it."""

from __future__ import annotations

from pathlib import Path

from advisor_desk.bridge import backups, snapshot
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.open_work import opening
from tests.bridge.conftest import ONLY_POSTGRESQL, ONLY_SQLITE
from tests.bridge.rooftop import Rooftop
from tests.bridge.walking import asked, walks


@ONLY_SQLITE
def test_no_statement_of_the_first_page_walks_through_a_kind_that_grows(rooftop: Rooftop) -> None:
    with asked(rooftop) as statements, rooftop.shelf.read(rooftop.store_id) as conn:
        snapshot.page(conn, rooftop.store_id, "", 4_000, "2026-11-23")
    assert len(statements) > 15
    assert not walks(rooftop, statements)


def counted(owner: Books) -> set[str]:
    """The tables PostgreSQL knows the size of."""
    with owner.read() as conn:
        return set(conn.exec_driver_sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 0").scalars())


@ONLY_POSTGRESQL
def test_a_store_that_was_just_imported_or_put_back_has_its_rows_counted(
    data: Path, owner: Books, rooftop: Rooftop, tmp_path: Path
) -> None:
    """Without, the first pages of a store of years are read by sorting all of it, and time out."""
    grown = {"repair_order", "job", "part_line", "customer", "vehicle", "employee"}
    Rooftop(rooftop.shelf, "lake").opened(owner)
    assert grown <= counted(owner)
    backups.backup(data, tmp_path / "copy")
    rooftop.shelf.close()
    backups.restore(data, tmp_path / "copy")
    assert grown <= counted(owner)


def test_every_step_names_the_records_it_is_to_name(rooftop: Rooftop) -> None:
    manager = rooftop.desk("manager")
    closed = {"number": "1", "customer_id": rooftop.customer, "stage": "closed"}
    manager.does("repair_order", "old", closed, op="create")
    manager.does("job", "old-job", {"repair_order_id": "old"}, op="create")
    odd = {"number": "2", "customer_id": rooftop.customer}
    manager.does("repair_order", "odd", odd, op="create")
    manager.does("job", "odd-job", {"repair_order_id": "odd"}, op="create")
    said = {"customer_id": rooftop.customer, "owner_role": "bdc", "due_at": "2026-11-24T15:00:00Z"}
    manager.does("promise", "kept", said | {"state": "kept", "reason": "told"}, op="create")
    manager.does("promise", "owed", said, op="create")
    manager.does("appointment", "past", {"starts_at": "2026-11-22T15:00:00Z"}, op="create")
    manager.does("appointment", "coming", {"starts_at": "2026-11-23T15:00:00Z"}, op="create")
    with rooftop.shelf.read(rooftop.store_id) as conn:
        found = {step.kind: set(step.ids(conn, rooftop.store_id)) for step in opening("2026-11-23") if step.ids}
    assert found["repair_order"] == {rooftop.ro, "odd"}
    assert found["job"] == {rooftop.job, "odd-job"}
    assert found["part_line"] == {rooftop.line}
    assert found["customer"] == {rooftop.customer}
    assert found["promise"] == {"owed"}
    assert found["appointment"] == {"coming"}
    assert found["store"] == {rooftop.store_id}
    assert found["employee"] == set(rooftop.people.values())
