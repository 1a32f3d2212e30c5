"""A customer's records are found by their index in a store of years, whatever SQLite would make of it alone."""

from __future__ import annotations

from advisor_desk.bridge import migrate, promises
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.promises import StoreBooks
from tests.bridge.conftest import ONLY_SQLITE
from tests.bridge.rooftop import MONDAY, Rooftop
from tests.bridge.walking import asked, walks


@ONLY_SQLITE
def test_what_the_rules_ask_after_an_edit_walks_through_no_kind_that_grows(rooftop: Rooftop) -> None:
    touched = {"repair_order": [rooftop.ro], "part_line": [rooftop.line], "job": [rooftop.job]}
    with asked(rooftop) as statements, rooftop.shelf.write(rooftop.store_id) as conn:
        promises.follow(conn, rooftop.store_id, touched, MONDAY)
    assert len(statements) > 15
    assert not walks(rooftop, statements)


@ONLY_SQLITE
def test_a_car_of_the_stores_own_and_the_hourly_round_walk_through_none_either(rooftop: Rooftop) -> None:
    own = {"number": "90001", "stage": "repair", "is_recon": True}
    rooftop.desk("manager").does("repair_order", "own", own, op="create")
    with asked(rooftop) as statements, rooftop.shelf.write(rooftop.store_id) as conn:
        promises.follow(conn, rooftop.store_id, {"repair_order": ["own"]}, MONDAY)
        StoreBooks(conn, rooftop.store_id).due(MONDAY)
    assert not walks(rooftop, statements)


@ONLY_SQLITE
def test_books_of_an_earlier_release_are_told_when_they_are_next_served(owner: Books, rooftop: Rooftop) -> None:
    with owner.write() as conn:
        conn.exec_driver_sql("DELETE FROM sqlite_stat1")
    migrate.to_newest(owner._engine)
    with owner.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sqlite_stat1").scalar_one() > 30
