"""Writers of several processes overlap on one PostgreSQL, and no reader ever skips a change."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text, update

from advisor_desk.bridge import feed, folder, head
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.schema import feed as feed_table
from advisor_desk.bridge.schema import head as head_table
from tests.bridge.conftest import ONLY_POSTGRESQL
from tests.bridge.rooftop import Desk, Rooftop, Signed
from tests.support.waiting import PATIENCE

pytestmark = ONLY_POSTGRESQL
WRITERS, READERS, EDITS = 4, 6, 12


@pytest.fixture
def processes(data: Path) -> Iterator[list[Rooftop]]:
    """The same store as two bridge processes have it."""
    with closing(folder.open_books(data)) as one, closing(folder.open_books(data)) as two:
        yield [Rooftop(one), Rooftop(two)]


class Reader:
    """A desk that pulls without rest, and remembers every number it was shown."""

    def __init__(self, rooftop: Rooftop) -> None:
        self.rooftop = rooftop
        at = rooftop.shelf.head(rooftop.store_id)
        self.cursor = feed.cursor(at.epoch, at.seq)
        self.seen: list[tuple[str, Any]] = []
        self.lost = False
        """True when its place was one the feed has not come to, which only numbers out of turn bring about."""

    def pull(self) -> None:
        """Take the next page."""
        with self.rooftop.shelf.read(self.rooftop.store_id) as conn:
            page = feed.changes(conn, self.rooftop.store_id, self.cursor, 5)
        self.cursor = page["next"]
        self.seen += [(change["id"], change["fields"].get("body")) for change in page["changes"]]

    def follow(self, done: threading.Event) -> None:
        """Pull until the writers are done, and once more."""
        try:
            while not done.is_set():
                self.pull()
            before = ""
            while before != self.cursor:
                before = self.cursor
                self.pull()
        except Problem:
            self.lost = True


@contextmanager
def slow_commits(seed: int) -> Iterator[None]:
    """Let transactions hang for a moment between taking their number and committing, each a different one."""
    chance = random.Random(seed)
    taking = head.take

    def take(conn: Connection, store_id: str, kind: str, id: str, born: int = 0) -> int:
        seq = taking(conn, store_id, kind, id, born)
        conn.execute(text("SELECT pg_sleep(:pause)"), {"pause": chance.choice((0, 0, 0.005, 0.02))})
        return seq

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(head, "take", take)
        yield


def write(desk: Desk, name: str, failures: list[Exception]) -> None:
    """Log calls, one push each."""
    try:
        for place in range(EDITS):
            said = {"customer_id": desk.rooftop.customer, "body": f"{name}-{place}"}
            (answer,) = desk.send(desk.edit("contact_event", f"{name}-{place}", said, op="create"))
            assert answer["outcome"] == "applied"
    except Exception as error:
        failures.append(error)


def run(processes: list[Rooftop]) -> tuple[set[str], list[Reader]]:
    """Writers and readers of two processes at once; the ids written, and what each reader saw."""
    done = threading.Event()
    failures: list[Exception] = []
    readers = [Reader(processes[place % 2]) for place in range(READERS)]
    writers = [
        threading.Thread(target=write, args=(processes[place % 2].desk(), f"w{place}", failures))
        for place in range(WRITERS)
    ]
    reading = [threading.Thread(target=reader.follow, args=(done,)) for reader in readers]
    for thread in (*reading, *writers):
        thread.start()
    for thread in writers:
        thread.join(PATIENCE * 2)
    done.set()
    for thread in reading:
        thread.join(PATIENCE * 2)
    assert not failures, failures
    return {f"w{writer}-{place}" for writer in range(WRITERS) for place in range(EDITS)}, readers


def test_readers_see_every_change_of_overlapping_slow_writers(processes: list[Rooftop]) -> None:
    with slow_commits(1):
        written, readers = run(processes)
    for reader in readers:
        assert not reader.lost
        assert {id for id, _ in reader.seen} == written
        assert len(reader.seen) == len(written), "each once"


def bare_sequence(conn: Connection, store_id: str, kind: str, id: str, born: int = 0) -> int:
    """How it is not to be done: a number from a sequence, taken without holding anything."""
    del born
    seq = int(conn.execute(text("SELECT nextval('bare')")).scalar_one())
    conn.execute(insert(feed_table).values(store_id=store_id, seq=seq, kind=kind, id=id))
    where = (head_table.c.store_id == store_id, head_table.c.seq < seq)
    conn.execute(text("SELECT pg_sleep(:pause)"), {"pause": random.choice((0, 0, 0.005, 0.02))})
    conn.execute(update(head_table).where(*where).values(seq=seq))
    return seq


def test_the_test_above_finds_a_bare_sequence_out(
    processes: list[Rooftop], owner: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: numbers are taken before their turn to commit, and some reader misses a change."""
    with owner.write() as conn:
        conn.exec_driver_sql("CREATE SEQUENCE IF NOT EXISTS bare START 2")
        conn.exec_driver_sql("ALTER SEQUENCE bare RESTART")
        conn.exec_driver_sql("GRANT USAGE ON SEQUENCE bare TO PUBLIC")
    monkeypatch.setattr(head, "take", bare_sequence)
    monkeypatch.setattr(head, "hold", lambda conn, store_id: None)
    written, readers = run(processes)
    missed = [written - {id for id, _ in reader.seen} for reader in readers]
    assert any(missed), "the planted fault was not found"


