"""RO numbers lent to desks: each to one desk, once, and none that an order has already."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.bridge import backups, folder, leases
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.problems import Problem
from advisor_desk.domain.repair_order import LEASED
from tests.bridge.conftest import SignIn
from tests.bridge.rooftop import MONDAY, Rooftop


def lend(rooftop: Rooftop, desk: str = "desk-1", who: str = "advisor") -> tuple[int, int]:
    with rooftop.shelf.write(rooftop.store_id) as conn:
        lent = leases.lend(conn, rooftop.caller(who), desk, MONDAY)
    return lent["from"], lent["to"]


def test_the_first_block_goes_on_from_the_highest_number_of_the_store(rooftop: Rooftop) -> None:
    assert lend(rooftop) == (48002, 48001 + LEASED)


def test_the_next_desk_gets_the_next_block_and_so_does_the_same_desk_again(rooftop: Rooftop) -> None:
    blocks = [lend(rooftop, desk) for desk in ("desk-1", "desk-2", "desk-1")]
    assert blocks == [(48002 + LEASED * place, 48001 + LEASED * (place + 1)) for place in range(3)]


def test_numbers_the_dealer_system_has_given_meanwhile_are_not_lent(rooftop: Rooftop) -> None:
    lend(rooftop)
    inside = str(48002 + LEASED + 3)
    made = rooftop.desk("admin").does("repair_order", "from-the-dms", {"number": inside}, op="create")
    assert made["outcome"] == "applied"
    assert lend(rooftop)[0] == int(inside) + 1


def test_numbers_that_are_no_numbers_are_not_counted_on_from(rooftop: Rooftop) -> None:
    for place, number in enumerate(["TMP-KQZM-1", "99999999999999999", "٤٨٠٠٩", "W-900000", ""]):
        rooftop.desk("admin").does("repair_order", f"odd-{place}", {"number": number}, op="create")
    assert lend(rooftop)[0] == 48002


def test_a_store_without_an_order_begins_with_six_digits(shelf: Books, owner: Books) -> None:
    owner.import_records("new-store", [("store", "new-store", {"name": "New Motors"})])
    fresh = Rooftop(shelf, "new")
    assert lend(fresh) == (leases.FIRST, leases.FIRST + LEASED - 1)


def test_stores_count_apart(rooftop: Rooftop, shelf: Books, owner: Books) -> None:
    lake = Rooftop(shelf, "lake").opened(owner)
    assert lend(rooftop) == lend(lake)


def test_desks_that_ask_at_the_same_moment_of_two_processes_never_share_a_number(data: Path, rooftop: Rooftop) -> None:
    """Two books on one database, as two bridge processes have it."""
    other = folder.open_books(data)
    both = [rooftop, Rooftop(other)]
    lent: list[tuple[int, int]] = []

    def ask(at: Rooftop, name: str) -> None:
        for _ in range(6):
            lent.append(lend(at, name))

    desks = [threading.Thread(target=ask, args=(both[place % 2], f"desk-{place}")) for place in range(6)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    other.close()
    numbers = [number for first, last in lent for number in range(first, last + 1)]
    assert len(numbers) == len(set(numbers)) == 36 * LEASED


def test_books_put_back_from_a_backup_never_lend_what_was_lent_since(
    data: Path, rooftop: Rooftop, tmp_path: Path
) -> None:
    lend(rooftop)
    backups.backup(data, tmp_path / "monday.backup")
    since = lend(rooftop)
    rooftop.shelf.close()
    backups.restore(data, tmp_path / "monday.backup")
    after = Rooftop(folder.open_books(data))
    assert lend(after)[0] > since[1]
    after.shelf.close()


def test_a_lease_is_asked_for_over_the_line(signed: SignIn) -> None:
    reply = signed("advisor").post("/v1/leases", {"desk": "desk-1"})
    assert (reply.status_code, reply.json()) == (200, {"from": 48002, "to": 48001 + LEASED})


@pytest.mark.parametrize("body", [{}, {"desk": ""}, {"desk": 5}, {"desk": "a b"}, {"desk": "x" * 65}, []])
def test_a_lease_for_no_desk_is_refused(signed: SignIn, rooftop: Rooftop, body: Any) -> None:
    assert signed("advisor").post("/v1/leases", body).status_code == 422
    assert lend(rooftop)[0] == 48002


@pytest.mark.parametrize("who", ["bdc", "parts", "technician", "porter", "sales"])
def test_whoever_opens_no_orders_is_lent_no_numbers(signed: SignIn, rooftop: Rooftop, who: str) -> None:
    reply = signed(who).post("/v1/leases", {"desk": "desk-1"})
    assert (reply.status_code, reply.json()["type"]) == (403, "urn:advisor-desk:forbidden")
    with pytest.raises(Problem):
        lend(rooftop, who=who)
    assert lend(rooftop)[0] == 48002


def test_nobody_is_lent_numbers_unsigned(line: Any) -> None:
    assert line.post("/v1/leases", json={"desk": "desk-1"}).status_code == 401
