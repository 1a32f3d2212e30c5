"""One counter a store: commits are seen in the order of their numbers, and stores do not wait for each other."""

from __future__ import annotations

import threading

import pytest

from advisor_desk.bridge import head, records
from advisor_desk.bridge.books import Books
from tests.bridge.rooftop import Rooftop
from tests.support.waiting import PATIENCE


def test_each_change_takes_the_next_number(rooftop: Rooftop) -> None:
    before = rooftop.seq
    desk = rooftop.desk()
    answers = desk.send(*(desk.edit("repair_order", rooftop.ro, {"spot": f"B{place}"}) for place in range(3)))
    assert [answer["seq"] for answer in answers] == [before + 1, before + 2, before + 3]
    assert rooftop.seq == before + 3


def test_a_write_that_fails_leaves_no_number_behind(rooftop: Rooftop) -> None:
    before = rooftop.seq
    with pytest.raises(RuntimeError), rooftop.shelf.write(rooftop.store_id) as conn:
        head.take(conn, rooftop.store_id, "job", rooftop.job)
        raise RuntimeError("the power goes")
    assert rooftop.seq == before
    assert rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"})["seq"] == before + 1


def test_a_number_taken_is_not_seen_before_its_commit_and_none_is_seen_past_it(rooftop: Rooftop) -> None:
    taken, commit, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> None:
        with rooftop.shelf.write(rooftop.store_id) as conn:
            head.hold(conn, rooftop.store_id)
            head.take(conn, rooftop.store_id, "job", rooftop.job)
            taken.set()
            commit.wait(PATIENCE)

    def quick() -> None:
        rooftop.desk().does("repair_order", rooftop.ro, {"tag": "T-7"})
        done.set()

    before = rooftop.seq
    first, second = threading.Thread(target=slow), threading.Thread(target=quick)
    first.start()
    assert taken.wait(PATIENCE)
    second.start()
    assert not done.wait(0.2), "the second writer waits for the first"
    assert rooftop.seq == before, "nothing of either is seen"
    commit.set()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert done.is_set()
    assert rooftop.seq == before + 2


def test_the_count_of_living_records_follows_what_is_made_deleted_and_brought_back(rooftop: Rooftop) -> None:
    def living() -> int:
        with rooftop.shelf.read(rooftop.store_id) as conn:
            return head.living(conn, rooftop.store_id)

    start = living()
    assert start == len(list(rooftop.rows()))
    manager = rooftop.desk("manager")
    manager.does("contact_event", "c1", {"customer_id": rooftop.customer, "body": "Hello"}, op="create")
    assert living() == start + 1
    manager.does("contact_event", "c1", op="delete")
    manager.does("contact_event", "c1", op="delete")
    assert living() == start
    manager.does("contact_event", "c1", op="restore")
    manager.does("contact_event", "c1", {"body": "Hello"})
    assert living() == start + 1


def test_two_stores_of_one_bridge_count_apart(shelf: Books, owner: Books, rooftop: Rooftop) -> None:
    other = Rooftop(shelf, "lake").opened(owner)
    before = rooftop.seq
    other.desk().does("repair_order", other.ro, {"tag": "T-7"})
    assert (rooftop.seq, other.seq) == (before, 2)
    with shelf.read(rooftop.store_id) as conn:
        assert records.load(conn, rooftop.store_id, "repair_order", other.ro) is None