def in_steps(first: Callable[[Connection], None], second: Callable[[Connection], None], shelf: Books) -> list[str]:
    """What a reader sees when the first transaction commits after the second has tried to; the order of commits."""
    order: list[str] = []
    taken, go = threading.Event(), threading.Event()

    def one() -> None:
        with shelf.write("harbor-store") as conn:
            first(conn)
            taken.set()
            go.wait(PATIENCE)
        order.append("first")

    def two() -> None:
        with shelf.write("harbor-store") as conn:
            second(conn)
        order.append("second")

    threads = [threading.Thread(target=one), threading.Thread(target=two)]
    threads[0].start()
    assert taken.wait(PATIENCE)
    threads[1].start()
    threads[1].join(0.5)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    return order


def test_of_two_transactions_the_one_with_the_earlier_number_commits_first(rooftop: Rooftop) -> None:
    def takes(id: str) -> Callable[[Connection], None]:
        return lambda conn: (head.hold(conn, rooftop.store_id), head.take(conn, rooftop.store_id, "job", id))[0]

    assert in_steps(takes("a"), takes("b"), rooftop.shelf) == ["first", "second"]


def test_stores_do_not_wait_for_each_other(processes: list[Rooftop], owner: Books) -> None:
    harbor = processes[0]
    lake = Rooftop(processes[1].shelf, "lake").opened(owner)
    with harbor.shelf.write(harbor.store_id) as conn:
        head.hold(conn, harbor.store_id)
        answered = threading.Thread(target=lambda: lake.desk().does("repair_order", lake.ro, {"tag": "T-7"}))
        answered.start()
        answered.join(PATIENCE)
        assert not answered.is_alive()
    assert lake.fields("repair_order", lake.ro)["tag"] == "T-7"


def test_one_edit_sent_to_two_processes_at_once_takes_effect_once(processes: list[Rooftop]) -> None:
    """A desk that got no answer from one bridge process asks the other, while the first is still at it."""
    for turn in range(8):
        desk = processes[0].desk()
        edit = desk.edit("contact_event", f"call-{turn}", {"customer_id": desk.rooftop.customer}, op="create")
        twin = Desk(processes[1], desk.who, desk.name, desk.now)
        start = threading.Barrier(2)
        outcomes: list[str] = []

        def send(at: Desk, start: threading.Barrier = start, outcomes: list[str] = outcomes, edit: Any = edit) -> None:
            start.wait(PATIENCE)
            outcomes.append(at.send(edit)[0]["outcome"])

        before = processes[0].seq
        threads = [threading.Thread(target=send, args=(at,)) for at in (desk, twin)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert sorted(outcomes) == ["applied", "duplicate"]
        assert processes[1].seq == before + 1


def test_two_desks_that_edit_one_record_at_once_are_judged_one_after_the_other(processes: list[Rooftop]) -> None:
    """Read, merged and stored under the held head: of twenty holds added at once by two processes, none is lost."""
    reasons = ["parts", "customer", "warranty", "labour", "sublet"]
    ro = processes[0].ro

    def add(rooftop: Rooftop, reason: str) -> None:
        desk = rooftop.desk()
        desk.send(desk.edit("repair_order", ro, {"hold_reasons": [reason]}, base_rev=1, was={"hold_reasons": None}))

    threads = [
        threading.Thread(target=add, args=(processes[place % 2], reason)) for place, reason in enumerate(reasons)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(processes[0].fields("repair_order", ro)["hold_reasons"]) == sorted(reasons)


def test_a_request_that_would_wait_too_long_is_answered_and_may_be_sent_again(
    rooftop: Rooftop, signed: Callable[..., Signed], owner: Books, expected_log: Any
) -> None:
    import logging

    maria = signed()
    desk = rooftop.desk()
    body = {"desk": desk.name, "mutations": [desk.edit("repair_order", rooftop.ro, {"tag": "T-7"})]}
    with owner.write(rooftop.store_id) as conn:
        head.hold(conn, rooftop.store_id)
        expected_log(logging.WARNING, "the database did not answer: LockNotAvailable")
        reply = maria.post("/v1/mutations", body)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "2")
    assert maria.post("/v1/mutations", body).json()["results"][0]["outcome"] == "applied"
